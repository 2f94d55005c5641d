"""The types of `aws`: the file against the SDK it was made from, and values of the right type for all of them."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from aws_preflight.policies.type_aliases import CANONICAL, canonical
from aws_preflight.rehearsal.cloud import check, functions, lifecycle, marks, package_schema, patterns, schema
from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.program import yaml_program
from tools.generate import schema as generator

ROOT = Path(__file__).parents[1]
DESCRIBED = json.loads(gzip.decompress(generator.TARGET.read_bytes()))


@pytest.mark.slow  # It imports all of the SDK.
def test_the_file_is_what_its_sdk_gives():
    if metadata.version("pulumi_aws") != schema.version():
        pytest.skip(f"another version of pulumi_aws is installed than {schema.version()}, which the file names")
    # On its own: it imports every module of the SDK.
    command = [sys.executable, "-W", "ignore", "-m", "tools.generate.schema", "--check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_the_file_is_complete_and_small():
    assert len(DESCRIBED["resources"]) > 1700
    assert len(DESCRIBED["functions"]) > 600
    assert generator.TARGET.stat().st_size < 400_000


@pytest.mark.parametrize(
    ("token", "name", "mark", "type_"),
    [
        ("aws:ec2/subnet:Subnet", "vpcId", "!", "s"),
        ("aws:sqs/queue:Queue", "delaySeconds", "?", "i"),
        ("aws:sqs/queue:Queue", "name", "+", "s"),
        ("aws:sqs/queue:Queue", "url", "=", "s"),
        ("aws:sqs/queue:Queue", "tags", "?", "{s"),
        ("aws:lb/loadBalancer:LoadBalancer", "internal", "+", "b"),
        ("aws:lambda/function:Function", "code", "?", "x"),
        ("aws:iam/role:Role", "assumeRolePolicy", "!", "j"),
        ("aws:iam/role:Role", "managedPolicyArns", "+", "[s"),
        ("aws:apigatewayv2/domainName:DomainName", "domainNameConfiguration", "!", "@"),
        ("aws:alb/listener:Listener", "port", "?", "i"),
        ("aws:elasticloadbalancingv2/listener:Listener", "port", "?", "i"),
    ],
)
def test_properties_are_described(token, name, mark, type_):
    property_ = schema.resource(token)[name]
    assert property_.mark == mark
    assert property_.type.rstrip("0123456789") == type_


def test_nested_objects_are_described():
    tags = schema.nested(schema.resource("aws:autoscaling/group:Group")["tags"].type[1:])
    assert {name: (each.required, each.type) for name, each in tags.items()} == {
        "key": (True, "s"),
        "propagateAtLaunch": (True, "b"),
        "value": (True, "s"),
    }
    options = schema.resource("aws:acm/certificate:Certificate")["domainValidationOptions"]
    assert options.mark == "="
    assert set(schema.nested(options.type[1:])) >= {"domainName", "resourceRecordName", "resourceRecordValue"}


def test_an_object_that_contains_its_own_kind_is_described():
    rule = schema.nested(schema.resource("aws:wafv2/webAcl:WebAcl")["rules"].type[1:])
    statement = schema.nested(rule["statement"].type)
    inner = schema.nested(schema.nested(statement["andStatement"].type)["statements"].type[1:])
    assert "andStatement" in inner


def test_secrets_are_marked():
    key = schema.resource("aws:iam/accessKey:AccessKey")
    assert {name for name, each in key.items() if each.secret} == {"secret", "sesSmtpPasswordV4"}


def test_an_unknown_type_has_no_description():
    assert schema.resource("aws:brand/new:New") is None
    assert schema.function("aws:brand/getNew:getNew") is None


def test_neither_the_sdk_is_imported_nor_the_rehearsal_by_the_pack():
    for imported, absent in (
        ("aws_preflight.rehearsal.cloud.provider", "pulumi_aws"),
        ("aws_preflight.policies, aws_preflight.preflight.crossguard", "aws_preflight.rehearsal"),
    ):
        code = f"import sys, {imported}; sys.exit({absent!r} in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def wrong(value, type_: str, path: str) -> list[str]:
    """Where a value is not of its type, or still has a template in it."""
    value = marks.revealed(value)
    expected = {"s": str, "j": str, "b": bool, "i": int, "n": int | float, "[": list, "{": dict, "@": dict}
    if type_[0] in expected and not isinstance(value, expected[type_[0]]):
        return [f"{path}: {value!r} is no {type_}"]
    if isinstance(value, str):
        return [f"{path}: {value!r}"] if re.search(r"\{[a-z]", value) else []
    if type_[0] == "[":
        return [each for item in value for each in wrong(item, type_[1:], f"{path}[]")]
    if type_[0] == "@":
        shape = schema.nested(type_)
        return [
            each for name in value if name in shape for each in wrong(value[name], shape[name].type, f"{path}.{name}")
        ]
    return []


def required(shape: schema.Shape) -> dict:
    facts = Facts("urn:pulumi:dev::shop::aws:x/y:Y::given", {}, "eu-central-1")
    patterns.describe(facts)
    facts.known.update(id="given", arn="arn:aws:x:eu-central-1:123456789012:y/given")
    return {name: patterns.value(facts, each) for name, each in shape.items() if each.required}


def test_every_type_can_be_created_and_has_outputs_of_the_right_types():
    problems = []
    for token in DESCRIBED["resources"]:
        shape = schema.resource(token)
        facts = Facts(f"urn:pulumi:dev::shop::{token}::api", required(shape), "eu-central-1")
        inputs = check.filled_in(facts, dict(facts.inputs), shape)
        assert list(check.missing(facts, inputs, shape)) == []
        id_, outputs = lifecycle.created(Facts(facts.urn, inputs, facts.region), inputs)
        problems += [f"{token}: no id"] if not id_ else wrong(id_, "s", f"{token} id")
        problems += [f"{token}.{name} is missing" for name in shape if shape[name].is_computed and name not in outputs]
        problems += [f"{token}.{name} is unheard of" for name in outputs.keys() - shape.keys() - {"id"}]
        for name, value in outputs.items():
            problems += wrong(value, shape[name].type, f"{token}.{name}") if name in shape else []
    assert problems == []


PREFIXES = [
    (token, name)
    for token in DESCRIBED["resources"]
    for name in schema.resource(token) or {}
    if name.endswith("Prefix") and name.removesuffix("Prefix") in schema.resource(token)
]


def test_a_name_that_is_given_by_its_beginning_is_made_up():
    assert len(PREFIXES) > 70
    problems = []
    for token, prefix in PREFIXES:
        shape = schema.resource(token)
        name = prefix.removesuffix("Prefix")
        inputs = {**required(shape), prefix: "begin-"}
        inputs.pop(name, None)
        facts = Facts(f"urn:pulumi:dev::shop::{token}::api", inputs, "eu-central-1")
        filled = check.filled_in(facts, inputs, shape)
        id_, outputs = lifecycle.created(Facts(facts.urn, filled, facts.region), filled)
        if not id_ or not str(outputs[name]).startswith("begin-"):
            problems.append((token, prefix, id_, outputs[name]))
    assert problems == []


def test_no_resource_is_without_an_id_whatever_is_left_empty():
    for token in DESCRIBED["resources"]:
        inputs = {name: "" for name, each in schema.resource(token).items() if each.type == "s" and each.is_input}
        for given in ({}, inputs):
            facts = Facts(f"urn:pulumi:dev::shop::{token}::api", given, "eu-central-1")
            assert lifecycle.created(facts, dict(given))[0], token


def test_every_arn_is_one():
    for token in DESCRIBED["resources"]:
        shape = schema.resource(token)
        if shape.get("arn") is None or shape["arn"].mark != "=":
            continue
        facts = Facts(f"urn:pulumi:dev::shop::{token}::api", required(shape), "eu-central-1")
        inputs = check.filled_in(facts, dict(facts.inputs), shape)
        _, outputs = lifecycle.created(Facts(facts.urn, inputs, facts.region), inputs)
        arn = marks.revealed(outputs["arn"])
        assert re.fullmatch(r"arn:aws:[a-z0-9-]+:(eu-central-1)?:(123456789012)?:.+", arn), f"{token}: {arn}"


def test_every_function_has_a_result_of_the_right_types():
    problems = []
    for token in DESCRIBED["functions"]:
        answer = functions.answer(token, {}, "eu-central-1")
        shape = schema.function(token)
        problems += [f"{token}.{name} is missing" for name in shape if shape[name].mark == "=" and name not in answer]
        for name, value in answer.items():
            problems += wrong(value, shape[name].type, f"{token}.{name}") if name in shape else []
    assert problems == []


def test_the_table_of_aliases_has_those_of_the_sdk():
    assert DESCRIBED["aliases"]
    for alias, token in DESCRIBED["aliases"].items():
        assert canonical(alias) == canonical(token), alias
    for alias, token in CANONICAL.items():
        assert token in DESCRIBED["resources"], token
        assert token not in CANONICAL, "no alias of an alias"
        assert alias in DESCRIBED["resources"] or alias in DESCRIBED["aliases"], alias


# --- the schema that programs without SDKs read -----------------------------------------------------------------------


def references(value) -> set[str]:
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = {value["$ref"]} if isinstance(value, dict) and isinstance(value.get("$ref"), str) else set()
    return own.union(*map(references, members))


def test_a_package_schema_is_whole():
    described = json.loads(package_schema.of("aws"))
    assert len(described["resources"]) > 1_500
    types = {f"#/types/{token}" for token in described["types"]}
    assert references(described) - types == {"pulumi.json#/Any", "pulumi.json#/Archive", "pulumi.json#/Asset"}
    for token, one in described["resources"].items():
        assert set(one["requiredInputs"]) <= one["inputProperties"].keys() <= one["properties"].keys(), token
        assert not {"id", "urn"} & one["properties"].keys(), token


PROGRAM = """
name: shop
runtime: yaml
variables:
  ip: {fn::invoke: {function: "weather:here:getStation", arguments: {near: EDDF}, return: code}}
