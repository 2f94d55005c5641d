import * as aws from "@pulumi/aws";

new aws.s3.Bucket("assets", { bucket: 7 });
throw new Error("no such environment: prod");
