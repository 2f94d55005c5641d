import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const bucket = new aws.s3.Bucket("logs");
const statement = (resource: pulumi.Input<string>) => ({ Effect: "Allow", Action: "s3:GetObject", Resource: resource });

function broken() {
    new aws.ssm.Parameter(`named-${bucket.bucket}`, { type: "String", value: "x" });
    const text = `${bucket.bucket}`;
    new aws.s3.Bucket("template", { tags: { Source: `from-${bucket.bucket}`, Team: "shop" } });
    new aws.iam.Policy("json", {
        policy: JSON.stringify({ Version: "2012-10-17", Statement: [statement("*"), statement(bucket.arn)] }),
    });
    new aws.ssm.Parameter("joined", { type: "StringList", value: [bucket.bucket, bucket.arn].join(",") });
    new aws.ssm.Parameter("resource", { type: "String", value: pulumi.interpolate`s3://${bucket as any}/x` });
    new aws.ssm.Parameter("key", { type: "String", value: JSON.stringify({ [text]: true }) });
    new aws.ssm.Parameter("cut", { type: "String", value: `x-${text}`.slice(0, 20) });
    new aws.ec2.LaunchTemplate("encoded", {
        userData: Buffer.from(`#!/bin/sh\naws s3 cp s3://${bucket.bucket}/app .\n`).toString("base64"),
    });
    const tags = pulumi.output({ Team: "shop", Stage: "dev" });
    new aws.ssm.Parameter("enumerated", {
        type: "String",
        value: JSON.stringify(Object.entries(tags).map(([key, value]) => ({ key, value: String(value) }))),
    });
}

function mended() {
    new aws.ssm.Parameter("named", { type: "String", value: "x" });
    new aws.s3.Bucket("template", { tags: { Source: pulumi.interpolate`from-${bucket.bucket}`, Team: "shop" } });
    new aws.iam.Policy("json", {
        policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [statement("*"), statement(bucket.arn)] }),
    });
    new aws.ssm.Parameter("joined", {
        type: "StringList",
        value: pulumi.all([bucket.bucket, bucket.arn]).apply(parts => parts.join(",")),
    });
    new aws.ssm.Parameter("resource", { type: "String", value: pulumi.interpolate`s3://${bucket.bucket}/x` });
    new aws.ssm.Parameter("key", {
        type: "String",
        value: bucket.bucket.apply(name => JSON.stringify({ [name]: true })),
    });
    new aws.ssm.Parameter("cut", { type: "String", value: bucket.bucket.apply(name => `x-${name}`.slice(0, 20)) });
    new aws.ec2.LaunchTemplate("encoded", {
        userData: pulumi.interpolate`#!/bin/sh\naws s3 cp s3://${bucket.bucket}/app .\n`.apply(text =>
            Buffer.from(text).toString("base64"),
        ),
    });
    const tags = pulumi.output({ Team: "shop", Stage: "dev" });
    new aws.ssm.Parameter("enumerated", {
        type: "String",
        value: tags.apply(all => JSON.stringify(Object.entries(all).map(([key, value]) => ({ key, value })))),
    });
}

if (new pulumi.Config().getBoolean("mended")) {
    mended();
} else {
    broken();
}