resources:
  one: {type: "weather:Observation", properties: {station: "${ip}"}}
  two: {type: "weather:here:Alarm", properties: {at: "${one.temperature}"}}
  three: {type: "aws:s3:Bucket", properties: {bucket: "${two[\\"level\\"]}"}}
  four: {type: "pulumi:providers:weather", properties: {key: x}}
outputs: {name: "${three.arn}"}
"""


def test_a_package_that_nobody_knows_has_what_a_program_uses(tmp_path):
    (tmp_path / "Pulumi.yaml").write_text(PROGRAM)
    described = json.loads(package_schema.of("weather", yaml_program.documents(tmp_path)))
    assert {token: set(one["properties"]) for token, one in described["resources"].items()} == {
        "weather:index/observation:Observation": {"station", "temperature"},
        "weather:here:Alarm": {"at", "level"},
    }
    (function,) = described["functions"].values()
    assert (set(function["inputs"]["properties"]), set(function["outputs"]["properties"])) == (
        {"near"},
        {"near", "code"},
    )
    assert set(described["provider"]["inputProperties"]) == {"key"}
    aws = json.loads(package_schema.of("aws", yaml_program.documents(tmp_path)))
    # A short token is no new type.
    assert aws["resources"].keys() == json.loads(package_schema.of("aws"))["resources"].keys()


@pytest.mark.parametrize("text", ["", "[]", "resources: 3", "resources: [a]", "resources: {a: 3, b: {type: [x]}}", "{"])
def test_a_file_that_is_no_program_says_nothing(tmp_path, text):
    (tmp_path / "Pulumi.yaml").write_text(text)
    assert json.loads(package_schema.of("weather", yaml_program.documents(tmp_path)))["resources"] == {}
    assert yaml_program.places(tmp_path).keys() <= {"a", "b"}
