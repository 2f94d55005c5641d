"""The formats `text` and `json`."""

from __future__ import annotations

import json

from aws_preflight.preflight.message import for_log, one_line
from aws_preflight.report.data import report_data
from aws_preflight.report.model import Finding, Place, Report


def text(report: Report) -> str:
    """What people read in a terminal or a log."""
    blocks = [_block(finding) for finding in report.findings]
    last = [f"error: {one_line(failure)}" for failure in report.failures]
    last += [f"note: {one_line(note)}" for note in report.notes]
    return "\n\n".join([*blocks, "\n".join([*last, report.summary])]) + "\n"


def _block(finding: Finding) -> str:
    heading = one_line(f"[{finding.level}] {finding.policy}  {finding.type} {finding.name}")
    places = [f"  {where(finding.source)}"] if finding.source else []
    places += [f"  in the component made at {where(one.source)}" for one in finding.components if one.source]
    lines = for_log("\n".join(f"    {line}" for line in finding.message.split("\n")))
    return "\n".join([heading, *places, lines])


def where(place: Place) -> str:
    """`index.ts:12:3`, as editors and terminals take it."""
    return one_line(":".join(str(part) for part in (place.file, place.line, place.column) if part is not None))


def as_json(report: Report) -> str:
    """The report as JSON."""
    return json.dumps(report_data(report), indent=2, ensure_ascii=True) + "\n"
