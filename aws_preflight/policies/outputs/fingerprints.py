"""The strings that an Output leaves behind when a program turns it into a string.

The table `output_fingerprints.json` has one row for each: the pattern, the languages, the mistake and what to write
instead, and the scope in which the pattern proves something. Sources: the SDKs of Pulumi (pulumi/pulumi
sdk/nodejs/output.ts and sdk/python/lib/pulumi/output.py, pulumi/pulumi-dotnet Output.cs, pulumi/pulumi-java) and
programs run with them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from aws_preflight.preflight.finding import Level

Scope = Literal["anywhere", "whole-value", "non-code", "identifiers"]

_TABLE = Path(__file__).with_name("output_fingerprints.json")

OUTPUT_MEMBERS: Final = frozenset(
    {"__pulumiOutput", "resources", "allResources", "isKnown", "isSecret", "promise", "toString", "toJSON"}
)
"""The own members of an Output of the Node.js SDK (pulumi/pulumi, sdk/nodejs/output.ts)."""

SURE_MEMBERS: Final = frozenset({"isKnown", "isSecret", "promise", "resources"})
"""Together they are an Output, also where keys that begin with `__` were taken away; each alone is a legal key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What a program did, in which language, and what to write instead; `fix` names the code to show."""

    language: str
    misuse: str
    instead: str
    fix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """One row of the table.

    `scope` says where the pattern proves anything: in any text ("anywhere"), as a whole value, in strings that are no
    code or script ("non-code"), or only in names, ARNs, ids and tags ("identifiers"). `may_hold_values`: the matched
    text can contain resolved values, even secret ones, so it is never quoted. `markers`: in lower case, one of them
    stands in every text that the pattern finds, so that most strings are never searched with a pattern.
    """

    id: str
    scope: Scope
    level: Level
    may_hold_values: bool
    source: str
    markers: tuple[str, ...]
    mistake: Mistake
    variants: tuple[tuple[str, Mistake], ...]
    """Where one text has several origins: patterns that tell them apart, the surest first."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled at its first use: most runs need none."""
        return _compiled(self.source)

    @property
    def language(self) -> str:
        """The languages whose programs leave this text."""
        return self.mistake.language

    def mistake_in(self, text: str) -> Mistake:
        """The mistake behind `text`, the found text with what follows it."""
        return next((mistake for when, mistake in self.variants if _compiled(when).search(text)), self.mistake)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(source)


@cache
def table() -> tuple[Fingerprint, ...]:
    """All rows."""
    return tuple(map(_row, json.loads(_TABLE.read_text(encoding="utf-8"))))


def _row(row: dict[str, Any]) -> Fingerprint:
    return Fingerprint(
        id=row["id"],
        scope=row["scope"],
        level=row["level"],
        may_hold_values=row["may_hold_values"],
        source=row["pattern"],
        markers=tuple(row["markers"]),
        mistake=_mistake(row),
        variants=tuple((variant["when"], _mistake(variant)) for variant in row.get("variants", ())),
    )


def _mistake(row: dict[str, Any]) -> Mistake:
    return Mistake(**{name: row[name] for name in ("language", "misuse", "instead", "fix")})


def row_of(id_: str) -> Fingerprint:
    """The row `id_`."""
    return next(row for row in table() if row.id == id_)


@cache
def rows_by_marker() -> dict[str, tuple[Fingerprint, ...]]:
    """For each marker, the rows that it announces."""
    markers = dict.fromkeys(marker for row in table() for marker in row.markers)
    return {marker: tuple(row for row in table() if marker in row.markers) for marker in markers}


def is_output(names: Iterable[str]) -> bool:
    """Whether `names` are the members of an Output that a program took for an object."""
    return "__pulumiOutput" in (found := set(names)) or found >= SURE_MEMBERS


def in_identifier(text: str) -> Fingerprint | None:
    """The first fingerprint in a name, an ARN or an id: every scope applies there, mandatory rows come first."""
    return min(_found_in(text, table()), key=lambda row: row.level == "advisory", default=None)


def in_any_string(text: str) -> Fingerprint | None:
    """The first fingerprint that proves something in any text at all."""
    return next(_found_in(text, (row for row in table() if row.scope == "anywhere")), None)


def _found_in(text: str, rows: Iterable[Fingerprint]) -> Iterator[Fingerprint]:
    lowered = text.lower()
    return (row for row in rows if any(map(lowered.__contains__, row.markers)) and row.pattern.search(text))
