"""The names and defaults that the provider of `aws` fills in before anybody sees a resource's inputs.

Source: the overrides in `provider/` of https://github.com/pulumi/pulumi-aws (version 7), and `SetAutonaming` in
`pkg/tfbridge/info/autonaming.go` of https://github.com/pulumi/pulumi-terraform-bridge: every optional text `name`
gets the resource's name and seven random hexadecimal digits. The tables hold what differs from that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aws_preflight.policies.type_aliases import canonical
from aws_preflight.rehearsal.cloud import schema
from aws_preflight.rehearsal.cloud.facts import Facts


@dataclass(frozen=True)
class Naming:
    """How a type's resources are named where the program does not name them."""

    property: str = "name"
    separator: str = "-"
    random: str = "{hex:7/name}"
    """What follows the separator; empty where the resource's own name is enough."""

    lower: bool = False
    prefix: str = ""
    ending_if: tuple[str, str] | None = None
    """What the name ends with where a property is true: that property, and the ending."""

    def made_up(self, facts: Facts) -> str:
        """The name, the same on every run."""
        logical = facts.logical_name.lower() if self.lower else facts.logical_name
        ending = ""
        if self.ending_if is not None and facts.inputs.get(self.ending_if[0]) is True:
            ending = self.ending_if[1]
        between = self.separator if self.random else ""
        prefix = "" if logical.startswith(self.prefix) else self.prefix
        return f"{prefix}{logical}{between}{facts.fill(self.random)}{ending}"


_LETTERS = Naming(separator="_", random="{letters:8}", lower=True)
_LEX = Naming(separator="_", random="{letters:8}")
_UNDERSCORE = Naming(separator="_")

_NAMINGS: Mapping[str, Naming] = {
    "aws:appsync/dataSource:DataSource": _UNDERSCORE,
    "aws:appsync/function:Function": _UNDERSCORE,
    "aws:athena/database:Database": _UNDERSCORE,
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": _UNDERSCORE,
    "aws:cloudwatch/eventTarget:EventTarget": Naming("targetId"),
    "aws:codedeploy/deploymentConfig:DeploymentConfig": Naming("deploymentConfigName", "_"),
    "aws:ec2/keyPair:KeyPair": Naming("keyName"),
    "aws:efs/fileSystem:FileSystem": Naming("creationToken"),
    "aws:eks/fargateProfile:FargateProfile": Naming("fargateProfileName"),
    "aws:eks/nodeGroup:NodeGroup": Naming("nodeGroupName"),
    "aws:elasticache/cluster:Cluster": Naming("clusterId", lower=True),
    "aws:elasticache/replicationGroup:ReplicationGroup": Naming("replicationGroupId", lower=True),
    "aws:elasticsearch/domain:Domain": Naming("domainName", lower=True),
    "aws:glue/catalogDatabase:CatalogDatabase": _LETTERS,
    "aws:glue/catalogTable:CatalogTable": _LETTERS,
    "aws:iot/topicRule:TopicRule": Naming(random=""),
    "aws:kms/alias:Alias": Naming(prefix="alias/"),
    "aws:lambda/permission:Permission": Naming("statementId"),
    "aws:lex/bot:Bot": _LEX,
    "aws:lex/botAlias:BotAlias": _LEX,
    "aws:lex/intent:Intent": _LEX,
    "aws:lex/slotType:SlotType": _LEX,
    "aws:mq/broker:Broker": Naming("brokerName"),
    "aws:msk/cluster:Cluster": Naming("clusterName"),
    "aws:msk/serverlessCluster:ServerlessCluster": Naming("clusterName"),
    "aws:opensearch/domain:Domain": Naming("domainName"),
    # The identifier has no separator.
    "aws:rds/instance:Instance": Naming("identifier", ""),
    "aws:s3/bucket:Bucket": Naming("bucket", lower=True),
    "aws:s3/bucketObject:BucketObject": Naming("key", random=""),
    "aws:s3/bucketObjectv2:BucketObjectv2": Naming("key", random=""),
    "aws:sns/topic:Topic": Naming(ending_if=("fifoTopic", ".fifo")),
    "aws:sqs/queue:Queue": Naming(ending_if=("fifoQueue", ".fifo")),
}

_MANAGED = "Managed by Pulumi"
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    **{
        token: {"description": _MANAGED}
        for token in (
            "aws:apigateway/apiKey:ApiKey",
            "aws:appsync/apiKey:ApiKey",
            "aws:docdb/subnetGroup:SubnetGroup",
            "aws:ec2/securityGroup:SecurityGroup",
            "aws:elasticache/parameterGroup:ParameterGroup",
            "aws:elasticache/subnetGroup:SubnetGroup",
            "aws:mediapackage/channel:Channel",
            "aws:neptune/subnetGroup:SubnetGroup",
            "aws:rds/clusterParameterGroup:ClusterParameterGroup",
            "aws:rds/parameterGroup:ParameterGroup",
            "aws:rds/subnetGroup:SubnetGroup",
            "aws:redshift/parameterGroup:ParameterGroup",
            "aws:redshift/subnetGroup:SubnetGroup",
        )
    },
    "aws:rds/optionGroup:OptionGroup": {"optionGroupDescription": _MANAGED},
    "aws:route53/zone:Zone": {"comment": _MANAGED},
}


def naming(token: str) -> Naming | None:
    """How a type of `aws` is named, if it is."""
    known = _NAMINGS.get(canonical(token))
    if known is not None:
        return known
    name = (schema.resource(token) or {}).get("name")
    return Naming() if name is not None and name.type == "s" and name.mark in "+?" else None


def defaults(token: str) -> Mapping[str, Any]:
    """The inputs that a type has where the program leaves them out."""
    return _DEFAULTS.get(canonical(token), {})
