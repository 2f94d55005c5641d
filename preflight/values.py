"""Inputs of a resource as plain Python data.

A value is `None`, `bool`, `int`, `float`, `str`, `list`, `dict` with text keys, or `UNKNOWN`. Nothing else reaches a
check: no proxies, no asset objects, no secret wrappers.
"""

from __future__ import annotations

import json
from typing import Any, Final, TypeAlias

Value: TypeAlias = Any
Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands: property names and list indexes, also inside a JSON document."""


class Unknown:
    """The type of `UNKNOWN`: a value that the engine does not know yet, or that no policy can read (an asset)."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        return False


UNKNOWN: Final = Unknown()

_LONGEST_KEY: Final = 80


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
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return value is UNKNOWN


def kind_of(value: Value) -> str:
    """What a message calls a value: "a number", "an object", ... (JSON's names)."""
    if isinstance(value, bool):
        return "a boolean"
    for types, name in (
        (str, "a text"),
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
