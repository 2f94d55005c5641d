"""What several test modules use: the recorded programs, and a pack that runs as the engine runs it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from hypothesis import settings
from pulumi.runtime.proto import analyzer_pb2_grpc

from tools.recording.recorded import connected

# How long an example takes is no property of the code where other tests run beside it.
settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "tests" / "samples"
"""Real failures, dashboards, traces of Outputs: what was collected elsewhere; its README tells where."""


@pytest.fixture(scope="session")
def graphs() -> Path:
    """The recorded programs, which lie beside the repository: they are too large for it, and not its own."""
    return found_or_skipped(ROOT.parent / "shared" / "graphs")


def found_or_skipped(folder: Path) -> Path:
    """A folder that a machine may lack, in CI too. Only `.ci/run` insists on it."""
    if not folder.is_dir():
        pytest.skip(f"no {folder.parent.name}/{folder.name} beside the repository")
    return folder


@pytest.fixture(scope="session")
def channel() -> Iterator[grpc.Channel]:
    """A connection to the pack in a process of its own, as the engine starts it."""
    with connected(ROOT) as channel:
        yield channel


@pytest.fixture(scope="session")
def pack(channel: grpc.Channel) -> analyzer_pb2_grpc.AnalyzerStub:
    """The same pack behind its protocol."""
    return analyzer_pb2_grpc.AnalyzerStub(channel)
