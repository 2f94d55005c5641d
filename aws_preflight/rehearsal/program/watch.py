"""The pack as a rehearsal runs it: nothing stops the deployment, and every finding is written down in full.

The engine starts a policy pack from a folder; `write_pack` makes one whose only line of code leads back here.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pulumi.runtime.proto import analyzer_pb2 as pb

from aws_preflight.policies import POLICIES
from aws_preflight.preflight import PACK_NAME, PACK_VERSION, pack_folder
from aws_preflight.preflight.crossguard import Analyzer, run
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.run import Run, Verdict
from aws_preflight.report.data import finding_data, finding_of
from aws_preflight.report.model import Finding

_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Part:
    """The part of a stack that exists where its deployment has failed: what the engine does not tell about it."""

    runtime: str
    settings: Mapping[str, str]
    """The stack's settings for the pack."""

    only_read: Sequence[str] = ()
    """The URNs of what the program only looked at, with made-up values: in a deployment the engine leaves it out."""


class Watch(Run):
    """Tells the engine everything as an advisory, and writes it to a file with the level it really has.

    A mandatory finding would end the deployment at the first resource that is refused.
    """

    def __init__(self, policies: Sequence[Policy], file: Path, stack_only: bool = False) -> None:
        super().__init__(policies, everything_is_new=True)
        self._file = file
        self._stack_only = stack_only
        self._lock = threading.Lock()

    def evaluate_resource(
        self,
        type_: str,
        urn: str,
        read: Callable[[], Resource],
        serialize: Callable[[], bytes] | None = None,
        names: Iterable[str] | None = None,
    ) -> list[Verdict]:
        """As of any run, with every verdict written down."""
        if self._stack_only:
            return []
        return self._written_down(super().evaluate_resource(type_, urn, read, serialize, names))

    def evaluate_stack(self, types: Collection[str], read: Callable[[], Stack]) -> list[Verdict]:
        """As of any run, with every verdict written down."""
        return self._written_down(super().evaluate_stack(types, read))

    def _written_down(self, verdicts: list[Verdict]) -> list[Verdict]:
        lines = "".join(f"{json.dumps(finding_data(_finding(verdict)))}\n" for verdict in verdicts)
        with self._lock, self._file.open("a", encoding="utf-8") as stream:
            stream.write(lines)
        return [replace(verdict, level="advisory") for verdict in verdicts]


class Watcher(Analyzer):
    """The pack, watching."""

    def __init__(self, policies: Sequence[Policy], file: Path, part: Part | None = None) -> None:
        super().__init__(policies)
        self._run = Watch(policies, file, stack_only=part is not None)
        self._left_out = frozenset(part.only_read if part else ())
        if part is not None:
            # The engine says nothing of the stack where it only analyzes a state.
            self._run.configure_stack(part.settings, None, part.runtime)

    def AnalyzeStack(self, request: pb.AnalyzeStackRequest, context: object) -> pb.AnalyzeResponse:  # noqa: N802
        """As of any pack, without what the program only looked at."""
        kept = [resource for resource in request.resources if resource.urn not in self._left_out]
        return super().AnalyzeStack(pb.AnalyzeStackRequest(resources=kept), context)


def write_pack(folder: Path, file: Path, part: Part | None = None) -> None:
    """Makes `folder` a policy pack that writes its findings to `file`, and runs in this Python.

    With a `part` no resource is evaluated by itself: that has been done already.
    """
    arguments = f"{str(file)!r}, {asdict(part) if part else {}!r}"
    code = f"import sys\nsys.path.insert(0, {str(_ROOT)!r})\nfrom {__name__} import serve\nserve({arguments})\n"
    pack_folder.write_pack(folder, code)


def serve(file: str, part: Mapping[str, Any]) -> None:
    """Serves the policies until the process is ended."""
    run(Watcher(POLICIES, Path(file), Part(**part) if part else None))


def read(file: Path) -> list[Finding]:
    """What a pack has written down: findings, and notes about the run, which have no details.

    A line that it could not write to its end is left out: the pack tells the engine that it failed.
    """
    found = []
    for line in file.read_text(encoding="utf-8", errors="replace").split("\n") if file.exists() else []:
        with contextlib.suppress(ValueError):
            found.append(finding_of(json.loads(line)))
    return found


def _finding(verdict: Verdict) -> Finding:
    return Finding(
        policy=verdict.policy,
        pack=PACK_NAME,
        pack_version=PACK_VERSION,
        level=verdict.level,
        urn=verdict.urn,
        message=verdict.message,
        details=verdict.finding,
    )
