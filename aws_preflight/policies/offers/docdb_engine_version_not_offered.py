"""DocumentDB makes no new cluster of an engine version that it does not have.

Its versions are those of the MongoDB interface, and not every one of MongoDB: there is no 6.0 and no 7.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.offers.engine_versions import not_offered
from aws_preflight.policies.offers.tables import is_made_from_another, string_at, table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy

CLUSTER: Final = "aws:docdb/cluster:Cluster"
GLOBAL: Final = "aws:docdb/globalCluster:GlobalCluster"
# What is made from another cluster has, or may have, the version of that; the last one is a global cluster's own name.
FROM_ANOTHER: Final = {
    CLUSTER: ("snapshotIdentifier", "restoreToPointInTime", "globalClusterIdentifier"),
    GLOBAL: ("sourceDbClusterIdentifier",),
}
ISSUE: Final = "https://github.com/floci-io/floci/pull/2682"


@stack_policy(
    id="docdb-engine-version-not-offered",
    types=tuple(FROM_ANOTHER),
    creation=("arn",),
    existing="silent",
    title="A new DocumentDB cluster has an engine version that DocumentDB does not offer",
    refuses=(
        "A new cluster or global cluster with a version between two that DocumentDB has, such as `6.0.0`. A version"
        " newer than all that are known is never refused, nor the short form `5.0`, nor a cluster made from a snapshot"
        " or another cluster."
    ),
    why_not_preview="The provider takes every version.",
    answer=Answer(
        text="InvalidParameterCombination: Cannot find version 9.9.9 for docdb",
        operation="rds:CreateDBCluster",
        source=ISSUE,
    ),
    wrong=Code(
        typescript='new aws.docdb.Cluster("store", { engineVersion: "6.0.0", ...args });',
        python='aws.docdb.Cluster("store", engine_version="6.0.0", **args)',
    ),
    right=Code(
        typescript='new aws.docdb.Cluster("store", { engineVersion: "5.0.0", ...args });',
        python='aws.docdb.Cluster("store", engine_version="5.0.0", **args)',
    ),
    fix=Fix(words="take a version on offer"),
    sources=("https://docs.aws.amazon.com/documentdb/latest/developerguide/release-notes.html", ISSUE),
)
def docdb_engine_version_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every cluster of such a version."""
    what = "DocumentDB does not offer this version for a new cluster"
    for cluster in stack.of_type(*FROM_ANOTHER):
        if not is_made_from_another(cluster, FROM_ANOTHER[cluster.type]):
            version = string_at(cluster, "engineVersion")
            yield from not_offered(cluster, "engineVersion", "docdb", version, table("docdb_engine_versions"), what)
