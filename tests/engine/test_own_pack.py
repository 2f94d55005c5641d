"""A pack of somebody's own that brings the rules of this one: the example, with the real engine of both ends."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.engine import Engine
from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT
from tests.engine.test_examples import EXAMPLES
from tools.engine.cli import built, find_or_build

pytestmark = pytest.mark.engine


@pytest.fixture
def own_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example, with modules of its own that are called as rooms of ours are."""
    folder = tmp_path / "own-pack"
    shutil.copytree(ROOT / "examples" / "own-pack", folder)
    for name in ("policies", "report", "cli"):
        (folder / f"{name}.py").write_text("OURS = False\n")
    main = folder / "__main__.py"
    main.write_text(main.read_text().replace("from __future__ import annotations\n", "import cli, policies, report\n"))
    # The packages are those of this Python, and the package of this clone.
    (folder / "PulumiPolicy.yaml").write_text("name: acme\nversion: 1.0.0\nruntime: python\n")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return folder


@pytest.mark.parametrize("release", ["newest", "oldest"])
@pytest.mark.parametrize("name", ["payment-api/broken", "payment-api-python/broken"])
def test_the_rules_stand_beside_those_of_the_pack(own_pack: Path, name: str, release: str) -> None:
    engine: Engine = find_or_build() if release == "newest" else built("oldest")
    with Workspace(EXAMPLES / name, engine=engine) as workspace:
        result = workspace.preview(policy_pack=own_pack)
    said = {(one.policy, one.level): one for one in result.violations}
    assert said.keys() == {("aws-preflight-resource", "mandatory"), ("aws-preflight-stack", "mandatory")}, result.output
    assert "The awslogs-group of a container is not" in said["aws-preflight-resource", "mandatory"].message
    assert "`aws-preflight explain awslogs-group-unresolved`" in said["aws-preflight-resource", "mandatory"].message
    assert "Missing dependency: " in said["aws-preflight-stack", "mandatory"].message
    assert result.exit_code != 0


def test_a_level_of_the_pack_and_no_secret(own_pack: Path) -> None:
    with Workspace(EXAMPLES / "failover-python" / "broken") as workspace:
        result = workspace.preview(policy_pack=own_pack)
    found = {(one.policy, one.level) for one in result.violations}
    assert ("aws-preflight-resource-advisory", "advisory") in found, result.output
    assert ("aws-preflight-resource", "mandatory") in found, result.output
    assert "write: " not in json.dumps([one.message for one in result.violations]), "a message quotes no value"
