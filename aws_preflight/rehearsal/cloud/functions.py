"""What the simulated AWS answers when a program asks instead of creating."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from aws_preflight.rehearsal.cloud import (
    check,
    kubernetes,
    lifecycle,
    lookups,
    others,
    patterns,
    policy_document,
    schema,
    std,
)
from aws_preflight.rehearsal.cloud.account import ACCOUNT
from aws_preflight.rehearsal.cloud.facts import Facts, partition_of, short_region
from aws_preflight.rehearsal.cloud.refusals import Existing
from aws_preflight.rehearsal.cloud.schema import Property, Shape
from aws_preflight.rehearsal.cloud.services.ec2 import ZONES, zone_of
from aws_preflight.rehearsal.cloud.services.lb import elb_zone

Arguments = Mapping[str, Any]
Answer = dict[str, Any]

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
_ELB_ACCOUNTS = {
    "af-south-1": "098369216593",
    "ap-east-1": "754344448648",
    "ap-northeast-1": "582318560864",
    "ap-northeast-2": "600734575887",
    "ap-northeast-3": "383597477331",
    "ap-south-1": "718504428378",
    "ap-southeast-1": "114774131450",
    "ap-southeast-2": "783225319266",
    "ap-southeast-3": "589379963580",
    "ca-central-1": "985666609251",
    "cn-north-1": "638102146993",
    "cn-northwest-1": "037604701340",
    "eu-central-1": "054676820928",
    "eu-north-1": "897822967062",
    "eu-south-1": "635631232127",
    "eu-west-1": "156460612806",
    "eu-west-2": "652711504416",
    "eu-west-3": "009996457667",
    "me-south-1": "076674570225",
    "sa-east-1": "507241528517",
    "us-east-1": "127311923021",
    "us-east-2": "033677994240",
    "us-gov-east-1": "190560391635",
    "us-gov-west-1": "048591011584",
    "us-west-1": "027434742980",
    "us-west-2": "797873946194",
}
_SEVERAL = 3
"""How many members a made-up list has: programs take the first two or three of them."""


def answer(
    token: str,
    arguments: Arguments,
    region: str,
    resources: Sequence[Existing] = (),
    folder: Path = Path(),
    account: str = ACCOUNT,
) -> Answer:
    """The result of one function. One that nobody knows gives its arguments back, with an id.

    What the program asks about may be one of the `resources` that it has made; its files are in `folder`.
    """
    if token.startswith("std:"):
        return std.answer(token, arguments, folder) or {"id": token, **arguments}
    shape = schema.function(token)
    if own := kubernetes.answer(token, arguments):
        return own
    # As the bridge does it: an SDK takes nothing back but what its types say.
    types = {name: each.type for name, each in (shape or {}).items()}
    given = {
        name: check.as_returned(value, types.get(name, "a")) for name, value in arguments.items() if value is not None
    }
    facts = Facts(_urn(token, arguments), inputs=given, region=region, account=account)
    function = _FUNCTIONS.get(token)
    made: Answer = {"id": facts.fill("{hex:17}")} if shape is None else _of_shape(token, facts, shape)
    own = {}
    if shape is not None and resources:
        twin = _twin_type(token)
        own = lookups.answer(twin, shape, given, resources, several=twin != _named_type(token))
    return {**made, **given, **(function(facts) if function is not None else {}), **own}


def _of_shape(token: str, facts: Facts, shape: Shape) -> Answer:
    """A result of the right types: what a resource of the same name would have, and made-up values for the rest."""
    twin = _twin(token, facts)
    outputs = {**lifecycle.existing(twin), "id": twin.known["id"]}
    wanted = {name: each for name, each in shape.items() if each.mark == "="}
    known = {name: outputs[name] for name, each in wanted.items() if _fits(outputs.get(name), each.type)}
    several = [_twin(token, facts, number) for number in range(_SEVERAL)]
    for member in several:
        lifecycle.existing(member)
    return {name: known.get(name) or _value(twin, several, each) for name, each in wanted.items()}


def _twin(token: str, facts: Facts, number: int | None = None) -> Facts:
    """The resource that a function asks about, or one of several."""
    same = _twin_type(token)
    salt = "" if number is None else f"/{number}"
    known = {"name": f"{_named(facts.inputs)}{salt[1:]}"}
    return Facts(_urn(same, facts.inputs) + salt, facts.inputs, facts.region, known=known, account=facts.account)


def _twin_type(token: str) -> str:
    """The type of what a function asks about: `getSubnets` is about what `Subnet` makes."""
    same = _named_type(token)
    if schema.resource(same) is None:
        same = ":".join(patterns.singular(part) if part != "aws" else part for part in same.split(":"))
    return same


def _named_type(token: str) -> str:
    return re.sub(r"/get(\w)(\w*):get(\w)", lambda found: f"/{found[1].lower()}{found[2]}:{found[3]}", token)


def _value(facts: Facts, several: list[Facts], property_: Property) -> Any:
    if property_.type == "[s":
        return [patterns.text(member, patterns.singular(property_.name)) for member in several]
    return patterns.value(facts, property_)


def _fits(value: Any, type_: str) -> bool:
    types: Mapping[str, Any] = {"[": list, "@": dict, "{": dict, "b": bool, "i": int, "n": int | float}
    return isinstance(value, types.get(type_[0], str))


def _urn(token: str, arguments: Arguments) -> str:
    return f"urn:pulumi:rehearsal::rehearsal::{token}::{json.dumps(arguments, sort_keys=True)}"


def _named(arguments: Arguments) -> str:
    """What the program calls the thing that it asks for."""
    names = (value for name, value in arguments.items() if name == "name" or re.search("Name|Identifier", name))
    return next((value for value in names if isinstance(value, str)), "rehearsal")


def _caller_identity(facts: Facts) -> Answer:
    return {
        "accountId": facts.account,
        "arn": facts.fill("arn:aws:iam::{account}:user/rehearsal"),
        "id": facts.account,
        "userId": "AIDAREHEARSAL0000000A",
    }


def _region(facts: Facts) -> Answer:
    name = facts.inputs.get("name") or facts["region"]
    return {"description": name, "endpoint": f"ec2.{name}.amazonaws.com", "id": name, "name": name, "region": name}


def _partition(facts: Facts) -> Answer:
    partition = partition_of(facts.region)
    china = ".cn" if partition == "aws-cn" else ""
    reverse = "cn.com.amazonaws" if china else "com.amazonaws"
    return {"dnsSuffix": f"amazonaws.com{china}", "id": partition, "partition": partition, "reverseDnsPrefix": reverse}


def _availability_zones(facts: Facts) -> Answer:
    names = [f"{facts.region}{letter}" for letter in ZONES.get(facts.region, "abc")]
    ids = [f"{short_region(facts.region)}-az{number}" for number, _ in enumerate(names, 1)]
    return {"groupNames": [facts.region], "id": facts.region, "names": names, "zoneIds": ids}


def _availability_zone(facts: Facts) -> Answer:
    name = facts["name"] or f"{facts.region}a"
    return {"id": name, "name": name, "nameSuffix": name[-1], "region": facts.region, "state": "available"}


def _image(facts: Facts) -> Answer:
    image = facts.fill("ami-{hex:17}")
    return {
        "architecture": _architecture(facts),
        "arn": facts.fill(f"arn:aws:ec2:{{region}}::image/{image}"),
        "id": image,
        "imageId": image,
        "name": "al2023-ami-2023.0.20260101.0-kernel-6.1-x86_64",
        "rootDeviceName": "/dev/xvda",
        "rootDeviceType": "ebs",
        "state": "available",
        "virtualizationType": "hvm",
    }


def _architecture(facts: Facts) -> str:
    """The one that is asked for, which instances of the wrong type do not take."""
    filters = {one.get("name"): one.get("values") for one in facts["filters"] or [] if isinstance(one, dict)}
    return str((filters.get("architecture") or ["x86_64"])[0])


def _elb_account(facts: Facts) -> Answer:
    account = _ELB_ACCOUNTS.get(facts["region"], "127311923021")
    return {"arn": f"arn:aws:iam::{account}:root", "id": account}


def _elb_hosted_zone(facts: Facts) -> Answer:
    return {"id": elb_zone(facts["region"])}


def _vpc(facts: Facts) -> Answer:
    vpc = facts["id"] or facts.fill("vpc-{hex:17}")
    return {
        "arn": facts.fill(f"arn:aws:ec2:{{region}}:{{account}}:vpc/{vpc}"),
        "cidrBlock": "172.31.0.0/16",
        "default": bool(facts["default"]),
        "id": vpc,
        "mainRouteTableId": facts.fill("rtb-{hex:17}"),
        "ownerId": facts.account,
    }


def _subnets(facts: Facts) -> Answer:
    return {"id": facts.region, "ids": _subnet_ids(facts)}


def _subnet_ids(facts: Facts) -> list[str]:
    """The subnets of a VPC, each in a zone of its own, which the last digit tells."""
    zones = ZONES.get(facts.region, "abc")
    return [facts.fill(f"subnet-{{hex:16}}{number}") for number, _ in enumerate(zones[:_SEVERAL])]


def _default_vpc(facts: Facts) -> Answer:
    """As `awsx` answers where its code does not."""
    return {
        "vpcId": facts.fill("vpc-{hex:17}"),
        "publicSubnetIds": _subnet_ids(facts),
        "privateSubnetIds": [],
    }


def _subnet(facts: Facts) -> Answer:
    subnet = facts["id"] or facts.fill("subnet-{hex:17}")
    return {
        "arn": facts.fill(f"arn:aws:ec2:{{region}}:{{account}}:subnet/{subnet}"),
        "availabilityZone": facts["availabilityZone"] or zone_of(subnet, facts.region),
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


def _image_ids(facts: Facts) -> Answer:
    return {"id": facts.fill("{digits:10}"), "ids": [facts.fill(f"ami-{{hex:17/{letter}}}") for letter in "abc"]}


def _parameter(facts: Facts) -> Answer:
    name = str(facts["name"])
    value = facts.fill("{lower:16}")
    if re.match("/aws/service/.*ami", name):
        image = facts.fill("ami-{hex:17}")
        # Without its last part the name of a recommended image stands for a document.
        value = json.dumps({"image_id": image}) if name.endswith("/recommended") else image
    return {
        "arn": facts.fill("arn:aws:ssm:{region}:{account}:parameter/") + name.removeprefix("/"),
        "id": name,
        "insecureValue": value,
        "type": "String",
        "value": value,
        "version": 1,
    }


def _secret(facts: Facts) -> Answer:
    arn = facts["arn"] or facts.fill("arn:aws:secretsmanager:{region}:{account}:secret:{name}-{lower:6}")
    name = facts["name"] or str(arn).rpartition(":")[2].rpartition("-")[0]
    return {"arn": arn, "id": arn, "name": name}


def _built_arn(facts: Facts) -> Answer:
    parts = ("partition", "service", "region", "accountId", "resource")
    return {"result": ":".join(["arn", *(str(facts.inputs.get(part, "")) for part in parts)])}


def _parsed_arn(facts: Facts) -> Answer:
    parts = ("partition", "service", "region", "accountId", "resource")
    values = f"{facts['arn']}:::::".split(":", 5)[1:]
    values[4] = values[4].removesuffix(":::::")
    return {"id": facts["arn"], **dict(zip((*parts, "account"), (*values, values[3]), strict=True))}


def _role_without_path(facts: Facts) -> Answer:
    arn = str(facts["arn"])
    return {"result": f"{arn.partition('/')[0]}/{arn.rpartition('/')[2]}"}


def _secret_version(facts: Facts) -> Answer:
    # Programs parse most secrets as JSON, and hand on as it is what is called a password or a token.
    alone = re.search(r"(passw(or)?d|token|api[-_]?key)$", str(facts["secretId"]), re.IGNORECASE)
    return {
        "arn": facts["secretId"],
        "id": facts.fill("{secretId}|AWSCURRENT"),
        "secretString": "rehearsal" if alone else '{"username":"rehearsal","password":"rehearsal"}',
        "versionId": facts.fill("{uuid}"),
    }


def _registry_credentials(facts: Facts) -> Answer:
    password = facts.fill("{lower:40}")
    return {
        # Programs decode it and split it at the colon.
        "authorizationToken": base64.b64encode(f"AWS:{password}".encode()).decode(),
        "expiresAt": "2026-01-01T12:00:00Z",
        "id": facts.region,
        "password": password,
        "proxyEndpoint": facts.fill("https://{account}.dkr.ecr.{region}.amazonaws.com"),
        "userName": "AWS",
    }


_FUNCTIONS: Mapping[str, Callable[[Facts], Answer]] = {
    "aws:acm/getCertificate:getCertificate": _certificate,
    "aws:ec2/getAmi:getAmi": _image,
    "aws:ec2/getAmiIds:getAmiIds": _image_ids,
    "aws:ec2/getSubnet:getSubnet": _subnet,
    "aws:ec2/getSubnetIds:getSubnetIds": _subnets,
    "aws:ec2/getSubnets:getSubnets": _subnets,
    "aws:ec2/getVpc:getVpc": _vpc,
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": _registry_credentials,
    "aws:ecr/getCredentials:getCredentials": _registry_credentials,
    "aws:elb/getHostedZoneId:getHostedZoneId": _elb_hosted_zone,
    "aws:elb/getServiceAccount:getServiceAccount": _elb_account,
    "aws:iam/getPolicyDocument:getPolicyDocument": policy_document.answer,
    "aws:index/arnBuild:arnBuild": _built_arn,
    "aws:index/getArn:getArn": _parsed_arn,
    "aws:index/getAvailabilityZone:getAvailabilityZone": _availability_zone,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/trimIamRolePath:trimIamRolePath": _role_without_path,
    "aws:lb/getHostedZoneId:getHostedZoneId": _elb_hosted_zone,
    "aws:route53/getZone:getZone": _zone,
    "aws:secretsmanager/getSecret:getSecret": _secret,
    "aws:secretsmanager/getSecretVersion:getSecretVersion": _secret_version,
    "aws:ssm/getParameter:getParameter": _parameter,
    "awsx:ec2:getDefaultVpc": _default_vpc,
    "tls:index/getCertificate:getCertificate": others.certificates,
    "aws-native:index:getAccountId": lambda facts: {"accountId": facts.account},
    "aws-native:index:getAzs": _availability_zones,
    "aws-native:index:getRegion": _region,
}
