"""Programs in both languages, previewed and deployed by the real engine."""

from __future__ import annotations

import re

import pytest

from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import arrived, left_running

pytestmark = [pytest.mark.engine, pytest.mark.slow]

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
REGION = {"aws:region": "ap-southeast-1"}


@pytest.fixture(scope="module")
def typescript(program, policy_pack):
    with Workspace(program("typescript"), config=REGION) as workspace:
        preview = workspace.preview(policy_pack)
        yield workspace, preview, workspace.up()


@pytest.fixture(scope="module")
def python(program, policy_pack):
    with Workspace(program("python"), config=REGION) as workspace:
        preview = workspace.preview(policy_pack)
        yield workspace, preview, workspace.up()


def test_a_preview_counts_what_would_be_created(typescript, python):
    assert typescript[1].resource_changes == {"create": 7}
    assert python[1].resource_changes == {"create": 7}


def test_a_mandatory_finding_refuses(python):
    _, preview, _ = python
    assert preview.exit_code != 0
    assert preview.refused
    (finding,) = [found for found in preview.violations if found.policy == "no-bucket"]
    assert finding.level == "mandatory"
    assert finding.message.endswith("this stack has a bucket")
    assert "[mandatory]  no-bucket" in preview.output
    assert "this stack has a bucket" in preview.output


def test_an_advisory_finding_does_not(typescript):
    _, preview, _ = typescript
    assert preview.exit_code == 0, preview.output
    assert not preview.refused
    assert {found.level for found in preview.violations} == {"advisory"}


def test_computed_outputs_are_unknown_in_a_preview(typescript):
    _, preview, _ = typescript
    assert arrived(preview, "public-0") == {"cidrBlock": "10.0.0.0/24", "vpcId": UNKNOWN}
    assert arrived(preview, "alb") == {"name": "payment-api-alb-synth6fbzyf", "subnets": [UNKNOWN, UNKNOWN]}


def test_names_are_made_up_and_known_in_a_preview(typescript, python):
    assert re.fullmatch(r"logs-[0-9a-f]{7}", arrived(typescript[1], "logs")["name"])
    assert re.fullmatch(r"assets-[0-9a-f]{7}", arrived(python[1], "Assets")["bucket"])


def test_names_are_the_same_on_every_run(typescript):
    workspace, preview, _ = typescript
    name = arrived(preview, "logs")["name"]
    assert workspace.export()["deployment"]["resources"][0]["outputs"]["logGroup"] == name


def test_a_deployment_gives_real_looking_values(typescript):
    workspace, _, up = typescript
    assert up.exit_code == 0, up.output
    outputs = workspace.export()["deployment"]["resources"][0]["outputs"]
    assert re.fullmatch(r"payment-api-alb-synth6fbzyf-\d{9}\.ap-southeast-1\.elb\.amazonaws\.com", outputs["dnsName"])
    assert len(outputs["dnsName"]) == 70
    assert re.fullmatch(r"app/payment-api-alb-synth6fbzyf/[0-9a-f]{16}", outputs["arnSuffix"])
    assert outputs["account"] == "123456789012"


def test_providers_of_one_package_keep_their_own_region(python):
    workspace, _, _ = python
    resources = workspace.export()["deployment"]["resources"]
    arns = {resource["type"]: resource.get("outputs", {}).get("arn", "") for resource in resources}
    assert arns["aws:sqs/queue:Queue"].startswith("arn:aws:sqs:us-west-2:123456789012:far-")
    assert arns["aws:ec2/vpc:Vpc"].startswith("arn:aws:ec2:ap-southeast-1:123456789012:vpc/vpc-")


def test_what_a_program_only_reads_is_found(python):
    workspace, _, _ = python
    outputs = workspace.export()["deployment"]["resources"][0]["outputs"]
    assert outputs["found"].endswith(":targetgroup/api/0123456789abcdef")


def test_a_policy_document_is_composed(python):
    workspace, _, up = python
    assert up.exit_code == 0, up.output
    outputs = workspace.export()["deployment"]["resources"][0]["outputs"]
    assert f'"Resource": "arn:aws:s3:::{outputs["bucket"]}/*"' in outputs["policy"]
    assert re.fullmatch(r"_[0-9a-f]{32}\.example\.com\.", outputs["record"])


def test_secrets_stay_secret_in_the_state(typescript):
    workspace, _, _ = typescript
    (parameter,) = [
        resource
        for resource in workspace.export()["deployment"]["resources"]
        if resource["type"] == "aws:ssm/parameter:Parameter"
    ]
    assert "ciphertext" in parameter["inputs"]["value"]
    assert "ciphertext" in parameter["outputs"]["value"]


def test_a_second_run_changes_nothing(python):
    workspace, _, _ = python
    again = workspace.preview()
    assert again.resource_changes == {"same": 7}, again.output


def test_everything_can_be_destroyed(python):
    workspace, _, _ = python
    destroyed = workspace.destroy()
    assert destroyed.exit_code == 0, destroyed.output
    assert destroyed.resource_changes == {"delete": 7, "discard": 1}


@pytest.mark.slow
def test_the_folder_of_the_program_is_left_alone(program, policy_pack):
    folder = program("python")
    before = sorted(folder.rglob("*"))
    with Workspace(folder, config=REGION) as workspace:
        workspace.preview(policy_pack)
    assert sorted(folder.rglob("*")) == before


def test_nothing_is_left_running(typescript, python):
    for workspace, *_ in (typescript, python):
        assert left_running(workspace.environment["PULUMI_HOME"]) == []


def test_credentials_do_not_reach_the_program(program, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "token")
    with Workspace(program("python")) as workspace:
        assert not workspace.environment.keys() & {"AWS_PROFILE", "PULUMI_ACCESS_TOKEN"}


@pytest.mark.slow
def test_a_package_without_a_simulation_runs_nothing_real(program):
    with Workspace(program("python"), config=REGION, packages=["random"]) as workspace:
        result = workspace.preview()
    assert result.exit_code != 0
    assert "no resource plugin 'pulumi-resource-aws' found" in result.output


def test_settings_reach_the_policies(program, policy_pack):
    config = {"no-bucket": "advisory", "arrives": "disabled"}
    with Workspace(program("python"), config=REGION) as workspace:
        result = workspace.preview(policy_pack, policy_config=config)
    assert [(found.policy, found.level) for found in result.violations] == [("no-bucket", "advisory")]
    assert not result.refused
