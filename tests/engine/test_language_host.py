"""What a user sees when a program fails, and what is left of it when it ends, in whatever way."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.workspace import EngineTimeoutError, Workspace
from tests.engine.conftest import left_running, slow, write_pack

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("name", slow(["fails", "fails-typescript"], ["fails-typescript"]))
def test_an_error_of_the_program_reaches_the_user(program, name):
    with Workspace(program(name)) as workspace:
        result = workspace.preview()
        assert left_running(workspace.environment["PULUMI_HOME"]) == []
    assert result.exit_code != 0
    assert "no such environment: prod" in result.output
    assert any("no such environment: prod" in error for error in result.errors)


@pytest.mark.slow
def test_a_type_check_is_made_on_request(program):
    with Workspace(program("fails-typescript"), type_check=True) as workspace:
        result = workspace.preview()
    assert result.exit_code != 0
    assert "Type 'number' is not assignable to type" in result.output


@pytest.mark.slow
def test_a_missing_npm_package_is_named(program):
    folder = program("typescript")
    (folder / "node_modules").unlink()
    with Workspace(folder) as workspace:
        result = workspace.preview()
    assert result.exit_code != 0
    assert "@pulumi/pulumi is not installed" in result.output
    assert "npm install" in result.output


def test_a_missing_node_is_named(program, tmp_path):
    with Workspace(program("typescript"), environment={"PATH": str(tmp_path)}) as workspace:
        result = workspace.preview()
    assert result.exit_code != 0
    assert "expected `node` on PATH" in result.output


def test_a_pack_that_does_not_start_says_why(program, tmp_path):
    pack = write_pack(tmp_path, "raise ValueError('no such rule')")
    with Workspace(program("python")) as workspace:
        result = workspace.preview(pack)
        assert left_running(workspace.environment["PULUMI_HOME"]) == []
    assert result.exit_code != 0
    assert "ValueError: no such rule" in result.output
    assert "failed to start" in result.output


def test_the_virtual_environment_of_a_project_is_used(program):
    folder = program("python")
    python = folder / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho this is the python of the project >&2\nexit 3\n")
    python.chmod(0o755)
    project = "name: engine-python\nruntime: {name: python, options: {toolchain: pip, virtualenv: venv}}\n"
    (folder / "Pulumi.yaml").write_text(project)
    with Workspace(folder) as workspace:
        result = workspace.preview()
    assert "this is the python of the project" in result.output
    assert "exited with non-zero exit code: 3" in result.output


@pytest.mark.parametrize("number", slow([signal.SIGINT, signal.SIGKILL], [signal.SIGINT]))
def test_an_interrupted_run_leaves_nothing_behind(program, policy_pack, tmp_path, number):
    started = tmp_path / "started"
    with Workspace(program("waits"), config={"engine-waits:started": str(started)}) as workspace:
        command = workspace.command(["preview"], policy_pack)
        engine = subprocess.Popen(command, cwd=workspace.program, env=workspace.environment, stdout=subprocess.PIPE)
        wait_for(started)
        assert left_running(workspace.environment["PULUMI_HOME"], patience=0) != []
        engine.send_signal(number)
        engine.communicate(timeout=30)
        assert left_running(workspace.environment["PULUMI_HOME"]) == []
    assert engine.returncode != 0


@pytest.mark.slow
def test_a_run_that_takes_too_long_is_ended(program, tmp_path):
    started = tmp_path / "started"
    with Workspace(program("waits"), config={"engine-waits:started": str(started)}, timeout=6) as workspace:
        with pytest.raises(EngineTimeoutError, match=r"`pulumi preview` was not done after 6 seconds[\s\S]*waiting"):
            workspace.preview()
        assert started.exists()
        assert left_running(workspace.environment["PULUMI_HOME"]) == []


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not appear"
        time.sleep(0.05)
