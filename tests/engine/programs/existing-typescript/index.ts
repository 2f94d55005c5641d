import * as fs from "fs";
import * as aws from "@pulumi/aws";

const stage = fs.readFileSync(process.env.STAGE!, "utf-8");
const changed = ["updated", "replaced"].includes(stage);
const options = { replaceOnChanges: stage === "replaced" ? ["*"] : [] };

const role = new aws.iam.Role("role", { assumeRolePolicy: "{}" });
const fn = new aws.lambda.Function("function", {
    role: role.arn, runtime: "nodejs22.x", handler: "app.handler", s3Bucket: "artifacts", s3Key: "app.zip",
});
const bucket = new aws.s3.Bucket("bucket");
new aws.lambda.Permission("permission", {
    action: "lambda:InvokeFunction", function: fn.name, principal: "s3.amazonaws.com", sourceArn: bucket.arn,
});
const event = changed ? "s3:ObjectRemoved:*" : "s3:ObjectCreated:*";
new aws.s3.BucketNotification("notification", {
    bucket: bucket.id, lambdaFunctions: [{ lambdaFunctionArn: fn.arn, events: [event] }],
}, options);

const group = new aws.lb.TargetGroup("group", { port: 80, protocol: "HTTP", vpcId: "vpc-0a1b2c3d", targetType: "ip" });
new aws.lb.Listener("listener", {
    loadBalancerArn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/0123456789abcdef",
    port: 80,
    defaultActions: [{ type: "forward", targetGroupArn: group.arn }],
});
new aws.ecs.Service("service", {
    cluster: "web", taskDefinition: "web:1", desiredCount: changed ? 2 : 1,
    loadBalancers: [{ targetGroupArn: group.arn, containerName: "web", containerPort: 80 }],
}, options);
