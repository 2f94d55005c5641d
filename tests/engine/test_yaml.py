"""Programs in YAML, which have no SDK: previewed and rehearsed with Pulumi's own language host for them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT
from tests.engine.test_rehearse import lines, rehearsed
from tools.engine.cli import yaml_host

pytestmark = pytest.mark.engine

PACKAGES = ("aws", "random", "weather")


@pytest.fixture(scope="module", autouse=True)
def host(engine: None) -> Iterator[None]:
    """Puts the language host on PATH, where no installed Pulumi brings its own."""
    with pytest.MonkeyPatch.context() as patch:
        if shutil.which("pulumi-language-yaml") is None:
            patch.setenv("PATH", os.pathsep.join([str(yaml_host().parent), os.environ["PATH"]]))
        yield


def test_a_preview_refuses_what_a_preview_can_know(program: Callable[[str], Path]) -> None:
    with Workspace(program("yaml"), packages=PACKAGES) as workspace:
        preview = workspace.preview(policy_pack=ROOT)
    with Workspace(program("yaml-fixed"), packages=PACKAGES) as workspace:
        accepted = workspace.preview(policy_pack=ROOT)
    assert {(found.policy, found.urn.rpartition("::")[2]) for found in preview.violations} == {
        ("acm-domain-from-load-balancer", "certificate"),
        ("awslogs-group-unresolved", "task"),
    }, preview.output
    assert preview.exit_code != 0
    assert accepted.violations == []
    assert accepted.exit_code == 0, accepted.output
    assert accepted.resource_changes["create"] == preview.resource_changes["create"] == 12


@pytest.mark.slow
def test_a_rehearsal_finds_the_mistakes_at_their_lines(program: Callable[[str], Path]) -> None:
    folder = program("yaml")
    report = rehearsed(folder)
    assert report.failure is None
    assert (report.outcome, report.runtime) == ("refused", "yaml")
    source = (folder / "Pulumi.yaml").read_text().splitlines()
    assert lines(report) == [
        ("acm-domain-owned-by-aws", f"Pulumi.yaml:{source.index('  certificate:') + 1}", []),
        # Its name is not the one that it has in the program.
        ("awslogs-group-unresolved", f"Pulumi.yaml:{source.index('  task-definition:') + 1}", []),
    ]
    (certificate,) = [found for found in report.findings if found.type == "aws:acm/certificate:Certificate"]
    assert re.fullmatch(r'"alb-\w+-\d+\.us-east-1\.elb\.amazonaws\.com"', certificate.evidence)


@pytest.mark.slow
def test_what_is_mended_is_clean(program: Callable[[str], Path]) -> None:
    report = rehearsed(program("yaml-fixed"))
    assert (report.failure, report.findings, report.outcome) == (None, [], "clean")
    assert report.summary.packages == ["aws", "random", "weather"]
    assert report.summary.resources == 10
    types = {type_.type for type_ in report.summary.types}
    assert {
        "aws:ec2/vpc:Vpc",
        "aws:ecs/taskDefinition:TaskDefinition",
        "random:index/randomPassword:RandomPassword",
    } < types


@pytest.mark.slow
def test_functions_and_outputs_have_values(program: Callable[[str], Path]) -> None:
    with Workspace(program("yaml-fixed"), packages=PACKAGES, refusals=False) as workspace:
        up = workspace.up()
        assert up.exit_code == 0, up.output
        resources = workspace.export()["deployment"]["resources"]
    outputs = resources[0]["outputs"]
    assert outputs["account"] == "123456789012"
    assert outputs["dnsName"].endswith(".us-east-1.elb.amazonaws.com")
    assert outputs["queue"].startswith("arn:aws:sqs:us-west-2:123456789012:")
    subnet = next(one["inputs"] for one in resources if one["urn"].endswith("::subnet"))
    assert subnet["availabilityZone"] == "us-east-1a"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("property_", "message"),
    [
        ("cidrBlock: 10.0.0.0/24", "Missing required property 'vpcId'"),
        ("{vpcId: vpc-0, cidrBlock: [10.0.0.0/24]}", "Cannot assign 'List<string>' to 'string'"),
        ("{vpcId: vpc-0, mapPublicIpOnLaunch: [true]}", "Cannot assign 'List<boolean>' to 'boolean'"),
    ],
)
def test_types_are_those_of_the_provider(tmp_path: Path, property_: str, message: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(
        "name: types\nruntime: yaml\nconfig: {aws:region: us-east-1}\nresources:\n"
        f"  subnet:\n    type: aws:ec2:Subnet\n    properties:\n      {property_}\n"
    )
    report = rehearsed(tmp_path)
    assert report.failure is not None
    assert (report.failure.kind, report.exit_code) == ("program", 2)
    assert message in "\n".join(report.failure.details)


@pytest.mark.slow
def test_a_type_and_a_property_that_are_newer_than_the_types_known_here(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(
        "name: newer\nruntime: yaml\nconfig: {aws:region: us-east-1}\nresources:\n"
        "  thing: {type: 'aws:brandnew:Thing', properties: {size: 3}}\n"
        "  queue: {type: 'aws:sqs:Queue', properties: {brandNew: 'yes'}}\n"
        "outputs: {arn: '${thing.arn}'}\n"
    )
    report = rehearsed(tmp_path)
    assert report.failure is None
    assert {type_.type for type_ in report.summary.types} == {"aws:brandnew/thing:Thing", "aws:sqs/queue:Queue"}


@pytest.mark.slow
def test_references_are_answered(program: Callable[[str], Path], tmp_path: Path) -> None:
    file = tmp_path / "outputs.yaml"
    file.write_text("acme/network/prod: {vpcId: vpc-0a1b2c3d4e5f60718, domainName: www.cloudfront.net}\n")
    report = rehearsed(program("yaml-references"), stack_outputs=file)
    assert report.failure is None
    assert [(found.policy, found.evidence) for found in report.findings] == [
        ("acm-domain-owned-by-aws", '"www.cloudfront.net"')
    ]
    made_up = rehearsed(program("yaml-references"))
    assert [notice.text.partition(".")[0] for notice in made_up.notices] == [
        "Made-up outputs of the stack acme/network/prod: domainName, vpcId"
    ]


COMPONENTS = """
name: components-yaml
runtime: yaml
packages:
  parts: ./parts
config:
  aws:region: us-east-1
resources:
  site:
    type: parts:Site
    properties:
      domain: payments-api.blue.staging.eu-central-1.internal.platform.acme-shop.io
outputs:
  url: ${site.url}
"""


def test_the_code_of_a_component_runs_for_a_program_in_yaml(
    program: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    shutil.copytree(program("components") / "parts", tmp_path / "parts")
    (tmp_path / "Pulumi.yaml").write_text(COMPONENTS)
    report = rehearsed(tmp_path)
    assert report.failure is None
    assert [(found.policy, found.name) for found in report.findings] == [("acm-domain-too-long", "site-certificate")]
    assert report.summary.components == 1
