"""Reads the results of policies: the engine's events, in any file that has them, or the report of a rehearsal.

Events are JSON lines: `pulumi --event-log FILE`, `pulumi preview --json` with
`PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1`, and `pulumi policy analyze --json` all write the same ones. Other lines in
between (the output of a program, half a line at the end) are passed over and counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, Final

from report.model import Finding, Level, Node, Place, Report

# The engine's marks for colours, and what a terminal acts on.
_COLOURS: Final = re.compile(r"<\{%.{0,40}?%\}>|\x1b\[[0-9;:]{0,40}[A-Za-z]|\x1b\][^\x07\x1b]{0,400}(?:\x07|\x1b\\)")
_ENDS: Final = frozenset({"summaryEvent", "cancelEvent"})


class UnreadableError(Exception):
    """Nothing in the input can be read; the message says which line, and why."""


def read(text: str) -> Report:
    """The report in `text`; raises `UnreadableError` when there is nothing to report from."""
    whole = _json(text)
    if isinstance(whole, dict) and whole.get("kind") == "rehearsal":
        return _rehearsal(whole)
    return _events(text.splitlines())


def merged(reports: Iterable[Report]) -> Report:
    """Several reports as one: one finding for each policy, resource and place.

    Where two reports have the same finding, the one with the line of the program is kept.
    """
    reports = list(reports)
    by_fingerprint: dict[str, Finding] = {}
    for finding in (finding for report in reports for finding in report.findings):
        known = by_fingerprint.get(finding.fingerprint)
        if known is None or (known.source is None and finding.source is not None):
            by_fingerprint[finding.fingerprint] = finding
    return Report(
        findings=_sorted(by_fingerprint.values()),
        notes=[note for report in reports for note in report.notes],
        resources=max((report.resources for report in reports if report.resources is not None), default=None),
        complete=all(report.complete for report in reports),
        resources_of_stack=max((report.resources_of_stack for report in reports), key=len, default=()),
    )


def _events(lines: list[str]) -> Report:
    findings: list[Finding] = []
    unreadable: list[int] = []
    resources: int | None = None
    events = 0
    ended = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        event = _json(line)
        if not isinstance(event, dict) or "sequence" not in event:
            unreadable.append(number)
            continue
        events += 1
        ended = ended or not _ENDS.isdisjoint(event)
        policy = event.get("policyEvent")
        if isinstance(policy, dict):
            findings.append(_finding(policy))
        summary = event.get("summaryEvent")
        if isinstance(summary, dict):
            resources = _count(summary.get("resourceChanges"), resources)
    if not events:
        raise UnreadableError(_why_not(lines, unreadable))
    return Report(findings=_sorted(findings), notes=_notes(unreadable, ended), resources=resources, complete=ended)


def _sorted(findings: Iterable[Finding]) -> list[Finding]:
    # The engine tells each finding once, but a log can hold a preview and an update.
    return sorted(set(findings), key=lambda finding: finding.order)


def _finding(event: dict[str, Any]) -> Finding:
    return Finding(
        policy=_text(event.get("policyName")) or "(no name)",
        pack=_text(event.get("policyPackName")),
        pack_version=_text(event.get("policyPackVersion")),
        level=_level(event.get("enforcementLevel")),
        urn=_text(event.get("resourceUrn")),
        message=_text(event.get("message")),
        severity=_text(event.get("severity")),
    )


def _rehearsal(data: dict[str, Any]) -> Report:
    pack = data.get("pack") if isinstance(data.get("pack"), dict) else {}
    found = _objects(data.get("findings"))
    failure = data.get("failure")
    return Report(
        findings=_sorted(
            Finding(
                policy=_text(item.get("policy")),
                pack=_text((pack or {}).get("name")),
                pack_version=_text((pack or {}).get("version")),
                level=_level(item.get("level")),
                urn=_text(item.get("urn")),
                message=_text(item.get("message")),
                source=_place(item.get("source")),
                missing=_text(item.get("missing")),
                components=tuple(
                    place
                    for component in _objects(item.get("components"))
                    if (place := _place(component.get("source"))) is not None
                ),
            )
            for item in found
        ),
        notes=[f"the rehearsal came to no end: {_text(failure.get('message'))}"] if isinstance(failure, dict) else [],
        resources=_whole((data.get("summary") or {}).get("resources"))
        if isinstance(data.get("summary"), dict)
        else None,
        complete=failure is None,
        resources_of_stack=[_node(item) for item in _objects(data.get("graph"))],
    )


def _node(item: dict[str, Any]) -> Node:
    waits_for = item.get("waitsFor")
    return Node(
        urn=_text(item.get("urn")),
        type=_text(item.get("type")),
        name=_text(item.get("name")),
        waits_for=[_text(urn) for urn in waits_for] if isinstance(waits_for, list) else [],
    )


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _place(value: Any) -> Place | None:
    if not isinstance(value, dict) or not isinstance(value.get("file"), str) or not value["file"]:
        return None
    return Place(file=_text(value["file"]), line=_whole(value.get("line")), column=_whole(value.get("column")))


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _level(value: Any) -> Level:
    return "mandatory" if value in ("mandatory", "remediate") else "advisory"


def _text(value: Any) -> str:
    """A text without colours; whatever else was there is not shown."""
    return _COLOURS.sub("", value).strip("\n") if isinstance(value, str) else ""


def _count(changes: Any, known: int | None) -> int | None:
    numbers = changes.values() if isinstance(changes, dict) else ()
    total = sum(number for number in numbers if isinstance(number, int))
    return total or known


def _notes(unreadable: list[int], ended: bool) -> list[str]:
    notes = []
    if unreadable:
        first = f"line {unreadable[0]}" if len(unreadable) == 1 else f"the first is line {unreadable[0]}"
        notes.append(f"{len(unreadable)} line(s) are no events and were passed over; {first}")
    if not ended:
        notes.append("the events end before the run does: there may be more findings")
    return notes


def _why_not(lines: list[str], unreadable: list[int]) -> str:
    if not unreadable:
        return "the input is empty; expected the events of a Pulumi run, one JSON object a line"
    start = lines[unreadable[0] - 1].strip()[:40]
    return f"line {unreadable[0]} is no event of a Pulumi run, and no other line is: {json.dumps(start)}"


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
