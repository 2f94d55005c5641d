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
dead = aws.sqs.Queue("dead", name="dead.fifo", fifo_queue=True)
aws.lambda_.Function(
    "function",
    runtime="python3.13",
    handler="index.handler",
    role="arn:aws:iam::123456789012:role/function",
    code=pulumi.AssetArchive({"index.py": pulumi.StringAsset("#")}),
    dead_letter_config={"target_arn": dead.arn},
)
