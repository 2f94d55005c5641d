"""MSK makes no new cluster of a version of Kafka that it has withdrawn, and chooses the patch itself.

It has not all of Kafka's versions, and phases the old ones out for new clusters. Since 3.7 a program names the line, as
`3.9.x`: `3.9.1` is no version of MSK.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.offers.engine_versions import not_offered
from aws_preflight.policies.offers.tables import string_at, table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy

TYPES: Final = ("aws:msk/cluster:Cluster",)
SEEN: Final = "https://github.com/badmintoncryer/cdk-preflight rules/msk/pf-msk-kafka-version-deprecated/meta.yaml"


@stack_policy(
    id="msk-version-not-offered",
    types=TYPES,
    creation=("arn",),
    existing="silent",
    title="A new MSK cluster has a version of Kafka that MSK does not offer",
    refuses=(
        "A new cluster of a version that MSK has withdrawn, or never had between those that it has, or of a patch where"
        " it takes the line alone: `3.9.1` where it has `3.9.x`. What is newer than all that are known never is."
    ),
    why_not_preview="The provider takes every version.",
    answer=Answer(
        text=(
            "Standard instance types are not supported for Kafka version 2.8.1. Valid values: [3.6.0, 3.7.x,"
            " 3.7.x.kraft, 3.8.x, 3.8.x.kraft, 3.9.x, 3.9.x.kraft, 4.0.x.kraft, 4.1.x.kraft]"
        ),
        operation="kafka:CreateCluster",
        source=SEEN,
    ),
    wrong=Code(
        typescript='new aws.msk.Cluster("events", { kafkaVersion: "2.8.1", ...args });',
        python='aws.msk.Cluster("events", kafka_version="2.8.1", **args)',
    ),
    right=Code(
        typescript='new aws.msk.Cluster("events", { kafkaVersion: "3.9.x", ...args });',
        python='aws.msk.Cluster("events", kafka_version="3.9.x", **args)',
    ),
    fix=Fix(words="take a version on offer, from 3.7 on with .x for the patch"),
    sources=(
        "https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html",
        "https://docs.aws.amazon.com/msk/latest/developerguide/version-support.html",
        SEEN,
        "https://github.com/aws/aws-cdk/issues/25565",
        "https://github.com/hashicorp/terraform-provider-aws/pull/14150",
    ),
)
def msk_version_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every cluster of such a version."""
    what = "MSK does not offer this version of Kafka for a new cluster"
    for cluster in stack.of_type(*TYPES):
        version = string_at(cluster, "kafkaVersion")
        yield from not_offered(cluster, "kafkaVersion", "kafka", version, table("msk_versions"), what)
