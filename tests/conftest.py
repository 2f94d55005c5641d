"""What several test modules use: the shared data, and a pack that runs as the engine runs it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import analyzer_pb2_grpc

from tools.recorded import connected

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The samples that lie beside the repository: real failures, dashboards, recorded programs."""
    if not SHARED.is_dir():
        message = f"no samples at {SHARED.name}/ beside the repository"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return SHARED


@pytest.fixture(scope="session")
def channel() -> Iterator[grpc.Channel]:
    """A connection to the pack in a process of its own, as the engine starts it."""
    with connected(ROOT) as channel:
        yield channel


@pytest.fixture(scope="session")
def pack(channel: grpc.Channel) -> analyzer_pb2_grpc.AnalyzerStub:
    """The same pack behind its protocol."""
    return analyzer_pb2_grpc.AnalyzerStub(channel)
