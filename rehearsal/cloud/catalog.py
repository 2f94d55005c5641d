"""What AWS adds to each kind of resource: its id, and the outputs that only a deployment tells.

A table, to be read as data. A template is text that names facts (see `facts.py`): `{region}`, `{account}`, tokens such
as `{hex:17}` and `{uuid}`, the resource's inputs, and the outputs above it in the same entry. `{name}` alone keeps the
fact's type. Where text is not enough, a template is a function of the facts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from preflight.type_aliases import canonical
from rehearsal.cloud.facts import Facts
from rehearsal.cloud.kinds import Kind, Template
from rehearsal.cloud.marks import secret
from rehearsal.cloud.others import OTHERS


def kind_of(type_token: str) -> Kind:
    """The entry of a type, or one that fits any type."""
    found = KINDS.get(canonical(type_token))
    if found is not None:
        return found
    if type_token.startswith("aws-native:"):
        return Kind(id=_native_id, outputs={"arn": _any_arn})
    if type_token.startswith("aws:"):
        return Kind(id="{logical}-{hex:7}", outputs={"region": "{region}", "arn": _any_arn})
    return Kind(id="{logical}-{hex:7}")


def elb_zone(region: str) -> str:
    """The hosted zone of application and classic load balancers in a region."""
    return _ELB_ZONES.get(region, "Z35SXDOTRQ7X7K")


def short_region(region: str) -> str:
    """The region as ElastiCache and the ids of zones abbreviate it: `eu-central-1` is `euc1`."""
    area, *directions, number = region.split("-")
    initials = "".join(
        re.sub("(north|south|east|west|central|gov)", lambda word: word[0][0], part) for part in directions
    )
    return area + initials + number


def _any_arn(facts: Facts) -> Any:
    module, _, name = facts.type.partition(":")[2].partition("/")
    service = module.partition(":")[0]
    kind = name.partition(":")[0] or facts.type.rpartition(":")[2]
    return facts.fill(f"arn:aws:{service}:{{region}}:{{account}}:{kind[:1].lower()}{kind[1:]}/{{logical}}-{{hex:7}}")


def _native_id(facts: Facts) -> Any:
    return facts["arn"] or facts.fill("{logical}-{hex:7}")


def _load_balancer_kind(facts: Facts) -> str:
    return {"network": "net", "gateway": "gwy"}.get(facts["loadBalancerType"] or facts["type"], "app")


def _load_balancer_suffix(facts: Facts) -> Any:
    return facts.fill(f"{_load_balancer_kind(facts)}/{{name}}/{{hex:16}}")


def _load_balancer_dns(facts: Facts) -> Any:
    if _load_balancer_kind(facts) == "net":
        return facts.fill("{name}-{hex:16}.elb.{region}.amazonaws.com")
    internal = "internal-" if facts["internal"] is True or facts["scheme"] == "internal" else ""
    # The number has nine or ten digits.
    return facts.fill(internal + "{name}-{digits:9}.{region}.elb.amazonaws.com")


def _listener_arn(facts: Facts) -> Any:
    balancer = facts["loadBalancerArn"] or facts.fill(
        "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{logical}/{hex:16/lb}"
    )
    return balancer.replace(":loadbalancer/", ":listener/") + facts.fill("/{hex:16}")


def _rule_arn(facts: Facts) -> Any:
    return str(facts["listenerArn"]).replace(":listener/", ":listener-rule/") + facts.fill("/{hex:16}")


def _validation_options(facts: Facts) -> list[dict[str, Any]]:
    names = [facts["domainName"], *(facts["subjectAlternativeNames"] or [])]
    apexes = dict.fromkeys(str(name).removeprefix("*.") for name in names)
    by_apex = {str(name).removeprefix("*."): name for name in reversed(names)}
    return [
        {
            "domainName": by_apex[apex],
            "resourceRecordName": facts.fill("_{hex:32/" + apex + "}") + f".{apex}.",
            "resourceRecordType": "CNAME",
            "resourceRecordValue": facts.fill("_{hex:32/v" + apex + "}.{lower:10}.acm-validations.aws."),
        }
        for apex in apexes
    ]


def _alternative_names(facts: Facts) -> list[Any]:
    return list(dict.fromkeys([facts["domainName"], *(facts["subjectAlternativeNames"] or [])]))


def _cluster_name(facts: Facts) -> str:
    return str(facts["cluster"] or "default").rpartition("/")[2]


def _engine_port(facts: Facts) -> int:
    ports = {"postgres": 5432, "aurora-postgresql": 5432, "redis": 6379, "valkey": 6379, "memcached": 11211}
    return ports.get(str(facts["engine"]), 3306)


def _cache_nodes(facts: Facts) -> list[dict[str, Any]]:
    region = short_region(facts.region)
    return [
        {
            "id": f"{number:04}",
            "address": facts.fill(f"{{clusterId}}.{{lower:6}}.{number:04}.{region}.cache.amazonaws.com"),
            "port": _engine_port(facts),
            "availabilityZone": f"{facts.region}a",
        }
        for number in range(1, int(facts["numCacheNodes"] or 1) + 1)
    ]


def _ipv6_block(facts: Facts) -> Any:
    return facts.fill("2600:1f16:{hex:3}:{hex:2}00::/56") if facts["assignGeneratedIpv6CidrBlock"] is True else ""


def _stack_outputs(facts: Facts) -> dict[str, Any]:
    """A made-up value for each output that the template of a CloudFormation stack declares."""
    try:
        # YAML's tags for CloudFormation's functions are of no interest here, JSON is YAML.
        template = yaml.load(str(facts["templateBody"]), _TemplateLoader)
    except yaml.YAMLError:
        return {}
    outputs = template.get("Outputs") if isinstance(template, dict) else None
    return {str(name): facts.fill(f"{name}-{{upper:12/{name}}}") for name in outputs or {}}


class _TemplateLoader(yaml.SafeLoader):
    """Reads a template as plain data."""


_TemplateLoader.add_multi_constructor("!", lambda _loader, suffix, _node: suffix)


def _record_name(facts: Facts) -> str:
    return str(facts["name"]).rstrip(".")


def _secret_key(facts: Facts) -> dict[str, Any]:
    return secret(facts.fill("{lower:40}"))


def _policy_json(facts: Facts) -> str:
    return json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": [], "Key": facts["keyId"]})


def _ec2(prefix: str, noun: str, **outputs: Template) -> Kind:
    """A resource of EC2's: an id of seventeen digits, and an ARN that ends with it."""
    return Kind(
        id=f"{prefix}-{{hex:17}}",
        outputs={
            "arn": f"arn:aws:ec2:{{region}}:{{account}}:{noun}/{prefix}-{{hex:17}}",
            "ownerId": "{account}",
            **outputs,
        },
    )


