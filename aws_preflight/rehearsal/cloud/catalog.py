"""What the cloud adds to each kind of resource: its id, and the outputs that only a deployment tells.

A table, to be read as data; `services/` has the entries of AWS, `others.py` those of other packages. A template is text
that names facts (see `facts.py`): `{region}`, `{account}`, tokens such as `{hex:17}` and `{uuid}`, the resource's
inputs, and the outputs above it in the same entry. `{name}` alone keeps the fact's type. Where text is not enough, a
template is a function of the facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_preflight.policies.type_aliases import canonical
from aws_preflight.rehearsal.cloud import native
from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.kinds import Kind, any_arn
from aws_preflight.rehearsal.cloud.others import OTHERS
from aws_preflight.rehearsal.cloud.services import (
    acm,
    apis,
    autoscaling,
    cloudformation,
    cloudfront,
    cloudwatch,
    cognito,
    dynamodb,
    ec2,
    ecs,
    efs,
    eks,
    elasticache,
    iam,
    kms,
    lambdas,
    lb,
    messaging,
    rds,
    route53,
    s3,
    secretsmanager,
)

_SERVICES = (
    acm,
    apis,
    autoscaling,
    cloudformation,
    cloudfront,
    cloudwatch,
    cognito,
    dynamodb,
    ec2,
    ecs,
    efs,
    eks,
    elasticache,
    iam,
    kms,
    lambdas,
    lb,
    messaging,
    rds,
    route53,
    s3,
    secretsmanager,
)

KINDS: Mapping[str, Kind] = {
    **{type_: kind for service in _SERVICES for type_, kind in service.KINDS.items()},
    **OTHERS,
}


def kind_of(type_token: str) -> Kind:
    """The entry of a type, or one that fits any type."""
    found = KINDS.get(canonical(type_token))
    if found is not None:
        return found
    if type_token.startswith("aws-native:"):
        return Kind(id=_native_id, outputs={**native.outputs(type_token), "arn": any_arn})
    if type_token.startswith("aws:"):
        return Kind(id="{logical}-{hex:7}", outputs={"region": "{region}", "arn": any_arn})
    return Kind(id="{logical}-{hex:7}")


def _native_id(facts: Facts) -> Any:
    return facts["arn"] or facts.fill("{logical}-{hex:7}")
