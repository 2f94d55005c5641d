"""What docs/limits.md says about the engine's order, seen with the real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT, slow

pytestmark = pytest.mark.engine

BUCKET = """
import pulumi_aws as aws

aws.s3.Bucket("bucket")
"""
REFUSED_BY_THE_PROVIDER = """
import pulumi_aws as aws

aws.autoscaling.Group(
    "group",
    min_size=1,
    max_size=1,
    availability_zones=["us-east-1a"],
    launch_configuration="web",
    tags=[{"key": "team", "value": {"name": "shop"}, "propagate_at_launch": True}],
)
"""


def write_program(folder: Path, code: str) -> Path:
    (folder / "Pulumi.yaml").write_text("name: limits\nruntime: python\n")
    (folder / "__main__.py").write_text(code)
    return folder


def test_in_an_up_stack_policies_speak_after_creation(tmp_path: Path, policy_pack: Path) -> None:
    with Workspace(write_program(tmp_path, BUCKET)) as workspace:
        result = workspace.up(policy_pack)
        created = {resource["type"] for resource in workspace.export()["deployment"]["resources"]}
    assert result.refused, result.output
    assert result.exit_code != 0
    assert "aws:s3/bucket:Bucket" in created


@pytest.mark.slow
def test_in_a_preview_they_speak_before(tmp_path: Path, policy_pack: Path) -> None:
    with Workspace(write_program(tmp_path, BUCKET)) as workspace:
        result = workspace.preview(policy_pack)
        assert result.refused, result.output
        assert not workspace.export()["deployment"].get("resources")


def test_after_a_refusal_by_the_provider_they_are_not_asked(tmp_path: Path, policy_pack: Path) -> None:
    with Workspace(write_program(tmp_path, BUCKET + REFUSED_BY_THE_PROVIDER)) as workspace:
        result = workspace.preview(policy_pack)
    evaluated = {v.urn.rpartition("::")[2] for v in result.violations if v.policy == "arrives"}
    assert "group" in evaluated, "the refused resource itself is evaluated"
    assert not [v for v in result.violations if v.policy == "no-bucket"], result.output
    assert result.exit_code != 0


DEEP = """
import pulumi
import pulumi_aws as aws

value = "end"
for _ in range(LEVELS):
    value = [value]
properties = {"domainName": "a" * 80 + ".org", "validationMethod": "DNS", "tags": {"deep": value}}
pulumi.CustomResource("aws:acm/certificate:Certificate", "long", properties)
group = aws.lb.TargetGroup("group", port=80, protocol="HTTP", vpc_id="vpc-1")
aws.ecs.Service("service", cluster="c", task_definition="t", launch_type="FARGATE", load_balancers=[
    {"target_group_arn": group.arn, "container_name": "api", "container_port": 80}])
"""


@pytest.mark.parametrize("levels", slow([20, 90], [20]))
def test_no_depth_hides_a_finding(tmp_path: Path, levels: int) -> None:
    """What the engine and the SDK send themselves: a deep input, a deep configuration, a deep setting."""
    nested: object = "end"
    for _ in range(90):
        nested = [nested]
    setting = "[" * 2_000 + "]" * 2_000
    with Workspace(
        write_program(tmp_path, DEEP.replace("LEVELS", str(levels))), config={"aws-preflight:exemptions": setting}
    ) as workspace:
        config = {"acm-domain-too-long": {"enforcementLevel": "mandatory", "x": nested}}
        result = workspace.preview(policy_pack=ROOT, policy_config=config)
    policies = {(v.policy, v.level) for v in result.violations}
    assert ("acm-domain-too-long", "mandatory") in policies, result.output
    assert ("ecs-service-without-listener-dependency", "mandatory") in policies, result.output
    # The properties stand at the second level of a resource, and the list begins in the next one.
    cut = 2 if levels > 64 else 1
    assert f"cannot be read: {cut} resource(s) or settings" in result.output, result.output
    assert "failed and evaluated nothing" not in result.output
