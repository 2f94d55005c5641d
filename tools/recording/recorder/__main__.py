"""A policy pack without policies that writes down what the engine sends.

`python -m tools.recording.recorded` runs it.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2 as pb

from aws_preflight.preflight import crossguard


class Recorder(crossguard.Analyzer):
    """Appends each request to the file that `RECORD_TO` names, and finds nothing."""

    def Analyze(self, request: pb.AnalyzeRequest, context: object) -> pb.AnalyzeResponse:  # noqa: ARG002, N802
        """Writes down one resource."""
        return self._write("Analyze", request)

    def AnalyzeStack(self, request: pb.AnalyzeStackRequest, context: object) -> pb.AnalyzeResponse:  # noqa: ARG002, N802
        """Writes down the whole stack."""
        return self._write("AnalyzeStack", request)

    def _write(self, rpc: str, request: pb.AnalyzeRequest | pb.AnalyzeStackRequest) -> pb.AnalyzeResponse:
        line = f"{rpc}\t{json.dumps(json_format.MessageToDict(request), sort_keys=True)}"
        with Path(os.environ["RECORD_TO"]).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        return pb.AnalyzeResponse()


if __name__ == "__main__":
    crossguard.run(Recorder([]))
