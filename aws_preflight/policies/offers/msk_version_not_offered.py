"""MSK makes no new cluster of a version of Kafka whose support has ended.

AWS tells the days on which support ends, and that it phases such a version out for new clusters, without a day for
that: where no record shows its refusal, this only warns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.offers.ends import ended, today_utc
from aws_preflight.policies.offers.tables import table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy

TYPES: Final = ("aws:msk/cluster:Cluster",)
ISSUE: Final = "https://github.com/aws/aws-cdk/issues/25565"


@stack_policy(
    id="msk-version-not-offered",
    types=TYPES,
    creation=("arn",),
    existing="silent",
    title="A new MSK cluster has a version of Kafka that MSK no longer offers",
    refuses=(
        "A new cluster of a version that AWS has refused. One whose support ended on a day that has passed is warned"
        " about; a version that the table does not know is not judged."
    ),
    why_not_preview="The provider takes every version.",
    answer=Answer(
        text=(
            "Unsupported KafkaVersion [1.1.1]. Valid values: [2.8.2.tiered, 2.6.2, 2.7.1, 2.8.0, 2.6.3, 2.7.2, 2.8.1,"
            " 2.5.1, 2.6.0, 2.6.1, 2.7.0, 2.3.1, 2.2.1, 2.4.1.1, 3.3.2, 3.1.1, 3.2.0, 3.3.1, 3.4.0]"
        ),
        operation="kafka:CreateCluster",
        source=ISSUE,
    ),
    wrong=Code(
        typescript='new aws.msk.Cluster("events", { kafkaVersion: "1.1.1", ...args });',
        python='aws.msk.Cluster("events", kafka_version="1.1.1", **args)',
    ),
    right=Code(
        typescript='new aws.msk.Cluster("events", { kafkaVersion: "3.9.x", ...args });',
        python='aws.msk.Cluster("events", kafka_version="3.9.x", **args)',
    ),
    fix=Fix(words="take a version under support"),
    sources=(
        "https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html",
        "https://docs.aws.amazon.com/msk/latest/developerguide/version-support.html",
        ISSUE,
        "https://github.com/hashicorp/terraform-provider-aws/pull/14150",
    ),
)
def msk_version_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every cluster of such a version."""
    known, today = table("msk_versions"), today_utc()
    for cluster in stack.of_type(*TYPES):
        yield from ended(cluster, "kafkaVersion", known, "clusters of this version", today, of_support=True)
