"""The format `html`: one page that needs nothing else, for people who would rather look than read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from aws_preflight.report.data import finding_data
from aws_preflight.report.model import Finding, Place, Report, parent_types_of
from aws_preflight.report.plain import where

_PAGE: Final = Path(__file__).with_name("page.html")
_SOURCES: Final = frozenset(
    (".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".py", ".go", ".cs", ".fs", ".vb", ".java", ".kt", ".scala")
)
"""The suffixes of files whose lines are shown. Settings are not among them: they may hold what a page must not show."""
_AROUND: Final = 4
"""Lines shown before and after the line of a finding."""
_MAX_SOURCE_BYTES: Final = 2_000_000


def html(report: Report) -> str:
    """The page; every text of it is data for the script, which writes texts only."""
    # Thousands of findings may stand in one file, which is read once.
    lines_of = cache(partial(_lines, report.root))
    data = {
        "headline": report.headline,
        "state": "refused" if report.of_level("mandatory") else "clean" if report.complete else "incomplete",
        "summaryText": report.summary,
        "about": report.about,
        "failures": list(report.failures),
        "notes": list(report.notes),
        "findings": [_finding(finding, lines_of) for finding in report.findings],
        "graph": _graph(report),
    }
    # Inside a script element only "</script" and "<!--" mean something; without "<" there is neither.
    text = json.dumps(data, ensure_ascii=True).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return _PAGE.read_text(encoding="utf-8").replace("/*DATA*/", text)


def _finding(finding: Finding, lines_of: Callable[[str], list[str]]) -> dict[str, Any]:
    made = [one.source for one in finding.components if one.source]
    places = [*([finding.source] if finding.source else []), *made]
    return {
        **finding_data(finding),
        "where": where(finding.source) if finding.source else "",
        "madeAt": [where(place) for place in made],
        "component": " > ".join(parent_types_of(finding.urn)),
        "sources": list(_excerpts(places, lines_of)),
        "text": f"{finding.policy} {finding.urn} {finding.message}".lower(),
    }


def _excerpts(places: Iterable[Place], lines_of: Callable[[str], list[str]]) -> Iterable[dict[str, Any]]:
    for place in places:
        lines = lines_of(place.file)
        if place.line is None or place.line > len(lines):
            continue
        first = max(1, place.line - _AROUND)
        yield {
            "file": place.file,
            "line": place.line,
            "first": first,
            "lines": lines[first - 1 : place.line + _AROUND],
        }


def _lines(root: Path | None, file: str) -> list[str]:
    """The lines of a source file below `root`; none where it cannot be read, lies elsewhere, or is no source file."""
    if root is None:
        return []
    try:
        # Symbolic links are followed first, and lead nowhere else either.
        path = (root / file).resolve()
        if not path.is_relative_to(root.resolve()) or path.suffix not in _SOURCES:
            return []
        if path.stat().st_size > _MAX_SOURCE_BYTES:
            return []
        return path.read_text(encoding="utf-8", errors="replace").split("\n")
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
