"""AWS Config knows a managed rule by its identifier, which is not always its name in capitals.

`multi-region-cloudtrail-enabled` has the identifier `MULTI_REGION_CLOUD_TRAIL_ENABLED`, and many identifiers that sound
right belong to no rule. AWS adds rules every month, so one that the table does not know is only warned about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.offers.tables import table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import quote, suggestion

ISSUE: Final = "https://github.com/awslabs/aws-config-rules/issues/437"
_IDENTIFIER: Final = re.compile(r"[A-Z][A-Z0-9_]{2,127}")


@resource_policy(
    id="config-managed-rule-unknown",
    types=("aws:cfg/rule:Rule",),
    reads=("source",),
    level="advisory",
    title="A Config rule names a managed rule that AWS does not have",
    refuses="A rule of the owner `AWS` whose identifier no managed rule has, as far as the table knows them.",
    why_not_preview="The provider takes every identifier.",
    answer=Answer(
        text=(
            "InvalidParameterValueException: The sourceIdentifier RDS_SNAPSHOTS_PUBLIC_PROHIBITED is invalid. Please"
            " refer to the documentation for a list of valid sourceIdentifiers that can be used when AWS is the Owner."
        ),
        operation="config:PutConfigRule",
        source=ISSUE,
    ),
    wrong=Code(
        typescript='source: { owner: "AWS", sourceIdentifier: "MULTI_REGION_CLOUDTRAIL_ENABLED" }',
        python='source={"owner": "AWS", "source_identifier": "MULTI_REGION_CLOUDTRAIL_ENABLED"}',
    ),
    right=Code(
        typescript='source: { owner: "AWS", sourceIdentifier: "MULTI_REGION_CLOUD_TRAIL_ENABLED" }',
        python='source={"owner": "AWS", "source_identifier": "MULTI_REGION_CLOUD_TRAIL_ENABLED"}',
    ),
    fix=Fix(words="take the identifier from the page of the managed rule"),
    sources=(
        "https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html",
        ISSUE,
        "https://github.com/niaid/terraform-aws-managed-config-rules/pull/47",
        "https://github.com/getmoto/moto (the identifiers)",
    ),
)
def config_managed_rule_unknown(rule: Resource) -> Iterator[Finding]:
    """The identifier, where no rule has it."""
    source = rule.get("source")
    if not isinstance(source, dict) or source.get("owner") != "AWS":
        return
    identifier = source.get("sourceIdentifier")
    known = table("config_managed_rules")
    if isinstance(identifier, str) and _IDENTIFIER.fullmatch(identifier) and identifier not in known.values:
        close = suggestion(identifier, known.values)
        message = f"AWS Config has no managed rule of this identifier ({known.as_of}){close}"
        yield Finding(resource=rule, at=("source", "sourceIdentifier"), message=message, evidence=quote(identifier))
