"""What services come to, what lets them in, and how a user shows that it brings one."""

from __future__ import annotations

from typing import Final

from aws_preflight.policies.access.shut_out import Kind, grants_of
from aws_preflight.preflight.finding import Code
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Value

FUNCTION: Final = Kind(
    types=("aws:lambda/function:Function",),
    policy="",
    default="a function lets nobody call it but its own account",
    grants=grants_of(
        ("aws:lambda/permission:Permission", "function", "principal"),
        ("aws:lambda/functionUrl:FunctionUrl", "functionName", "authorizationType"),
    ),
)
BUCKET: Final = Kind(
    types=("aws:s3/bucket:Bucket",),
    policy="policy",
    default="a bucket without a policy lets only its own account in",
    grants=grants_of(
        ("aws:s3/bucketPolicy:BucketPolicy", "bucket", "policy"),
        ("aws:s3/bucketAcl:BucketAcl", "bucket", ""),
    ),
)
KEY: Final = Kind(
    types=("aws:kms/key:Key",),
    policy="policy",
    default="a key without a policy lets only its own account in",
    grants=grants_of(
        ("aws:kms/keyPolicy:KeyPolicy", "keyId", "policy"),
        ("aws:kms/grant:Grant", "keyId", ""),
    ),
)
QUEUE: Final = Kind(
    types=("aws:sqs/queue:Queue",),
    policy="policy",
    default="a queue without a policy lets only its own account in",
    grants=grants_of(("aws:sqs/queuePolicy:QueuePolicy", "queueUrl", "policy")),
)
TOPIC: Final = Kind(
    types=("aws:sns/topic:Topic",),
    policy="policy",
    default="a topic without a policy lets only its own account in",
    grants=grants_of(("aws:sns/topicPolicy:TopicPolicy", "arn", "policy")),
)


def _on(value: Value) -> bool:
    return value is True or value == "true"


def logs_to_bucket(balancer: Resource) -> bool:
    """Whether a load balancer has logs written to a bucket."""
    settings = [balancer.get(name) for name in ("accessLogs", "connectionLogs")]
    return any(isinstance(one, dict) and _on(one.get("enabled")) for one in settings)


def is_custom(rule: Resource) -> bool:
    """Whether a Config rule runs a function."""
    source = rule.get("source")
    return isinstance(source, dict) and source.get("owner") == "CUSTOM_LAMBDA"


def permission(service: str, function: str = "fn") -> Code:
    """What lets a service call a function."""
    return Code(
        typescript=(
            f'new aws.lambda.Permission("call", {{ function: {function}.name, action: "lambda:InvokeFunction",'
            f' principal: "{service}" }});'
        ),
        python=(
            f'aws.lambda_.Permission("call", function={function}.name, action="lambda:InvokeFunction",'
            f' principal="{service}")'
        ),
    )


def statement(service: str, action: str) -> Code:
    """A statement that lets a service in."""
    return Code(
        typescript=f'{{ Effect: "Allow", Principal: {{ Service: "{service}" }}, Action: "{action}", Resource: "*" }}',
        python=f'{{"Effect": "Allow", "Principal": {{"Service": "{service}"}}, "Action": "{action}", "Resource": "*"}}',
    )
