"""DMS makes no new replication instance of an engine version that it has withdrawn.

DMS keeps the last few versions; AWS moves the instances of older ones. 3.5.2 was refused to a program that
had named it, and no older version comes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.offers.tables import finding, string_at
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy

TYPES: Final = ("aws:dms/replicationInstance:ReplicationInstance",)
NEWEST_WITHDRAWN: Final = (3, 5, 2)
ISSUE: Final = "https://github.com/aws-samples/data-engineering-for-aws-immersion-day/pull/10"
_VERSION: Final = re.compile(r"([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})")


@stack_policy(
    id="dms-engine-version-not-offered",
    types=TYPES,
    creation=("replicationInstanceArn",),
    existing="silent",
    title="A new DMS replication instance has an engine version that DMS does not offer",
    refuses="A new replication instance of version 3.5.2 or older. Without a version, DMS takes the newest.",
    why_not_preview="The provider takes every version.",
    answer=Answer(
        text="No replication engine found with version: 3.3.1",
        operation="dms:CreateReplicationInstance",
        source=ISSUE,
    ),
    wrong=Code(
        typescript='new aws.dms.ReplicationInstance("copy", { engineVersion: "3.4.7", ...args });',
        python='aws.dms.ReplicationInstance("copy", engine_version="3.4.7", **args)',
    ),
    right=Code(
        typescript='new aws.dms.ReplicationInstance("copy", args); // the newest version',
        python='aws.dms.ReplicationInstance("copy", **args)  # the newest version',
    ),
    fix=Fix(words="leave engineVersion out, or take a version on offer"),
    sources=("https://docs.aws.amazon.com/dms/latest/userguide/CHAP_ReleaseNotes.html", ISSUE),
)
def dms_engine_version_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every instance of such a version."""
    for instance in stack.of_type(*TYPES):
        match = _VERSION.fullmatch(string_at(instance, "engineVersion"))
        if match and tuple(map(int, match.groups())) <= NEWEST_WITHDRAWN:
            yield finding(instance, "engineVersion", "DMS does not offer this version any more (as of 2026-11)")
