"""Resources of aws-native, with the real engine: the rules for the types of the AWS provider hold for their twins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.rehearse import Request, rehearse
from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT, slow
from tests.engine.test_rehearse import Silent

pytestmark = pytest.mark.engine

FOUND = {
    ("iam-trust-policy-with-resource", "bad-role"): "assumeRolePolicyDocument.Statement[0]",
    ("rds-gp3-iops-on-small-storage", "bad-database"): "allocatedStorage",
    ("ecs-awsvpc-with-links", "bad-task"): "containerDefinitions[1].links",
}


@pytest.mark.parametrize("name", slow(["twins", "twins-python"], ["twins"]))
def test_what_is_wrong_is_refused_where_it_stands_in_the_twin(program: Callable[[str], Path], name: str) -> None:
    with Workspace(program(name)) as workspace:
        result = workspace.preview(policy_pack=ROOT)
        warned = workspace.preview(policy_pack=ROOT, policy_config={"all": "advisory"})
    found = {(one.policy, one.urn.rpartition("::")[2]): one for one in result.violations}
    assert found.keys() == FOUND.keys(), result.output
    for key, violation in found.items():
        assert violation.level == "mandatory"
        assert f"at {FOUND[key]}:" in violation.message, violation.message
    assert result.exit_code != 0
    assert warned.exit_code == 0, warned.output


def test_a_rehearsal_makes_up_what_aws_adds_to_the_resources_of_aws_native(program: Callable[[str], Path]) -> None:
    """A gateway whose address is an output of another resource has one, also where no table knows that resource."""
    report = rehearse(Request(program=program("twins-python")), Silent())
    assert {(one.policy, one.name) for one in report.findings} == FOUND.keys()
