"""What a row may ask of a resource: tests of what stands at a path.

The language is data, read from `rows.json`; nothing in it is evaluated as code. Every test is false where a value is
unknown, unless it says otherwise: what cannot be told is silent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from aws_preflight.preflight.ordering.chains import Property, string_of
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN, Value

_NUMBER: Final = re.compile(r"\d{1,9}(\.\d{1,9})?")


def _given(value: Value) -> bool:
    return value not in (None, "") and value != {}


def _strings(values: Sequence[Value]) -> list[str]:
    return [text for value in values if (text := string_of(value)) is not None]


def _without(values: Sequence[Value], operand: Sequence[str]) -> bool:
    return UNKNOWN not in values and not set(_strings(values)).intersection(operand)


def _above(values: Sequence[Value], operand: float) -> bool:
    return any(float(text) > operand for text in _strings(values) if _NUMBER.fullmatch(text))


def _has(values: Sequence[Value], parts: Sequence[str]) -> bool:
    return any(part in text for text in _strings(values) for part in parts)


Kinds: TypeAlias = Mapping[str, Callable[[Value], bool]]
"""Words that may follow `is`, beside those of the language: what they say of one value is a fact of the cloud."""

_IS: Final[Mapping[str, Callable[[Sequence[Value]], bool]]] = {
    "set": lambda values: any(map(_given, values)),
    "unset": lambda values: not any(map(_given, values)),
    "true": lambda values: "true" in _strings(values),
    "not true": lambda values: _without(values, ["true"]),
}
_TESTS: Final[Mapping[str, Callable[[Sequence[Value], Any], bool]]] = {
    "in": lambda values, operand: not set(_strings(values)).isdisjoint(operand),
    "not in": _without,
    "above": _above,
    "has": lambda values, operand: _has(values, [operand] if isinstance(operand, str) else operand),
    "starts": lambda values, operand: any(text.startswith(operand) for text in _strings(values)),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one property of a resource.

    `of` says whose: "" the one at hand, "hub" the resource that it shares with what it needs, otherwise a chain of
    properties that leads to the resources meant, one of which has to pass.
    """

    of: str
    at: Property
    test: str
    operand: Any
    passes: Callable[[Sequence[Value]], bool] = field(compare=False, repr=False)
    """Whether the values at the path pass."""

    @staticmethod
    def read(data: Mapping[str, Any], kinds: Kinds) -> Condition:
        """The condition in `data`; raises `ValueError` where it is none."""
        tests = data.keys() - {"of", "at"}
        if "at" not in data or len(tests) != 1 or not tests <= {"is", *_TESTS}:
            raise ValueError(f"a condition has `at` and one of is, {', '.join(_TESTS)}: {dict(data)}")
        test = tests.pop()
        operand = tuple(data[test]) if isinstance(data[test], list) else data[test]
        if test == "is" and operand not in (*_IS, *kinds):
            raise ValueError(f"`is` is followed by one of {', '.join((*_IS, *kinds))}: {dict(data)}")
        passes = _is(operand, kinds) if test == "is" else lambda values: _TESTS[test](values, operand)
        return Condition(data.get("of", ""), Property.of(data["at"]), test, operand, passes)

    def holds(self, resource: Resource) -> bool:
        """Whether `resource` passes."""
        return self.passes(self.at.values(resource))


def _is(word: Any, kinds: Kinds) -> Callable[[Sequence[Value]], bool]:
    return _IS[word] if word in _IS else lambda values: any(map(kinds[word], values))