def _arn_named(service: str, noun: str, named: str = "name", id_: Template = "{arn}", **outputs: Template) -> Kind:
    """A resource with a name of its own at the end of its ARN, known by that ARN unless another id is given."""
    return Kind(
        id=id_,
        named=named,
        outputs={
            "arn": f"arn:aws:{service}:{{region}}:{{account}}:{noun}{{{named}}}",
            **outputs,
        },
    )


def _slow(kind: Kind, seconds: float) -> Kind:
    return replace(kind, seconds=seconds)


_ELB = "arn:aws:elasticloadbalancing:{region}:{account}:"
_RDS_HOST = "{lower:12}.{region}.rds.amazonaws.com"

_NETWORK: Mapping[str, Kind] = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": _ec2("sg", "security-group", name="default"),
    "aws:ec2/eip:Eip": _ec2(
        "eipalloc",
        "elastic-ip",
        allocationId="eipalloc-{hex:17}",
        publicIp="203.0.113.{digits:2}",
        publicDns="ec2-203-0-113-{digits:2}.{region}.compute.amazonaws.com",
        domain="vpc",
    ),
    "aws:ec2/eipAssociation:EipAssociation": Kind(id="eipassoc-{hex:17}"),
    "aws:ec2/flowLog:FlowLog": _ec2("fl", "vpc-flow-log"),
    "aws:ec2/instance:Instance": _slow(
        _ec2(
            "i",
            "instance",
            availabilityZone="{region}a",
            instanceState="running",
            primaryNetworkInterfaceId="eni-{hex:17/eni}",
            privateDns="ip-10-0-1-{digits:2}.{region}.compute.internal",
            privateIp="10.0.1.{digits:2}",
            publicDns="ec2-203-0-113-{digits:2}.{region}.compute.amazonaws.com",
            publicIp="203.0.113.{digits:2}",
            subnetId="subnet-{hex:17/subnet}",
        ),
        20,
    ),
    "aws:ec2/internetGateway:InternetGateway": _ec2("igw", "internet-gateway"),
    "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment": Kind(id="{internetGatewayId}:{vpcId}"),
    "aws:ec2/keyPair:KeyPair": Kind(
        id="{keyName}",
        named="keyName",
        outputs={
            "keyPairId": "key-{hex:17}",
            "arn": "arn:aws:ec2:{region}:{account}:key-pair/{keyName}",
            "fingerprint": "{hex:40}",
        },
    ),
    "aws:ec2/launchConfiguration:LaunchConfiguration": _arn_named(
        "autoscaling", "launchConfiguration:{uuid}:launchConfigurationName/", id_="{name}"
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": Kind(
        id="lt-{hex:17}",
        named="name",
        outputs={
            "arn": "arn:aws:ec2:{region}:{account}:launch-template/lt-{hex:17}",
            "defaultVersion": 1,
            "latestVersion": 1,
        },
    ),
    "aws:ec2/natGateway:NatGateway": _slow(
        _ec2(
            "nat",
            "natgateway",
            networkInterfaceId="eni-{hex:17/eni}",
            privateIp="10.0.0.{digits:2}",
            publicIp="203.0.113.{digits:2}",
            associationId="eipassoc-{hex:17/assoc}",
        ),
        100,
    ),
    "aws:ec2/networkAcl:NetworkAcl": _ec2("acl", "network-acl"),
    "aws:ec2/networkInterface:NetworkInterface": _ec2("eni", "network-interface", privateIp="10.0.1.{digits:2}"),
    "aws:ec2/route:Route": Kind(id="r-{routeTableId}{digits:10}", outputs={"origin": "CreateRoute", "state": "active"}),
    "aws:ec2/routeTable:RouteTable": _ec2("rtb", "route-table"),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": Kind(id="rtbassoc-{hex:17}"),
    "aws:ec2/securityGroup:SecurityGroup": Kind(
        id="sg-{hex:17}",
        named="name",
        outputs={
            "arn": "arn:aws:ec2:{region}:{account}:security-group/sg-{hex:17}",
            "ownerId": "{account}",
            "vpcId": "vpc-{hex:17/default}",
            "description": "Managed by Pulumi",
            "ingress": [],
            "egress": [],
        },
    ),
    "aws:ec2/securityGroupRule:SecurityGroupRule": Kind(
        id="sgrule-{digits:10}", outputs={"securityGroupRuleId": "sgr-{hex:17}"}
    ),
    "aws:ec2/subnet:Subnet": _ec2(
        "subnet",
        "subnet",
        availabilityZone="{region}a",
        availabilityZoneId="az1",
        vpcId="vpc-{hex:17/vpc}",
    ),
    "aws:ec2/volume:Volume": Kind(
        id="vol-{hex:17}", outputs={"arn": "arn:aws:ec2:{region}:{account}:volume/vol-{hex:17}"}
    ),
    "aws:ec2/vpc:Vpc": _ec2(
        "vpc",
        "vpc",
        defaultNetworkAclId="acl-{hex:17}",
        defaultRouteTableId="rtb-{hex:17}",
        defaultSecurityGroupId="sg-{hex:17}",
        dhcpOptionsId="dopt-{hex:17}",
        mainRouteTableId="rtb-{hex:17}",
        enableDnsHostnames=False,
        ipv6CidrBlock=_ipv6_block,
        enableDnsSupport=True,
        instanceTenancy="default",
    ),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _ec2(
        "vpce",
        "vpc-endpoint",
        dnsEntries=[{"dnsName": "vpce-{hex:17}-{lower:8}.{region}.vpce.amazonaws.com", "hostedZoneId": "Z{upper:13}"}],
        networkInterfaceIds=["eni-{hex:17/eni}"],
        prefixListId="pl-{hex:8}",
        state="available",
    ),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": _ec2("sgr", "security-group-rule"),
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": _ec2("sgr", "security-group-rule"),
}

