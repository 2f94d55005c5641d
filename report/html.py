"""The format `html`: one page that needs nothing else, for people who would rather look than read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from report import plain
from report.model import Finding, Place, Report

_PAGE: Final = Path(__file__).with_name("page.html")
_AROUND: Final = 4
"""Lines shown before and after the line of a finding."""
_MAX_SOURCE_BYTES: Final = 2_000_000


def html(report: Report) -> str:
    """The page; every text of it is data for the script, which writes texts only."""
    data = {
        "summaryText": report.summary,
        "notes": list(report.notes),
        "findings": [_finding(finding, report) for finding in report.findings],
        "graph": _graph(report),
    }
    # Inside a script element only "</script" and "<!--" mean something; without "<" there is neither.
    text = json.dumps(data, ensure_ascii=True).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return _PAGE.read_text(encoding="utf-8").replace("/*DATA*/", text)


def _finding(finding: Finding, report: Report) -> dict[str, Any]:
    places = [place for place in (finding.source, *finding.components) if place]
    return {
        **plain.finding_data(finding),
        "where": plain.where(finding.source) if finding.source else "",
        "madeAt": [plain.where(place) for place in finding.components],
        "component": component_of(finding.urn),
        "sources": list(_excerpts(places, report.root)),
        "text": f"{finding.policy} {finding.urn} {finding.message}".lower(),
    }


def component_of(urn: str) -> str:
    """The types of the components around a resource, outermost first, as its URN has them."""
    parts = urn.split("::")
    return parts[2].rpartition("$")[0].replace("$", " > ") if len(parts) > 3 else ""


def _excerpts(places: Iterable[Place], root: Path | None) -> Iterable[dict[str, Any]]:
    for place in places:
        lines = _lines(place, root)
        if place.line is None or place.line > len(lines):
            continue
        first = max(1, place.line - _AROUND)
        yield {
            "file": place.file,
            "line": place.line,
            "first": first,
            "lines": lines[first - 1 : place.line + _AROUND],
        }


def _lines(place: Place, root: Path | None) -> list[str]:
    """The lines of a file of the program; none where it cannot be read, or lies elsewhere."""
    if root is None:
        return []
    try:
        path = (root / place.file).resolve()
        # Components that several programs share often lie beside the program.
        if not path.is_relative_to(root.resolve().parent) or path.stat().st_size > _MAX_SOURCE_BYTES:
            return []
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, ValueError):
        return []


def _graph(report: Report) -> dict[str, Any] | None:
    if not report.resources_of_stack:
        return None
    nodes = [{"urn": one.urn, "type": one.type, "name": one.name} for one in report.resources_of_stack]
    known = {one.urn for one in report.resources_of_stack}
    edges = sorted((one.urn, other) for one in report.resources_of_stack for other in one.waits_for if other in known)
    missing = sorted(
        {(finding.urn, finding.missing) for finding in report.findings if {finding.urn, finding.missing} <= known}
    )
    return {"nodes": nodes, "edges": edges, "missing": missing}
