"""ElastiCache."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_preflight.rehearsal.cloud.facts import Facts, short_region
from aws_preflight.rehearsal.cloud.kinds import Kind, arn_named
from aws_preflight.rehearsal.cloud.services.rds import engine_port


def _cache_nodes(facts: Facts) -> list[dict[str, Any]]:
    region = short_region(facts.region)
    return [
        {
            "id": f"{number:04}",
            "address": facts.fill(f"{{clusterId}}.{{lower:6}}.{number:04}.{region}.cache.amazonaws.com"),
            "port": engine_port(facts),
            "availabilityZone": f"{facts.region}a",
        }
        for number in range(1, int(facts["numCacheNodes"] or 1) + 1)
    ]


KINDS: Mapping[str, Kind] = {
    "aws:elasticache/cluster:Cluster": Kind(
        id="{clusterId}",
        named="clusterId",
        seconds=300,
        outputs={
            "arn": "arn:aws:elasticache:{region}:{account}:cluster:{clusterId}",
            "cacheNodes": _cache_nodes,
            "clusterAddress": lambda facts: facts.fill(
                f"{{clusterId}}.{{lower:6}}.cfg.{short_region(facts.region)}.cache.amazonaws.com"
            ),
            "port": engine_port,
            "configurationEndpoint": "{clusterAddress}:{port}",
        },
    ),
    "aws:elasticache/parameterGroup:ParameterGroup": arn_named("elasticache", "parametergroup:", id_="{name}"),
    "aws:elasticache/replicationGroup:ReplicationGroup": Kind(
        id="{replicationGroupId}",
        named="replicationGroupId",
        seconds=500,
        outputs={
            "arn": "arn:aws:elasticache:{region}:{account}:replicationgroup:{replicationGroupId}",
            "configurationEndpointAddress": lambda facts: facts.fill(
                f"clustercfg.{{replicationGroupId}}.{{lower:6}}.{short_region(facts.region)}.cache.amazonaws.com"
            ),
            "primaryEndpointAddress": lambda facts: facts.fill(
                f"master.{{replicationGroupId}}.{{lower:6}}.{short_region(facts.region)}.cache.amazonaws.com"
            ),
            "readerEndpointAddress": lambda facts: facts.fill(
                f"replica.{{replicationGroupId}}.{{lower:6}}.{short_region(facts.region)}.cache.amazonaws.com"
            ),
            "memberClusters": ["{replicationGroupId}-001"],
        },
    ),
    "aws:elasticache/subnetGroup:SubnetGroup": arn_named("elasticache", "subnetgroup:", id_="{name}"),
}
