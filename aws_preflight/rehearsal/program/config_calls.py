"""The configuration that the sources of a program require, where the keys are written out.

The engine and the SDKs tell one missing key at a time, and a program that has come so far tells the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from aws_preflight.rehearsal.program import code_files

_MADE = re.compile(
    r"""(\w+)\s*(?::\s*[\w.]+\s*)?:?=\s*(?:new\s+)?(?:pulumi\.|config\.)?(?:Config|New)
    \(\s*(?:ctx\s*,\s*)?["'`]([\w-]+)["'`]\s*\)""",
    re.VERBOSE,
)
"""An object of configuration with a namespace of its own, and the variable that it is kept in."""

_CALL = re.compile(
    r"""(?:(?P<cast>\b(?:int|float|Number|parseInt|parseFloat|json\.loads|JSON\.parse))\(\s*)?
    \b(?:\w+\.)*?(?P<receiver>\w+)(?:\(\s*(?:["'`](?P<namespace>[\w-]*)["'`])?\s*\))?
    \s*[?!]?\.\s*[rR]equire_?(?:[sS]ecret)?_?(?P<kind>[nN]umber|[iI]nt(?:32|64)?|[fF]loat(?:64)?|[dD]ouble
        |[bB]ool(?:ean)?|[oO]bject)?
    \s*(?:<(?P<type>[^()]*)>)?\(\s*(?:ctx\s*,\s*)?["'`](?P<key>[\w.:-]+)["'`]\s*[,)]""",
    re.VERBOSE,
)
_NO_CONFIG = ("module", "createRequire")
"""What has a `require` that loads code."""

_ASSIGNED = r"(\w+)\s*(?::[^=\n]+)?:?=\s*(?:await\s+)?[^;\n]*?"
_KINDS = {"bool": "boolean", "obje": "object", "json": "object"}


@dataclass(frozen=True)
class Wanted:
    """What a program takes a setting for."""

    kind: str = "text"
    """`text`, `number`, `boolean`, `object` or `list`."""

    members: tuple[str, ...] = ()
    """Of an object, the members that are read where it was got."""


def required(program: Path, project: str) -> dict[str, Wanted]:
    """The keys, each with its namespace, that the sources of a program require."""
    found: dict[str, Wanted] = {}
    for code in code_files.codes(program):
        for key, wanted in _required(code, project):
            # Of two readings the one that takes it for something tells more.
            if key not in found or found[key].kind == "text":
                found[key] = wanted
    return found


def _required(code: str, project: str) -> Iterator[tuple[str, Wanted]]:
    namespaces: Mapping[str, str] = dict(_MADE.findall(code))
    for call in _CALL.finditer(code):
        if call["receiver"] not in _NO_CONFIG:
            namespace = call["namespace"] or namespaces.get(call["receiver"]) or project
            key = call["key"] if ":" in call["key"] else f"{namespace}:{call['key']}"
            yield key, _wanted(call, code)


def _wanted(call: re.Match[str], code: str) -> Wanted:
    told = (call["kind"] or call["cast"] or "").lower()
    if not told:
        return Wanted()
    kind = _KINDS.get(told[:4], "number")
    if kind != "object":
        return Wanted(kind)
    return Wanted("list") if (call["type"] or "").rstrip().endswith("[]") else _object(call, code)


def _object(call: re.Match[str], code: str) -> Wanted:
    """An object, with what the file reads of the variable that it is kept in."""
    line = code.rfind("\n", 0, call.start()) + 1
    assigned = re.match(rf"\s*(?:const|let|var)?\s*{_ASSIGNED}$", code[line : call.start()])
    if assigned is None:
        return Wanted("object")
    read = rf"""\b{assigned[1]}(?:\??\.(?!get\b)(\w+)(?!\w|\()|(?:\.get)?[\[(]["'](\w+)["'])"""
    members = {first or second for first, second in re.findall(read, code)}
    loops = rf"\bin\s+{assigned[1]}\s*:|\bof\s+{assigned[1]}\s*\)|\b{assigned[1]}\.(?:map|forEach|length)\b"
    if re.search(loops, code):
        return Wanted("list")
    return Wanted("object", tuple(sorted(members)))
