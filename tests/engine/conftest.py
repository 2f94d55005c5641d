"""Programs to run, a small policy pack to run them with, and a look at what is left running."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from aws_preflight.rehearsal.program.engine import EngineUnavailableError
from tools.engine.cli import find_or_build

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(__file__).parent / "programs"
NODE_MODULES = ROOT / "examples" / "node_modules"

PACK = """
import json

from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy, StackValidationPolicy


def arrives(args, report):
    report(json.dumps(args.props["__target"], default=lambda proxy: proxy["__target"]))


def has_a_bucket(args, report):
    if any(resource.resource_type == "aws:s3/bucket:Bucket" for resource in args.resources):
        report("this stack has a bucket")


PolicyPack(
    "trial",
    policies=[
        ResourceValidationPolicy("arrives", "What a policy gets.", arrives, EnforcementLevel.ADVISORY),
        StackValidationPolicy("no-bucket", "There is no bucket.", has_a_bucket, EnforcementLevel.MANDATORY),
    ],
)
"""


def slow(names: Iterable[Any], those: Collection[Any]) -> list[Any]:
    """The parameters of a test, some of them left to `make test-slow`: what they show, a faster one shows."""
    return [pytest.param(name, marks=pytest.mark.slow) if name in those else name for name in names]


@pytest.fixture(scope="session", autouse=True)
def engine() -> Iterator[None]:
    """Puts an engine on PATH, as a user has it, and the Python that the packs of these tests need."""
    try:
        folders = [str(find_or_build().pulumi.parent), str(Path(sys.executable).parent)]
    except EngineUnavailableError:
        folders = []  # What needs an engine says so itself; the rest needs none.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.pathsep.join([*folders, os.environ.get("PATH", os.defpath)]))
        yield


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Copies a program to a folder of its own, from which Node.js finds the installed packages."""

    def copy(name: str) -> Path:
        folder = tmp_path_factory.mktemp("program") / name
        shutil.copytree(PROGRAMS / name, folder)
        if list(folder.glob("*.ts")):
            assert NODE_MODULES.is_dir(), f"run `npm ci --ignore-scripts` in {NODE_MODULES.parent} first"
            (folder / "node_modules").symlink_to(NODE_MODULES)
        return folder

    return copy


@pytest.fixture(scope="session")
def policy_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack that reports every resource as it arrives, and refuses buckets."""
    folder = tmp_path_factory.mktemp("pack")
    return write_pack(folder, PACK)


def write_pack(folder: Path, code: str) -> Path:
    (folder / "PulumiPolicy.yaml").write_text("name: trial\nversion: 0.0.1\nruntime: python\n")
    (folder / "__main__.py").write_text(textwrap.dedent(code))
    return folder


def arrived(result, name: str) -> dict:
    """The properties of a resource as the pack of these tests received them."""
    messages = [
        found.message for found in result.violations if found.policy == "arrives" and found.urn.endswith(f"::{name}")
    ]
    assert len(messages) == 1, messages
    return json.loads(messages[0].partition("\n")[2])


def left_running(home: str, patience: float = 10) -> list[str]:
    """The processes that still run in the environment of a workspace, after a moment to come to their end."""
    deadline = time.monotonic() + patience
    while (running := _running(home)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return running


def _running(home: str) -> list[str]:
    marker = f"PULUMI_HOME={home}".encode()
    processes = [process for process in Path("/proc").glob("[0-9]*") if marker in _read(process / "environ")]
    # A process that has ended and waits to be collected has no command line any more.
    return [command.decode() for process in processes if (command := b" ".join(_read(process / "cmdline")))]


def _read(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().split(b"\0")
    except OSError:
        return []  # ended meanwhile, or somebody else's
