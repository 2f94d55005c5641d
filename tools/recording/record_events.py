"""Records what the engine reports when it previews the examples: the logs that the tests of reports read.

`python -m tools.recording.record_events` writes `tests/report/events/` anew, with the real engine. Debug messages and
what is said of single resources are left out, and every run gives the same log.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from aws_preflight.rehearsal.program.workspace import Workspace
from tools.engine.cli import find_or_build

ROOT: Final = Path(__file__).parents[2]
EVENTS: Final = ROOT / "tests" / "report" / "events"
_LEFT_OUT: Final = ("resourcePreEvent", "resOutputsEvent", "policyAnalyzeSummaryEvent", "policyRemediateSummaryEvent")
_TIMESTAMP: Final = 1_795_878_943
_SECONDS: Final = 5


def events_of(program: Path) -> Iterator[dict[str, Any]]:
    """The events of one preview with the pack."""
    with Workspace(program, engine=find_or_build()) as workspace:
        for event in workspace.preview(ROOT).events:
            if not _tells_of_the_run(event):
                continue
            event["timestamp"] = _TIMESTAMP
            if "summaryEvent" in event:
                event["summaryEvent"]["durationSeconds"] = _SECONDS
            yield event


def _tells_of_the_run(event: dict[str, Any]) -> bool:
    """Whether an event is about more than one resource; that of the stack itself is."""
    metadata = event.get("resourcePreEvent", {}).get("metadata", {})
    if metadata.get("type") == "pulumi:pulumi:Stack":
        return True
    debug = event.get("diagnosticEvent", {}).get("severity") == "debug"
    return not debug and event.keys().isdisjoint(_LEFT_OUT)


def main() -> None:
    """Writes a log for each example, with paths of this machine taken out."""
    for file in sorted(ROOT.glob("examples/*/*/Pulumi.yaml")):
        name = "-".join(file.parent.relative_to(ROOT / "examples").parts)
        sys.stderr.write(f"{name} ...\n")
        lines = (json.dumps(event).replace(str(ROOT), "aws-preflight") for event in events_of(file.parent))
        (EVENTS / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
