import json

import pulumi
import pulumi_aws as aws


def certificate():
    balancer = aws.lb.LoadBalancer("front", name="payment-api-alb-synth6fbzyf", subnets=["subnet-1", "subnet-2"])
    aws.acm.Certificate("certificate", domain_name=balancer.dns_name, validation_method="DNS")


def log_group():
    group = aws.cloudwatch.LogGroup("logs")
    options = {"awslogs-group": f"{group.name}", "awslogs-region": "ap-southeast-1", "awslogs-stream-prefix": "ecs"}
    container = {"name": "api", "image": "api", "logConfiguration": {"logDriver": "awslogs", "options": options}}
    aws.ecs.TaskDefinition("task", family="api", container_definitions=json.dumps([container]))


def dashboard():
    row = ["AWS/AutoScaling", "GroupDesiredCapacity", {"stat": "Average", "dimensions": {"AutoScalingGroupName": "a"}}]
    widget = {"type": "metric", "properties": {"region": "ap-southeast-1", "metrics": [row, row]}}
    aws.cloudwatch.Dashboard("dashboard", dashboard_name="d", dashboard_body=json.dumps({"widgets": [widget]}))


def service(wait=False):
    balancer = aws.lb.LoadBalancer("alb", subnets=["subnet-1", "subnet-2"])
    group = aws.lb.TargetGroup("group", port=80, protocol="HTTP", target_type="ip", vpc_id="vpc-1")
    listener = aws.lb.Listener(
        "listener",
        load_balancer_arn=balancer.arn,
        port=80,
        default_actions=[{"type": "forward", "target_group_arn": group.arn}],
    )
    aws.ecs.Service(
        "service",
        task_definition="api",
        load_balancers=[{"target_group_arn": group.arn, "container_name": "api", "container_port": 80}],
        opts=pulumi.ResourceOptions(depends_on=[listener] if wait else []),
    )


def ordered_service():
    service(wait=True)


def group_tags():
    aws.autoscaling.Group(
        "group",
        max_size=1,
        min_size=1,
        tags=[{"key": "Team", "value": {"team": "payments"}, "propagate_at_launch": True}],
    )


mistakes = (certificate, log_group, dashboard, service, ordered_service, group_tags)
for name in pulumi.Config().require("mistakes").split():
    {mistake.__name__: mistake for mistake in mistakes}[name]()
