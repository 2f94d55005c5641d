"""Reads the results of policies: the engine's events, in any file that has them, or the report of a rehearsal.

Events are JSON lines: `pulumi --event-log FILE`, `pulumi preview --json` with
`PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1`, and `pulumi policy analyze --json` all write the same ones.

A run has finished when each of its packs was asked about the whole stack and nothing failed but what a mandatory
policy refused. The engine says the first with a `policyAnalyzeStackSummaryEvent` for each pack. Releases from before
September 2025 send none (pulumi/pulumi#20493): their logs cannot be told from those of failed runs, and count as such.
The last event of every log, `cancelEvent`, comes whatever happened.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Final

from aws_preflight.preflight import PACK_NAME
from aws_preflight.preflight.message import DEFECT
from aws_preflight.report.data import VERSION, finding_of, level_of, number_in, object_in, objects_in, text_in
from aws_preflight.report.model import PULUMI, Finding, Node, Report, distinct, joined, project_and_stack_of

# The engine's marks for colours, and what a terminal acts on.
_COLOURS: Final = re.compile(r"<\{%.{0,40}?%\}>|\x1b\[[0-9;:]{0,40}[A-Za-z]|\x1b\][^\x07\x1b]{0,400}(?:\x07|\x1b\\)")
_REFUSED: Final = frozenset({"preview failed", "update failed"})
"""What the engine says where a mandatory policy refused something, and nothing else went wrong."""
_LONGEST_ERROR: Final = 300
_MOST_ERRORS: Final = 10
_NO_PACK: Final = "no policy pack was asked about the stack: either none was given, or it did not start"
_NOT_ASKED: Final = (
    "the pack {} was not asked about the whole stack: the run ended before, and there may be more findings"
)
_CUT: Final = "the events end before the run does: there may be more findings"
_NOTHING: Final = "the {} made no resource: nothing was evaluated"
_ANALYZED: Final = (
    "these are events of `pulumi policy analyze`, which are the same whether it failed or not: its exit code tells"
)


class UnreadableError(Exception):
    """Nothing in the input can be read; the message says which line, and why."""


def read(text: str) -> Report:
    """The report in `text`; raises `UnreadableError` when there is nothing to report from."""
    whole = _json(text)
    if isinstance(whole, dict) and whole.get("kind") == "rehearsal":
        return _rehearsal(whole)
    return _events(text)


@dataclass
class _Run:
    """What the events of one run say; a log may hold several, one after the other."""

    findings: list[Finding] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    packs: dict[str, str] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """What the pack says of the run as a whole."""
    resources: int | None = None
    urn: str = ""
    """That of any resource: it names the project and the stack."""
    seconds: int = 0
    """When the last event came, since 1970."""

    def add(self, event: dict[str, Any]) -> None:
        """Takes one event."""
        self.kinds.update(event)
        self.seconds = number_in(event.get("timestamp")) or self.seconds
        for name, take in _TAKEN.items():
            if isinstance(event.get(name), dict):
                take(self, event[name])

    def policy(self, event: dict[str, Any]) -> None:
        """A finding."""
        self.findings.append(_finding(event))
        self.urn = self.urn or self.findings[-1].urn

    def resource(self, event: dict[str, Any]) -> None:
        """A resource is about to be created, changed or left as it is."""
        self.urn = self.urn or text_in(object_in(event.get("metadata")).get("urn"))

    def asked_about_stack(self, event: dict[str, Any]) -> None:
        """A pack has answered about the whole stack."""
        self.asked.add(text_in(event.get("policyPackName")))

    def diagnostic(self, event: dict[str, Any]) -> None:
        """What the program, a provider, a pack or the engine reports."""
        self.told += told_by_pack(event)
        message = _clean(event.get("message")).strip()
        if event.get("severity") == "error" and message not in _REFUSED:
            self.errors.append(message)

    def summary(self, event: dict[str, Any]) -> None:
        """The counts, and the packs that were loaded: `name|local|path`, or the name alone."""
        changes = object_in(event.get("resourceChanges")).values()
        self.resources = sum(number for number in changes if isinstance(number, int))
        packs = object_in(event.get("PolicyPacks"))
        self.packs |= {name.partition("|")[0]: text_in(version) for name, version in packs.items()}

    @property
    def analyzed(self) -> bool:
        """Whether these are the events of `pulumi policy analyze`, which tell findings and a summary and no more."""
        return (
            not self.kinds - {"sequence", "timestamp", "policyEvent", "summaryEvent"} and "summaryEvent" in self.kinds
        )

    def failures(self) -> Iterator[str]:
        """Why the run has not come to its end."""
        yield from (f"the run failed: {_shortened(error)}" for error in self.errors[:_MOST_ERRORS])
        if len(self.errors) > _MOST_ERRORS:
            yield f"the run failed: {len(self.errors) - _MOST_ERRORS} more errors"
        yield from (line for line in self.told if DEFECT in line)
        if self.analyzed:
            return
        if "cancelEvent" not in self.kinds:
            yield _CUT
        elif not self.packs and not self.asked:
            yield _NO_PACK
        for pack in sorted(self.packs.keys() - self.asked):
            yield _NOT_ASKED.format(pack)


_TAKEN: Final = {
    "policyEvent": _Run.policy,
    "resourcePreEvent": _Run.resource,
    "policyAnalyzeStackSummaryEvent": _Run.asked_about_stack,
    "diagnosticEvent": _Run.diagnostic,
    "summaryEvent": _Run.summary,
}


def _events(text: str) -> Report:
    runs = [_Run()]
    unreadable: list[int] = []
    # Strings may hold other characters that Python takes for line breaks.
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        event = _json(line)
        if isinstance(event, dict) and "sequence" in event:
            if "cancelEvent" in runs[-1].kinds:
                runs.append(_Run())
            runs[-1].add(event)
        elif line.strip():
            unreadable.append(number)
    if not runs[0].kinds:
        raise UnreadableError(_why_not(lines, unreadable))
    failures = [failure for run in runs for failure in run.failures()]
    project, stack = project_and_stack_of(next((run.urn for run in runs if run.urn), ""))
    return Report(
        # A log may hold a preview and the update after it: most of what is found is found twice.
        findings=joined(distinct(run.findings) for run in runs),
        failures=list(dict.fromkeys([*_of_unreadable(unreadable), *failures])),
        notes=list(_notes(runs[-1])),
        resources=None if runs[-1].analyzed else runs[-1].resources,
        program=project,
        stack=stack,
        date=_date(runs[-1].seconds),
        versions={name: version for run in runs for name, version in run.packs.items()},
    )


def told_by_pack(diagnostic: Mapping[str, Any]) -> Iterator[str]:
    """The line of a `diagnosticEvent`, where this pack tells something of the run as a whole.

    Nothing tells it from what a program prints: one that says the same spoils its own report.
    """
    message = _clean(diagnostic.get("message")).strip()
    if message.startswith(f"{PACK_NAME}: "):
        yield message


def _notes(run: _Run) -> Iterator[str]:
    yield from (line for line in run.told if DEFECT not in line)
    if run.analyzed:
        yield _ANALYZED
    # The stack counts as a resource, too; where it is not even made, nothing was.
    elif run.resources in (0, 1) and not list(run.failures()):
        yield _NOTHING.format("program")


def _finding(event: dict[str, Any]) -> Finding:
    return Finding.of_text(
        policy=text_in(event.get("policyName")) or "(no name)",
        pack=text_in(event.get("policyPackName")),
        pack_version=text_in(event.get("policyPackVersion")),
        level=level_of(event.get("enforcementLevel")),
        urn=text_in(event.get("resourceUrn")),
        message=_clean(event.get("message")),
        severity=text_in(event.get("severity")),
    )


def _rehearsal(data: dict[str, Any]) -> Report:
    if data.get("version") != VERSION:
        raise UnreadableError(
            f"this is a rehearsal in version {data.get('version')!r} of its form, and version {VERSION} can be read:"
            " rehearse again"
        )
    pack, summary = object_in(data.get("pack")), object_in(data.get("summary"))
    failures = list(_failures_of_rehearsal(data))
    made = number_in(summary.get("resources")) or number_in(summary.get("components"))
    notices = (text_in(notice.get("text")) for notice in objects_in(data.get("notices")))
    return Report(
        findings=distinct(map(finding_of, objects_in(data.get("findings")))),
        failures=failures,
        notes=[*([] if made or failures else [_NOTHING.format("rehearsal")]), *filter(None, notices)],
        resources=number_in(summary.get("resources")),
        program=text_in(data.get("project")),
        stack=text_in(data.get("stack")),
        date=text_in(data.get("date")),
        versions={
            name: version
            for name, version in (
                (text_in(pack.get("name")), text_in(pack.get("version"))),
                (PULUMI, text_in(summary.get("engine"))),
            )
            if name and version
        },
        resources_of_stack=[_node(item) for item in objects_in(data.get("graph"))],
    )


def _failures_of_rehearsal(data: dict[str, Any]) -> Iterator[str]:
    failure = data.get("failure")
    if failure is not None or data.get("outcome") not in ("clean", "refused"):
        details = object_in(failure).get("details")
        reasons = [object_in(failure).get("message"), *(details if isinstance(details, list) else [])[:1]]
        reason = ": ".join(filter(None, map(text_in, reasons))) or "it does not say why"
        yield f"the rehearsal did not finish: {_shortened(reason)}"


def _node(item: dict[str, Any]) -> Node:
    waits_for = item.get("waitsFor")
    return Node(
        urn=text_in(item.get("urn")),
        type=text_in(item.get("type")),
        name=text_in(item.get("name")),
        waits_for=[text_in(urn) for urn in waits_for] if isinstance(waits_for, list) else [],
    )


def _date(seconds: int) -> str:
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M UTC") if seconds else ""
    except (OverflowError, OSError, ValueError):
        return ""


def _clean(value: Any) -> str:
    """A text without colours; whatever else was there is not shown."""
    return _COLOURS.sub("", text_in(value)).strip("\n")


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_ERROR else f"{line[:_LONGEST_ERROR]} ..."


def _of_unreadable(lines: list[int]) -> Iterator[str]:
    if len(lines) == 1:
        yield f"line {lines[0]} is not an event: what it said is lost"
    elif lines:
        yield f"{len(lines)} lines are not events, line {lines[0]} first: what they said is lost"


def _why_not(lines: list[str], unreadable: list[int]) -> str:
    if not unreadable:
        return "the input is empty; expected the events of a Pulumi run, one JSON object a line"
    start = lines[unreadable[0] - 1].strip()[:40]
    return f"line {unreadable[0]} is not an event of a Pulumi run, and no other line is: {json.dumps(start)}"


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
