"""What several test modules use: the shared data, and a pack that runs as the engine runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import analyzer_pb2_grpc

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
def pack() -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    """The pack in a process of its own, as the engine starts it, behind its protocol."""
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:0", "."]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        options = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
            yield analyzer_pb2_grpc.AnalyzerStub(channel)
    finally:
        process.terminate()
        process.wait(timeout=10)
