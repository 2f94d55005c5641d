"""`aws-preflight gate`, with the real engine."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT, slow

pytestmark = pytest.mark.engine

EXAMPLES = ROOT / "examples"


def gate(
    workspace: Workspace, *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return started(workspace.program, {**workspace.environment, **(environment or {})}, *arguments)


def started(program: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "aws-preflight"), "gate", str(program), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)


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
    assert result.returncode == 1, result.stdout + result.stderr
    assert "Previewing update (dev)" in result.stdout, "the preview's own output is shown"
    assert result.stdout.count("::error title=") == 3
    found = {item["ruleId"] for item in json.loads(sarif.read_text())["runs"][0]["results"]}
    assert found == {
        "acm-domain-from-load-balancer",
        "awslogs-group-unresolved",
        "ecs-service-without-listener-dependency",
    }
    assert 'failures="3"' in junit.read_text()
    assert "3 mistakes that AWS would refuse" in summary.read_text()


@pytest.mark.slow
def test_a_fixed_program_passes() -> None:
    with Workspace(EXAMPLES / "payment-api-python" / "fixed") as workspace:
        result = gate(workspace, "--", "--stack", "dev", "--non-interactive")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 mandatory, 0 advisory in 16 resources" in result.stdout


def test_a_preview_that_cannot_start_is_told() -> None:
    with Workspace(EXAMPLES / "payment-api-python" / "fixed") as workspace:
        result = gate(workspace, "--", "--stack", "no-such-stack", "--non-interactive")
    assert result.returncode == 2, result.stdout + result.stderr
    assert "no stack named" in result.stderr
    assert "wrote no events that can be read" in result.stdout


LONG = "payments-api.blue.staging.eu-central-1.internal.platform.example.com"
SHORT = "www.example.com"
TYPES = slow(["gated", "gated-typescript"], ["gated-typescript"])
REFERENCE = {"organization/network/prod": {"domain": SHORT}}


def reported(text: str) -> dict[str, Any]:
    """The JSON report behind the output of the preview."""
    report: dict[str, Any] = json.loads(text[text.index('{\n  "version"') :])
    return report


def levels(report: dict[str, Any]) -> dict[str, str]:
    return {finding["resource"]["name"]: finding["level"] for finding in report["findings"]}


@pytest.mark.slow
@pytest.mark.parametrize("name", TYPES)
def test_a_run_that_did_not_finish_is_no_clean_one(program: Callable[[str], Path], tmp_path: Path, name: str) -> None:
    """The program raises: nothing was found, and nothing is known."""
    sarif, junit = tmp_path / "out.sarif", tmp_path / "out.xml"
    outputs = ("--format", "sarif", "--output", str(sarif), "--format", "junit", "--output", str(junit))
    with Workspace(program(name), references=REFERENCE) as workspace:
        for fail_on in ("mandatory", "never"):
            arguments = (*outputs, "--fail-on", fail_on, "--", "--stack", "dev", "--config", f"domain={SHORT}")
            result = gate(workspace, *arguments, environment={"RAISE": "yes"})
            assert result.returncode == 2, result.stdout + result.stderr
            (run,) = json.loads(sarif.read_text())["runs"]
            assert run["invocations"][0]["executionSuccessful"] is False
            assert run["results"] == []
            assert "<error" in junit.read_text()


@pytest.mark.slow
@pytest.mark.parametrize("name", TYPES)
def test_findings_alone_fail_nothing_where_nothing_is_to_fail(program: Callable[[str], Path], name: str) -> None:
    with Workspace(program(name), references=REFERENCE) as workspace:
        end = ("--format", "json", "--", "--stack", "dev", "--config", f"domain={LONG}")
        report = gate(workspace, "--fail-on", "never", *end)
        assert report.returncode == 0, report.stdout + report.stderr
        assert levels(reported(report.stdout)) == {"configured": "mandatory", "line\x85break": "mandatory"}
        assert gate(workspace, *end).returncode == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", TYPES)
def test_what_the_preview_is_given_reaches_the_rehearsal(
    program: Callable[[str], Path], tmp_path: Path, name: str
) -> None:
    folder = program(name)
    (folder / "levels.json").write_text(json.dumps({"acm-domain-too-long": "advisory"}))
    (folder / "elsewhere.yaml").write_text(f"config: {{domain: {LONG}}}")
    outputs = tmp_path / "outputs.yaml"
    outputs.write_text(json.dumps({"organization/network/prod": {"domain": LONG}}))
    common = ("--rehearse", "--format", "json", "--stack-outputs", str(outputs))
    with Workspace(folder, references=REFERENCE) as workspace:
        strict = gate(workspace, *common, "--", "-s", "dev", "-c", f"domain={LONG}")
        # Pulumi is started beside the program, and goes there.
        workspace.program = folder.parent
        given = ("--cwd", folder.name, "--config-file=elsewhere.yaml", "--policy-pack-config=levels.json")
        lenient = gate(workspace, *common, "--", "--stack=dev", *given)
    names = {"configured", "referred", "line\x85break"}
    assert strict.returncode == 1, strict.stdout + strict.stderr
    assert levels(reported(strict.stdout)) == dict.fromkeys(names, "mandatory")
    assert lenient.returncode == 0, lenient.stdout + lenient.stderr
    assert levels(reported(lenient.stdout)) == dict.fromkeys(names, "advisory")
    # Only the rehearsal has lines, and only there the referred name is too long.
    assert all(finding["source"] for finding in reported(lenient.stdout)["findings"])


@pytest.mark.slow
def test_a_rehearsal_that_failed_fails_the_job(program: Callable[[str], Path]) -> None:
    folder = program("gated")
    levels_file = folder / "levels.json"
    levels_file.write_text("{ not JSON")
    with Workspace(folder, references=REFERENCE) as workspace:
        # The preview is fine; what the rehearsal is given cannot be read.
        arguments = ("--rehearse", "--stack-outputs", str(levels_file), "--fail-on", "never", "--format", "json")
        result = gate(workspace, *arguments, "--", "--stack", "dev", "--config", f"domain={SHORT}")
    assert result.returncode == 2, result.stdout + result.stderr
    assert any("the rehearsal did not finish" in failure for failure in reported(result.stdout)["failures"])


def test_a_pulumi_that_tells_nothing_is_no_clean_run(tmp_path: Path) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text("#!/bin/sh\nexit 0\n")
    pulumi.chmod(0o755)
    result = started(EXAMPLES / "failover" / "fixed", {**os.environ, "PATH": f"{tmp_path}{os.pathsep}/bin"})
    assert result.returncode == 2
    assert "ended with exit code 0 and wrote no events that can be read" in result.stdout


def test_an_output_that_cannot_be_written_is_told_before_anything_runs(tmp_path: Path) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    pulumi.chmod(0o755)
    arguments = ("--format", "sarif", "--output", str(tmp_path / "no" / "out.sarif"))
    result = started(EXAMPLES / "failover" / "fixed", {**os.environ, "PATH": f"{tmp_path}{os.pathsep}/bin"}, *arguments)
    assert result.returncode == 2
    assert "out.sarif: cannot be written" in result.stderr
    assert not (tmp_path / "ran").exists()


def test_events_that_go_elsewhere_are_told_before_anything_runs(tmp_path: Path) -> None:
    """The gate would read none, and take a preview that was refused for one that broke."""
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    pulumi.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}/bin"}
    result = started(EXAMPLES / "failover" / "fixed", environment, "--", f"--event-log={tmp_path}/mine")
    assert result.returncode == 2
    assert "`--event-log` is given by the gate itself" in result.stderr
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_is_no_finding_and_ends_pulumi(tmp_path: Path, number: int) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(
        '#!/bin/sh\n[ "$1" = version ] && exit\n'
        f"trap 'touch {tmp_path}/ended; exit 255' INT\ntouch {tmp_path}/ran\nwhile :; do sleep 0.1; done\n"
    )
    pulumi.chmod(0o755)
    report = tmp_path / "out.json"
    command = [sys.executable, str(ROOT / "aws-preflight"), "gate", str(tmp_path), "--output", str(report)]
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}/bin"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        while not (tmp_path / "ran").exists():
            time.sleep(0.1)
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert errors == "Interrupted; no report was written.\n"
    assert (tmp_path / "ended").exists()
    assert not report.exists()


@pytest.mark.parametrize(
    ("example", "places"),
    [
        pytest.param(
            "payment-api/broken",
            {
                "acm-domain-too-long": ("alb-stack.ts", "new aws.acm.Certificate("),
                "awslogs-group-unresolved": ("ecs-stack.ts", "new aws.ecs.TaskDefinition("),
                "ecs-service-without-listener-dependency": ("ecs-stack.ts", "new aws.ecs.Service("),
            },
            marks=pytest.mark.slow,
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
    report = reported(result.stdout)
    found = {finding["policy"]: finding["source"] for finding in report["findings"] if finding["source"]}
    for policy, (file, code) in places.items():
        source = found[policy]
        assert source["file"].endswith(file), source
        lines = (EXAMPLES / example / source["file"]).read_text().splitlines()
        assert code in lines[source["line"] - 1], (source, lines[source["line"] - 1])


@pytest.mark.slow
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
    result = started(EXAMPLES / "failover" / "fixed", {**os.environ, "PATH": str(tmp_path)})
    assert result.returncode == 2
    assert "`pulumi` was not found on PATH. Install Pulumi" in result.stderr


def test_a_pulumi_that_is_too_old_is_told_before_anything_runs(tmp_path: Path) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(f'#!/bin/sh\n[ "$1" = version ] && echo v3.229.9 || touch {tmp_path}/ran\n')
    pulumi.chmod(0o755)
    result = started(EXAMPLES / "failover" / "fixed", {**os.environ, "PATH": f"{tmp_path}{os.pathsep}/bin"})
    assert result.returncode == 2
    assert "Pulumi v3.229.9" in result.stderr
    assert "is too old" in result.stderr
    assert not (tmp_path / "ran").exists()
