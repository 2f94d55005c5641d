"""The traces in one text, in base64 as well."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from aws_preflight.policies.outputs.fingerprints import Fingerprint, Mistake, row_of, rows_by_marker
from aws_preflight.policies.outputs.places import Place, place_of
from aws_preflight.policies.outputs.proof import MAX_SHORT, MESSAGES, proves
from aws_preflight.preflight.finding import Level
from aws_preflight.preflight.values import Path, quote

LARGE: Final = 1_000_000
"""From this length on, only the rows of `_GATES` are looked for: AWS takes such strings in few places, and a preview
has to be quick."""
_GATES: Final = {
    "calling": ("text-bracket", "text-python", "text-java"),
    "pulumi": ("node-keys", "node-resource-json", "py-pulumi-repr", "net-generic", "java-identity"),
    "[object ": ("object-tag-arn",),
    "{0x": ("go-pointer-struct",),
    "%!": ("go-badverb",),
    **dict.fromkeys(("token[", "unresolved-l"), ("cdk-token",)),
    # "Calling " and "pulumi" in base64, which has three ways to write each, and in lower case.
    **dict.fromkeys(("q2fsbgluzy", "nhbgxpbmcg", "dywxsaw5ni", "hvsdw1p", "1bhvta", "dwx1bw"), ("base64",)),
}
"""The first look at a large text: in lower case, what stands in every trace of a row."""
IN_LARGE_TEXTS: Final = frozenset(id_ for ids in _GATES.values() for id_ in ids)
_MAX_MATCHES: Final = 20
"""Of one row in one text: a string that quotes a trace so often goes on doing so."""
_MAX_PLACES: Final = 1_000
"""Of a marker in a large text, from its beginning and from its end."""
_AROUND: Final = 300
_IN_LONG_TEXTS: Final = ("anywhere", "whole-value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What an Output left at one place; `where` says what kind of place that is, if no plain value."""

    at: Path
    mistake: Mistake
    level: Level = "mandatory"
    evidence: str = ""
    where: str = ""


def markers_in(lowered: str) -> list[str]:
    """The markers that stand in `lowered`, a string in lower case."""
    if len(lowered) <= LARGE:
        return [marker for marker in rows_by_marker() if marker in lowered]
    ids = {id_ for gate, ids in _GATES.items() if gate in lowered for id_ in ids}
    return [
        marker for marker, rows in rows_by_marker().items() if any(row.id in ids for row in rows) and marker in lowered
    ]


@lru_cache(maxsize=1)
def _order() -> dict[str, int]:
    """The rows that prove most first."""
    ids = sorted(
        (row for marked in rows_by_marker().values() for row in marked),
        key=lambda row: (row.level == "advisory", row.scope != "anywhere", row.id == "text-tail"),
    )
    return {row.id: i for i, row in enumerate(dict.fromkeys(ids))}


def _candidates(lowered: str, markers: Iterable[str]) -> list[Fingerprint]:
    by_marker = rows_by_marker()
    rows = {row.id: row for marker in markers if marker in lowered for row in by_marker[marker]}
    order = _order()
    return [rows[id_] for id_ in sorted(rows, key=lambda id_: order[id_])]


def in_string(text: str, path: Path, markers: Iterable[str], scopes: tuple[str, ...] = ()) -> Trace | None:
    """The surest trace in one text; `scopes` limits the rows that are tried."""
    lowered = text.lower()
    rows = [row for row in _candidates(lowered, markers) if not scopes or row.scope in scopes]
    if len(text) > MAX_SHORT:
        large = len(text) > LARGE
        rows = [r for r in rows if r.scope in _IN_LONG_TEXTS and (not large or r.id in IN_LARGE_TEXTS)]
    if not rows:
        return None
    place = place_of(path)
    quoted: set[str] = set()
    for row in rows:
        if row.id == "text-tail" and quoted & MESSAGES:
            continue  # the later part of a warning whose beginning is quoted
        for match in islice(_matches(row, text, lowered), _MAX_MATCHES):
            trace = _weighed(row, text, match, path, place)
            if trace is not None:
                return trace
            quoted.add(row.id)
    return None


def _matches(row: Fingerprint, text: str, lowered: str) -> Iterator[re.Match[str]]:
    """Where the pattern of `row` matches; in a large text around its markers only, and not around all of a flood."""
    if len(text) <= LARGE:
        yield from row.pattern.finditer(text)
        return
    if len(lowered) != len(text):
        return  # a letter that becomes two in lower case moves all that follows
    behind = 0
    for at in sorted({at for marker in row.markers for at in _some(marker, lowered)}):
        match = row.pattern.search(text, max(behind, at - _AROUND), at + _AROUND)
        if match is not None:
            behind = match.end()
            yield match


def _some(marker: str, text: str) -> Iterator[int]:
    """Where `marker` stands in `text`: everywhere, or the first and last places."""
    at = -1
    for _ in range(_MAX_PLACES):
        at = text.find(marker, at + 1)
        if at < 0:
            return
        yield at
    last = len(text)
    for _ in range(_MAX_PLACES):
        last = text.rfind(marker, at + 1, last)
        if last < 0:
            return
        yield last


def _weighed(row: Fingerprint, text: str, match: re.Match[str], path: Path, place: Place) -> Trace | None:
    if row.id == "base64":
        return _in_base64(text, match.start(), path)
    return _trace(row, text, match, path) if proves(row, text, match, place) else None


def _trace(row: Fingerprint, text: str, match: re.Match[str], path: Path, where: str = "") -> Trace:
    shown = text[match.start() : match.end() + (28 if row.id in MESSAGES else 0)]
    return Trace(
        at=path,
        mistake=row.mistake_in(text[match.start() : match.start() + 600]),
        level=row.level,
        evidence="" if row.may_hold_values else quote(shown, 80),
        where=where,
    )


_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/\r\n]")


def _in_base64(text: str, start: int, path: Path) -> Trace | None:
    """The trace in the base64 text around `start`, decoded where its alignment can be found."""
    begin = max(0, start - 400)
    window = text[begin : start + 4_000]
    others = [other.start() for other in _NOT_BASE64.finditer(window)]
    first = max((i + 1 for i in others if i < start - begin), default=0)
    last = min((i for i in others if i >= start - begin), default=len(window))
    run = re.sub(r"\s", "", window[first:last])
    for skipped in range(4):
        part = run[skipped : skipped + (len(run) - skipped) // 4 * 4]
        try:
            decoded = binascii.a2b_base64(part).decode("latin-1")
        except binascii.Error:
            continue
        found = [
            (row, match)
            for row in _candidates(decoded.lower(), rows_by_marker())
            if row.scope == "anywhere" and row.id != "base64" and (match := row.pattern.search(decoded))
        ]
        if found:
            place = place_of(path)
            proven = next(((row, match) for row, match in found if proves(row, decoded, match, place)), None)
            return None if proven is None else _trace(proven[0], decoded, proven[1], path, "in the base64 text")
    row = row_of("base64")
    return Trace(at=path, mistake=row.mistake, level=row.level, where="in the base64 text")
