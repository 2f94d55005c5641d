import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";

const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.0.0.0/16" });
const subnets = [0, 1].map(
  (index) => new aws.ec2.Subnet(`public-${index}`, { vpcId: vpc.id, cidrBlock: `10.0.${index}.0/24` }),
);
const alb = new aws.lb.LoadBalancer("alb", {
  name: "payment-api-alb-synth6fbzyf",
  subnets: subnets.map((subnet) => subnet.id),
});
const logs = new aws.cloudwatch.LogGroup("logs", { retentionInDays: 7 });
const password = new aws.ssm.Parameter("password", { type: "SecureString", value: pulumi.secret("hunter2") });

export const dnsName = alb.dnsName;
export const arnSuffix = alb.arnSuffix;
export const logGroup = logs.name;
export const parameter = password.arn;
export const account = aws.getCallerIdentityOutput().accountId;
