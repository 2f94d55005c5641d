import json

import pulumi
import pulumi_aws as aws

subnets = ["subnet-1", "subnet-2"]
nlb = aws.lb.LoadBalancer("nlb", load_balancer_type="network", subnets=subnets)
alb = aws.lb.LoadBalancer("alb", subnets=subnets)
ip = aws.lb.TargetGroup("ip", target_type="ip", port=80, protocol="HTTP", vpc_id="vpc-1")
forward = [{"type": "forward", "target_group_arn": ip.arn}]
aws.lb.Listener("http-of-nlb", load_balancer_arn=nlb.arn, port=80, protocol="HTTP", default_actions=forward)
http = aws.lb.Listener("http-of-alb", load_balancer_arn=alb.arn, port=80, protocol="HTTP", default_actions=forward)
aws.lb.Listener("tcp-of-alb", load_balancer_arn=alb.arn, port=81, protocol="TCP", default_actions=forward)
# Which of the two it is, nobody can tell.
either = pulumi.Output.all(alb.arn, nlb.arn).apply(lambda arns: arns[0])
aws.lb.Listener("http-of-either", load_balancer_arn=either, port=82, protocol="HTTP", default_actions=forward)
# What is no load balancer has no kind.
saved = aws.ssm.Parameter("saved", type="String", value="arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/net/a/b")
aws.lb.Listener("tcp-of-saved", load_balancer_arn=saved.value, port=83, protocol="TLS", default_actions=[])

containers = [{"name": "app", "image": "nginx", "memory": 128, "portMappings": [{"containerPort": 8080}]}]
bridge = aws.ecs.TaskDefinition("bridge", family="app", container_definitions=json.dumps(containers))
for name, port in (("other-port", 80), ("same-port", 8080)):
    aws.ecs.Service(
        name,
        task_definition=bridge.arn,
        desired_count=1,
        load_balancers=[{"target_group_arn": ip.arn, "container_name": "app", "container_port": port}],
        opts=pulumi.ResourceOptions(depends_on=[http]),
    )
for name, priority in (("first", 10), ("second", 10), ("third", 20)):
    aws.lb.ListenerRule(
        name,
        listener_arn=http.arn,
        priority=priority,
        actions=forward,
        conditions=[{"path_pattern": {"values": [f"/{name}/*"]}}],
    )
vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
blocks = {"wide": "10.0.0.0/20", "inside": "10.0.4.0/24", "beside": "10.0.16.0/20"}
zoned = {
    name: aws.ec2.Subnet(name, vpc_id=vpc.id, cidr_block=block, availability_zone="us-east-1a")
    for name, block in blocks.items()
}
ids = [subnet.id for subnet in zoned.values()]
aws.lb.LoadBalancer("one-zone", internal=True, subnets=ids)
aws.rds.SubnetGroup("group", subnet_ids=ids)
aws.rds.SubnetGroup("other-group", subnet_ids=[*ids, "subnet-1"])
trust = {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}
role = aws.iam.Role("role", assume_role_policy=json.dumps(trust))
aws.sfn.StateMachine(
    "machine", role_arn=role.arn, definition='{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}'
)
dead = aws.sqs.Queue("dead", name="dead.fifo", fifo_queue=True)
aws.lambda_.Function(
    "function",
    runtime="python3.13",
    handler="index.handler",
    role="arn:aws:iam::123456789012:role/function",
    code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("#")}),
    dead_letter_config={"target_arn": dead.arn},
)

# Two pools: one has the resource server that its client asks for.
for name in ("with-server", "without-server"):
    pool = aws.cognito.UserPool(name)
    if name == "with-server":
        aws.cognito.ResourceServer(name, user_pool_id=pool.id, identifier="orders", name="orders")
    aws.cognito.UserPoolClient(name, user_pool_id=pool.id, allowed_oauth_scopes=["openid", "orders/read"])
machine = aws.ec2.Instance("vm", ami="ami-12345678", instance_type="t3.micro", subnet_id=zoned["wide"].id)
for name, zone in (("other-zone", "us-east-1b"), ("same-zone", "us-east-1a"), ("its-zone", machine.availability_zone)):
    volume = aws.ebs.Volume(name, availability_zone=zone, size=10)
    aws.ec2.VolumeAttachment(name, device_name="/dev/sdf", volume_id=volume.id, instance_id=machine.id)
