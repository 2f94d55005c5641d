"""RDS makes no new database of an engine version that it has withdrawn.

Minor versions are on offer for a year or two, then only databases that have them already keep them for a while. A
program that worked last year, or an example that was copied, names such a version: AWS refuses it in the deployment,
after the network and the secrets are there. A version that AWS completes (15, 8.0) stays valid as long as it has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from aws_preflight.policies.offers.engine_versions import not_offered
from aws_preflight.policies.offers.tables import is_made_from_another, string_at, table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy
from aws_preflight.preflight.resource import Resource

# An instance of a cluster has the version of that: the cluster is judged, or comes from elsewhere.
GLOBAL: Final = "aws:rds/globalCluster:GlobalCluster"
TYPES: Final = ("aws:rds/instance:Instance", "aws:rds/cluster:Cluster", GLOBAL)
# A database that is made from another one has, or may have, the version of that. A member is made like its global
# cluster, whose own name `globalClusterIdentifier` is.
FROM_ANOTHER: Final = (
    *("snapshotIdentifier", "replicateSourceDb", "restoreToPointInTime", "s3Import"),
    *("replicationSourceIdentifier", "sourceDbClusterIdentifier"),
)
ISSUE: Final = "https://github.com/langfuse/langfuse-terraform-aws/issues/34"
OF_GLOBAL: Final = Answer(
    text="InvalidParameterValue: The requested engine version was not found or does not support global functionality",
    operation="rds:CreateGlobalCluster",
    source="https://github.com/hashicorp/terraform-provider-aws/issues/28189",
)


@stack_policy(
    id="rds-engine-version-not-offered",
    types=TYPES,
    creation=("arn",),
    existing="silent",
    title="A new database has an engine version that RDS does not offer",
    refuses=(
        "A new instance, cluster or global cluster of Aurora, MySQL or PostgreSQL whose version RDS has withdrawn, or"
        " never had between two that it had. A version newer than all that are known of its line is never refused, nor"
        " one that AWS completes, such as `15`, nor a database made from a snapshot or another database."
    ),
    why_not_preview="The provider takes every version: which ones are on offer changes with every month.",
    answer=Answer(
        text="InvalidParameterCombination: Cannot find version 15.5 for aurora-postgresql",
        operation="rds:CreateDBCluster",
        source=ISSUE,
    ),
    wrong=Code(
        typescript='new aws.rds.Cluster("db", { engine: "aurora-postgresql", engineVersion: "15.4" });',
        python='aws.rds.Cluster("db", engine="aurora-postgresql", engine_version="15.4")',
    ),
    right=Code(
        typescript='new aws.rds.Cluster("db", { engine: "aurora-postgresql", engineVersion: "15" });',
        python='aws.rds.Cluster("db", engine="aurora-postgresql", engine_version="15")',
    ),
    fix=Fix(words="take a version on offer, or only its major part: AWS completes that"),
    sources=(
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBEngineVersions.html",
        "https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html",
        ISSUE,
        "https://github.com/cn-terraform/terraform-aws-sonarqube/issues/39",
        "https://github.com/aws-cloudformation/cfn-lint (the versions)",
    ),
)
def rds_engine_version_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every database with such a version."""
    for database in stack.of_type(*TYPES):
        yield from _check(database)


def _check(database: Resource) -> Iterator[Finding]:
    engine, version = string_at(database, "engine"), string_at(database, "engineVersion")
    if string_at(database, "engineMode") not in ("", "provisioned"):
        return
    if is_made_from_another(database, FROM_ANOTHER):
        return
    if database.type != GLOBAL and database.was_given("globalClusterIdentifier"):
        return
    what = f"RDS does not offer this version of {engine} for a new database"
    for found in not_offered(database, "engineVersion", engine, version, table("rds_engine_versions"), what):
        yield replace(found, answer=OF_GLOBAL) if database.type == GLOBAL else found
