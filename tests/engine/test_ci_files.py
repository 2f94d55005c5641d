"""The steps of the GitHub Action, the GitLab job and the documented shell snippet, run as those systems run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT

pytestmark = pytest.mark.engine

BROKEN = ROOT / "examples" / "failover-python" / "broken"
MISTAKES = ["asg-tag-not-string", "dashboard-metrics-malformed"]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the repository, without what is installed in it."""
    folder = tmp_path_factory.mktemp("ci") / "aws-preflight"
    ignored = shutil.ignore_patterns("venv", "node_modules", ".git", ".*_cache", "__pycache__", ".hypothesis", "build")
    shutil.copytree(ROOT, folder, ignore=ignored)
    return folder


def repository(folder: Path) -> None:
    """Makes `folder` a repository with the program in `infra`, and modules of its own that are called as ours are."""
    shutil.copytree(BROKEN, folder / "infra")
    for name in ("aws_preflight", "policies", "report", "venv", "pip", "click", "grpc"):
        for package in (folder / name, folder / "infra" / name):
            package.mkdir()
            for file in ("__init__.py", "__main__.py"):
                (package / file).write_text("raise SystemExit('this is the code of the repository')\n")


def run(script: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=400
    )


def with_packages_of_this_python(workspace: Workspace) -> dict[str, str]:
    """The program's own packages; the pack has an environment of its own."""
    return {
        **workspace.environment,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{workspace.environment['PATH']}",
    }


