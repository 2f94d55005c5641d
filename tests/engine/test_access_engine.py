"""Services that are shut out, with the real engine: in a preview, in a rehearsal, and when all is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aws_preflight.policies.access import ACCESS
from aws_preflight.rehearsal.program.rehearse import Request, rehearse
from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT
from tests.engine.test_rehearse import Silent

pytestmark = pytest.mark.engine

SHUT_OUT = {
    ("log-group-key-shuts-out-logs", "closed", "mandatory"),
    ("log-group-key-shuts-out-logs", "other", "mandatory"),
    ("s3-notification-function-shuts-out-s3", "forgotten", "mandatory"),
}
IDS = {policy.id for policy in ACCESS}


@pytest.mark.parametrize("name", ["access", "access-typescript"])
def test_only_where_nothing_lets_the_service_in(program: Callable[[str], Path], name: str) -> None:
    with Workspace(program(name), refusals=False) as workspace:
        first = workspace.preview(policy_pack=ROOT)
        found = {(one.policy, one.urn.rpartition("::")[2], one.level) for one in first.violations}
        assert {one for one in found if one[0] in IDS} == SHUT_OUT, first.output
        assert workspace.up().exit_code == 0
        second = workspace.preview(policy_pack=ROOT)
        assert not IDS & {one.policy for one in second.violations}, second.output


def test_a_rehearsal_knows_the_policies_in_full(program: Callable[[str], Path]) -> None:
    report = rehearse(Request(program=program("access")), Silent())
    assert {(one.policy, one.name, one.level) for one in report.findings if one.policy in IDS} == SHUT_OUT