_LOAD_BALANCING: Mapping[str, Kind] = {
    "aws:elb/loadBalancer:LoadBalancer": Kind(
        id="{name}",
        named="name",
        seconds=10,
        outputs={
            "arn": _ELB + "loadbalancer/{name}",
            "dnsName": "{name}-{digits:9}.{region}.elb.amazonaws.com",
            "sourceSecurityGroup": "{account}/default_elb_{hex:8}",
            "sourceSecurityGroupId": "sg-{hex:17}",
            "zoneId": lambda facts: elb_zone(facts.region),
        },
    ),
    "aws:lb/listener:Listener": Kind(id="{arn}", outputs={"arn": _listener_arn}),
    "aws:lb/listenerCertificate:ListenerCertificate": Kind(id="{listenerArn}_{certificateArn}"),
    "aws:lb/listenerRule:ListenerRule": Kind(id="{arn}", outputs={"arn": _rule_arn, "priority": 1}),
    "aws:lb/loadBalancer:LoadBalancer": Kind(
        id="{arn}",
        named="name",
        seconds=150,
        outputs={
            "arnSuffix": _load_balancer_suffix,
            "arn": _ELB + "loadbalancer/{arnSuffix}",
            "dnsName": _load_balancer_dns,
            "ipAddressType": "ipv4",
            "securityGroups": ["sg-{hex:17/default}"],
            "vpcId": "vpc-{hex:17/vpc}",
            "zoneId": lambda facts: elb_zone(facts.region),
        },
    ),
    "aws:lb/targetGroup:TargetGroup": Kind(
        id="{arn}",
        named="name",
        outputs={
            "arnSuffix": "targetgroup/{name}/{hex:16}",
            "arn": _ELB + "{arnSuffix}",
            "loadBalancerArns": [],
        },
    ),
    "aws:lb/targetGroupAttachment:TargetGroupAttachment": Kind(id="{targetGroupArn}-{digits:20}"),
}

