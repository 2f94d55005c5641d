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
for (const [name, priority] of [["first", 10], ["second", 10], ["third", 20]] as const) {
    const conditions = [{ pathPattern: { values: [`/${name}/*`] } }];
    new aws.alb.ListenerRule(name, { listenerArn: http.arn, priority, actions: defaultActions, conditions });
}
const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
const blocks = { wide: "10.0.0.0/20", inside: "10.0.4.0/24", beside: "10.0.16.0/20" };
const subnetIds = Object.entries(blocks).map(
    ([name, cidrBlock]) => new aws.ec2.Subnet(name, { vpcId: vpc.id, cidrBlock, availabilityZone: "us-east-1a" }).id,
);
new aws.lb.LoadBalancer("one-zone", { internal: true, subnets: subnetIds });
new aws.rds.SubnetGroup("group", { subnetIds });
new aws.rds.SubnetGroup("other-group", { subnetIds: [...subnetIds, "subnet-1"] });
const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } };
const role = new aws.iam.Role("role", { assumeRolePolicy: JSON.stringify({ Statement: [statement] }) });
const definition = '{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}';
new aws.sfn.StateMachine("machine", { roleArn: role.arn, definition });
const dead = new aws.sqs.Queue("dead", { name: "dead.fifo", fifoQueue: true });
new aws.lambda.Function("function", {
    runtime: "python3.13",
    handler: "index.handler",
    role: "arn:aws:iam::123456789012:role/function",
    code: new pulumi.asset.AssetArchive({ "index.py": new pulumi.asset.StringAsset("#") }),
    deadLetterConfig: { targetArn: dead.arn },
});

// Two pools: one has the resource server that its client asks for.
for (const name of ["with-server", "without-server"]) {
    const userPoolId = new aws.cognito.UserPool(name).id;
    if (name === "with-server") {
        new aws.cognito.ResourceServer(name, { userPoolId, identifier: "orders", name: "orders" });
    }
    new aws.cognito.UserPoolClient(name, { userPoolId, allowedOauthScopes: ["openid", "orders/read"] });
}
const machine = new aws.ec2.Instance("vm", { ami: "ami-12345678", instanceType: "t3.micro", subnetId: subnetIds[0] });
const zones: [string, pulumi.Input<string>][] = [
    ["other-zone", "us-east-1b"],
    ["same-zone", "us-east-1a"],
    ["its-zone", machine.availabilityZone],
];
for (const [name, availabilityZone] of zones) {
    const volume = new aws.ebs.Volume(name, { availabilityZone, size: 10 });
    new aws.ec2.VolumeAttachment(name, { deviceName: "/dev/sdf", volumeId: volume.id, instanceId: machine.id });
}
