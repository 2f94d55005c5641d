"""The forms of AWS's values, by the name and type of a property: for every resource that `catalog.py` has no entry for.

Most properties are called the same in all services: `arn`, `vpcId`, `dnsName`, `createdAt`. So the tables here are by
property and by service. They are templates as in `catalog.py`, and may also name `{arn}` and `{id}` of the resource
itself, its `{service}` as it is written in ARNs, and its `{kind}`.

Sources: the ARN formats of each service in the Service Authorization Reference
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
and the prefixes of ids in the examples of the EC2 API reference (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

from aws_preflight.rehearsal.cloud import naming, schema
from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.schema import Property, Shape

_DEPTH = 8
"""How deep made-up objects go: some contain their own kind."""

_SERVICES: Mapping[str, str] = {
    "accessanalyzer": "access-analyzer",
    "acmpca": "acm-pca",
    "alb": "elasticloadbalancing",
    "amp": "aps",
    "apigatewayv2": "apigateway",
    "appautoscaling": "application-autoscaling",
    "appintegrations": "app-integrations",
    "autoscalingplans": "autoscaling-plans",
    "bedrockfoundation": "bedrock",
    "bedrockmodel": "bedrock",
    "cfg": "config",
    "cloudhsmv2": "cloudhsm",
    "codeguruprofiler": "codeguru-profiler",
    "codegurureviewer": "codeguru-reviewer",
    "codestarconnections": "codestar-connections",
    "codestarnotifications": "codestar-notifications",
    "cognito": "cognito-idp",
    "costexplorer": "ce",
    "devopsguru": "devops-guru",
    "directconnect": "directconnect",
    "directoryservice": "ds",
    "docdb": "rds",
    "ebs": "ec2",
    "ec2clientvpn": "ec2",
    "ec2transitgateway": "ec2",
    "ecrpublic": "ecr-public",
    "efs": "elasticfilesystem",
    "elasticsearch": "es",
    "elb": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "emrcontainers": "emr-containers",
    "emrserverless": "emr-serverless",
    "keyspaces": "cassandra",
    "kinesisanalyticsv2": "kinesisanalytics",
    "lb": "elasticloadbalancing",
    "licensemanager": "license-manager",
    "location": "geo",
    "msk": "kafka",
    "mskconnect": "kafkaconnect",
    "mwaa": "airflow",
    "neptune": "rds",
    "networkfirewall": "network-firewall",
    "opensearch": "es",
    "opensearchingest": "osis",
    "redshiftserverless": "redshift-serverless",
    "resourcegroups": "resource-groups",
    "route53recoverycontrol": "route53-recovery-control",
    "route53recoveryreadiness": "route53-recovery-readiness",
    "s3control": "s3",
    "s3outposts": "s3-outposts",
    "sesv2": "ses",
    "sfn": "states",
    "ssmcontacts": "ssm-contacts",
    "ssmincidents": "ssm-incidents",
    "ssoadmin": "sso",
    "timestreaminfluxdb": "timestream-influxdb",
    "timestreamwrite": "timestream",
    "verifiedaccess": "ec2",
    "vpc": "ec2",
    "vpclattice": "vpc-lattice",
    "wafregional": "waf-regional",
    "workspacesweb": "workspaces-web",
}
"""A module of the SDK and the service in its ARNs, where they differ."""

_WITHIN: Mapping[str, str] = {
    "cloudwatch/event": "events",
    "cloudwatch/log": "logs",
    "cognito/identityPool": "cognito-identity",
    "kinesis/firehose": "firehose",
    "kinesis/video": "kinesisvideo",
    "kinesis/analytics": "kinesisanalytics",
    "kinesis/application": "kinesisanalytics",
    "ec2/launchConfiguration": "autoscaling",
}
"""The beginning of a type and the service in its ARNs, where a module is of several services."""

_GLOBAL = ("cloudfront", "globalaccelerator", "iam", "organizations", "route53", "route53domains", "shield", "waf")
_COLONS = (
    "backup",
    "cloudwatch",
    "elasticache",
    "lambda",
    "logs",
    "rds",
    "redshift",
    "secretsmanager",
    "states",
)
"""Services that put a colon between the kind and the name; the others put a slash."""

_PREFIXES: Mapping[str, str] = {
    "Ami": "ami",
    "AmiCopy": "ami",
    "AmiFromInstance": "ami",
    "CapacityReservation": "cr",
    "CarrierGateway": "cagw",
    "CustomerGateway": "cgw",
    "DedicatedHost": "h",
    "DefaultNetworkAcl": "acl",
    "DefaultRouteTable": "rtb",
    "DefaultSubnet": "subnet",
    "DefaultVpc": "vpc",
    "DefaultVpcDhcpOptions": "dopt",
    "EgressOnlyInternetGateway": "eigw",
    "Endpoint": "cvpn-endpoint",
    "Fleet": "fleet",
    "InstanceConnectEndpoint": "eice",
    "ManagedPrefixList": "pl",
    "NetworkAclAssociation": "aclassoc",
    "NetworkAssociation": "cvpn-assoc",
    "NetworkInsightsAnalysis": "nia",
    "NetworkInsightsPath": "nip",
    "NetworkInterfaceAttachment": "eni-attach",
    "PeeringAttachment": "tgw-attach",
    "PlacementGroup": "pg",
    "Snapshot": "snap",
    "SnapshotCopy": "snap",
    "SnapshotImport": "snap",
    "SpotFleetRequest": "sfr",
    "SpotInstanceRequest": "sir",
    "TrafficMirrorFilter": "tmf",
    "TrafficMirrorSession": "tms",
    "TrafficMirrorTarget": "tmt",
    "TransitGateway": "tgw",
    "VolumeCopy": "vol",
    "VpcAttachment": "tgw-attach",
    "VpcDhcpOptions": "dopt",
    "VpcEndpointService": "vpce-svc",
    "VpcIpam": "ipam",
    "VpcIpamPool": "ipam-pool",
    "VpcIpamScope": "ipam-scope",
    "VpcIpv4CidrBlockAssociation": "vpc-cidr-assoc",
    "VpcIpv6CidrBlockAssociation": "vpc-cidr-assoc",
    "VpcPeeringConnection": "pcx",
    "VpcPeeringConnectionAccepter": "pcx",
    "VpnConnection": "vpn",
    "VpnGateway": "vgw",
    "ec2transitgateway/routeTable": "tgw-rtb",
}
"""What EC2's ids begin with, by the name of the type, or by module and type where names are not alone."""

