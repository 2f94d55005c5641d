"""What the simulated AWS answers when a program asks instead of creating."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from rehearsal.aws import elb_zone
from rehearsal.facts import ACCOUNT, Facts

Arguments = Mapping[str, Any]
Answer = dict[str, Any]

_ELB_ACCOUNTS = {
    "ap-northeast-1": "582318560864",
    "ap-southeast-1": "114774131450",
    "ap-southeast-2": "783225319266",
    "eu-central-1": "054676820928",
    "eu-west-1": "156460612806",
    "us-east-1": "127311923021",
    "us-east-2": "033677994240",
    "us-west-2": "797873946194",
}


def answer(token: str, arguments: Arguments, region: str) -> Answer:
    """The result of one function. One that nobody wrote down gives its arguments back, with an id."""
    facts = Facts(urn=f"{token}::{json.dumps(arguments, sort_keys=True)}", inputs=arguments, region=region)
    function = _FUNCTIONS.get(token)
    echo = {"id": facts.fill("{hex:17}"), **{name: value for name, value in arguments.items() if value is not None}}
    return echo if function is None else {**echo, **function(facts)}


def _caller_identity(_facts: Facts) -> Answer:
    return {
        "accountId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/rehearsal",
        "id": ACCOUNT,
        "userId": "AIDAREHEARSAL0000000A",
    }


def _region(facts: Facts) -> Answer:
    name = facts["region"]
    return {"description": name, "endpoint": f"ec2.{name}.amazonaws.com", "id": name, "name": name, "region": name}


def _partition(_facts: Facts) -> Answer:
    return {"dnsSuffix": "amazonaws.com", "id": "aws", "partition": "aws", "reverseDnsPrefix": "com.amazonaws"}


def _availability_zones(facts: Facts) -> Answer:
    names = [f"{facts.region}{letter}" for letter in "abc"]
    ids = [f"{facts.region}-az{number}" for number in (1, 2, 3)]
    return {"groupNames": [facts.region], "id": facts.region, "names": names, "zoneIds": ids}


def _image(facts: Facts) -> Answer:
    image = facts.fill("ami-{hex:17}")
    return {
        "architecture": "x86_64",
        "arn": f"arn:aws:ec2:{facts.region}::image/{image}",
        "id": image,
        "imageId": image,
        "name": "al2023-ami-2023.0.20260101.0-kernel-6.1-x86_64",
        "rootDeviceName": "/dev/xvda",
        "rootDeviceType": "ebs",
        "state": "available",
        "virtualizationType": "hvm",
    }


def _elb_account(facts: Facts) -> Answer:
    account = _ELB_ACCOUNTS.get(facts["region"], "127311923021")
    return {"arn": f"arn:aws:iam::{account}:root", "id": account}


def _elb_hosted_zone(facts: Facts) -> Answer:
    return {"id": elb_zone(facts["region"])}


def _vpc(facts: Facts) -> Answer:
    vpc = facts["id"] or facts.fill("vpc-{hex:17}")
    return {
        "arn": f"arn:aws:ec2:{facts.region}:{ACCOUNT}:vpc/{vpc}",
        "cidrBlock": "172.31.0.0/16",
        "default": bool(facts["default"]),
        "id": vpc,
        "mainRouteTableId": facts.fill("rtb-{hex:17}"),
        "ownerId": ACCOUNT,
    }


def _subnets(facts: Facts) -> Answer:
    return {"id": facts.region, "ids": [facts.fill(f"subnet-{{hex:17/{letter}}}") for letter in "abc"]}


def _subnet(facts: Facts) -> Answer:
    subnet = facts["id"] or facts.fill("subnet-{hex:17}")
    return {
        "arn": f"arn:aws:ec2:{facts.region}:{ACCOUNT}:subnet/{subnet}",
        "availabilityZone": f"{facts.region}a",
        "cidrBlock": "172.31.0.0/20",
        "id": subnet,
        "vpcId": facts.fill("vpc-{hex:17}"),
    }


def _zone(facts: Facts) -> Answer:
    zone = facts["zoneId"] or facts.fill("Z{upper:20}")
    return {
        "arn": f"arn:aws:route53:::hostedzone/{zone}",
        "id": zone,
        "name": facts["name"] or "example.com",
        "nameServers": [facts.fill(f"ns-{{digits:3/{letter}}}.awsdns-{{digits:2}}.com") for letter in "abcd"],
        "zoneId": zone,
    }


def _certificate(facts: Facts) -> Answer:
    arn = facts.fill("arn:aws:acm:{region}:{account}:certificate/{uuid}")
    return {"arn": arn, "domain": facts["domain"], "id": arn, "status": "ISSUED"}


def _parameter(facts: Facts) -> Answer:
    return {
        "arn": facts.fill("arn:aws:ssm:{region}:{account}:parameter/{name}"),
        "id": facts["name"],
        "type": "String",
        "value": facts.fill("{lower:16}"),
        "version": 1,
    }


def _secret_version(facts: Facts) -> Answer:
    return {
        "arn": facts["secretId"],
        "id": facts.fill("{secretId}|AWSCURRENT"),
        "secretString": '{"username":"rehearsal","password":"rehearsal"}',
        "versionId": facts.fill("{uuid}"),
    }


def _registry_credentials(facts: Facts) -> Answer:
    return {
        "authorizationToken": facts.fill("{lower:40}"),
        "expiresAt": "2026-01-01T12:00:00Z",
        "id": facts.region,
        "password": facts.fill("{lower:40}"),
        "proxyEndpoint": facts.fill("https://{account}.dkr.ecr.{region}.amazonaws.com"),
        "userName": "AWS",
    }


def _policy_document(facts: Facts) -> Answer:
    """Composes the document: programs hand it on, and policies read it."""
    statements = [
        statement
        for source in facts["sourcePolicyDocuments"] or []
        for statement in _as_list(json.loads(source).get("Statement"))
    ]
    statements += [_statement(statement) for statement in facts["statements"] or []]
    for source in facts["overridePolicyDocuments"] or []:
        statements = _overridden(statements, _as_list(json.loads(source).get("Statement")))
    document: Answer = {"Version": facts["version"] or "2012-10-17"}
    if facts["policyId"]:
        document["Id"] = facts["policyId"]
    document["Statement"] = statements
    text = json.dumps(document, indent=2)
    return {"id": facts.fill("{digits:10}"), "json": text, "minifiedJson": json.dumps(document, separators=(",", ":"))}


def _statement(statement: Mapping[str, Any]) -> Answer:
    written: Answer = {}
    if statement.get("sid"):
        written["Sid"] = statement["sid"]
    written["Effect"] = statement.get("effect") or "Allow"
    for name in ("actions", "notActions", "resources", "notResources"):
        if statement.get(name):
            written[f"{name[0].upper()}{name[1:-1]}"] = _one_or_list(statement[name])
    for name in ("principals", "notPrincipals"):
        if statement.get(name):
            written[f"{name[0].upper()}{name[1:-1]}"] = _principals(statement[name])
    for condition in statement.get("conditions") or []:
        tests = written.setdefault("Condition", {}).setdefault(condition["test"], {})
        tests[condition["variable"]] = _one_or_list(condition["values"], in_order=True)
    return written


def _principals(principals: list[Mapping[str, Any]]) -> Any:
    if [principal for principal in principals if (principal["type"], principal["identifiers"]) == ("*", ["*"])]:
        return "*"
    by_type: dict[str, list[Any]] = {}
    for principal in principals:
        by_type.setdefault(principal["type"], []).extend(principal["identifiers"])
    return {type_: _one_or_list(identifiers) for type_, identifiers in by_type.items()}


def _overridden(statements: list[Any], others: list[Any]) -> list[Any]:
    names = {other["Sid"] for other in others if other.get("Sid")}
    return [statement for statement in statements if statement.get("Sid") not in names] + others


def _one_or_list(values: list[Any], in_order: bool = False) -> Any:
    if len(values) == 1:
        return values[0]
    return values if in_order else sorted(values, reverse=True)  # the provider's own order


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


_FUNCTIONS: Mapping[str, Callable[[Facts], Answer]] = {
    "aws:acm/getCertificate:getCertificate": _certificate,
    "aws:ec2/getAmi:getAmi": _image,
    "aws:ec2/getSubnet:getSubnet": _subnet,
    "aws:ec2/getSubnets:getSubnets": _subnets,
    "aws:ec2/getVpc:getVpc": _vpc,
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": _registry_credentials,
    "aws:elb/getHostedZoneId:getHostedZoneId": _elb_hosted_zone,
    "aws:elb/getServiceAccount:getServiceAccount": _elb_account,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:lb/getHostedZoneId:getHostedZoneId": _elb_hosted_zone,
    "aws:route53/getZone:getZone": _zone,
    "aws:secretsmanager/getSecretVersion:getSecretVersion": _secret_version,
    "aws:ssm/getParameter:getParameter": _parameter,
    "aws-native:index:getAccountId": lambda _facts: {"accountId": ACCOUNT},
    "aws-native:index:getAzs": _availability_zones,
    "aws-native:index:getRegion": _region,
}
