"""An AWS-managed policy is attached by an ARN that has its path, and some paths cannot be attached at all.

The names of managed policies are unique, and each stands under one path: `AWSLambdaBasicExecutionRole` under
`service-role/`, so `arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole` is no policy. Those under `aws-service-role/`
belong to service-linked roles, which AWS makes itself. A name that the table does not know may be new, and passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from aws_preflight.policies.offers.tables import table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Path, Value, items_of, quote

# By type, the property with the ARN, or with a list of them.
PROPERTIES: Final = {
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
    "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
    "aws:iam/role:Role": "managedPolicyArns",
    "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive": "policyArns",
    "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive": "policyArns",
    "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive": "policyArns",
    "aws-native:iam:Role": "managedPolicyArns",
    "aws-native:iam:User": "managedPolicyArns",
    "aws-native:iam:Group": "managedPolicyArns",
}
SERVICE_LINKED: Final = "/aws-service-role/"
ISSUE: Final = "https://github.com/hashicorp/terraform/issues/31748"
NOT_ATTACHABLE: Final = Answer(
    text="PolicyNotAttachable: Cannot attach a Service Role Policy to a Customer Role.",
    operation="iam:AttachRolePolicy",
    source="https://github.com/aws/aws-cdk/issues/6131",
)
OF_SERVICE: Final = Fix(words="leave the policy to the service, or attach one that is made for roles of yours")
_ARN: Final = re.compile(r"(arn:aws(?:-cn|-us-gov)?:iam::aws:policy)(/(?:[\w+=,.@-]+/)*)([\w+=,.@-]+)")


@resource_policy(
    id="iam-managed-policy-path",
    types=tuple(PROPERTIES),
    reads=tuple(dict.fromkeys(PROPERTIES.values())),
    title="An AWS-managed policy is attached by an ARN that it does not have",
    refuses=(
        "The ARN of an AWS-managed policy whose name stands under another path, and one under `aws-service-role/`,"
        " which only the service itself can attach."
    ),
    why_not_preview="The provider checks the form of the ARN, and does not know AWS's policies.",
    answer=Answer(
        text=(
            "NoSuchEntity: Policy arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole does not exist or is not"
            " attachable."
        ),
        operation="iam:AttachRolePolicy",
        source=ISSUE,
    ),
    wrong=Code(
        typescript='policyArn: "arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",',
        python='policy_arn="arn:aws:iam::aws:policy/AWSLambdaBasicExecutionRole",',
    ),
    right=Code(
        typescript='policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",',
        python='policy_arn="arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",',
    ),
    fix=Fix(words="take the ARN of the policy with its path"),
    sources=(
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html",
        ISSUE,
        "https://github.com/aws/aws-cdk/issues/19830",
        "https://github.com/getmoto/moto (the policies)",
    ),
)
def iam_managed_policy_path(resource: Resource) -> Iterator[Finding]:
    """Every ARN that is none, or that nobody else can attach."""
    for at, arn in _arns(resource, PROPERTIES[resource.type]):
        match = _ARN.fullmatch(arn) if isinstance(arn, str) else None
        if match:
            yield from _found(resource, at, *match.groups())


def _arns(resource: Resource, name: str) -> Iterator[tuple[Path, Value]]:
    value = resource.get(name)
    if name.endswith("s"):
        yield from (((name, i), item) for i, item in items_of(value))
    else:
        yield (name,), value


def _found(resource: Resource, at: Path, head: str, path: str, name: str) -> Iterator[Finding]:
    right = _paths().get(name)
    if right is None:
        return
    evidence = quote(f"{head}{path}{name}")
    if right != path:
        as_of = table("iam_managed_policies").as_of
        message = f"this is no policy: the one of this name is {head}{right}{name} ({as_of})"
        yield Finding(resource=resource, at=at, message=message, evidence=evidence)
    elif path == SERVICE_LINKED:
        message = "policies under aws-service-role/ belong to service-linked roles, and nobody else can attach them"
        yield Finding(
            resource=resource, at=at, message=message, evidence=evidence, answer=NOT_ATTACHABLE, fix=OF_SERVICE
        )


@cache
def _paths() -> Mapping[str, str]:
    """By name of a managed policy, its path."""
    return {name: path for path, names in table("iam_managed_policies").values.items() for name in names}
