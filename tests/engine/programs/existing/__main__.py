import os
from pathlib import Path

import pulumi
import pulumi_aws as aws

stage = Path(os.environ["STAGE"]).read_text()
changed = stage in ("updated", "replaced")
replaced = pulumi.ResourceOptions(replace_on_changes=["*"] if stage == "replaced" else [])

role = aws.iam.Role("role", assume_role_policy="{}")
function = aws.lambda_.Function(
    "function", role=role.arn, runtime="python3.13", handler="app.handler", s3_bucket="artifacts", s3_key="app.zip"
)
bucket = aws.s3.Bucket("bucket")
aws.lambda_.Permission(
    "permission",
    action="lambda:InvokeFunction",
    function=function.name,
    principal="s3.amazonaws.com",
    source_arn=bucket.arn,
)
event = "s3:ObjectRemoved:*" if changed else "s3:ObjectCreated:*"
aws.s3.BucketNotification(
    "notification",
    bucket=bucket.id,
    lambda_functions=[{"lambda_function_arn": function.arn, "events": [event]}],
    opts=replaced,
)

group = aws.lb.TargetGroup("group", port=80, protocol="HTTP", vpc_id="vpc-0a1b2c3d", target_type="ip")
aws.lb.Listener(
    "listener",
    load_balancer_arn="arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/0123456789abcdef",
    port=80,
    default_actions=[{"type": "forward", "target_group_arn": group.arn}],
)
aws.ecs.Service(
    "service",
    cluster="web",
    task_definition="web:1",
    desired_count=2 if changed else 1,
    load_balancers=[{"target_group_arn": group.arn, "container_name": "web", "container_port": 80}],
    opts=replaced,
)