_COMPUTE: Mapping[str, Kind] = {
    "aws:appautoscaling/policy:Policy": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": "arn:aws:autoscaling:{region}:{account}:scalingPolicy:{uuid}:resource/{serviceNamespace}/"
            "{resourceId}:policyName/{name}",
            "alarmArns": [],
        },
    ),
    "aws:appautoscaling/target:Target": Kind(
        id="{resourceId}",
        outputs={
            "arn": "arn:aws:application-autoscaling:{region}:{account}:scalable-target/{hex:34}",
            "roleArn": "arn:aws:iam::{account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
            "AWSServiceRoleForApplicationAutoScaling_ECSService",
        },
    ),
    "aws:autoscaling/group:Group": Kind(
        id="{name}",
        named="name",
        seconds=60,
        outputs={
            "arn": "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:{uuid}:autoScalingGroupName/{name}",
            "availabilityZones": ["{region}a", "{region}b"],
            "defaultCooldown": 300,
            "healthCheckType": "EC2",
            "predictedCapacity": 0,
            "serviceLinkedRoleArn": "arn:aws:iam::{account}:role/aws-service-role/autoscaling.amazonaws.com/"
            "AWSServiceRoleForAutoScaling",
            "vpcZoneIdentifiers": [],
        },
    ),
    "aws:autoscaling/policy:Policy": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": "arn:aws:autoscaling:{region}:{account}:scalingPolicy:{uuid}:autoScalingGroupName/"
            "{autoscalingGroupName}:policyName/{name}"
        },
    ),
    "aws:ecr/repository:Repository": _arn_named(
        "ecr",
        "repository/",
        id_="{name}",
        registryId="{account}",
        repositoryUrl="{account}.dkr.ecr.{region}.amazonaws.com/{name}",
    ),
    "aws:ecs/capacityProvider:CapacityProvider": _arn_named("ecs", "capacity-provider/"),
    "aws:ecs/cluster:Cluster": _slow(_arn_named("ecs", "cluster/"), 10),
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
    "aws:eks/cluster:Cluster": _slow(
        _arn_named(
            "eks",
            "cluster/",
            id_="{name}",
            certificateAuthorities=[{"data": "LS0tLS1CRUdJTi{lower:40}"}],
            certificateAuthority={"data": "LS0tLS1CRUdJTi{lower:40}"},
            createdAt="2026-01-01T00:00:00Z",
            endpoint="https://{hex:32}.gr7.{region}.eks.amazonaws.com",
            identities=[{"oidcs": [{"issuer": "https://oidc.eks.{region}.amazonaws.com/id/{hex:32}"}]}],
            platformVersion="eks.1",
            status="ACTIVE",
            version="1.33",
        ),
        500,
    ),
    "aws:lambda/function:Function": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": "arn:aws:lambda:{region}:{account}:function:{name}",
            "invokeArn": "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
            "lastModified": "2026-01-01T00:00:00.000+0000",
            "qualifiedArn": "{arn}:$LATEST",
            "qualifiedInvokeArn": "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{qualifiedArn}"
            "/invocations",
            "sourceCodeSize": 1024,
            "version": "$LATEST",
        },
    ),
    "aws:lambda/functionUrl:FunctionUrl": Kind(
        id="{functionName}",
        outputs={
            "functionArn": "arn:aws:lambda:{region}:{account}:function:{functionName}",
            "functionUrl": "https://{lower:32}.lambda-url.{region}.on.aws/",
            "urlId": "{lower:32}",
        },
    ),
    "aws:lambda/layerVersion:LayerVersion": Kind(
        id="{arn}",
        outputs={
            "layerArn": "arn:aws:lambda:{region}:{account}:layer:{layerName}",
            "arn": "{layerArn}:1",
            "version": "1",
        },
    ),
}