PEM = "-----BEGIN {}-----\nVGhpcyBpcyBub3QgYSByZWFsIGtleTogaXQgd2FzIG1hZGUgdXAgYnkgYSByZWhlYXJzYWwu\n-----END {}-----\n"
"""Not a key: what stands between the lines says so."""

_TIME = "2026-01-01T00:00:00Z"
_EC2_IDS = {
    "ami|image": "ami-{hex:17/ami}",
    "allocation": "eipalloc-{hex:17/eip}",
    "instance": "i-{hex:17/instance}",
    "internetGateway": "igw-{hex:17/igw}",
    "natGateway": "nat-{hex:17/nat}",
    "networkAcl": "acl-{hex:17/acl}",
    "networkInterface|eni": "eni-{hex:17/eni}",
    "prefixList": "pl-{hex:8}",
    "routeTable": "rtb-{hex:17/rtb}",
    "securityGroup": "sg-{hex:17/sg}",
    "snapshot": "snap-{hex:17/snap}",
    "subnet": "subnet-{hex:17/subnet}",
    "transitGateway": "tgw-{hex:17/tgw}",
    "volume": "vol-{hex:17/vol}",
    "vpcEndpoint": "vpce-{hex:17/vpce}",
    "vpc": "vpc-{hex:17/vpc}",
    "dhcpOptions": "dopt-{hex:17/dopt}",
}
_TEXTS: tuple[tuple[str, str], ...] = (
    (r"arn", "{arn}"),
    (r"id", "{id}"),
    (r".*[rR]oleArn|serviceLinkedRole", "arn:aws:iam::{account}:role/{name}"),
    (r".*([kK]mskey|[kK]msKey|[eE]ncryptionKey|^key)(Arn|Id)?", "arn:aws:kms:{region}:{account}:key/{uuid:kms}"),
    (r".*[cC]ertificateArn", "arn:aws:acm:{region}:{account}:certificate/{uuid:acm}"),
    (r".*[tT]opic(Arn)?", "arn:aws:sns:{region}:{account}:{name}"),
    (r".*[qQ]ueueArn", "arn:aws:sqs:{region}:{account}:{name}"),
    (r".*[bB]ucketArn", "arn:aws:s3:::{name}"),
    (r".*([fF]unction|[lL]ambda)Arn", "arn:aws:lambda:{region}:{account}:function:{name}"),
    (r".*[lL]ogGroupArn", "arn:aws:logs:{region}:{account}:log-group:{name}"),
    (r".*[sS]ecret(Arn|Id)", "arn:aws:secretsmanager:{region}:{account}:secret:{name}-{lower:6}"),
    (r".*[lL]oadBalancerArn", "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/app/{name}/{hex:16/lb}"),
    (r".*[tT]argetGroupArn", "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex:16/tg}"),
    (r".*[iI]nvokeArn", "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"),
    (r".*[aA]rn", "{arn}/{property}"),
    *((f"(?i:.*({stem})id)", form) for stem, form in _EC2_IDS.items()),
    (r"(vpc|subnet)", "{property}-{hex:17}"),
    (r".*([aA]ccount(Id|Number)?|[oO]wner(Id)?|registryId|catalogId)", "{account}"),
    (r"(hosted)?[zZ]oneId", "Z{upper:20}"),
    (r"availabilityZone(Name)?", "{region}a"),
    (r"availabilityZoneId", "az1"),
    (r".*[rR]egion", "{region}"),
    (r"uuid|.*[tT]oken|callerReference", "{uuid}"),
    (r"uniqueId|.*ResourceId|resourceId", "{upper:26}"),
    (r"(created|updated|modified|expires|expiration|lastUpdated|lastModified).*|.*(Date|Time|At|Timestamp)", _TIME),
    (r"notBefore|notAfter|dateCreated", _TIME),
    (r".*[uU]rl|.*[uU]ri", "https://{lower:10}.{service}.{region}.amazonaws.com"),
    (r".*([eE]ndpoint|[dD]nsName|[dD]ns|[hH]ostname|[fF]qdn|[dD]omainName)(Address)?", "{host}"),
    (r"address|.*(clusterAddress|EndpointAddress)", "{host}"),
    (r"publicIp|.*[pP]ublicIp(v4)?(Address)?", "203.0.113.{digits:2}"),
    (r".*[iI]p(Address)?", "10.0.1.{digits:2}"),
    (r"ipv6.*", ""),
    (r".*[cC]idr(Block)?", "10.0.0.0/16"),
    (r"status|state|.*(Status|State)", "ACTIVE"),
    (r".*([rR]eason|[mM]essage)", ""),
    (r"etag|.*[hH]ash|md5.*|sha.*|checksum|.*Sha256", "{hex:32}"),
    (r"fingerprint|.*[fF]ingerprint|thumbprint", "{hex:40}"),
    (r"version|.*Version", "1"),
    (r"policy|.*(Policy|PolicyDocument|Json)", '{{"Version": "2012-10-17", "Statement": []}}'),
    (r"certificate.*|.*Certificate(Pem|Body)?|.*Chain", PEM.format("CERTIFICATE", "CERTIFICATE")),
    (r"publicKey.*|.*PublicKey", PEM.format("PUBLIC KEY", "PUBLIC KEY")),
    (r"privateKey.*|.*PrivateKey", PEM.format("REHEARSAL DUMMY KEY", "REHEARSAL DUMMY KEY")),
    (r".*([sS]ecret|[pP]assword|secretAccessKey)", "{lower:40}"),
    (r".*[eE]mail.*", "rehearsal@example.com"),
    (r"name|.*Name|.*Identifier", "{name}"),
    (r".*Id", "{lower:10/{property}}"),
)
"""The first form whose pattern is the whole name of the property."""

