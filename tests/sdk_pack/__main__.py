"""The same policies behind the server of the `pulumi_policy` SDK: what `tests/test_contract.py` compares ours with."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    PolicyResource,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from aws_preflight.policies import POLICIES
from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.message import message_of, render
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN, Value
from aws_preflight.preflight.wire import UNKNOWN_SENTINELS

Report = Callable[[str, str | None], None]


def plain(value: Any) -> Value:
    """The data behind the SDK's proxies."""
    if type(value).__name__ in ("_DictProxy", "_ListProxy"):
        value = value["__target"]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str) and value in UNKNOWN_SENTINELS:
        return UNKNOWN
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= 2**53 else value


def text(policy: Policy, finding: Finding) -> str:
    """A message without its title, which the SDK puts above it."""
    return render(message_of(policy, finding)).partition("\n")[2]


def on_resource(policy: Policy) -> Callable[[ResourceValidationArgs, Report], None]:
    def validate(args: ResourceValidationArgs, report: Report) -> None:
        if policy.applies_to(args.resource_type):
            one = Resource(urn=args.urn, type=args.resource_type, name=args.name, properties=plain(args.props))
            for finding in policy.on_resource(one):
                report(text(policy, finding), finding.resource.urn)

    return validate


def on_stack(policy: Policy) -> Callable[[StackValidationArgs, Report], None]:
    def validate(args: StackValidationArgs, report: Report) -> None:
        for finding in policy.on_stack(Stack([resource(one) for one in args.resources])):
            report(text(policy, finding), finding.resource.urn)

    return validate


def resource(one: PolicyResource) -> Resource:
    return Resource(
        urn=one.urn,
        type=one.resource_type,
        name=one.name,
        properties=plain(one.props),
        parent=one.parent.urn if one.parent else None,
        dependencies=tuple(other.urn for other in one.dependencies),
        property_dependencies={
            name: tuple(other.urn for other in others) for name, others in one.property_dependencies.items()
        },
        custom=one.provider is not None,
    )


def of_sdk(policy: Policy) -> ResourceValidationPolicy | StackValidationPolicy:
    level = EnforcementLevel.MANDATORY if policy.level == "mandatory" else EnforcementLevel.ADVISORY
    if policy.scope == "stack":
        return StackValidationPolicy(policy.id, policy.title, on_stack(policy), level)
    return ResourceValidationPolicy(policy.id, policy.title, on_resource(policy), level)


if __name__ == "__main__":
    PolicyPack("aws-preflight", [of_sdk(policy) for policy in POLICIES])
