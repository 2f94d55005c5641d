"""IAM."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.kinds import Kind
from aws_preflight.rehearsal.cloud.marks import secret


def _secret_key(facts: Facts) -> dict[str, Any]:
    return secret(facts.fill("{lower:40}"))


KINDS: Mapping[str, Kind] = {
    "aws:iam/accessKey:AccessKey": Kind(
        id="AKIA{upper:16}",
        outputs={"createDate": "2026-01-01T00:00:00Z", "secret": _secret_key, "status": "Active"},
    ),
    "aws:iam/group:Group": Kind(
        id="{name}",
        named="name",
        outputs={"arn": "arn:aws:iam::{account}:group/{name}", "uniqueId": "AGPA{upper:17}"},
    ),
    "aws:iam/instanceProfile:InstanceProfile": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": "arn:aws:iam::{account}:instance-profile/{name}",
            "createDate": "2026-01-01T00:00:00Z",
            "uniqueId": "AIPA{upper:17}",
        },
    ),
    "aws:iam/policy:Policy": Kind(
        id="{arn}",
        named="name",
        outputs={
            "arn": "arn:aws:iam::{account}:policy/{name}",
            "attachmentCount": 0,
            "policyId": "ANPA{upper:17}",
        },
    ),
    "aws:iam/role:Role": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": lambda facts: facts.fill(f"arn:aws:iam::{{account}}:role{facts['path'] or '/'}{{name}}"),
            "createDate": "2026-01-01T00:00:00Z",
            "managedPolicyArns": [],
            "maxSessionDuration": 3600,
            "path": "/",
            "uniqueId": "AROA{upper:17}",
        },
    ),
    "aws:iam/rolePolicy:RolePolicy": Kind(id="{role}:{name}", named="name"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Kind(id="{role}-{digits:20}"),
    "aws:iam/user:User": Kind(
        id="{name}",
        named="name",
        outputs={"arn": "arn:aws:iam::{account}:user/{name}", "uniqueId": "AIDA{upper:17}"},
    ),
    "aws-native:iam:Role": Kind(
        id="{roleName}",
        named="roleName",
        outputs={"arn": "arn:aws:iam::{account}:role/{roleName}", "roleId": "AROA{upper:17}"},
    ),
}