@pytest.mark.slow  # It installs the requirements of the action.
def test_the_github_action(pack: Path, tmp_path: Path) -> None:
    action = yaml.safe_load((pack / "action.yml").read_text(encoding="utf-8"))
    repository(tmp_path)
    inputs = {name: item.get("default", "") for name, item in action["inputs"].items()}
    inputs |= {"work-dir": "infra", "stack": "dev", "sarif": "out.sarif", "arguments": "--color\nnever\n"}
    inputs |= {"policy-pack-config": "levels.json", "config": "failover-python:environmentSuffix=green\n"}
    (tmp_path / "levels.json").write_text('{"asg-tag-not-string": "advisory"}')
    with Workspace(tmp_path / "infra") as workspace:
        environment = {**with_packages_of_this_python(workspace), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
        results = [
            run(step["run"], tmp_path, {**environment, **filled(step["env"], inputs, pack)}) for step in steps(action)
        ]
    assert results[0].returncode == 0, results[0].stderr
    assert results[1].returncode not in (0, 2), results[1].stdout + results[1].stderr
    for mistake, command in zip(MISTAKES, ["warning", "error"], strict=True):
        assert f"::{command} file=infra/Pulumi.yaml,title={mistake}%3A" in results[1].stdout
    assert "dashboard-green" in results[1].stdout
    found = {result["ruleId"] for result in json.loads((tmp_path / "out.sarif").read_text())["runs"][0]["results"]}
    assert sorted(found) == MISTAKES
    assert "AWS would refuse" in (tmp_path / "summary.md").read_text()


def steps(action: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for step in action["runs"]["steps"] if step["shell"] == "bash"]


def filled(environment: dict[str, str], inputs: dict[str, str], pack: Path) -> dict[str, str]:
    def value(match: re.Match[str]) -> str:
        expression = match[1]
        return str(pack) if expression == "github.action_path" else inputs[expression.removeprefix("inputs.")]

    return {name: re.sub(r"\$\{\{ (\S+) \}\}", value, text) for name, text in environment.items()}


def test_no_input_of_the_action_is_part_of_a_script() -> None:
    """An expression in a script would let a branch name or a stack name run as code."""
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert not [step["name"] for step in steps(action) if "${{" in step["run"]]


def test_each_input_of_the_action_is_one_argument(tmp_path: Path) -> None:
    """With a command in place of ours that tells its arguments."""
    command = tmp_path / "pack" / "venv" / "bin" / "aws-preflight"
    command.parent.mkdir(parents=True)
    command.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
    command.chmod(0o755)
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    inputs = {name: item.get("default", "") for name, item in action["inputs"].items()}
    step = steps(action)[1]

    def arguments(**given: str) -> list[str]:
        named = {name.replace("_", "-"): value for name, value in given.items()}
        values = filled(step["env"], {**inputs, "stack": "dev", **named}, tmp_path / "pack")
        result = run(step["run"], tmp_path, {**os.environ, **values})
        assert (result.returncode, result.stderr) == (0, "")
        return result.stdout.splitlines()

    begin = ["gate", ".", "--format", "github", "--fail-on", "mandatory", "--path-prefix", "."]
    end = ["--", "--stack", "dev", "--non-interactive"]
    assert arguments() == [*begin, *end]
    assert arguments(
        work_dir="my infra",
        config="shop:greeting=$(touch owned) 'and' \"more\"\n\nshop:size=2\n",
        config_file="/settings/prod.yaml",
        policy_pack_config="my levels.json",
        rehearse="true",
        stack_outputs="out puts.yaml",
        fail_on="never",
        sarif="a b.sarif",
        arguments="--message\nfirst `touch owned`; second *\n--diff",
    ) == [
        *("gate", "my infra", "--format", "github", "--fail-on", "never", "--path-prefix", "my infra"),
        *("--format", "sarif=a b.sarif", "--rehearse", "--stack-outputs", "out puts.yaml"),
        *end,
        *("--config", "shop:greeting=$(touch owned) 'and' \"more\"", "--config", "shop:size=2"),
        *("--config-file", "/settings/prod.yaml", "--policy-pack-config", f"{tmp_path}/my levels.json"),
        *("--message", "first `touch owned`; second *", "--diff"),
    ]
    assert not (tmp_path / "owned").exists()


@pytest.mark.slow
def test_the_gitlab_job(pack: Path, tmp_path: Path) -> None:
    job = yaml.safe_load((pack / "ci" / "gitlab.yml").read_text(encoding="utf-8"))["aws-preflight"]
    repository(tmp_path)
    variables = {**job["variables"], "AWS_PREFLIGHT": str(pack), "PULUMI_PROGRAM": "infra"}
    with Workspace(tmp_path / "infra") as workspace:
        result = run("\n".join(job["script"]), tmp_path, {**with_packages_of_this_python(workspace), **variables})
    assert result.returncode not in (0, 2), result.stdout + result.stderr
    nothing = run("\n".join(job["script"]), tmp_path, {**os.environ, "PULUMI_STACK": "dev"})
    assert nothing.returncode != 0
    assert "AWS_PREFLIGHT: set it to what pip install takes" in nothing.stderr
    reports = job["artifacts"]["reports"]
    issues = json.loads((tmp_path / reports["codequality"]).read_text())
    # The provider's own check ends this preview early, which is an issue of its own.
    assert sorted({issue["check_name"] for issue in issues}) == sorted(["aws-preflight", *MISTAKES])
    assert {issue["location"]["path"] for issue in issues} == {"infra/Pulumi.yaml"}
    assert 'failures="2"' in (tmp_path / reports["junit"]).read_text()


@pytest.mark.slow
def test_the_documented_snippet(pack: Path, tmp_path: Path) -> None:
    page = (pack / "docs" / "ci.md").read_text(encoding="utf-8")
    snippet = re.search(r"## Any other CI\n\n```sh\n(.*?)```", page, re.DOTALL)
    assert snippet is not None
    repository(tmp_path)
    (tmp_path / "aws-preflight").symlink_to(pack)
    script = snippet[1].replace("my-org/shop/prod", "dev")
    with Workspace(tmp_path / "infra") as workspace:
        result = run(script, tmp_path, with_packages_of_this_python(workspace))
    assert result.returncode not in (0, 2), result.stdout + result.stderr
    assert 'failures="2"' in (tmp_path / "aws-preflight.xml").read_text()
    assert "[mandatory] dashboard-metrics-malformed" in result.stdout
