"""What a rehearsal reads without the engine: projects, settings, the outputs of other stacks, lines of code."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from aws_preflight.rehearsal.cloud import plausible
from aws_preflight.rehearsal.program import project, references, settings
from aws_preflight.rehearsal.program.project import ProjectError
from aws_preflight.rehearsal.program.source import Component, Place, Sources

PROJECT = """
name: shop
runtime: {name: nodejs, options: {typescript: true}}
config:
  aws:region: {value: eu-west-1}
  size: {type: integer, default: 3}
  pin: {type: integer}
  token: {secret: true, default: {secure: v1:AAAA}}
plugins: {providers: [{name: bundled, path: ./bin}]}
packages: {own: ./own}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    program = tmp_path / "shop"
    program.mkdir()
    (program / "Pulumi.yaml").write_text(PROJECT)
    return program


def write(folder: Path, stack: str, text: str) -> None:
    (folder / f"Pulumi.{stack}.yaml").write_text(text)


def test_a_project_tells_its_runtime_and_the_plugins_it_brings(folder: Path) -> None:
    found = project.read(folder)
    assert (found.name, found.runtime, found.plugins) == ("shop", "nodejs", ("bundled", "own"))


def test_settings_may_lie_in_a_folder_of_their_own(folder: Path) -> None:
    (folder / "Pulumi.yaml").write_text("{name: shop, runtime: python, stackConfigDir: stacks}")
    (folder / "stacks").mkdir()
    (folder / "stacks" / "Pulumi.prod.yaml").write_text("config: {shop:size: 7}")
    assert settings.read(project.read(folder)).values == {"shop:size": 7}


@pytest.mark.parametrize("text", ["", "[]", "name: shop", "{name: shop, runtime: 3}", "{", "\x00"])
def test_what_is_no_project_is_named(folder: Path, text: str) -> None:
    (folder / "Pulumi.yaml").write_text(text)
    with pytest.raises(ProjectError, match=r"Pulumi\.yaml"):
        project.read(folder)


def test_scalars_are_read_as_pulumi_reads_them(folder: Path) -> None:
    write(folder, "dev", "config: {a: yes, b: 2026-01-31, c: '7', d: 12:30, e: true, f: 1.5, g: on, h: 042}")
    values = settings.read(project.read(folder)).values
    assert [values[f"shop:{key}"] for key in "abcdefgh"] == ["yes", "2026-01-31", "7", "12:30", True, 1.5, "on", "042"]


def test_secrets_become_dummies_wherever_they_stand(folder: Path) -> None:
    write(
        folder,
        "prod",
        "config: {shop:key: {secure: v1:A}, shop:pin: {secure: v1:B}, shop:db: {hosts: [a], users: [{secure: v1:C}]}}",
    )
    read = settings.read(project.read(folder))
    assert read.secrets == ("shop:token", "shop:key", "shop:pin", "shop:db.users[0]")
    assert read.values["shop:pin"] == "1"
    assert read.values["shop:key"] == "rehearsal-dummy-key"
    assert read.values["shop:db"] == {"hosts": ["a"], "users": ["rehearsal-dummy-users"]}
    assert "secure" not in json.dumps(read.values)


def test_overrides_have_the_namespace_of_the_project(folder: Path) -> None:
    write(folder, "prod", "config: {shop:key: {secure: v1:A}}")
    read = settings.read(project.read(folder), None, ["key=a=b", "aws:region=eu-north-1", "token=t"])
    assert read.values == {"shop:key": "a=b", "aws:region": "eu-north-1", "shop:token": "t"}
    assert read.secrets == ()