_OBSERVABILITY: Mapping[str, Kind] = {
    "aws:cloudformation/stack:Stack": Kind(
        id="arn:aws:cloudformation:{region}:{account}:stack/{name}/{uuid}",
        named="name",
        seconds=30,
        outputs={"outputs": _stack_outputs},
    ),
    "aws:cloudwatch/dashboard:Dashboard": Kind(
        id="{dashboardName}", outputs={"dashboardArn": "arn:aws:cloudwatch::{account}:dashboard/{dashboardName}"}
    ),
    "aws:cloudwatch/eventRule:EventRule": _arn_named("events", "rule/", id_="{name}"),
    "aws:cloudwatch/eventTarget:EventTarget": Kind(id="{rule}-{targetId}", outputs={"targetId": "terraform-{hex:26}"}),
    "aws:cloudwatch/logGroup:LogGroup": _arn_named("logs", "log-group:", id_="{name}", logGroupClass="STANDARD"),
    "aws:cloudwatch/logStream:LogStream": Kind(
        id="{name}",
        named="name",
        outputs={"arn": "arn:aws:logs:{region}:{account}:log-group:{logGroupName}:log-stream:{name}"},
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": _arn_named("cloudwatch", "alarm:", "name", id_="{name}"),
    "aws:sns/topic:Topic": _arn_named("sns", "", owner="{account}"),
    "aws:sns/topicPolicy:TopicPolicy": Kind(id="{arn}", outputs={"owner": "{account}"}),
    "aws:sns/topicSubscription:TopicSubscription": Kind(
        id="{arn}",
        outputs={"arn": "{topic}:{uuid}", "ownerId": "{account}", "pendingConfirmation": False},
    ),
    "aws:sqs/queue:Queue": Kind(
        id="{url}",
        named="name",
        seconds=25,
        outputs={
            "url": "https://sqs.{region}.amazonaws.com/{account}/{name}",
            "arn": "arn:aws:sqs:{region}:{account}:{name}",
        },
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Kind(id="{queueUrl}"),
}

_DATA: Mapping[str, Kind] = {
    "aws:dynamodb/table:Table": _arn_named(
        "dynamodb",
        "table/",
        id_="{name}",
        billingMode="PROVISIONED",
        streamArn="{arn}/stream/2026-01-01T00:00:00.000",
        streamLabel="2026-01-01T00:00:00.000",
    ),
    "aws:efs/accessPoint:AccessPoint": Kind(
        id="fsap-{hex:17}",
        outputs={
            "arn": "arn:aws:elasticfilesystem:{region}:{account}:access-point/fsap-{hex:17}",
            "fileSystemArn": "arn:aws:elasticfilesystem:{region}:{account}:file-system/{fileSystemId}",
            "ownerId": "{account}",
        },
    ),
    "aws:efs/fileSystem:FileSystem": Kind(
        id="fs-{hex:17}",
        outputs={
            "arn": "arn:aws:elasticfilesystem:{region}:{account}:file-system/fs-{hex:17}",
            "creationToken": "terraform-{hex:26}",
            "dnsName": "fs-{hex:17}.efs.{region}.amazonaws.com",
            "ownerId": "{account}",
        },
    ),
    "aws:efs/mountTarget:MountTarget": Kind(
        id="fsmt-{hex:17}",
        seconds=90,
        outputs={"dnsName": "{fileSystemId}.efs.{region}.amazonaws.com", "ipAddress": "10.0.1.{digits:2}"},
    ),
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
            "port": _engine_port,
            "configurationEndpoint": "{clusterAddress}:{port}",
        },
    ),
    "aws:elasticache/parameterGroup:ParameterGroup": _arn_named("elasticache", "parametergroup:", id_="{name}"),
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
    "aws:elasticache/subnetGroup:SubnetGroup": _arn_named("elasticache", "subnetgroup:", id_="{name}"),
    "aws:kinesis/stream:Stream": _arn_named("kinesis", "stream/"),
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
            "port": _engine_port,
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
            "port": _engine_port,
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
            "port": _engine_port,
            "endpoint": "{address}:{port}",
            "masterUserSecrets": [
                {"secretArn": "arn:aws:secretsmanager:{region}:{account}:secret:rds!db-{uuid}-{lower:6}"}
            ],
            "resourceId": "db-{upper:26}",
            "status": "available",
        },
    ),
    "aws:rds/parameterGroup:ParameterGroup": _arn_named("rds", "pg:", id_="{name}"),
    "aws:rds/subnetGroup:SubnetGroup": _arn_named("rds", "subgrp:", id_="{name}", vpcId="vpc-{hex:17/vpc}"),
    "aws:s3/bucket:Bucket": Kind(
        id="{bucket}",
        named="bucket",
        outputs={
            "arn": "arn:aws:s3:::{bucket}",
            "bucketDomainName": "{bucket}.s3.amazonaws.com",
            "bucketRegion": "{region}",
            "bucketRegionalDomainName": "{bucket}.s3.{region}.amazonaws.com",
            "hostedZoneId": "Z3BJ6K6RIION7M",
            "websiteDomain": "s3-website.{region}.amazonaws.com",
            "websiteEndpoint": "{bucket}.s3-website.{region}.amazonaws.com",
        },
    ),
    **dict.fromkeys(
        ("aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"),
        Kind(id="{bucket}/{key}", outputs={"arn": "arn:aws:s3:::{bucket}/{key}", "etag": "{hex:32}", "versionId": ""}),
    ),
    **{
        f"aws:s3/bucket{part}:Bucket{part}": Kind(id="{bucket}")
        for part in (
            "Acl",
            "CorsConfiguration",
            "LifecycleConfiguration",
            "Logging",
            "Notification",
            "OwnershipControls",
            "Policy",
            "PublicAccessBlock",
            "ServerSideEncryptionConfiguration",
            "Versioning",
        )
    },
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": Kind(
        id="{bucket}",
        outputs={
            "websiteDomain": "s3-website.{region}.amazonaws.com",
            "websiteEndpoint": "{bucket}.s3-website.{region}.amazonaws.com",
        },
    ),
}

