import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const subnets = ["subnet-1", "subnet-2"];
const nlb = new aws.lb.LoadBalancer("nlb", { loadBalancerType: "network", subnets });
const alb = new aws.alb.LoadBalancer("alb", { subnets });
const ip = new aws.lb.TargetGroup("ip", { targetType: "ip", port: 80, protocol: "HTTP", vpcId: "vpc-1" });
const defaultActions = [{ type: "forward", targetGroupArn: ip.arn }];
new aws.lb.Listener("http-of-nlb", { loadBalancerArn: nlb.arn, port: 80, protocol: "HTTP", defaultActions });
const http = new aws.lb.Listener("http-of-alb", {
    loadBalancerArn: alb.arn,
    port: 80,
    protocol: "HTTP",
    defaultActions,
});
new aws.lb.Listener("tcp-of-alb", { loadBalancerArn: alb.arn, port: 81, protocol: "TCP", defaultActions });
// Which of the two it is, nobody can tell.
const either = pulumi.all([alb.arn, nlb.arn]).apply(([first]) => first);
new aws.lb.Listener("http-of-either", { loadBalancerArn: either, port: 82, protocol: "HTTP", defaultActions });
// What is no load balancer has no kind.
const arn = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/net/a/b";
const saved = new aws.ssm.Parameter("saved", { type: "String", value: arn });
new aws.lb.Listener("tcp-of-saved", { loadBalancerArn: saved.value, port: 83, protocol: "TLS", defaultActions: [] });

const containers = [{ name: "app", image: "nginx", memory: 128, portMappings: [{ containerPort: 8080 }] }];
const bridge = new aws.ecs.TaskDefinition("bridge", { family: "app", containerDefinitions: JSON.stringify(containers) });
for (const [name, port] of [["other-port", 80], ["same-port", 8080]] as const) {
    new aws.ecs.Service(
        name,
        {
            taskDefinition: bridge.arn,
            desiredCount: 1,
            loadBalancers: [{ targetGroupArn: ip.arn, containerName: "app", containerPort: port }],
        },
        { dependsOn: [http] },
    );
}
const dead = new aws.sqs.Queue("dead", { name: "dead.fifo", fifoQueue: true });
new aws.lambda.Function("function", {
    runtime: "python3.13",
    handler: "index.handler",
    role: "arn:aws:iam::123456789012:role/function",
    code: new pulumi.asset.AssetArchive({ "index.py": new pulumi.asset.StringAsset("#") }),
    deadLetterConfig: { targetArn: dead.arn },
});
