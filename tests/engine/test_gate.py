"""`python -m preflight gate`, with the real engine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rehearsal.workspace import Workspace
from tests.engine.conftest import ROOT

pytestmark = pytest.mark.engine

EXAMPLES = ROOT / "examples"


def gate(
    workspace: Workspace, *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "preflight", "gate", str(workspace.program), *arguments]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**workspace.environment, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_a_broken_program_stops_the_job(tmp_path: Path) -> None:
    sarif, junit = tmp_path / "out.sarif", tmp_path / "out.xml"
    summary = tmp_path / "summary.md"
    with Workspace(EXAMPLES / "payment-api-python" / "broken") as workspace:
        result = gate(
            workspace,
            *("--format", "sarif", "--output", str(sarif), "--format", "junit", "--output", str(junit)),
            *("--format", "github", "--", "--stack", "dev", "--non-interactive"),
            environment={"GITHUB_STEP_SUMMARY": str(summary)},
        )
    assert result.returncode not in (0, 2), result.stdout + result.stderr
    assert "Previewing update (dev)" in result.stdout, "the preview's own output is shown"
    assert result.stdout.count("::error title=") == 3
    found = {item["ruleId"] for item in json.loads(sarif.read_text())["runs"][0]["results"]}
    assert found == {
        "acm-domain-from-load-balancer",
        "awslogs-group-unresolved",
        "ecs-service-without-listener-dependency",
    }
    assert 'failures="3"' in junit.read_text()
    assert "3 mistake(s) that AWS would refuse" in summary.read_text()


def test_a_fixed_program_passes() -> None:
    with Workspace(EXAMPLES / "payment-api-python" / "fixed") as workspace:
        result = gate(workspace, "--", "--stack", "dev", "--non-interactive")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 mandatory, 0 advisory in 16 resources" in result.stdout


def test_a_preview_that_cannot_start_is_told() -> None:
    with Workspace(EXAMPLES / "payment-api-python" / "fixed") as workspace:
        result = gate(workspace, "--", "--stack", "no-such-stack", "--non-interactive")
    assert result.returncode not in (0, 1) or "no stack named" in result.stderr
    assert "wrote no events" in result.stdout


@pytest.mark.parametrize(
    ("example", "places"),
    [
        (
            "payment-api/broken",
            {
                "acm-domain-too-long": ("alb-stack.ts", "new aws.acm.Certificate("),
                "awslogs-group-unresolved": ("ecs-stack.ts", "new aws.ecs.TaskDefinition("),
                "ecs-service-without-listener-dependency": ("ecs-stack.ts", "new aws.ecs.Service("),
            },
        ),
        (
            "failover-python/broken",
            {"dashboard-metrics-malformed": ("__main__.py", "aws.cloudwatch.Dashboard(")},
        ),
    ],
)
def test_a_rehearsal_gives_the_lines_of_the_program(example: str, places: dict[str, tuple[str, str]]) -> None:
    with Workspace(EXAMPLES / example) as workspace:
        result = gate(
            workspace, "--rehearse", "--format", "json", "--output", "-", "--", "--stack", "dev", "--non-interactive"
        )
    report = json.loads(result.stdout[result.stdout.index('{\n  "version"') :])
    found = {finding["policy"]: finding["source"] for finding in report["findings"] if finding["source"]}
    for policy, (file, code) in places.items():
        source = found[policy]
        assert source["file"].endswith(file), source
        lines = (EXAMPLES / example / source["file"]).read_text().splitlines()
        assert code in lines[source["line"] - 1], (source, lines[source["line"] - 1])


def test_the_page_shows_the_missing_dependency(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    with Workspace(EXAMPLES / "payment-api" / "broken") as workspace:
        gate(workspace, "--rehearse", "--format", "html", "--output", str(file), "--", "--stack", "dev")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', file.read_text())
    assert found is not None
    data = json.loads(found[1])
    ((service, listener),) = data["graph"]["missing"]
    assert (service.rpartition("::")[2], listener.rpartition("::")[2]) == ("service-staging", "https-listener-staging")
    lines = [line for finding in data["findings"] for source in finding["sources"] for line in source["lines"]]
    assert any("new aws.acm.Certificate(" in line for line in lines)


def test_without_pulumi_it_says_what_to_do(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "preflight", "gate", str(EXAMPLES / "failover" / "fixed")]
    environment = {**os.environ, "PATH": str(tmp_path)}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "`pulumi` was not found on PATH; install it" in result.stderr
