"""Load balancers of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.kinds import Kind

_ELB = "arn:aws:elasticloadbalancing:{region}:{account}:"
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


def elb_zone(region: str) -> str:
    """The hosted zone of application and classic load balancers in a region."""
    return _ELB_ZONES.get(region, "Z35SXDOTRQ7X7K")


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


KINDS: Mapping[str, Kind] = {
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
}
