"""The reports under the validators of those who read them: SARIF's official one, and JUnit's structure."""

from __future__ import annotations

import os
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from aws_preflight.preflight.message import render
from aws_preflight.report.formats import FORMATS
from aws_preflight.report.reading import read
from tests.conftest import ROOT
from tests.test_report import END, EXEMPTED, LOGS, NASTY, event, message, nasty_report

MULTITOOL = ROOT / "tests/report/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"


@pytest.fixture(scope="module")
def multitool() -> Path:
    if not MULTITOOL.is_file():
        message = "the SARIF validator is not installed: `make setup`"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return MULTITOOL


@pytest.mark.slow
def test_sarif_is_what_github_takes(multitool: Path, tmp_path: Path) -> None:
    reports = {log.stem: read(log.read_text(encoding="utf-8")) for log in LOGS}
    reports |= {f"nasty-{i}": nasty_report(text, failed=bool(i % 2)) for i, text in enumerate(NASTY)}
    text = render(message(exemption=EXEMPTED))
    reports["exempted"] = read(f"{event(message=text, enforcementLevel='advisory')}\n{END}")
    for name, report in reports.items():
        (tmp_path / f"{name}.sarif").write_text(FORMATS["sarif"](report), encoding="utf-8")
    multitool.chmod(0o755)
    command = [multitool, "validate", "--rule-kind", "Sarif;Ghas", f"{tmp_path}/*.sarif"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
    )
    assert f"{len(reports)} files scanned" in done.stdout, done.stdout + done.stderr
    assert not [line for line in done.stdout.splitlines() if ": error " in line], done.stdout


# The structure that Jenkins' schema requires (jenkinsci/xunit-plugin, junit-10.xsd): counts as numbers, and at most one
# verdict for a test case.
@pytest.mark.parametrize("log", LOGS, ids=lambda path: path.stem)
def test_junit_counts_are_right(log: Path) -> None:
    root = ElementTree.fromstring(FORMATS["junit"](read(log.read_text(encoding="utf-8"))))
    assert root.tag == "testsuites"
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.attrib["tests"]) == len(cases) > 0
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        assert int(suite.attrib["skipped"]) == len(suite.findall("testcase/skipped"))
        assert all(case.attrib["name"] and case.attrib["classname"] for case in cases)
        assert all(len(case.findall("failure") + case.findall("skipped")) <= 1 for case in cases)
