"""The texts that an Output leaves behind when a program turns it into a string.

The table `output_fingerprints.json` has one row for each: the pattern, the languages and the mistake, and the scope in
which the pattern proves something. Sources: the SDKs of Pulumi (pulumi/pulumi sdk/nodejs/output.ts and
sdk/python/lib/pulumi/output.py, pulumi/pulumi-dotnet Output.cs, pulumi/pulumi-java) and programs run with them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from preflight.finding import Level

Scope = Literal["anywhere", "whole-value", "non-code", "identifiers"]

_TABLE = Path(__file__).with_name("output_fingerprints.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """One row of the table.

    `scope` says where the pattern proves anything: in any text ("anywhere"), as a whole value, in texts that are no
    code or script ("non-code"), or only in names, ARNs, ids and tags ("identifiers"). `may_hold_values`: the matched
    text can contain resolved values, even secret ones, so it is never quoted.
    """

    id: str
    language: str
    scope: Scope
    level: Level
    may_hold_values: bool
    pattern: re.Pattern[str]
    misuse: str


@lru_cache(maxsize=1)
def table() -> tuple[Fingerprint, ...]:
    """All rows, compiled at the first use: most runs never need one."""
    rows = json.loads(_TABLE.read_text(encoding="utf-8"))
    return tuple(Fingerprint(**{**row, "pattern": re.compile(row["pattern"])}) for row in rows)


def in_identifier(text: str) -> Fingerprint | None:
    """The first fingerprint in a name, an ARN or an id: every scope applies there, mandatory rows come first."""
    found = [row for row in table() if row.pattern.search(text)]
    return min(found, key=lambda row: row.level == "advisory", default=None)


def in_any_text(text: str) -> Fingerprint | None:
    """The first fingerprint that proves something in any text at all."""
    return next((row for row in table() if row.scope == "anywhere" and row.pattern.search(text)), None)