_SECURITY: Mapping[str, Kind] = {
    "aws:acm/certificate:Certificate": Kind(
        id="{arn}",
        outputs={
            "arn": "arn:aws:acm:{region}:{account}:certificate/{uuid}",
            "domainValidationOptions": _validation_options,
            "keyAlgorithm": "RSA_2048",
            "renewalEligibility": "INELIGIBLE",
            "status": "PENDING_VALIDATION",
            "subjectAlternativeNames": _alternative_names,
            "type": "AMAZON_ISSUED",
            "validationEmails": [],
        },
    ),
    "aws:acm/certificateValidation:CertificateValidation": Kind(id="2026-01-01 00:00:00 +0000 UTC", seconds=60),
    "aws:iam/accessKey:AccessKey": Kind(
        id="AKIA{upper:16}",
        outputs={"createDate": "2026-01-01T00:00:00Z", "secret": _secret_key, "status": "Active"},
    ),
    "aws:iam/group:Group": Kind(
        id="{name}",
        named="name",
        outputs={"arn": "arn:aws:iam::{account}:group/{name}", "uniqueId": "AGPA{upper:17}"},
    ),
    "aws:iam/instanceProfile:InstanceProfile": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": "arn:aws:iam::{account}:instance-profile/{name}",
            "createDate": "2026-01-01T00:00:00Z",
            "uniqueId": "AIPA{upper:17}",
        },
    ),
    "aws:iam/policy:Policy": Kind(
        id="{arn}",
        named="name",
        outputs={
            "arn": "arn:aws:iam::{account}:policy/{name}",
            "attachmentCount": 0,
            "policyId": "ANPA{upper:17}",
        },
    ),
    "aws:iam/role:Role": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": lambda facts: facts.fill(f"arn:aws:iam::{{account}}:role{facts['path'] or '/'}{{name}}"),
            "createDate": "2026-01-01T00:00:00Z",
            "managedPolicyArns": [],
            "maxSessionDuration": 3600,
            "path": "/",
            "uniqueId": "AROA{upper:17}",
        },
    ),
    "aws:iam/rolePolicy:RolePolicy": Kind(id="{role}:{name}", named="name"),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": Kind(id="{role}-{digits:20}"),
    "aws:iam/user:User": Kind(
        id="{name}",
        named="name",
        outputs={"arn": "arn:aws:iam::{account}:user/{name}", "uniqueId": "AIDA{upper:17}"},
    ),
    "aws:kms/alias:Alias": Kind(
        id="{name}",
        outputs={
            "arn": "arn:aws:kms:{region}:{account}:{name}",
            "targetKeyArn": "arn:aws:kms:{region}:{account}:key/{targetKeyId}",
        },
    ),
    "aws:kms/key:Key": Kind(
        id="{keyId}",
        outputs={
            "keyId": "{uuid}",
            "arn": "arn:aws:kms:{region}:{account}:key/{keyId}",
            "policy": _policy_json,
        },
    ),
    "aws:secretsmanager/secret:Secret": Kind(
        id="{arn}",
        named="name",
        outputs={
            "arn": "arn:aws:secretsmanager:{region}:{account}:secret:{name}-{lower:6}",
            "policy": "",
            "replicas": [],
        },
    ),
    "aws:secretsmanager/secretVersion:SecretVersion": Kind(
        id="{secretId}|{versionId}",
        outputs={"versionId": "{uuid}", "arn": "{secretId}", "versionStages": ["AWSCURRENT"]},
    ),
    "aws:ssm/parameter:Parameter": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": lambda facts: facts.fill(
                "arn:aws:ssm:{region}:{account}:parameter/" + str(facts["name"]).removeprefix("/")
            ),
            "dataType": "text",
            "tier": "Standard",
            "version": 1,
        },
    ),
}

