"""Lambda and Step Functions."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.kinds import Kind, arn_named


def _version(facts: Facts) -> str:
    """What is published has a number."""
    return "1" if facts.inputs.get("publish") is True else "$LATEST"


KINDS: Mapping[str, Kind] = {
    "aws:lambda/function:Function": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": "arn:aws:lambda:{region}:{account}:function:{name}",
            "invokeArn": "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
            "lastModified": "2026-01-01T00:00:00.000+0000",
            "version": _version,
            "qualifiedArn": "{arn}:{version}",
            "qualifiedInvokeArn": "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{qualifiedArn}"
            "/invocations",
            "sourceCodeSize": 1024,
        },
    ),
    "aws:lambda/functionUrl:FunctionUrl": Kind(
        id="{functionName}",
        outputs={
            "functionArn": "arn:aws:lambda:{region}:{account}:function:{functionName}",
            "functionUrl": "https://{lower:32}.lambda-url.{region}.on.aws/",
            "urlId": "{lower:32}",
        },
    ),
    "aws:lambda/layerVersion:LayerVersion": Kind(
        id="{arn}",
        outputs={
            "layerArn": "arn:aws:lambda:{region}:{account}:layer:{layerName}",
            "arn": "{layerArn}:1",
            "version": "1",
        },
    ),
    "aws:sfn/stateMachine:StateMachine": arn_named("states", "stateMachine:", status="ACTIVE"),
}
