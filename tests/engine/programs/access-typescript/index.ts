import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

function lettingIn(service: string, resource: pulumi.Input<string> = "*"): pulumi.Output<string> {
    const statement = { Effect: "Allow", Principal: { Service: service }, Action: "*", Resource: resource };
    return pulumi.jsonStringify({ Statement: [statement] });
}

const closed = new aws.kms.Key("closed");
new aws.cloudwatch.LogGroup("closed", { kmsKeyId: closed.arn });

const other = new aws.kms.Key("other", { policy: lettingIn("sns.amazonaws.com") });
new aws.cloudwatch.LogGroup("other", { kmsKeyId: other.arn });

const opened = new aws.kms.Key("opened", { policy: lettingIn("logs.us-east-1.amazonaws.com") });
new aws.cloudwatch.LogGroup("opened", { kmsKeyId: opened.arn });

const role = new aws.iam.Role("role", { assumeRolePolicy: "{}" });
const code = new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("//") });

function lambda(name: string): aws.lambda.Function {
    return new aws.lambda.Function(name, { runtime: "nodejs22.x", handler: "index.handler", role: role.arn, code });
}

const called = lambda("called");
const forgotten = lambda("forgotten");
const events = ["s3:ObjectCreated:*"];
const allowed = new aws.lambda.Permission("allowed", {
    function: called.name,
    action: "lambda:InvokeFunction",
    principal: "s3.amazonaws.com",
});
new aws.s3.BucketNotification(
    "called",
    { bucket: new aws.s3.Bucket("bucket").id, lambdaFunctions: [{ lambdaFunctionArn: called.arn, events }] },
    { dependsOn: [allowed] },
);
new aws.s3.BucketNotification("forgotten", {
    bucket: new aws.s3.Bucket("second").id,
    lambdaFunctions: [{ lambdaFunctionArn: forgotten.arn, events }],
});

// The policy is known only when the queue is there: silent in a preview.
const queue = new aws.sqs.Queue("queue");
const policy = lettingIn("s3.amazonaws.com", queue.arn);
const later = new aws.sqs.QueuePolicy("later", { queueUrl: queue.id, policy });
new aws.s3.BucketNotification(
    "queued",
    { bucket: new aws.s3.Bucket("third").id, queues: [{ queueArn: queue.arn, events }] },
    { dependsOn: [later] },
);
