"""Secrets Manager, and the parameters of Systems Manager."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.kinds import Kind

KINDS: Mapping[str, Kind] = {
    "aws:secretsmanager/secret:Secret": Kind(
        id="{arn}",
        named="name",
        outputs={
            "arn": "arn:aws:secretsmanager:{region}:{account}:secret:{name}-{lower:6}",
            "policy": "",
            "replicas": [],
        },
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Kind(
        id="{secretId}|{versionId}",
        outputs={"versionId": "{uuid}", "arn": "{secretId}", "versionStages": ["AWSCURRENT"]},
    ),
    "aws:ssm/parameter:Parameter": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": lambda facts: facts.fill(
                "arn:aws:ssm:{region}:{account}:parameter/" + str(facts["name"]).removeprefix("/")
            ),
            "dataType": "text",
            "tier": "Standard",
            "version": 1,
        },
    ),
}