def test_the_stack_is_the_one_that_is_named_or_the_only_one_or_the_selected_one(folder: Path) -> None:
    what = project.read(folder)
    assert settings.read(what).stack == "dev"
    key = hashlib.sha1(str(what.file.resolve()).encode()).hexdigest()
    noted = folder.parent / "home" / "workspaces" / f"shop-{key}-workspace.json"
    noted.parent.mkdir(parents=True)
    noted.write_text('{"stack": "acme/shop/staging"}')
    assert settings.read(what).stack == "staging"
    write(folder, "prod", "")
    assert settings.read(what).stack == "prod"
    write(folder, "test", "")
    assert settings.read(what).stack == "staging"
    assert settings.read(what, "acme/shop/test").stack == "test"
    noted.unlink()
    with pytest.raises(
        ProjectError, match=r"Pulumi\.prod\.yaml, Pulumi\.test\.yaml\. Add --stack with one of prod, test"
    ):
        settings.read(what)
    elsewhere = folder.parent / "elsewhere.yaml"
    elsewhere.write_text("config: {shop:size: 9}")
    read = settings.read(what, file=elsewhere)
    assert (read.stack, read.values["shop:size"], read.file) == ("dev", 9, elsewhere)
    assert settings.read(what, "prod", file=elsewhere).values == read.values


def test_environments_of_esc_are_listed(folder: Path) -> None:
    write(folder, "prod", "environment: [base, {aws: {merge: false}}]")
    assert settings.read(project.read(folder)).environments == ("base", "aws")


@pytest.mark.parametrize("text", ["config: [a]", "[1]", "config: {a: [", "\x00"])
def test_settings_that_are_none_are_named(folder: Path, text: str) -> None:
    write(folder, "dev", text)
    with pytest.raises(ProjectError, match=r"Pulumi\.dev\.yaml"):
        settings.read(project.read(folder))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vpcId", "vpc-00000000000000000"),
        ("publicSubnetIds", ["subnet-00000000000000000", "subnet-00000000000000001", "subnet-00000000000000002"]),
        ("dbPassword", "rehearsal-db-password"),
        ("topicArn", "arn:aws:sns:us-east-1:123456789012:rehearsal"),
        ("DNSName", "rehearsal.example.com"),
        ("ipAddress", "192.0.2.1"),
        ("", "rehearsal-value"),
    ],
)
def test_outputs_have_the_shape_of_their_name(name: str, value: object) -> None:
    assert plausible.output(name) == value


def test_references_match_in_whatever_organization() -> None:
    stacks = {"acme/network/prod": {"a": 1}, "prod": {"b": 2}}
    assert references.given("acme/network/prod", stacks) == {"a": 1}
    assert references.given("organization/network/prod", stacks) == {"a": 1}
    assert references.given("network/prod", stacks) == {"a": 1}
    assert references.given("prod", stacks) == {"b": 2}
    assert references.given("acme/other/prod", stacks) is None
    assert references.given("dev", stacks) is None


def test_outputs_that_a_program_asks_for_are_found_in_its_sources(tmp_path: Path) -> None:
    (tmp_path / "index.ts").write_text("ref.getOutput('a'); ref.requireOutput(\n  `b`); ref.getOutput(name);")
    (tmp_path / "more.py").write_text('ref.get_output("c"); ref.require_output( "d")')
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "x.js").write_text("getOutput('no')")
    assert references.asked_for(tmp_path) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("text", ["[]", "a: 1", "{", "a: [b]"])
def test_outputs_that_are_none_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "outputs.yaml").write_text(text)
    with pytest.raises(ProjectError, match=r"outputs\.yaml"):
        references.read(tmp_path / "outputs.yaml")


# --- lines of code ----------------------------------------------------------------------------------------------------

STACK = {"urn": "stack", "type": "pulumi:pulumi:Stack"}


def made(urn: str, *positions: str, parent: str = "stack", type_: str = "a:b:C") -> dict[str, object]:
    return {
        "urn": urn,
        "type": type_,
        "parent": parent,
        "sourcePosition": positions[0] if positions else None,
        "stackTrace": [{"sourcePosition": position} for position in positions] + [{}],
    }


