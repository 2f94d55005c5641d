"""Cognito."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.kinds import Kind

KINDS: Mapping[str, Kind] = {
    "aws:cognito/userPool:UserPool": Kind(
        id="{region}_{lower:9}",
        named="name",
        outputs={
            "arn": "arn:aws:cognito-idp:{region}:{account}:userpool/{region}_{lower:9}",
            "endpoint": "cognito-idp.{region}.amazonaws.com/{region}_{lower:9}",
        },
    ),
    "aws:cognito/userPoolClient:UserPoolClient": Kind(id="{lower:26}", named="name"),
}
