"""The format `markdown`: a comment for a pull request, or the summary of a job."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from aws_preflight.preflight.message import printable
from aws_preflight.report.model import Finding, Report
from aws_preflight.report.plain import where

LIMIT: Final = 60_000
"""Bytes. GitHub takes 65,536 characters in a comment."""

_MOST_LINES: Final = 8
"""Of the reasons why a run did not finish, and of the notes."""

_MARKER: Final = "<!-- aws-preflight -->"
"""Lets a CI job find its own comment and replace it."""


def markdown(report: Report) -> str:
    """A table of all findings with the messages folded below; what does not fit is counted, never dropped silently."""
    parts = [_MARKER, f"### AWS preflight: {_prose(report.headline)}", "", _prose(report.summary)]
    parts += [_prose(_short(report.about, 300)), ""] if report.about else [""]
    parts += [f"> **{_prose(_short(failure, 500))}**  " for failure in _first(report.failures)]
    parts += [f"> {_prose(_short(note, 500))}  " for note in _first(report.notes)]
    if report.findings:
        parts += ["", "| level | policy | resource | where | what |", "|---|---|---|---|---|"]
    return _fitted(parts, [_row(f) for f in report.findings], [_details(f) for f in report.findings])


def _fitted(head: list[str], rows: list[str], details: list[str]) -> str:
    left = LIMIT - _size(head) - 400
    shown_rows = _prefix(rows, left)
    shown_details = _prefix(details, left - _size(shown_rows)) if len(shown_rows) == len(rows) else []
    tail = []
    if len(shown_rows) < len(rows):
        tail.append(f"**{len(rows) - len(shown_rows)} more finding(s) do not fit here.** The other formats have all.")
    elif len(shown_details) < len(details):
        tail.append(
            f"The messages of {len(details) - len(shown_details)} finding(s) do not fit here; the table has all."
        )
    return "\n".join([*head, *shown_rows, "", *shown_details, *tail]).rstrip() + "\n"


def _size(lines: list[str]) -> int:
    return sum(len(line.encode()) + 1 for line in lines)


def _prefix(lines: list[str], room: int) -> list[str]:
    shown = []
    for line in lines:
        room -= len(line.encode()) + 1
        if room < 0:
            break
        shown.append(line)
    return shown


def _row(finding: Finding) -> str:
    level = f"exempted {finding.exemption}" if finding.exemption else finding.level
    place = where(finding.source) if finding.source else finding.path
    cells = [
        _prose(level),
        _code(finding.policy),
        _code(finding.name),
        _code(place),
        _prose(_short(finding.summary, 300)),
    ]
    return f"| {' | '.join(cells)} |"


def _details(finding: Finding) -> str:
    text = printable(finding.message)
    # A fence that is longer than any run of backticks inside cannot be closed from inside.
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    summary = f"{_prose(finding.policy)}: {_prose(finding.name)}"
    return f"<details><summary>{summary}</summary>\n\n{fence}text\n{text}\n{fence}\n\n</details>\n"


def _first(strings: Sequence[str]) -> list[str]:
    more = len(strings) - _MOST_LINES
    return [*strings[:_MOST_LINES], f"and {more} more"] if more > 0 else list(strings)


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 4]} ..."


def _code(text: str) -> str:
    return f"<code>{_prose(text)}</code>" if text.strip() else ""


def _prose(text: str) -> str:
    """Text for one line in which every character stands for itself."""
    safe = _one_line(text).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"[\\`*_{}\[\]>|~@:]", lambda match: f"&#{ord(match[0])};", safe)


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())