_KEPT_EMPTY = re.compile(
    r".*(Prefix|[kK]ms.*|[dD]escription|HeaderValue|HeaderName|[pP]olicy|.*Identifier|[sS]napshot.*|ipv6.*|ptrRecord)"
)
"""Optional settings that AWS leaves empty where a program does not set them."""

_SCALARS: Mapping[str, Any] = {"b": False, "i": 0, "n": 0, "a": "", "j": "", "x": ""}


def service(type_token: str) -> str:
    """The service as it is written in the ARNs of a type."""
    module, _, rest = type_token.partition(":")[2].partition("/")
    module = module.partition(":")[0]
    begin = f"{module}/{rest}"
    within = next((found for beginning, found in _WITHIN.items() if begin.startswith(beginning)), None)
    return within or _SERVICES.get(module, module)


def describe(facts: Facts) -> None:
    """Lets templates name the `service`, `kind`, `host` and `name` of any resource."""
    facts.known.update(service=service(facts.type), kind=_kind(facts.type))
    facts.known.setdefault("name", facts.fill("{logical}-{hex:7/name}"))
    facts.known["host"] = facts.fill("{name}.{lower:12}.{region}.{service}.amazonaws.com")


@functools.cache
def identity(type_token: str) -> str:
    """The form of a type's ids."""
    module, _, name = type_token.partition(":")[2].partition("/")
    kind = name.rpartition(":")[2]
    if service(type_token) == "ec2":
        prefix = _PREFIXES.get(f"{module}/{name.partition(':')[0]}") or _PREFIXES.get(kind)
        if prefix:
            return f"{prefix}-{{hex:17}}"
    rule = naming.naming(type_token)
    if rule is not None:
        return f"{{{rule.property}}}"
    return "{name}" if "name" in (schema.resource(type_token) or {}) else "{logical}-{hex:7}"


