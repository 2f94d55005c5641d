"""KMS."""

from __future__ import annotations

import json
from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.kinds import Kind


def _policy_json(facts: Facts) -> str:
    return json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": [], "Key": facts["keyId"]})


KINDS: Mapping[str, Kind] = {
    "aws:kms/alias:Alias": Kind(
        id="{name}",
        outputs={
            "arn": "arn:aws:kms:{region}:{account}:{name}",
            "targetKeyArn": "arn:aws:kms:{region}:{account}:key/{targetKeyId}",
        },
    ),
    "aws:kms/key:Key": Kind(
        id="{keyId}",
        outputs={
            "keyId": "{uuid}",
            "arn": "arn:aws:kms:{region}:{account}:key/{keyId}",
            "policy": _policy_json,
        },
    ),
}
