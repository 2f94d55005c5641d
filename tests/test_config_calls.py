"""The configuration that the sources of a program require, and what is made up for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aws_preflight.rehearsal.cloud import plausible
from aws_preflight.rehearsal.program import project
from aws_preflight.rehearsal.program.config_calls import Wanted, required
from aws_preflight.rehearsal.program.knowledge import Knowledge

TYPESCRIPT = """
const config = new pulumi.Config(), other = new pulumi.Config("other");
const size = config.requireNumber("size"), on = config.requireBoolean('on');
const secret = config.requireSecret("dbPassword");
const thing = config.requireObject<{a: string}>("thing");
print(thing.name, thing?.port, thing.filter(one => one));
const zones = config.requireObject<string[]>("zones");
const region = new pulumi.Config("aws").require("region");
const count = Number(this.config.require("count"));
const user = other.require(`user`);
const fs = require("fs"), more = module.require("more");
const vpc = stack.requireOutput("vpcId");
// const old = config.require("old");
"""
PYTHON = """
config = pulumi.Config()
other = Config("other")
size = config.require_int("size")
count = int(config.require("count"))
thing = config.require_object("thing")
print(thing["name"], thing.get("port"))
zones = config.require_object("zones")
for zone in zones:
    pass
other.require_secret("user")
document = json.loads(config.require("document"))
# config.require("old")
"""
GO = """
cfg := config.New(ctx, "")
size := cfg.RequireInt("size")
user := config.Require(ctx, "other:user")
"""


@pytest.mark.parametrize(
    ("file", "code", "expected"),
    [
        (
            "index.ts",
            TYPESCRIPT,
            {
                "shop:size": Wanted("number"),
                "shop:on": Wanted("boolean"),
                "shop:dbPassword": Wanted(),
                "shop:thing": Wanted("object", ("name", "port")),
                "shop:zones": Wanted("list"),
                "aws:region": Wanted(),
                "shop:count": Wanted("number"),
                "other:user": Wanted(),
            },
        ),
        (
            "__main__.py",
            PYTHON,
            {
                "shop:size": Wanted("number"),
                "shop:count": Wanted("number"),
                "shop:thing": Wanted("object", ("name", "port")),
                "shop:zones": Wanted("list"),
                "other:user": Wanted(),
                "shop:document": Wanted("object"),
            },
        ),
        ("main.go", GO, {"shop:size": Wanted("number"), "other:user": Wanted()}),
    ],
)
def test_required_configuration_is_read_from_the_sources(
    tmp_path: Path, file: str, code: str, expected: dict[str, Wanted]
) -> None:
    (tmp_path / file).write_text(code)
    assert required(tmp_path, "shop") == expected


def test_libraries_and_other_programs_are_left_out(tmp_path: Path) -> None:
    for folder, marker in (("node_modules", "package.json"), ("other", "Pulumi.yaml"), ("venv", "pyvenv.cfg")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / marker).write_text("")
        (tmp_path / folder / "index.ts").write_text("config.require('a')")
    assert required(tmp_path, "shop") == {}


@pytest.mark.parametrize(
    ("name", "wanted", "value"),
    [
        ("servicePort", Wanted("number"), "8080"),
        ("desiredCount", Wanted("number"), "1"),
        ("enableHttps", Wanted("boolean"), "true"),
        ("environment", Wanted(), "dev"),
        ("instanceType", Wanted(), "t3.micro"),
        ("dbPassword", Wanted(), "rehearsal-db-password"),
        ("anything", Wanted(""), "1"),
        ("tags", Wanted("list"), ["rehearsal-tag", "rehearsal-ta1", "rehearsal-ta2"]),
        ("network", Wanted("object", ("cidr", "port")), {"cidr": "10.0.0.0/16", "port": 8080}),
    ],
)
def test_configuration_has_the_shape_of_its_name_and_use(name: str, wanted: Wanted, value: Any) -> None:
    assert plausible.setting(name, wanted.kind, wanted.members) == value


@pytest.fixture
def knowledge(tmp_path: Path) -> tuple[Knowledge, project.Project]:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\nconfig: {size: {type: integer}}\n")
    known = Knowledge({}, [], required={"shop:name": Wanted()}, types={"shop:size": "integer"})
    return known, project.read(tmp_path)


def test_what_the_sources_require_is_known_with_the_first_error(knowledge: tuple[Knowledge, project.Project]) -> None:
    known, what = knowledge
    assert known.missing == {}
    assert known.learn("Missing required configuration variable 'shop:region'", what)
    assert (known.told, known.missing) == ({"shop:region"}, {"shop:region": "us-east-1", "shop:name": "rehearsal-name"})
    assert known.learn("Stack 'dev' is missing configuration value 'size'", what)
    assert known.missing["shop:size"] == "1"
    assert not known.learn("Missing required configuration variable 'shop:region'", what)


@pytest.mark.parametrize(
    ("error", "value"),
    [
        ("Configuration 'shop:x' value '1' is not a valid boolean", "true"),
        ("Configuration 'shop:x' value '1' is not a valid 'bool'", "true"),
        ("Configuration 'shop:x' value 'a' is not a valid number", "1"),
        ("Configuration 'shop:x' value 'a' is not a valid JSON object", {}),
        ("""Configuration 'shop:x' value 'a' is not a valid enum value: ["blue","red"].""", "blue"),
    ],
)
def test_a_value_that_the_program_does_not_take_is_made_up_anew(
    knowledge: tuple[Knowledge, project.Project], error: str, value: Any
) -> None:
    known, what = knowledge
    known.missing["shop:x"] = "?"
    assert known.learn(error, what)
    assert known.missing["shop:x"] == value
    assert not known.learn(error, what)


def test_what_is_made_up_lies_where_the_stack_does() -> None:
    keys = {name: Wanted() for name in ("shop:certificateArn", "shop:cdnCertificateArn", "shop:queueUrl")}
    known = Knowledge({}, [], required=keys, fill=True, region="eu-west-1", account="210987654321").missing
    certificate = "certificate/00000000-0000-0000-0000-000000000000"
    assert known == {
        "shop:certificateArn": f"arn:aws:acm:eu-west-1:210987654321:{certificate}",
        "shop:cdnCertificateArn": f"arn:aws:acm:us-east-1:123456789012:{certificate}",
        "shop:queueUrl": "https://sqs.eu-west-1.amazonaws.com/210987654321/rehearsal",
    }