_EDGE: Mapping[str, Kind] = {
    "aws:apigateway/deployment:Deployment": Kind(id="{lower:6}", outputs={"createdDate": "2026-01-01T00:00:00Z"}),
    "aws:apigateway/resource:Resource": Kind(id="{lower:6}", outputs={"path": "/{pathPart}"}),
    "aws:apigateway/restApi:RestApi": Kind(
        id="{lower:10}",
        named="name",
        outputs={
            "arn": "arn:aws:apigateway:{region}::/restapis/{lower:10}",
            "createdDate": "2026-01-01T00:00:00Z",
            "executionArn": "arn:aws:execute-api:{region}:{account}:{lower:10}",
            "rootResourceId": "{lower:10/root}",
        },
    ),
    "aws:apigateway/stage:Stage": Kind(
        id="ags-{restApi}-{stageName}",
        outputs={
            "arn": "arn:aws:apigateway:{region}::/restapis/{restApi}/stages/{stageName}",
            "executionArn": "arn:aws:execute-api:{region}:{account}:{restApi}/{stageName}",
            "invokeUrl": "https://{restApi}.execute-api.{region}.amazonaws.com/{stageName}",
        },
    ),
    "aws:apigatewayv2/api:Api": Kind(
        id="{lower:10}",
        named="name",
        outputs={
            "apiEndpoint": "https://{lower:10}.execute-api.{region}.amazonaws.com",
            "arn": "arn:aws:apigateway:{region}::/apis/{lower:10}",
            "executionArn": "arn:aws:execute-api:{region}:{account}:{lower:10}",
        },
    ),
    "aws:apigatewayv2/stage:Stage": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": "arn:aws:apigateway:{region}::/apis/{apiId}/stages/{name}",
            "executionArn": "arn:aws:execute-api:{region}:{account}:{apiId}/{name}",
            "invokeUrl": "https://{apiId}.execute-api.{region}.amazonaws.com/{name}",
        },
    ),
    "aws:appsync/graphQLApi:GraphQLApi": Kind(
        id="{lower:26}",
        named="name",
        outputs={
            "arn": "arn:aws:appsync:{region}:{account}:apis/{lower:26}",
            "uris": {
                "GRAPHQL": "https://{lower:26}.appsync-api.{region}.amazonaws.com/graphql",
                "REALTIME": "wss://{lower:26}.appsync-realtime-api.{region}.amazonaws.com/graphql",
            },
        },
    ),
    "aws:cloudfront/distribution:Distribution": Kind(
        id="E{upper:13}",
        seconds=200,
        outputs={
            "arn": "arn:aws:cloudfront::{account}:distribution/E{upper:13}",
            "domainName": "d{lower:13}.cloudfront.net",
            "etag": "E{upper:13/etag}",
            "hostedZoneId": "Z2FDTNDATAQYW2",
            "status": "Deployed",
        },
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": Kind(
        id="E{upper:13}",
        named="name",
        outputs={"arn": "arn:aws:cloudfront::{account}:origin-access-control/E{upper:13}", "etag": "E{upper:13/etag}"},
    ),
    "aws:cloudfront/originAccessIdentity:OriginAccessIdentity": Kind(
        id="E{upper:13}",
        outputs={
            "cloudfrontAccessIdentityPath": "origin-access-identity/cloudfront/E{upper:13}",
            "iamArn": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E{upper:13}",
            "s3CanonicalUserId": "{hex:64}",
        },
    ),
    "aws:cognito/userPool:UserPool": Kind(
        id="{region}_{lower:9}",
        named="name",
        outputs={
            "arn": "arn:aws:cognito-idp:{region}:{account}:userpool/{region}_{lower:9}",
            "endpoint": "cognito-idp.{region}.amazonaws.com/{region}_{lower:9}",
        },
    ),
    "aws:cognito/userPoolClient:UserPoolClient": Kind(id="{lower:26}", named="name"),
    "aws:route53/healthCheck:HealthCheck": Kind(id="{uuid}", outputs={"arn": "arn:aws:route53:::healthcheck/{uuid}"}),
    "aws:route53/record:Record": Kind(
        id=lambda facts: facts.fill(f"{{zoneId}}_{_record_name(facts)}_{{type}}"),
        seconds=30,
        outputs={"fqdn": _record_name, "setIdentifier": ""},
    ),
    "aws:route53/zone:Zone": Kind(
        id="{zoneId}",
        seconds=40,
        outputs={
            "zoneId": "Z{upper:20}",
            "arn": "arn:aws:route53:::hostedzone/{zoneId}",
            "nameServers": [
                "ns-{digits:3}.awsdns-{digits:2}.com",
                "ns-1{digits:3/b}.awsdns-{digits:2/b}.org",
                "ns-{digits:3/c}.awsdns-{digits:2/c}.net",
                "ns-1{digits:3/d}.awsdns-{digits:2/d}.co.uk",
            ],
            "primaryNameServer": "ns-{digits:3}.awsdns-{digits:2}.com",
        },
    ),
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": Kind(
        id="ns-{lower:16}",
        outputs={
            "arn": "arn:aws:servicediscovery:{region}:{account}:namespace/ns-{lower:16}",
            "hostedZone": "Z{upper:20}",
        },
    ),
    "aws:servicediscovery/service:Service": Kind(
        id="srv-{lower:16}",
        named="name",
        outputs={"arn": "arn:aws:servicediscovery:{region}:{account}:service/srv-{lower:16}"},
    ),
    "aws:sfn/stateMachine:StateMachine": _arn_named("states", "stateMachine:", status="ACTIVE"),
    "aws:wafv2/webAcl:WebAcl": Kind(
        id="{uuid}",
        named="name",
        outputs={
            "arn": lambda facts: facts.fill(
                "arn:aws:wafv2:{region}:{account}:"
                + ("global" if facts["scope"] == "CLOUDFRONT" else "regional")
                + "/webacl/{name}/{uuid}"
            ),
            "capacity": 1,
        },
    ),
}