def arn(facts: Facts) -> Any:
    """The ARN of a resource in the general form."""
    own = facts["service"]
    region = "" if own in _GLOBAL or own == "s3" else "{region}"
    account = "" if own in ("s3", "route53") else "{account}"
    if own in ("s3", "sns", "sqs"):
        return facts.fill(f"arn:aws:{own}:{region}:{account}:{{id}}")
    between = ":" if own in _COLONS else "/"
    return facts.fill(f"arn:aws:{own}:{region}:{account}:{{kind}}{between}{{id}}")


def value(facts: Facts, property_: Property, depth: int = 0) -> Any:
    """A value for a property that the program did not set, of the type that it has to have."""
    made_up = _of_type(facts, property_.name, property_.type, property_.mark == "+", depth)
    # What is required is never empty.
    return facts.known["name"] if property_.required and made_up == "" else made_up


def members(facts: Facts, shape: Shape, depth: int = 0) -> dict[str, Any]:
    """Values for all properties that are always there."""
    return {name: value(facts, each, depth) for name, each in shape.items() if each.mark in "=!+"}


def _of_type(facts: Facts, name: str, type_: str, optional: bool, depth: int) -> Any:
    letter = type_[0]
    if letter == "s":
        return "" if optional and _KEPT_EMPTY.fullmatch(name) else text(facts, name)
    if letter in "{[@":
        empty: Any = [] if letter == "[" else {}
        if optional or depth >= _DEPTH or letter == "{":
            return empty
        if letter == "[":
            return [_of_type(facts, singular(name), type_[1:], False, depth + 1)]
        return members(facts, schema.nested(type_), depth + 1)
    if letter == "i" and re.fullmatch(r".*([vV]ersion|[rR]evision)(Number)?", name):
        return 1
    if letter == "i" and name == "port":
        return 443
    return _SCALARS[letter]


def text(facts: Facts, name: str) -> Any:
    """A text of the form that the name promises."""
    form = _form(name)
    made_up = facts.fill(form.replace("{property}", name)) if form is not None else ""
    return made_up if isinstance(made_up, str) else facts.known["name"]


@functools.cache
def _form(name: str) -> str | None:
    return next((form for pattern, form in _TEXTS if re.fullmatch(pattern, name)), None)


def singular(name: str) -> str:
    """What one of several is called: `subnetIds` are many of `subnetId`."""
    for ending, one in (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("s", "")):
        if name.endswith(ending):
            return name.removesuffix(ending) + one
    return name


def _kind(type_token: str) -> str:
    name = type_token.rpartition(":")[2]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
