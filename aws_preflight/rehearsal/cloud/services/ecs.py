"""ECS, and the registry of its images."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.kinds import Kind, arn_named, slow


def _cluster_name(facts: Facts) -> str:
    return str(facts["cluster"] or "default").rpartition("/")[2]


KINDS: Mapping[str, Kind] = {
    "aws:ecr/repository:Repository": arn_named(
        "ecr",
        "repository/",
        id_="{name}",
        registryId="{account}",
        repositoryUrl="{account}.dkr.ecr.{region}.amazonaws.com/{name}",
    ),
    "aws:ecs/capacityProvider:CapacityProvider": arn_named("ecs", "capacity-provider/"),
    "aws:ecs/cluster:Cluster": slow(arn_named("ecs", "cluster/"), 10),
    "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": Kind(id="{clusterName}"),
    "aws:ecs/service:Service": Kind(
        id="{arn}",
        named="name",
        outputs={
            "clusterName": _cluster_name,
            "arn": "arn:aws:ecs:{region}:{account}:service/{clusterName}/{name}",
            "cluster": "arn:aws:ecs:{region}:{account}:cluster/default",
            "iamRole": "/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
            "launchType": "EC2",
            "platformVersion": "LATEST",
        },
    ),
    "aws:ecs/taskDefinition:TaskDefinition": Kind(
        id="{family}",
        outputs={
            "arnWithoutRevision": "arn:aws:ecs:{region}:{account}:task-definition/{family}",
            "arn": "{arnWithoutRevision}:1",
            "enableFaultInjection": False,
            "networkMode": "bridge",
            "revision": 1,
        },
    ),
    "aws-native:ecs:Cluster": Kind(
        id="{clusterName}",
        named="clusterName",
        seconds=10,
        outputs={"arn": "arn:aws:ecs:{region}:{account}:cluster/{clusterName}"},
    ),
    "aws-native:ecs:Service": Kind(
        id="{serviceArn}|{cluster}",
        named="serviceName",
        outputs={
            "name": "{serviceName}",
            "serviceArn": lambda facts: facts.fill(
                f"arn:aws:ecs:{{region}}:{{account}}:service/{_cluster_name(facts)}/{{serviceName}}"
            ),
        },
    ),
    "aws-native:ecs:TaskDefinition": Kind(
        id="{taskDefinitionArn}",
        named="family",
        outputs={"taskDefinitionArn": "arn:aws:ecs:{region}:{account}:task-definition/{family}:1"},
    ),
}