_NATIVE: Mapping[str, Kind] = {
    "aws-native:autoscaling:AutoScalingGroup": Kind(
        id="{autoScalingGroupName}", named="autoScalingGroupName", seconds=60
    ),
    "aws-native:certificatemanager:Certificate": Kind(
        id="arn:aws:acm:{region}:{account}:certificate/{uuid}",
        outputs={"certificateArn": "arn:aws:acm:{region}:{account}:certificate/{uuid}"},
    ),
    "aws-native:cloudwatch:Dashboard": Kind(id="{dashboardName}", named="dashboardName"),
    "aws-native:ec2:SecurityGroup": Kind(
        id="sg-{hex:17}", named="groupName", outputs={"groupId": "sg-{hex:17}", "vpcId": "vpc-{hex:17/vpc}"}
    ),
    "aws-native:ec2:Subnet": Kind(
        id="subnet-{hex:17}", outputs={"subnetId": "subnet-{hex:17}", "availabilityZone": "{region}a"}
    ),
    "aws-native:ec2:Vpc": Kind(
        id="vpc-{hex:17}", outputs={"vpcId": "vpc-{hex:17}", "defaultSecurityGroup": "sg-{hex:17}"}
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
    "aws-native:elasticloadbalancingv2:Listener": Kind(id="{listenerArn}", outputs={"listenerArn": _listener_arn}),
    "aws-native:elasticloadbalancingv2:ListenerRule": Kind(
        id="{ruleArn}", outputs={"ruleArn": _rule_arn, "isDefault": False}
    ),
    "aws-native:elasticloadbalancingv2:LoadBalancer": Kind(
        id="{loadBalancerArn}",
        named="name",
        seconds=150,
        outputs={
            "canonicalHostedZoneId": lambda facts: elb_zone(facts.region),
            "dnsName": _load_balancer_dns,
            "loadBalancerFullName": _load_balancer_suffix,
            "loadBalancerName": "{name}",
            "loadBalancerArn": _ELB + "loadbalancer/{loadBalancerFullName}",
        },
    ),
    "aws-native:elasticloadbalancingv2:TargetGroup": Kind(
        id="{targetGroupArn}",
        named="name",
        outputs={
            "targetGroupFullName": "targetgroup/{name}/{hex:16}",
            "targetGroupName": "{name}",
            "targetGroupArn": _ELB + "{targetGroupFullName}",
            "loadBalancerArns": [],
        },
    ),
    "aws-native:iam:Role": Kind(
        id="{roleName}",
        named="roleName",
        outputs={"arn": "arn:aws:iam::{account}:role/{roleName}", "roleId": "AROA{upper:17}"},
    ),
    "aws-native:logs:LogGroup": Kind(
        id="{logGroupName}",
        named="logGroupName",
        outputs={"arn": "arn:aws:logs:{region}:{account}:log-group:{logGroupName}:*"},
    ),
    "aws-native:s3:Bucket": Kind(
        id="{bucketName}",
        named="bucketName",
        outputs={
            "arn": "arn:aws:s3:::{bucketName}",
            "domainName": "{bucketName}.s3.amazonaws.com",
            "regionalDomainName": "{bucketName}.s3.{region}.amazonaws.com",
        },
    ),
}

KINDS: Mapping[str, Kind] = {
    **_NETWORK,
    **_LOAD_BALANCING,
    **_COMPUTE,
    **_OBSERVABILITY,
    **_DATA,
    **_SECURITY,
    **_EDGE,
    **_NATIVE,
    **OTHERS,
}

_ELB_ZONES = {
    "ap-northeast-1": "Z14GRHDCWA56QT",
    "ap-south-1": "ZP97RAFLXTNZK",
    "ap-southeast-1": "Z1LMS91P8CMLE5",
    "ap-southeast-2": "Z1GM3OXH4ZPM65",
    "ca-central-1": "ZQSVJUPU6J1EY",
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-north-1": "Z23TAZ6LKFMNIO",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-west-2": "ZHURV8PSTC4K8",
    "eu-west-3": "Z3Q77PNBQS71R4",
    "sa-east-1": "Z2P70J7HTTTPLU",
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
}
