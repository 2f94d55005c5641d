"""What the engine sent to a policy pack when it previewed the broken payment system, to be sent again without it.

`python -m tools.recording.recorded` records it anew, with the real engine.
"""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import grpc
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "examples" / "payment-api" / "broken"
RECORDING = ROOT / "examples" / "payment-api" / "recorded-preview.jsonl.gz"

Request = pb.AnalyzeRequest | pb.AnalyzeStackRequest


def requests() -> list[Request]:
    """The recorded requests, in the order of the engine."""
    answer: list[Request] = []
    for line in gzip.decompress(RECORDING.read_bytes()).decode().splitlines():
        kind, _, request = line.partition("\t")
        message: Request = pb.AnalyzeRequest() if kind == "Analyze" else pb.AnalyzeStackRequest()
        answer.append(json_format.Parse(request, message))
    return answer


def send(pack: analyzer_pb2_grpc.AnalyzerStub, request: Request) -> list[pb.AnalyzeDiagnostic]:
    """What a running pack answers to one request."""
    call = pack.Analyze if isinstance(request, pb.AnalyzeRequest) else pack.AnalyzeStack
    return list(call(request).diagnostics)


@contextmanager
def connected(
    pack: Path, environment: Mapping[str, str] | None = None, python: Path = Path(sys.executable)
) -> Iterator[grpc.Channel]:
    """A channel to the pack in the folder `pack` as a process of its own, started as the engine does.

    `environment` is added to that of this process; `python` is the interpreter that runs the pack.
    """
    command = [str(python), "-u", "-m", "pulumi.policy", "127.0.0.1:0", "."]
    process = subprocess.Popen(
        command, cwd=pack, env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE, text=True
    )
    options = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
    try:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
            yield channel
    finally:
        process.terminate()
        process.wait(timeout=10)


@contextmanager
def running(
    pack: Path, environment: Mapping[str, str] | None = None, python: Path = Path(sys.executable)
) -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    """The same, with a method for each call of the protocol."""
    with connected(pack, environment, python) as channel:
        yield analyzer_pb2_grpc.AnalyzerStub(channel)


def record() -> None:
    """Previews the program with the real engine and writes down what a pack receives."""
    # Imported here: replaying needs neither an engine nor the simulated provider.
    from aws_preflight.rehearsal.program.workspace import Workspace
    from tools.engine.cli import find_or_build

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requests"
        with Workspace(PROGRAM, environment={"RECORD_TO": str(file)}, engine=find_or_build()) as workspace:
            workspace.preview(policy_pack=ROOT / "tools" / "recording" / "recorder")
        # No time stamp, so that the same preview gives the same file.
        RECORDING.write_bytes(gzip.compress(file.read_bytes(), mtime=0))
    sys.stdout.write(f"{len(requests())} requests, {os.path.getsize(RECORDING)} bytes\n")


if __name__ == "__main__":
    record()
