"""The formats `text` and `json`."""

from __future__ import annotations

import json
from typing import Any, Final

from preflight.message import printable
from report.model import Finding, Place, Report

JSON_VERSION: Final = 1
"""Grows when a reader of the JSON form has to change; docs/report.schema.json describes it."""


def text(report: Report) -> str:
    """What people read in a terminal or a log."""
    blocks = [_block(finding) for finding in report.findings]
    notes = [f"note: {note}" for note in report.notes]
    return printable("\n\n".join([*blocks, "\n".join([*notes, report.summary])])) + "\n"


def _block(finding: Finding) -> str:
    place = f"\n  {where(finding.source)}" if finding.source else ""
    made = "".join(f"\n  in the component made at {where(place)}" for place in finding.components)
    lines = "\n".join(f"    {line}" for line in finding.message.splitlines())
    return f"[{finding.level}] {finding.policy}  {finding.type} {finding.name}{place}{made}\n{lines}"


def where(place: Place) -> str:
    """`index.ts:12:3`, as editors and terminals take it."""
    return ":".join(str(part) for part in (place.file, place.line, place.column) if part is not None)


def data(report: Report) -> dict[str, Any]:
    """The report as data of JSON."""
    return {
        "version": JSON_VERSION,
        "kind": "report",
        "summary": {
            "mandatory": len(report.of_level("mandatory")),
            "advisory": len(report.of_level("advisory")),
            "exempted": sum(bool(finding.exemption) for finding in report.findings),
            "resources": report.resources,
            "complete": report.complete,
        },
        "notes": list(report.notes),
        "findings": [finding_data(finding) for finding in report.findings],
    }


def finding_data(finding: Finding) -> dict[str, Any]:
    """One finding as data of JSON."""
    return {
        "fingerprint": finding.fingerprint,
        "policy": finding.policy,
        "pack": {"name": finding.pack, "version": finding.pack_version},
        "level": finding.level,
        "resource": {"urn": finding.urn, "type": finding.type, "name": finding.name},
        "path": finding.path,
        "title": finding.title,
        "says": finding.says,
        "message": finding.message,
        "exemption": finding.exemption,
        "source": _place(finding.source),
        "components": [_place(place) for place in finding.components],
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"file": place.file, "line": place.line, "column": place.column}


def as_json(report: Report) -> str:
    """The report as JSON."""
    return json.dumps(data(report), indent=2, ensure_ascii=True) + "\n"
