"""Inputs of a resource as plain Python data.

A value is `None`, `bool`, `int`, `float`, `str`, `list`, `dict` with text keys, or `UNKNOWN`. Nothing else reaches a
check: no proxies, no asset objects, no secret wrappers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

Value: TypeAlias = Any
Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands: property names and list indexes, also inside a JSON document."""

MAX_DEPTH: Final = 64
"""Of lists and objects in each other. No input of AWS comes near it; what lies deeper is not known to a check."""


class Unknown:
    """The type of `UNKNOWN`: a value that the engine does not know yet, or that no policy can read (an asset)."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        return False


UNKNOWN: Final = Unknown()
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_LONGEST_KEY: Final = 80
_LONGEST_WORD: Final = 100


def dig(value: Value, *path: str | int) -> Value:
    """The value at `path` below `value`; `UNKNOWN` below an unknown value, `None` where there is nothing."""
    for step in path:
        if value is UNKNOWN:
            return UNKNOWN
        if isinstance(step, str):
            value = value.get(step) if isinstance(value, dict) else None
        else:
            value = value[step] if isinstance(value, list) and 0 <= step < len(value) else None
    return value


def items_of(value: Value) -> list[tuple[int, Value]]:
    """The indexed items of a list; nothing for any other value."""
    return list(enumerate(value)) if isinstance(value, list) else []


def has_unknown(value: Value) -> bool:
    """Whether `value` is unknown, or a part of it is."""
    if not isinstance(value, (list, dict)):
        return value is UNKNOWN
    return any(part is UNKNOWN for part, _ in parts_of(value))


def is_too_deep(value: Value) -> bool:
    """Whether lists and objects in `value` are nested deeper than `MAX_DEPTH`."""
    return any(depth > MAX_DEPTH for _, depth in parts_of(value))


def parts_of(value: Value) -> Iterator[tuple[Value, int]]:
    """`value` and all that is in it, each with the number of lists and objects around and at it."""
    rest = [(value, 0)]
    while rest:
        part, depth = rest.pop()
        is_list = isinstance(part, list)
        if is_list or isinstance(part, dict):
            depth += 1
            rest += [(item, depth) for item in (part if is_list else part.values())]
        yield part, depth


def kind_of(value: Value) -> str:
    """What a message calls a value: "a number", "an object", ... (JSON's names)."""
    if isinstance(value, bool):
        return "a boolean"
    for types, name in (
        (str, "a string"),
        ((int, float), "a number"),
        (list, "a list"),
        (dict, "an object"),
        (Unknown, "not known yet"),
    ):
        if isinstance(value, types):
            return name
    return "null"


def quote(value: Value, limit: int = 120) -> str:
    """`value` as one line of JSON that is safe to print.

    Control characters, line separators, terminal escapes and lone surrogates are escaped; more than `limit`
    characters are cut in the middle, so that both ends can be recognised.
    """
    text = json.dumps(value, ensure_ascii=False, default=repr)
    if len(text) > limit:
        half = (limit - 5) // 2
        text = f"{text[:half]} ... {text[-half:]}"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def format_path(path: Path) -> str:
    """`("tags", 2, "value")` as people write it: `tags[2].value`; a key that is no plain word is quoted."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.replace("-", "").replace("_", "").isalnum() and step.isascii():
            text += f".{step}" if text else step
        else:
            # The ends of a long key are kept. What is cut is the key, so that its quotation marks stay a pair.
            text += f"[{quote(step if len(step) <= _LONGEST_KEY else f'{step[:36]} ... {step[-36:]}', 1000)}]"
    return text


def path_order(path: Path) -> tuple[tuple[int, int, str], ...]:
    """A sort key for paths: indexes by number, names by text."""
    return tuple((0, step, "") if isinstance(step, int) else (1, 0, step) for step in path)


def suggestion(word: str, words: Iterable[str]) -> str:
    """`; did you mean "..."?`, or nothing."""
    # To compare takes long where the word does, and a word that is much longer than all others is like none of them.
    close = get_close_matches(word, list(words), n=1) if len(word) <= _LONGEST_WORD else []
    return f'; did you mean "{close[0]}"?' if close else ""


def snake_case(name: str) -> str:
    """`vpc_id` for `vpcId`: a property as programs in Python write it, and as Terraform does."""
    return _HUMP.sub("_", name).lower()