@pytest.mark.parametrize(
    ("position", "place"),
    [
        ("project:///index.ts#31,17", Place("index.ts", 31, 17)),
        ("project:///../shared/a%20b.ts#3,1", Place("../shared/a b.ts", 3, 1)),
        ("project:///__main__.py#10", Place("__main__.py", 10)),
        ("project:///node_modules/@acme/vpc/index.js#3,1", None),
        ("project:///../venv/lib/python3.11/site-packages/pulumi/runtime/stack.py#133", None),
        ("project:///../../lib/python3.11/asyncio/events.py#80", None),
        ("project:///../bin/pulumi-language-python-exec#188", None),
        ("project:///index.ts", None),
        ("nonsense", None),
    ],
)
def test_a_position_is_a_place_in_the_users_own_code(position: str, place: Place | None) -> None:
    assert Sources([STACK, made("one", position)]).place("one") == place


def test_the_innermost_line_of_the_user_counts() -> None:
    library = "project:///node_modules/@acme/vpc/index.js#3,1"
    sources = Sources([STACK, made("one", library, "project:///net.ts#5,2", "project:///index.ts#9,1")])
    assert sources.place("one") == Place("net.ts", 5, 2)


def test_components_come_from_the_inside_out() -> None:
    sources = Sources(
        [
            STACK,
            made("outer", "project:///index.ts#9,1"),
            made("inner", "project:///outer.ts#5,1", parent="outer"),
            made("leaf", "project:///node_modules/x.js#1,1", parent="inner"),
        ]
    )
    assert sources.components("leaf") == [
        Component("inner", Place("outer.ts", 5, 1)),
        Component("outer", Place("index.ts", 9, 1)),
    ]
    assert sources.place("leaf") == Place("outer.ts", 5, 1)


def test_what_was_never_created_has_the_line_of_its_component() -> None:
    begun = {"resourcePreEvent": {"metadata": {"urn": "leaf", "new": {"type": "a:b:C", "parent": "outer"}}}}
    sources = Sources([STACK, made("outer", "project:///index.ts#9,1")], [begun, {"policyEvent": {}}])
    assert sources.place("leaf") == Place("index.ts", 9, 1)
    assert sources.place("unheard-of") is None


@pytest.mark.parametrize(
    ("name", "engine"),
    [
        ("acme/network/prod", "organization/acme..network/prod"),
        ("acme-2/net.work_1/eu-west-1", "organization/acme-2..net.work_1/eu-west-1"),
        ("organization/network/prod", "organization/network/prod"),
        ("prod", "prod"),
        ("organization/prod", "organization/prod"),
    ],
)
def test_stacks_of_other_organizations_have_a_name_of_their_own(name: str, engine: str) -> None:
    assert references.within_own_organization(name) == engine
    assert references.in_its_own_organization(f'unknown stack "{engine}"') == f'unknown stack "{name}"'


def test_an_organization_without_a_project_means_a_stack_of_the_same_project() -> None:
    assert references.within_own_organization("acme/prod") == "organization/prod"


@pytest.mark.parametrize(
    ("file", "text", "names"),
    [
        ("index.ts", "new pulumi.StackReference('acme/network/prod')", True),
        ("index.ts", 'new StackReference("net", { name: `acme/network/${stack}` })', True),
        ("index.ts", "new StackReference(`${org}/network/prod`); read('a/b/c')", False),
        ("__main__.py", 'pulumi.StackReference(\n    "net", stack_name=f"acme/network/{stack}")', True),
        ("__main__.py", 'pulumi.StackReference(f"{pulumi.get_organization()}/network/prod")', False),
        ("__main__.py", 'pulumi.StackReference("organization/network/prod")', False),
        ("Main.yaml", "type: pulumi:pulumi:StackReference\nproperties:\n  name: acme/network/prod\n", True),
        ("Main.yaml", "type: pulumi:pulumi:StackReference\nproperties:\n  name: ${org}/network/prod\n", False),
    ],
)
def test_another_organization_is_seen_where_it_is_written_out(
    tmp_path: Path, file: str, text: str, names: bool
) -> None:
    (tmp_path / file).write_text(text)
    assert references.names_another_organization(tmp_path) is names
