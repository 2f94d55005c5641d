"""What an organization relies on, with the real engine: exemptions, secrets, and no run ended by a policy's defect."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.result import Result
from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT, slow, write_pack

pytestmark = pytest.mark.engine

LONG_NAME = "payments-api.blue.staging.eu-central-1.internal.platform.example.com"

CRASHING_PACK = """
import sys
from dataclasses import replace

sys.path.insert(0, {root!r})

from aws_preflight.policies import declared
from aws_preflight.preflight.crossguard import serve


def crash(subject):
    raise RuntimeError("hunter2")
    yield


serve([replace(policy, check=crash) if policy.id == {crashing!r} else policy for policy in declared()])
"""


def test_exempted_expired_and_unused(program: Callable[[str], Path]) -> None:
    """The exemptions stand in `Pulumi.yaml`, for every stack of the project."""
    with Workspace(program("exemptions")) as workspace:
        result = workspace.preview(policy_pack=ROOT)
    said = {(v.policy, v.urn.rpartition("::")[2]): v for v in result.violations}
    assert {key: violation.level for key, violation in said.items()} == {
        ("acm-domain-too-long", "accepted"): "advisory",
        ("acm-domain-too-long", "late"): "mandatory",
        ("acm-domain-too-long", "secret"): "mandatory",
        ("exemptions", "exemptions-dev"): "advisory",
    }, result.output
    assert "Exempted until 2999-12-31 (" in said["acm-domain-too-long", "accepted"].message
    assert "by platform team: moves to a short name" in said["acm-domain-too-long", "accepted"].message
    assert "The exemption expired on 2020-01-01" in said["acm-domain-too-long", "late"].message
    unused = said["exemptions", "exemptions-dev"].message
    assert "aws-preflight:exemptions[2]: no finding of asg-tag-not-string at *::nothing needed this" in unused
    assert "(the value is secret and not shown)" in said["acm-domain-too-long", "secret"].message
    # Once a run, and quietly: no finding.
    lines = [event["diagnosticEvent"]["message"] for event in result.events if "diagnosticEvent" in event]
    assert sum("aws-preflight: 1 resource(s) not evaluated in full" in line for line in lines) == 1, lines


@pytest.mark.slow
@pytest.mark.parametrize("form", ['{"value": [%s]}', "[%s]"])
def test_both_forms_of_a_setting_of_the_project_exempt_until_a_stack_has_its_own(
    program: Callable[[str], Path], form: str
) -> None:
    folder = program("certificates-python")
    one = '{policy: acm-domain-too-long, resource: "*", reason: r, owner: o, expires: "2999-12-31"}'
    with (folder / "Pulumi.yaml").open("a") as project:
        project.write(f"  aws-preflight:exemptions: {form % one}\n")
    with Workspace(folder) as workspace:
        shared = workspace.preview(policy_pack=ROOT)
    with Workspace(folder, config={"aws-preflight:exemptions": []}) as workspace:
        own = workspace.preview(policy_pack=ROOT)

    def levels(result: Result) -> set[str]:
        return {violation.level for violation in result.violations if violation.policy == "acm-domain-too-long"}

    assert levels(shared) == {"advisory"}, shared.output
    assert levels(own) == {"mandatory"}, own.output


@pytest.mark.slow
def test_the_organization_may_forbid_them(program: Callable[[str], Path]) -> None:
    config = {"exemptions": {"enforcementLevel": "advisory", "stackExemptions": False}}
    with Workspace(program("exemptions")) as workspace:
        result = workspace.preview(policy_pack=ROOT, policy_config=config)
    levels = [v.level for v in result.violations if v.policy == "acm-domain-too-long"]
    assert levels == ["mandatory"] * 3, result.output
    assert "the organization allows no exemptions in the settings of a stack" in result.output


@pytest.mark.slow
def test_mistakes_in_the_configuration_are_shown(program: Callable[[str], Path]) -> None:
    config = {"acm-domain-to-long": "advisory", "acm-domain-too-long": {"enforcementLevel": "advisory", "limit": 65}}
    with Workspace(program("certificates-python")) as workspace:
        output = workspace.preview(policy_pack=ROOT, policy_config=config).output
    assert 'there is no policy "acm-domain-to-long"; did you mean "acm-domain-too-long"?' in output
    assert 'acm-domain-too-long.limit: there is no property "limit"' in output


@pytest.mark.parametrize(
    "crashing", slow(["acm-domain-too-long", "ecs-service-without-listener-dependency"], ["acm-domain-too-long"])
)
def test_a_crashing_policy_is_one_warning(tmp_path: Path, crashing: str) -> None:
    pack = write_pack(tmp_path, CRASHING_PACK.format(root=str(ROOT), crashing=crashing))
    program = "payment-api-python/broken"
    with Workspace(ROOT / "examples" / program) as workspace:
        result = workspace.preview(policy_pack=pack)
    found = {(v.policy, v.level) for v in result.violations}
    expected = {
        ("acm-domain-from-load-balancer", "mandatory"),
        ("awslogs-group-unresolved", "mandatory"),
        ("ecs-service-without-listener-dependency", "mandatory"),
    }
    assert found - {(crashing, "advisory")} == {one for one in expected if one[0] != crashing}, result.output
    assert (crashing, "advisory") in found
    assert "it met RuntimeError at" in result.output.replace("It met", "it met")
    assert "hunter2" not in result.output
