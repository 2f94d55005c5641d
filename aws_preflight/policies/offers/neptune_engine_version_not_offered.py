"""Neptune makes no new cluster of an engine version that has come to its end.

AWS tells the days beforehand and moves them now and then: a day that had passed when the table was made is a fact, a
later one is an announcement. Its refusal of a version of Neptune is on no record, so this only warns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from aws_preflight.policies.offers.ends import ended, today_utc
from aws_preflight.policies.offers.tables import is_made_from_another, table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy

CLUSTER: Final = "aws:neptune/cluster:Cluster"
GLOBAL: Final = "aws:neptune/globalCluster:GlobalCluster"
# What is made from another cluster has, or may have, the version of that; the last one is a global cluster's own name.
FROM_ANOTHER: Final = {
    CLUSTER: ("snapshotIdentifier", "replicationSourceIdentifier", "globalClusterIdentifier"),
    GLOBAL: ("sourceDbClusterIdentifier",),
}
RELEASES: Final = "https://docs.aws.amazon.com/neptune/latest/userguide/engine-releases.html"


@stack_policy(
    id="neptune-engine-version-not-offered",
    types=tuple(FROM_ANOTHER),
    creation=("arn",),
    existing="silent",
    level="advisory",
    title="A new Neptune cluster has an engine version that has come to its end",
    refuses=(
        "A new cluster or global cluster with a version whose end of life, as AWS's documentation has it, has passed. A"
        " version that the table does not know is not judged, nor a cluster made from a snapshot or another cluster."
    ),
    why_not_preview="The provider takes every version.",
    answer=Answer(
        text="Starting from 2021-04-27, no new instances using this engine version will be created.",
        operation="rds:CreateDBCluster",
        source="https://docs.aws.amazon.com/neptune/latest/userguide/engine-releases-1.0.1.0.html",
        basis="documented",
    ),
    wrong=Code(
        typescript='new aws.neptune.Cluster("graph", { engineVersion: "1.1.0.0", ...args });',
        python='aws.neptune.Cluster("graph", engine_version="1.1.0.0", **args)',
    ),
    right=Code(
        typescript='new aws.neptune.Cluster("graph", { engineVersion: "1.4.8.0", ...args });',
        python='aws.neptune.Cluster("graph", engine_version="1.4.8.0", **args)',
    ),
    fix=Fix(words="take a version whose end is far away"),
    sources=(RELEASES,),
)
def neptune_engine_version_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every cluster of such a version."""
    known, today = table("neptune_engine_versions"), today_utc()
    for cluster in stack.of_type(*FROM_ANOTHER):
        if not is_made_from_another(cluster, FROM_ANOTHER[cluster.type]):
            for found in ended(cluster, "engineVersion", known, "clusters of this version", today):
                yield replace(found, level="advisory")
