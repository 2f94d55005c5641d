"""What a program leaves running neither delays the end of a run nor outlives it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aws_preflight.rehearsal import display
from aws_preflight.rehearsal.program import workspace
from aws_preflight.rehearsal.program.rehearse import Request, rehearse
from aws_preflight.rehearsal.program.workspace import EngineTimeoutError, Workspace
from tests.engine.conftest import ROOT, slow

pytestmark = pytest.mark.engine

PATIENCE_SECONDS = 60
"""Longer than any run of these programs takes, and far shorter than what they leave behind."""


def left_by(folder: Path) -> list[int]:
    """The processes that the program has written down, as far as they still run."""
    written = [int(path.name.rpartition("-")[2]) for path in folder.iterdir()]
    assert len(written) == 2, "the program has started its processes"
    return [process for process in written if runs(process)]


def runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "processes").mkdir()
    return tmp_path / "processes"


def settings(folder: Path, **options: str) -> dict[str, str]:
    return {f"engine-leaves:{name}": value for name, value in {"folder": str(folder), **options}.items()}


@pytest.mark.parametrize("options", slow([{}, {"fail": "true"}], [{}]), ids=["clean", "failed"])
def test_a_run_ends_and_what_the_program_left_ends_with_it(
    program: Callable[[str], Path], folder: Path, options: dict[str, str]
) -> None:
    with Workspace(program("leaves"), config=settings(folder, **options), timeout=PATIENCE_SECONDS) as stack:
        result = stack.up()
        assert (result.exit_code == 0) == (not options), result.output
        assert left_by(folder) == []
    assert stack.left == []


@pytest.mark.slow
def test_a_run_that_stops_at_a_missing_plugin_ends_too(program: Callable[[str], Path], folder: Path) -> None:
    source = program("leaves")
    with (source / "__main__.py").open("a") as stream:
        stream.write('\npulumi.CustomResource("nowhere:index:Thing", "thing")\n')
    with Workspace(source, config=settings(folder), timeout=PATIENCE_SECONDS) as stack:
        result = stack.up()
    assert "no resource plugin 'pulumi-resource-nowhere' found" in result.output
    assert left_by(folder) == []


@pytest.mark.slow
def test_a_run_that_takes_too_long_leaves_nothing(program: Callable[[str], Path], folder: Path) -> None:
    with (
        Workspace(program("leaves"), config=settings(folder, wait="true"), timeout=8) as stack,
        pytest.raises(EngineTimeoutError, match=r"`pulumi up` was not done after 8 seconds"),
    ):
        stack.up()
    assert left_by(folder) == []


@pytest.mark.parametrize(
    "number", slow([signal.SIGINT, signal.SIGTERM, signal.SIGKILL], [signal.SIGTERM, signal.SIGKILL])
)
def test_an_interrupted_rehearsal_leaves_no_process(
    program: Callable[[str], Path], folder: Path, number: signal.Signals
) -> None:
    options = [f"--config={key}={value}" for key, value in settings(folder, wait="true").items()]
    command = [sys.executable, str(ROOT / "aws-preflight"), "rehearse", str(program("leaves")), *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_until(lambda: len(list(folder.iterdir())) == 2)
    process.send_signal(number)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)
    if number == signal.SIGKILL:
        # Nobody is there to wait for it, and yet it happens.
        wait_until(lambda: left_by(folder) == [])
    else:
        assert errors.endswith("Interrupted; nothing is left behind.\n")
        assert left_by(folder) == []


def test_what_cannot_be_ended_is_named(
    program: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process of another user cannot be ended; no test can start one, so a supervisor tells of one."""
    real, told = workspace._SUPERVISOR, "4711 sudo tail -f /var/log/syslog"
    supervisor = tmp_path / "supervisor.py"
    supervisor.write_text(
        "import pathlib, subprocess, sys\n"
        f"code = subprocess.call([sys.executable, {str(real)!r}, *sys.argv[1:]])\n"
        f"pathlib.Path(sys.argv[1]).write_text({told!r} + '\\n')\n"
        "sys.exit(code)\n"
    )
    monkeypatch.setattr(workspace, "_SUPERVISOR", supervisor)
    ticker = display.Ticker(display.console(stderr=True))
    report = rehearse(Request(program=program("certificates-python")), ticker)
    assert [notice.text for notice in report.notices if notice.kind == "process"] == [
        f"Still running, and could not be ended: {told}"
    ]
    assert ticker.left_behind == [told]


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
