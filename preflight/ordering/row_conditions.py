"""What a row may ask of a resource: tests of what stands at a path.

The language is data, read from `rows.json`; nothing in it is evaluated as code. Every test is false where a value is
unknown, unless it says otherwise: what cannot be told is silent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from preflight.json_documents import parse
from preflight.ordering.chains import Property, text_of
from preflight.resource import Resource
from preflight.values import UNKNOWN, Value

_NUMBER: Final = re.compile(r"\d{1,9}(\.\d{1,9})?")


def _given(value: Value) -> bool:
    return value not in (None, "") and value != {}


def _texts(values: Sequence[Value]) -> list[str]:
    return [text for value in values if (text := text_of(value)) is not None]


def _without(values: Sequence[Value], unwanted: Sequence[str]) -> bool:
    return UNKNOWN not in values and not set(_texts(values)).intersection(unwanted)


def _above(values: Sequence[Value], limit: float) -> bool:
    return any(float(text) > limit for text in _texts(values) if _NUMBER.fullmatch(text))


def _has(values: Sequence[Value], parts: Sequence[str]) -> bool:
    return any(part in text for text in _texts(values) for part in parts)


def _allows_everybody(policy: Value) -> bool:
    """Whether a policy document, as an object or as text, has a statement that S3 calls public.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    document = parse(policy) if isinstance(policy, str) else policy
    statements = document.get("Statement") if isinstance(document, dict) else None
    for statement in statements if isinstance(statements, list) else [statements]:
        if isinstance(statement, dict) and statement.get("Effect") == "Allow" and not statement.get("Condition"):
            principal = statement.get("Principal")
            named = principal.get("AWS") if isinstance(principal, dict) else principal
            if "*" in (named if isinstance(named, list) else [named]):
                return True
    return False


_IS: Final[Mapping[str, Callable[[Sequence[Value]], bool]]] = {
    "set": lambda values: any(map(_given, values)),
    "unset": lambda values: not any(map(_given, values)),
    "true": lambda values: "true" in _texts(values),
    "not true": lambda values: _without(values, ["true"]),
    "public": lambda values: any(map(_allows_everybody, values)),
}
_TESTS: Final[Mapping[str, Callable[[Sequence[Value], Any], bool]]] = {
    "is": lambda values, word: _IS[word](values),
    "in": lambda values, words: not set(_texts(values)).isdisjoint(words),
    "not in": _without,
    "above": _above,
    "has": lambda values, parts: _has(values, [parts] if isinstance(parts, str) else parts),
    "starts": lambda values, start: any(text.startswith(start) for text in _texts(values)),
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

    @staticmethod
    def read(data: Mapping[str, Any]) -> Condition:
        """The condition in `data`; raises `ValueError` where it is none."""
        tests = data.keys() - {"of", "at"}
        if "at" not in data or len(tests) != 1 or not tests <= _TESTS.keys():
            raise ValueError(f"a condition has `at` and one of {', '.join(_TESTS)}: {dict(data)}")
        test = tests.pop()
        if test == "is" and data["is"] not in _IS:
            raise ValueError(f"`is` is followed by one of {', '.join(_IS)}: {dict(data)}")
        operand = tuple(data[test]) if isinstance(data[test], list) else data[test]
        return Condition(data.get("of", ""), Property.of(data["at"]), test, operand)

    def holds(self, resource: Resource) -> bool:
        """Whether `resource` passes."""
        return _TESTS[self.test](self.at.values(resource), self.operand)
