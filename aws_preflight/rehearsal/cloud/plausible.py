"""Values that stand in for what cannot be known here: of the shape that their name promises, and marked as made up."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from aws_preflight.rehearsal.cloud.account import ACCOUNT
from aws_preflight.rehearsal.cloud.facts import partition_of

MARK = "rehearsal"
"""Stands in every made-up text that may hold it."""

REGION = "us-east-1"
"""Where everything made up lies that is not told another place."""

_ID = "0" * 17
_UUID = "00000000-0000-0000-0000-000000000000"


def _arn(service: str, rest: str, region: str = REGION, account: str = ACCOUNT) -> str:
    return f"arn:aws:{service}:{region}:{account}:{rest}"


# The first pattern that the name matches decides; names are written in snake case here.
_SHAPES: tuple[tuple[str, str], ...] = (
    (r"(^|_)(kube_?config)$", json.dumps({"apiVersion": "v1", "kind": "Config", "clusters": [], "users": []})),
    (r"(certificate|cert)_arn", _arn("acm", f"certificate/{_UUID}")),
    (r"role_arn", _arn("iam", f"role/{MARK}", region="")),
    (r"policy_arn", _arn("iam", f"policy/{MARK}", region="")),
    (r"topic_arn", _arn("sns", MARK)),
    (r"queue_arn", _arn("sqs", MARK)),
    (r"queue_url", f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/{MARK}"),
    (r"bucket_arn", _arn("s3", MARK, region="", account="")),
    (r"key_arn", _arn("kms", f"key/{_UUID}")),
    (r"secret_arn", _arn("secretsmanager", f"secret:{MARK}-000000")),
    (r"cluster_arn", _arn("ecs", f"cluster/{MARK}")),
    (r"target_group_arn", _arn("elasticloadbalancing", f"targetgroup/{MARK}/{'0' * 16}")),
    (r"listener_arn", _arn("elasticloadbalancing", f"listener/app/{MARK}/{'0' * 16}/{'0' * 16}")),
    (r"(load_?balancer|(^|_)[an]?lb)_arn", _arn("elasticloadbalancing", f"loadbalancer/app/{MARK}/{'0' * 16}")),
    (r"(^|_)arn$", _arn(MARK, f"{MARK}/{MARK}")),
    (r"(^|_)vpc(_id)?$", f"vpc-{_ID}"),
    (r"subnet(_id)?$", f"subnet-{_ID}"),
    (r"(security_group|(^|_)sg)(_id)?$", f"sg-{_ID}"),
    (r"route_table(_id)?$", f"rtb-{_ID}"),
    (r"(^|_)(ami|image)_id$", f"ami-{_ID}"),
    (r"instance_id$", f"i-{_ID}"),
    (r"(hosted_)?zone_id$", f"Z{'0' * 20}"),
    (r"account(_id)?$", ACCOUNT),
    (r"availability_zone$|(^|_)az$", "us-east-1a"),
    (r"(^|_)region$", REGION),
    (r"cidr(_block)?$", "10.0.0.0/16"),
    (r"(^|_)(ip|ip_address)$", "192.0.2.1"),
    (r"(^|_)port$", "8080"),
    (r"e?mail(_address)?$", f"{MARK}@example.com"),
    (r"(^|_)(url|uri|endpoint_url|webhook)$", f"https://{MARK}.example.com"),
    (r"(domain|host|hostname|dns_name|endpoint|fqdn|address)(_name)?$", f"{MARK}.example.com"),
    (r"(^|_)(username|user)$", MARK),
)
# What configuration has beside, as text: what programs choose by it is mostly there for these.
_SETTINGS: tuple[tuple[str, str], ...] = (
    (r"(^|_)(env|environment|stage)(_name)?$", "dev"),
    (r"(db|database|rds)\w*_(instance_)?(class|type|size)$", "db.t3.micro"),
    (r"(instance|node|machine|vm)_?(class|type|size)$", "t3.micro"),
    (r"log_level$", "info"),
    (r"(schedule|cron)(_expression)?$", "rate(1 day)"),
    (r"(ssh|public)_key$", f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{'0' * 43} {MARK}"),
    (r"image(_uri|_name)?$", f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/{MARK}:latest"),
    (r"(image_)?tag$", "latest"),
    (r"(db|database|schema)(_name)?$", MARK),
    (r"(^|_)(owner|org|organization)$", MARK),
)
# The first that the name matches decides.
_NUMBERS: tuple[tuple[str, int], ...] = (
    (r"port$", 8080),
    (r"cpu$", 256),
    (r"memory|mem(_size)?$", 512),
    (r"(days|retention)$", 7),
    (r"(storage|disk|volume)", 20),
    (r"(timeout|seconds)$", 30),
    (r"(^|_)max", 2),
)
_PLURALS = (("ies", "y"), ("sses", "ss"), ("s", ""))


def output(name: str) -> Any:
    """What a stack might export under `name`; a list where the name is a plural."""
    singular = _singular(_snake(name))
    if singular is None:
        return text(name)
    value = text(singular)
    # Lists of subnets, of zones and so on are of use only when their members differ.
    return [value, f"{value[:-1]}1", f"{value[:-1]}2"]


def text(name: str) -> str:
    """A text that might stand under `name`."""
    return _shape(name) or f"{MARK}-{_snake(name).replace('_', '-')}"


def setting(name: str, kind: str = "", members: Sequence[str] = ()) -> Any:
    """What configuration called `name` might be, of a kind that `config_calls.py` names.

    Of no known kind: text of a known shape, or a number, which is JSON and text as well.
    """
    snake = _snake(name)
    if kind == "number":
        return next((str(number) for pattern, number in _NUMBERS if re.search(pattern, snake)), "1")
    if kind == "boolean":
        return "true"
    if kind == "object":
        return {member: _member(member) for member in members}
    if kind == "list":
        value = output(name)
        return value if isinstance(value, list) else [value]
    return _shape(name) or _matching(_SETTINGS, snake) or (text(name) if kind else "1")


def _member(name: str) -> Any:
    """A number where a name speaks of one, which would be text in a setting of its own."""
    number = next((number for pattern, number in _NUMBERS if re.search(pattern, _snake(name))), None)
    return output(name) if number is None else number


def placed(value: Any, region: str, account: str) -> Any:
    """A made-up value as it is in a region and an account."""
    if isinstance(value, dict):
        return {name: placed(part, region, account) for name, part in value.items()}
    if isinstance(value, list):
        return [placed(part, region, account) for part in value]
    if not isinstance(value, str):
        return value
    return value.replace("arn:aws:", f"arn:{partition_of(region)}:").replace(REGION, region).replace(ACCOUNT, account)


def secret(name: str, type_: str | None = None) -> str:
    """A dummy for the secret `name`, declared as `type_`: long and plain enough to pass for a password."""
    if type_ in ("integer", "number"):
        return "1"
    if type_ == "boolean":
        return "false"
    if re.search(r"(arn|url|uri|endpoint|host|e?mail)$", _snake(name)):
        return text(name)
    return f"{MARK}-dummy-{_snake(name).replace('_', '-')}"[:40].rstrip("-")


def _shape(name: str) -> str | None:
    return _matching(_SHAPES, _snake(name))


def _matching(shapes: Sequence[tuple[str, str]], snake: str) -> str | None:
    return next((value for pattern, value in shapes if re.search(pattern, snake)), None)


def _singular(name: str) -> str | None:
    if name.endswith(("address", "dns", "access", "status", "alias", "https", "aws")):
        return None
    return next((name.removesuffix(ending) + one for ending, one in _PLURALS if name.endswith(ending)), None)


def _snake(name: str) -> str:
    """`publicSubnetIds` and `public-subnet-ids` as `public_subnet_ids`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_") or "value"
