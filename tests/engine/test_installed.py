"""The wheel, installed where nothing else of the project is: `pip install`, then a preview, a rehearsal, an audit."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from aws_preflight.preflight import PACK_VERSION
from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT

pytestmark = pytest.mark.engine

BROKEN = ROOT / "examples" / "payment-api-python" / "broken"
MISTAKES = {"acm-domain-from-load-balancer", "awslogs-group-unresolved", "ecs-service-without-listener-dependency"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(folder), str(ROOT)], check=True, timeout=300)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, in an environment with the wheel and what it depends on."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    (site,) = folder.glob("lib/python*/site-packages")
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet", "--no-deps"]
    subprocess.run([*pip, str(wheel)], check=True, timeout=300)
    # What it depends on is here already.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin" / "aws-preflight"


def started(command: Path, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [str(command), *arguments], capture_output=True, text=True, check=False, timeout=300, **options
    )


def test_the_wheel_holds_one_package_and_nothing_else(wheel: Path) -> None:
    assert wheel.name == f"aws_preflight-{PACK_VERSION}-py3-none-any.whl"
    names = [name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name]
    assert {name.partition("/")[0] for name in names} == {"aws_preflight"}
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    pages = {f"aws_preflight/{name}" for name in tracked if name.startswith("docs/")}
    assert set(names) == {name for name in tracked if name.startswith("aws_preflight/")} | pages


def test_it_runs_from_any_folder_and_no_code_of_that(installed: Path, tmp_path: Path) -> None:
    for name in ("aws_preflight", "cli", "policies", "click"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('this must not run')")
    assert started(installed, "--version", cwd=tmp_path).stdout == f"aws-preflight, version {PACK_VERSION}\n"
    explained = started(installed, "explain", "acm-domain-too-long", cwd=tmp_path)
    assert explained.stdout.startswith("# acm-domain-too-long")
    listed = json.loads(started(installed, "list", "--format", "json", "--service", "acm", cwd=tmp_path).stdout)
    assert {"acm-domain-too-long", "acm-domain-owned-by-aws"} <= {policy["id"] for policy in listed}
    assert all("acm" in policy["services"] for policy in listed)


@pytest.mark.slow
def test_a_preview_a_rehearsal_and_an_audit(installed: Path, tmp_path: Path) -> None:
    with Workspace(BROKEN) as workspace:
        environment = {**workspace.environment, "XDG_CACHE_HOME": str(tmp_path)}
        preview = started(installed, "preview", "--stack", "dev", "--non-interactive", cwd=BROKEN, env=environment)
        assert preview.returncode not in (0, 2), preview.stdout + preview.stderr
        assert all(f"[mandatory] [severity: high]  {id_}" in preview.stdout for id_ in MISTAKES), preview.stdout
        (pack,) = (tmp_path / "aws-preflight").iterdir()
        assert started(installed, "pack", env=environment).stdout == f"{pack}\n"

    report = tmp_path / "report.json"
    rehearsal = started(installed, "rehearse", str(BROKEN), "--format", "json", "--output", str(report))
    assert rehearsal.returncode == 1, rehearsal.stderr
    assert {finding["policy"] for finding in json.loads(report.read_text())["findings"]} >= MISTAKES - {
        "acm-domain-from-load-balancer"  # there the name is known, and other policies speak
    }


@pytest.mark.slow
def test_an_audit_reports_on_each_deployed_stack(installed: Path, tmp_path: Path) -> None:
    with Workspace(BROKEN, refusals=False) as workspace:
        assert not workspace.up().errors
        environment = {**workspace.environment, "XDG_CACHE_HOME": str(tmp_path)}
        audit = started(
            installed,
            *("audit", "--program", str(BROKEN), "--format", "json", "--format", "junit"),
            *("--output", str(tmp_path / "reports")),
            env=environment,
        )
    assert audit.returncode == 1, audit.stdout + audit.stderr
    assert re.search(r"^\S*dev\s+[1-9] mandatory", audit.stdout, re.MULTILINE), audit.stdout
    assert "1 stack, 0 of them without a finding that fails" in audit.stdout
    assert {file.suffix for file in (tmp_path / "reports").iterdir()} == {".json", ".xml"}
