"""Facts of creation on a stack that exists: they refuse what is about to be created, and nothing that is there."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aws_preflight.preflight.message import EXISTS
from aws_preflight.rehearsal.program.result import Result
from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT
from tests.engine.test_gate import gate, levels, reported

pytestmark = [pytest.mark.engine, pytest.mark.slow]

NEW = {"notification": "mandatory", "service": "mandatory"}
THERE = {"notification": "advisory", "service": "advisory"}


def found(result: Result) -> dict[str, str]:
    """The level of each finding by resource; those about what exists say so, and no others do."""
    for violation in result.violations:
        assert (EXISTS in violation.message) == (violation.level == "advisory"), violation.message
    return {violation.urn.rpartition("::")[2]: violation.level for violation in result.violations}


class Deployed(Workspace):
    """A workspace whose program is at a stage of its life."""

    def __init__(self, program: Path, stage: Path) -> None:
        # The simulated AWS would refuse the service, as the real one does when the listener is slow.
        super().__init__(program, environment={"STAGE": str(stage)}, refusals=False)
        self._stage = stage
        self.now("created")

    def now(self, stage: str) -> None:
        self._stage.write_text(stage)


@pytest.fixture(params=["existing", "existing-typescript"])
def workspace(program: Callable[[str], Path], tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Deployed]:
    with Deployed(program(request.param), tmp_path / "stage") as made:
        yield made


def test_each_stage_in_the_life_of_a_stack(workspace: Deployed) -> None:
    first = workspace.preview(policy_pack=ROOT)
    assert (found(first), first.refused) == (NEW, True), first.output

    # An update without a preview asks the stack policies when all is created: nothing is left to refuse.
    up = workspace.up(policy_pack=ROOT)
    assert (found(up), up.exit_code) == (THERE, 0), up.output

    second = workspace.preview(policy_pack=ROOT)
    assert second.resource_changes.keys() == {"same"}
    assert (found(second), second.exit_code) == (THERE, 0), second.output

    workspace.now("updated")
    updated = workspace.preview(policy_pack=ROOT)
    assert updated.resource_changes["update"] == 2, updated.output
    assert (found(updated), updated.exit_code) == (THERE, 0), updated.output

    workspace.now("replaced")
    replaced = workspace.preview(policy_pack=ROOT)
    assert replaced.resource_changes["replace"] == 2, replaced.output
    assert (found(replaced), replaced.refused) == (NEW, True), replaced.output


def test_a_rehearsal_refuses_nothing_that_the_preview_knows_to_exist(workspace: Deployed) -> None:
    """It evaluates as if all were new, and would stop every job of a deployed stack."""
    assert workspace.up().exit_code == 0
    end = ("--rehearse", "--format", "json", "--", "--stack", "dev")
    existing = gate(workspace, *end)
    assert levels(reported(existing.stdout)) == THERE, existing.stderr
    assert all(finding["source"] for finding in reported(existing.stdout)["findings"])
    workspace.now("replaced")
    replaced = gate(workspace, *end)
    assert (levels(reported(replaced.stdout)), replaced.returncode) == (NEW, 1), replaced.stderr


def test_stored_state_that_is_analyzed(workspace: Deployed) -> None:
    assert workspace.up().exit_code == 0
    command = workspace.command(["policy", "analyze"], policy_pack=ROOT)
    unknown = ("--config-file", "--event-log")
    arguments = [part for i, part in enumerate(command) if part not in unknown and command[i - 1] not in unknown]
    done = subprocess.run(
        arguments, cwd=workspace.program, env=workspace.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(EXISTS) == 2, done.stdout
    assert "[mandatory]" not in done.stdout
