"""No service has every type of instance, and no region all of them.

ElastiCache has `cache.t3.medium`, and no `cache.t3.large`; DocumentDB has no general-purpose instances at all. The
first generations of EC2 came to no region that was opened since the end of 2018: `t2.micro`, which most examples ask
for, is refused in Stockholm. The table is made from AWS's price list, which shows no refusal, so this warns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from aws_preflight.policies.offers.tables import Table, table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.rules.paths import region_of
from aws_preflight.preflight.values import Value, dig, quote

# By type, the service and the path to the type of its instances.
PATHS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "aws:ec2/instance:Instance": ("ec2", ("instanceType",)),
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": ("ec2", ("instanceType",)),
    "aws:elasticache/cluster:Cluster": ("elasticache", ("nodeType",)),
    "aws:elasticache/replicationGroup:ReplicationGroup": ("elasticache", ("nodeType",)),
    "aws:docdb/clusterInstance:ClusterInstance": ("docdb", ("instanceClass",)),
    "aws:neptune/clusterInstance:ClusterInstance": ("neptune", ("instanceClass",)),
    "aws:opensearch/domain:Domain": ("opensearch", ("clusterConfig", "instanceType")),
    "aws:elasticsearch/domain:Domain": ("opensearch", ("clusterConfig", "instanceType")),
}
NAMES: Final = {
    "ec2": "EC2",
    "elasticache": "ElastiCache",
    "docdb": "DocumentDB",
    "neptune": "Neptune",
    "opensearch": "OpenSearch Service",
}
ISSUE: Final = "https://github.com/hashicorp/terraform-provider-aws/issues/9113"
OF_CLUSTERS: Final = Answer(
    text="RDS does not support creating a DB instance with the following combination: DBInstanceClass=db.t3.micro",
    operation="rds:CreateDBInstance",
    source="https://github.com/aws/aws-cdk/issues/23431",
)
OF_CACHES: Final = Answer(
    text="The following node types are supported by ElastiCache.",
    operation="elasticache:CreateCacheCluster",
    source="https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateCacheCluster.html",
    basis="documented",
)
OF_DOMAINS: Final = Answer(
    text=(
        "ValidationException: 1 validation error detected: Value 't3.medium.search' at"
        " 'elasticsearchClusterConfig.instanceType' failed to satisfy constraint: Member must satisfy enum value set"
    ),
    operation="es:CreateElasticsearchDomain",
    source="https://github.com/hashicorp/terraform-provider-aws/issues/27684",
)
ANSWERS: Final = {"docdb": OF_CLUSTERS, "neptune": OF_CLUSTERS, "elasticache": OF_CACHES, "opensearch": OF_DOMAINS}


@stack_policy(
    id="instance-type-not-offered",
    types=tuple(PATHS),
    creation=("arn",),
    existing="silent",
    level="advisory",
    title="Something new runs on a type of instance that its service, or its region, does not have",
    refuses=(
        "A new cache, domain or instance of DocumentDB or Neptune of a family that EC2 has and the service has nowhere,"
        " or of a burstable one in a size that it does not have; a new cache, domain or instance of EC2 of an old"
        " family in a region that has none of it. A family or a region that the table does not know is not judged."
    ),
    why_not_preview="The provider takes every type, and does not know which service and region has which.",
    answer=Answer(
        text=(
            "Unsupported: The requested configuration is currently not supported. Please check the documentation for"
            " supported configurations."
        ),
        operation="ec2:RunInstances",
        source=ISSUE,
    ),
    wrong=Code(
        typescript='new aws.elasticache.Cluster("cache", { nodeType: "cache.t3.large", ...args });',
        python='aws.elasticache.Cluster("cache", node_type="cache.t3.large", **args)',
    ),
    right=Code(
        typescript='new aws.elasticache.Cluster("cache", { nodeType: "cache.t3.medium", ...args });',
        python='aws.elasticache.Cluster("cache", node_type="cache.t3.medium", **args)',
    ),
    fix=Fix(words="take a type that the service has in the region"),
    sources=(
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-regions.html",
        ISSUE,
        "https://github.com/trailofbits/algo/issues/1285",
        "https://github.com/aws-cloudformation/cfn-lint (the types)",
    ),
)
def instance_type_not_offered(stack: Stack) -> Iterator[Finding]:
    """Everything of such a type."""
    known = table("instance_types")
    for resource in stack.of_type(*PATHS):
        yield from _check(resource, known)


def _check(resource: Resource, known: Table) -> Iterator[Finding]:
    service, path = PATHS[resource.type]
    type_ = dig(resource.properties, *path)
    if not isinstance(type_, str):
        return
    family, _, size = type_.removeprefix("cache.").removeprefix("db.").partition(".")
    size = size.removesuffix(".search").removesuffix(".elasticsearch")
    message = _message(service, family, size, region_of(resource), known.values)
    if message:
        yield Finding(
            resource=resource,
            at=path,
            message=f"{message} ({known.as_of})",
            evidence=quote(type_),
            answer=ANSWERS.get(service),
            level="advisory",
        )


def _message(service: str, family: str, size: str, region: Value, known: Mapping[str, Any]) -> str:
    """What is wrong with the type, in words; "" where nothing is known to be."""
    families: Mapping[str, Sequence[str]] = known[service]["families"]
    if family not in families:
        return f"{NAMES[service]} has no instances of the family {family}" if family in known["ec2"]["families"] else ""
    if families[family] and size not in families[family]:
        return f"{NAMES[service]} has {family} as {', '.join(families[family])} alone"
    if region in known[service]["without"].get(family, ()):
        return f"{NAMES[service]} has no {family} in {region}, and old families come to no further region"
    return ""
