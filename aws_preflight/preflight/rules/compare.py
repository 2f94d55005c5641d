"""Comparing values as the provider would send them: `"5"` for a number, `"true"` for a boolean.

Every answer is true, false, or `None`: cannot tell.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from aws_preflight.preflight.values import Value

Answer: TypeAlias = "bool | None"

_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
# As the provider's conversion of strings has it (zclconf/go-cty, cty/convert/conversion_primitive.go).
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}


IS_OF_KIND: Final[Mapping[str, Callable[[Value], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "list": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
"""Whether a value is of a kind, by the words of the language."""


@dataclass(frozen=True, slots=True)
class Between:
    """A count of which only the bounds are known."""

    fewest: int
    most: int


def number(value: Value) -> int | float | None:
    """The number that a value is, or that its text states; `None` for none and for no finite one."""
    if type(value) is int:
        return value
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            return None
        return float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if math.isfinite(value) else None


def boolean(value: Value) -> bool | None:
    """The boolean that a value is, or that its text states; `None` for none."""
    if isinstance(value, str):
        return _BOOLEANS.get(value)
    return value if isinstance(value, bool) else None


def text(value: Value) -> str | None:
    """The text that a value is sent as; `None` for a list, an object, what is unset or unknown."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)) and math.isfinite(value):
        return str(int(value)) if value == int(value) else repr(value)
    return None


def same(value: Value, wanted: Value) -> Answer:
    """Whether two values are sent as the same; cannot tell where one is no plain value."""
    if isinstance(wanted, bool):
        known = boolean(value)
        return None if known is None else known == wanted
    if isinstance(wanted, str):
        sent = text(value)
        return None if sent is None else sent == wanted
    a, b = number(value), number(wanted)
    return None if a is None or b is None else a == b


def both_ways(value: Value, other: Value) -> Answer:
    """Whether two values of a program are sent as the same, whichever of them is the text."""
    if isinstance(value, str) and not isinstance(other, str):
        value, other = other, value
    return same(other, value) if isinstance(value, (bool, int, float)) else same(value, other)
