"""ElastiCache makes no new cache of an engine version that it does not have.

It has only some versions of Redis, Valkey and Memcached, and withdraws the oldest: a program that names a patch that
Redis has and ElastiCache never had, or one that has gone, is refused in the deployment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.offers.engine_versions import not_offered
from aws_preflight.policies.offers.tables import is_made_from_another, string_at, table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy
from aws_preflight.preflight.resource import Resource

GROUP: Final = "aws:elasticache/replicationGroup:ReplicationGroup"
TYPES: Final = ("aws:elasticache/cluster:Cluster", GROUP)
# A cache that is part of another one, or made from a snapshot, has or may have the version of that.
FROM_ANOTHER: Final = ("globalReplicationGroupId", "snapshotArns", "snapshotName")
ISSUE: Final = "https://github.com/ministryofjustice/cloud-platform-environments/pull/5753"


@stack_policy(
    id="elasticache-engine-version-not-offered",
    types=TYPES,
    creation=("arn",),
    existing="silent",
    title="A new cache has an engine version that ElastiCache does not offer",
    refuses=(
        "A new cluster or replication group of Memcached, Redis or Valkey with a version older than the newest of its"
        " line that ElastiCache does not have. A version newer than all that are known of its line is never refused,"
        " nor a cache made from a snapshot or for a global replication group."
    ),
    why_not_preview="The provider checks how a version is written, and not whether ElastiCache has it.",
    answer=Answer(
        text="InvalidParameterCombination: Cannot find version 4.0.13 for redis",
        operation="elasticache:CreateReplicationGroup",
        source=ISSUE,
    ),
    wrong=Code(
        typescript='new aws.elasticache.ReplicationGroup("cache", { ...args, engineVersion: "5.0.4" }); // Redis',
        python='aws.elasticache.ReplicationGroup("cache", engine="redis", engine_version="5.0.4", **args)',
    ),
    right=Code(
        typescript='new aws.elasticache.ReplicationGroup("cache", { ...args, engineVersion: "7.1" });',
        python='aws.elasticache.ReplicationGroup("cache", engine="redis", engine_version="7.1", **args)',
    ),
    fix=Fix(words="take a version on offer"),
    sources=(
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeCacheEngineVersions.html",
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions.html",
        ISSUE,
        "https://github.com/aws-cloudformation/cfn-lint (the versions)",
    ),
)
def elasticache_engine_version_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every cache of such a version."""
    for cache in stack.of_type(*TYPES):
        if not is_made_from_another(cache, FROM_ANOTHER):
            yield from _check(cache)


def _check(cache: Resource) -> Iterator[Finding]:
    # The provider makes a replication group of Redis where the program names no engine.
    without = cache.type == GROUP and not cache.was_given("engine")
    engine, version = "redis" if without else string_at(cache, "engine"), string_at(cache, "engineVersion")
    what = f"ElastiCache does not offer this version of {engine} for a new cache"
    yield from not_offered(cache, "engineVersion", engine, version, table("elasticache_engine_versions"), what)
