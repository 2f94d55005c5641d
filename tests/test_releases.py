"""One version, what a release needs, and the files that GitHub and pre-commit read."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from aws_preflight.cli.main import main as command_line
from aws_preflight.preflight import PACK_VERSION
from tests.conftest import ROOT
from tools import version

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in (version.PLACE, *version.FOLLOWING, version.CHANGELOG):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_everything_that_states_the_version_follows(copy: Path) -> None:
    assert version.current() == PACK_VERSION
    for name in version.FOLLOWING:
        stated = re.findall(r"(?<=[v ])\d+\.\d+\.\d+(?=[ \n`\"/}]|$)", (ROOT / name).read_text(encoding="utf-8"))
        assert PACK_VERSION in stated, name
    version.write("7.8.9", copy)
    assert version.current(copy) == "7.8.9"
    for name in (version.PLACE, *version.FOLLOWING):
        text = (copy / name).read_text(encoding="utf-8")
        assert "7.8.9" in text, name
        assert PACK_VERSION not in text, name
    assert f"## 7.8.9 (unreleased)\n\n## {PACK_VERSION} " in (copy / version.CHANGELOG).read_text(encoding="utf-8")


def test_a_release_has_its_tag_and_its_day(copy: Path) -> None:
    version.write("7.8.9", copy)
    changelog = copy / version.CHANGELOG
    with pytest.raises(version.VersionError, match="set the day of the release"):
        version.released("v7.8.9", copy)
    with pytest.raises(version.VersionError, match=r"the tag is v7\.8\.8, and the version .* is 7\.8\.9"):
        version.released("v7.8.8", copy)
    text = changelog.read_text(encoding="utf-8")
    changelog.write_text(text.replace("7.8.9 (unreleased)\n", "7.8.9 (2027-01-31)\n\n- News.\n"), encoding="utf-8")
    assert version.released("v7.8.9", copy) == "- News.\n"


@pytest.mark.parametrize("new", ["1.0", "v1.0.0", "1.0.0-rc1", ""])
def test_what_is_no_version_is_written_nowhere(copy: Path, new: str) -> None:
    with pytest.raises(version.VersionError, match="is no version"):
        version.write(new, copy)
    assert version.current(copy) == PACK_VERSION


def test_each_hook_for_pre_commit_runs_a_command_that_there_is() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    for hook in hooks:
        name, command = shlex.split(hook["entry"])
        assert name == "aws-preflight"
        assert command in command_line.commands
        assert f"id: {hook['id']}" in page
    files = re.compile(hooks[0]["files"])
    assert all(files.search(name) for name in ("Pulumi.yaml", "infra/Pulumi.prod.yaml", "Pulumi.dev.yml"))
    assert not any(files.search(name) for name in ("MyPulumi.yaml", "Pulumi.ts", "Pulumi.d/x.yaml"))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_what_there_is(workflow: Path) -> None:
    """No expression is part of a script, every target is one of the Makefile, and every file is there."""
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values()
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    scripts = [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    assert scripts
    for script in scripts:
        assert "${{" not in script
        assert all(f"\n{target}:" in makefile for target in re.findall(r"\bmake ([a-z-]+)", script))
        assert all((ROOT / file).exists() for file in re.findall(r"\btools/\S+\.py", script))
