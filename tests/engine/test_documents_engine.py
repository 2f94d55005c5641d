"""Documents in strings, with the real engine: what a service refuses in them, and what is not known yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("name", ["documents", "documents-typescript"])
def test_what_a_service_reads_in_a_document(program: Callable[[str], Path], name: str) -> None:
    with Workspace(program(name), refusals=False) as workspace:
        preview = workspace.preview(policy_pack=ROOT)
    assert {(one.policy, one.level, one.urn.rpartition("::")[2]) for one in preview.violations} == {
        ("event-pattern-matcher-malformed", "mandatory", "starts"),
        ("ssm-document-parameter-undeclared", "mandatory", "undeclared"),
    }
