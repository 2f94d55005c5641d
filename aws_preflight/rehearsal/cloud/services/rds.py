"""RDS."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.kinds import Kind, arn_named

_RDS_HOST = "{lower:12}.{region}.rds.amazonaws.com"


def engine_port(facts: Facts) -> int:
    """Where the engine of a database or of a cache listens."""
    ports = {"postgres": 5432, "aurora-postgresql": 5432, "redis": 6379, "valkey": 6379, "memcached": 11211}
    return ports.get(str(facts["engine"]), 3306)


KINDS: Mapping[str, Kind] = {
    "aws:rds/cluster:Cluster": Kind(
        id="{clusterIdentifier}",
        seconds=120,
        outputs={
            # The provider makes this one up itself, so that only a deployment tells it.
            "clusterIdentifier": "tf-{hex:26}",
            "arn": "arn:aws:rds:{region}:{account}:cluster:{clusterIdentifier}",
            "clusterResourceId": "cluster-{upper:26}",
            "endpoint": "{clusterIdentifier}.cluster-" + _RDS_HOST,
            "readerEndpoint": "{clusterIdentifier}.cluster-ro-" + _RDS_HOST,
            "hostedZoneId": "Z{upper:13}",
            "port": engine_port,
            "masterUserSecrets": [
                {"secretArn": "arn:aws:secretsmanager:{region}:{account}:secret:rds!cluster-{uuid}-{lower:6}"}
            ],
        },
    ),
    "aws:rds/clusterInstance:ClusterInstance": Kind(
        id="{identifier}",
        seconds=300,
        outputs={
            "identifier": "tf-{hex:26}",
            "arn": "arn:aws:rds:{region}:{account}:db:{identifier}",
            "dbiResourceId": "db-{upper:26}",
            "endpoint": "{identifier}." + _RDS_HOST,
            "port": engine_port,
            "writer": True,
        },
    ),
    "aws:rds/instance:Instance": Kind(
        id="db-{upper:26}",
        named="identifier",
        seconds=400,
        outputs={
            "address": "{identifier}." + _RDS_HOST,
            "arn": "arn:aws:rds:{region}:{account}:db:{identifier}",
            "availabilityZone": "{region}a",
            "hostedZoneId": "Z{upper:13}",
            "port": engine_port,
            "endpoint": "{address}:{port}",
            "masterUserSecrets": [
                {"secretArn": "arn:aws:secretsmanager:{region}:{account}:secret:rds!db-{uuid}-{lower:6}"}
            ],
            "resourceId": "db-{upper:26}",
            "status": "available",
        },
    ),
    "aws:rds/parameterGroup:ParameterGroup": arn_named("rds", "pg:", id_="{name}"),
    "aws:rds/subnetGroup:SubnetGroup": arn_named("rds", "subgrp:", id_="{name}", vpcId="vpc-{hex:17/vpc}"),
}
