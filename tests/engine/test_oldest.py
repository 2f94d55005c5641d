"""The oldest release of Pulumi that is supported: the examples previewed by it, and one of them rehearsed."""

from __future__ import annotations

import pytest

from aws_preflight.rehearsal.program.engine import Engine
from aws_preflight.rehearsal.program.rehearse import Request, rehearse
from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT, slow
from tests.engine.test_examples import EXAMPLES, EXPECTED, found
from tests.engine.test_rehearse import LONG_NAME, OUTPUTS, Silent
from tools.engine.cli import built

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def oldest() -> Engine:
    return built("oldest")


@pytest.mark.parametrize("name", slow(EXPECTED, EXPECTED.keys() - {"payment-api-python/broken"}))
def test_example(oldest: Engine, name: str) -> None:
    with Workspace(EXAMPLES / name, engine=oldest) as workspace:
        preview = workspace.preview(policy_pack=ROOT)
    assert found(preview) == EXPECTED[name]["preview"], preview.output
    assert (preview.exit_code != 0) == bool(EXPECTED[name]["preview"]), preview.output
    assert preview.resource_changes.get("create") == EXPECTED[name]["resources"]


def test_a_rehearsal(oldest: Engine) -> None:
    report = rehearse(Request(program=EXAMPLES / "failover-python" / "broken"), Silent(), engine=oldest)
    assert report.failure is None
    assert (report.outcome, report.summary.engine) == ("refused", oldest.version)
    assert {finding.policy for finding in report.findings} == {"asg-tag-not-string", "dashboard-metrics-malformed"}


@pytest.mark.slow
def test_references_to_stacks_of_other_organizations(oldest: Engine, program, tmp_path) -> None:
    file = tmp_path / "outputs.yaml"
    file.write_text(OUTPUTS % LONG_NAME)
    report = rehearse(Request(program=program("references"), stack_outputs=file), Silent(), engine=oldest)
    assert report.failure is None
    assert [finding.evidence for finding in report.findings] == [f'"{LONG_NAME}"']
