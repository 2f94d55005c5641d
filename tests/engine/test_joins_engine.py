"""Resources that do not go together, with the real engine: before they exist, and when they do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aws_preflight.policies.joins import JOINS
from aws_preflight.rehearsal.program.result import Result
from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT

pytestmark = pytest.mark.engine

REFUSED = {
    ("listener-protocol-of-other-balancer", "http-of-nlb"),
    ("listener-protocol-of-other-balancer", "tcp-of-alb"),
    ("listener-target-group-of-other-protocol", "tcp-of-alb"),
    ("ebs-volume-in-other-zone", "other-zone"),
    ("ecs-service-container-port-not-mapped", "other-port"),
    ("ecs-service-bridge-with-ip-targets", "other-port"),
    ("ecs-service-bridge-with-ip-targets", "same-port"),
    ("lambda-dead-letter-fifo", "function"),
    ("listener-rule-priority-twice", "first"),
    ("load-balancer-subnets-in-one-zone", "one-zone"),
    ("rds-subnet-group-in-one-zone", "group"),
    ("state-machine-role-not-assumable", "machine"),
    ("subnets-overlap", "inside"),
}
# A user pool that exists may have resource servers of other stacks.
OF_WHAT_IS_NEW = {("cognito-custom-scope-without-resource-server", "without-server")}


def found(result: Result) -> set[tuple[str, str]]:
    ids = {policy.id for policy in JOINS}
    return {(one.policy, one.urn.rpartition("::")[2]) for one in result.violations if one.policy in ids}


@pytest.mark.parametrize("name", ["joins", "joins-typescript"])
def test_only_what_does_not_go_together(program: Callable[[str], Path], name: str) -> None:
    with Workspace(program(name), refusals=False) as workspace:
        first = workspace.preview(policy_pack=ROOT)
        assert found(first) == REFUSED | OF_WHAT_IS_NEW, first.output
        assert workspace.up().exit_code == 0
        second = workspace.preview(policy_pack=ROOT)
        assert found(second) == REFUSED, second.output
