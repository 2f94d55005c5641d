"""The variables of its environment that a program cannot do without, where the sources say so.

Nothing tells which they are: a variable that is not there becomes an `undefined` or a `KeyError` somewhere else.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from aws_preflight.rehearsal.program import code_files

# A `!` or a cast says in TypeScript that there is a value, and a subscript asks for one in Python.
_REQUIRED = (
    re.compile(r"""\bprocess\.env(?:\.(\w+)|\[["'](\w+)["']\])(?:!(?!=)|\s+as\s+string\b(?!\s*\|))"""),
    re.compile(r"""\b(?:os\.)?environ\[["'](\w+)["']\](?!\s*=[^=])()"""),
)
_SET = re.compile(
    r"""\bprocess\.env(?:\.(\w+)|\[["'](\w+)["']\])\s*(?:=[^=]|\?\?=|\|\|=)
    |\benviron(?:\[|\.setdefault\()["'](\w+)["'](?:\]\s*=[^=]|\s*,)""",
    re.VERBOSE,
)
_OF_FILE = re.compile(r"^\s*(?:export\s+)?(\w+)\s*=", re.MULTILINE)
_ONLY_SHOWN = re.compile("default|dist|example|sample|template")
_NOT_GIVEN = ("AWS_", "PULUMI_")
"""What a rehearsal takes away itself."""


def required(program: Path) -> list[str]:
    """The variables that the sources of a program require, and that are set nowhere."""
    asked: set[str] = set()
    there = {*os.environ, *_of_files(program)}
    for code in code_files.codes(program):
        asked.update(_names(code))
        there.update(name for groups in _SET.findall(code) for name in groups)
    return sorted(name for name in asked - there if not name.startswith(_NOT_GIVEN))


def _names(code: str) -> Iterator[str]:
    for pattern in _REQUIRED:
        for groups in pattern.findall(code):
            yield next(filter(None, groups))


def _of_files(program: Path) -> Iterator[str]:
    """What stands in the files that a program may read variables from itself, though not over one that is set."""
    for file in program.glob(".env*"):
        if file.is_file() and not _ONLY_SHOWN.search(file.name):
            yield from _OF_FILE.findall(code_files.text(file))
