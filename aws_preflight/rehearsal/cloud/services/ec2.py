"""EC2: networks and machines."""

from __future__ import annotations

import string
from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.kinds import Kind, Template, arn_named, slow


def _ipv6_block(facts: Facts) -> Any:
    return facts.fill("2600:1f16:{hex:3}:{hex:2}00::/56") if facts["assignGeneratedIpv6CidrBlock"] is True else ""


def _zone(facts: Facts) -> Any:
    """The zone of a subnet whose program leaves it to AWS: neighbours in a VPC come into different ones."""
    block = facts["cidrBlock"]
    try:
        network = IPv4Network(block, strict=False)
    except ValueError:
        return zone_of(str(facts.known.get("name", "")), facts.region)
    number = int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
    return _zone_number(number, facts.region)


def zone_of(subnet: str, region: str) -> str:
    """The zone of a subnet that a program only knows the id of: made-up ids that come together end in 0, 1 and 2."""
    digits = subnet[-1:]
    return _zone_number(int(digits, 16) if digits in string.hexdigits and digits else 0, region)


def _zone_number(number: int, region: str) -> str:
    zones = ZONES.get(region, "abc")
    return f"{region}{zones[number % len(zones)]}"


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


ZONES: Mapping[str, str] = {
    "us-east-1": "abcdef",
    "us-west-2": "abcd",
    "ap-northeast-1": "acd",
    "us-west-1": "ac",
}
"""The zones of regions that do not have three, `a` to `c`."""

KINDS: Mapping[str, Kind] = {
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
    "aws:ec2/instance:Instance": slow(
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
    "aws:ec2/launchConfiguration:LaunchConfiguration": arn_named(
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
    "aws:ec2/natGateway:NatGateway": slow(
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
        availabilityZone=_zone,
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
    "aws-native:ec2:SecurityGroup": Kind(
        id="sg-{hex:17}", named="groupName", outputs={"groupId": "sg-{hex:17}", "vpcId": "vpc-{hex:17/vpc}"}
    ),
    "aws-native:ec2:Subnet": Kind(
        id="subnet-{hex:17}", outputs={"subnetId": "subnet-{hex:17}", "availabilityZone": "{region}a"}
    ),
    "aws-native:ec2:Vpc": Kind(
        id="vpc-{hex:17}", outputs={"vpcId": "vpc-{hex:17}", "defaultSecurityGroup": "sg-{hex:17}"}
    ),
}
