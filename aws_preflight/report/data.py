"""Findings and reports as data of JSON, and findings read back from it: the form that every JSON output shares."""

from __future__ import annotations

from typing import Any, Final

from aws_preflight.preflight.message import Exempted, Message
from aws_preflight.report.model import Component, Finding, Level, Place, Report

VERSION: Final = 2
"""Grows when a reader of the JSON form has to change; docs/report.schema.json describes it."""


def report_data(report: Report) -> dict[str, Any]:
    """A report as data of JSON."""
    return {
        "version": VERSION,
        "kind": "report",
        "program": report.program,
        "stack": report.stack,
        "date": report.date,
        "versions": dict(sorted(report.versions.items())),
        "summary": {
            "headline": report.headline,
            "mandatory": len(report.of_level("mandatory")),
            "advisory": len(report.of_level("advisory")),
            "exempted": sum(bool(finding.exemption) for finding in report.findings),
            "resources": report.resources,
            "complete": report.complete,
        },
        "failures": list(report.failures),
        "notes": list(report.notes),
        "findings": [finding_data(finding) for finding in report.findings],
    }


def finding_data(finding: Finding) -> dict[str, Any]:
    """One finding as data of JSON."""
    details = finding.details
    return {
        "fingerprint": finding.fingerprint,
        "policy": finding.policy,
        "pack": {"name": finding.pack, "version": finding.pack_version},
        "level": finding.level,
        "resource": {"urn": finding.urn, "type": finding.type, "name": finding.name},
        "title": finding.title,
        "path": finding.path,
        "summary": finding.summary,
        "message": finding.message,
        "exemption": finding.exemption,
        "details": details and _details(details),
        "source": _place_data(finding.source),
        "components": [{"urn": one.urn, "source": _place_data(one.source)} for one in finding.components],
    }


def _details(message: Message) -> dict[str, Any]:
    exemption = message.exemption
    return {
        "rule": message.explain,
        "missing": message.missing,
        "exists": message.exists,
        "secret": message.secret,
        "evidence": message.evidence,
        "answer": {"introduction": message.introduction, "text": message.answer},
        "fix": {"words": message.fix, "typescript": message.typescript, "python": message.python},
        "documentation": message.documentation,
        "exemption": exemption
        and {
            "until": exemption.until,
            "daysLeft": exemption.days_left,
            "owner": exemption.owner,
            "reason": exemption.reason,
            "key": exemption.key,
        },
    }


def finding_of(data: dict[str, Any]) -> Finding:
    """The finding that `finding_data` made `data` of; what is missing or of another type is left empty."""
    pack, resource = (object_in(data.get(name)) for name in ("pack", "resource"))
    return Finding(
        policy=text_in(data.get("policy")) or "(no name)",
        pack=text_in(pack.get("name")),
        pack_version=text_in(pack.get("version")),
        level=level_of(data.get("level")),
        urn=text_in(resource.get("urn")),
        message=text_in(data.get("message")),
        details=_message_of(data),
        source=_place(data.get("source")),
        components=tuple(
            Component(text_in(one.get("urn")), _place(one.get("source"))) for one in objects_in(data.get("components"))
        ),
    )


def _message_of(data: dict[str, Any]) -> Message | None:
    details = data.get("details")
    if not isinstance(details, dict):
        return None
    answer, fix, exemption = (object_in(details.get(name)) for name in ("answer", "fix", "exemption"))
    return Message(
        title=text_in(data.get("title")),
        path=text_in(data.get("path")),
        summary=text_in(data.get("summary")),
        evidence=text_in(details.get("evidence")),
        exists=details.get("exists") is True,
        introduction=text_in(answer.get("introduction")),
        answer=text_in(answer.get("text")),
        fix=text_in(fix.get("words")),
        typescript=text_in(fix.get("typescript")),
        python=text_in(fix.get("python")),
        documentation=text_in(details.get("documentation")),
        explain=text_in(details.get("rule")),
        missing=text_in(details.get("missing")),
        exemption=_exempted(exemption) if exemption else None,
    )


def _exempted(data: dict[str, Any]) -> Exempted:
    left = data.get("daysLeft")
    return Exempted(
        until=text_in(data.get("until")),
        days_left=left if isinstance(left, int) and not isinstance(left, bool) else None,
        owner=text_in(data.get("owner")),
        reason=text_in(data.get("reason")),
        key=text_in(data.get("key")),
    )


def level_of(value: Any) -> Level:
    """The level that an event or a report names; everything that is not mandatory is advisory."""
    return "mandatory" if value in ("mandatory", "remediate") else "advisory"


def text_in(value: Any) -> str:
    """`value` where it is a string, else ""."""
    return value if isinstance(value, str) else ""


def object_in(value: Any) -> dict[str, Any]:
    """`value` where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects_in(value: Any) -> list[dict[str, Any]]:
    """The objects in `value` where it is a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def number_in(value: Any) -> int | None:
    """`value` where it is a whole number above 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _place(value: Any) -> Place | None:
    place = object_in(value)
    file = text_in(place.get("file"))
    return Place(file, number_in(place.get("line")), number_in(place.get("column"))) if file else None


def _place_data(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"file": place.file, "line": place.line, "column": place.column}
