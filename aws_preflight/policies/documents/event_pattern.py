"""The matchers in an event pattern of EventBridge: which there are, and the shape of each.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html; the answers were measured by
https://github.com/badmintoncryer/cdk-preflight (rules/events/pf-events-pattern-operator/meta.yaml, 2026-09-07).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from aws_preflight.policies.documents.shape import Problem
from aws_preflight.preflight.values import UNKNOWN, Path, Value, items_of

_OTHERS: Final[Mapping[str, str]] = {
    "beginsWith": "prefix",
    "contains": "wildcard",
    "endsWith": "suffix",
    "equals": "equals-ignore-case",
    "equalsIgnoreCase": "equals-ignore-case",
    "ignoreCase": "equals-ignore-case",
    "like": "wildcard",
    "not": "anything-but",
    "notEquals": "anything-but",
    "pattern": "wildcard",
    "regex": "wildcard",
    "startsWith": "prefix",
}
"""What other languages call a matcher, and what EventBridge calls it."""

_COMPARISONS: Final = ("<", "<=", "=", ">=", ">")


def problems_in(pattern: Value) -> Iterator[Problem]:
    """What is wrong with the matchers of a pattern: a document as plain data, in which parts may be unknown.

    What another check or AWS itself says of anything else (lists that are empty, values that stand alone) is not told.
    """
    yield from _in_object((), pattern)


def _in_object(path: Path, value: Value) -> Iterator[Problem]:
    for name, below in value.items() if isinstance(value, dict) else ():
        if name == "$or":
            for i, alternative in items_of(below):
                yield from _in_object((*path, name, i), alternative)
        elif isinstance(below, dict):
            yield from _in_object((*path, name), below)
        else:
            for i, matcher in items_of(below):
                yield from _in_matcher((*path, name, i), matcher)


def _in_matcher(path: Path, value: Value) -> Iterator[Problem]:
    # With several names in it AWS takes the first, and nobody can tell which that is.
    if not isinstance(value, dict) or len(value) != 1:
        return
    ((name, argument),) = value.items()
    if name in _SHAPES:
        if argument is not UNKNOWN:
            yield from _SHAPES[name]((*path, name), argument)
    elif meant := _OTHERS.get(name) or next(iter(get_close_matches(name, _SHAPES, n=1, cutoff=0.8)), None):
        message = f'there is no matcher of this name; "{meant}" is what EventBridge calls it'
        yield Problem(path=(*path, name), message=message, answer="Unrecognized match type")


def _end_of_text(path: Path, value: Value) -> Iterator[Problem]:
    """`prefix` and `suffix`: a text, or an object that says in which letter case."""
    if not isinstance(value, (str, dict)):
        answer = f"{path[-1]} match pattern must be a string"
        yield Problem(path=path, message="a string belongs here", answer=answer)


def _exists(path: Path, value: Value) -> Iterator[Problem]:
    if not isinstance(value, bool):
        answer = "exists match pattern must be either true or false."
        yield Problem(path=path, message="true or false belongs here, without quotes", answer=answer)


def _wildcard(path: Path, value: Value) -> Iterator[Problem]:
    # After a backslash a star is one character of the text.
    if isinstance(value, str) and "**" in re.sub(r"\\.", "", value):
        message = "two stars stand one after the other: one matches any text"
        yield Problem(path=path, message=message, answer="Consecutive wildcard characters")


def _numeric(path: Path, value: Value) -> Iterator[Problem]:
    """A list of comparisons, each with its number."""
    for i, comparison in items_of(value)[::2]:
        if isinstance(comparison, str) and comparison not in _COMPARISONS:
            message = f"a comparison belongs here: {', '.join(_COMPARISONS)}"
            yield Problem(path=(*path, i), message=message, answer="Unrecognized numeric range operator")


def _anything_but(path: Path, value: Value) -> Iterator[Problem]:
    """A text, a number, a list of them, or an object with one matcher of text."""
    if isinstance(value, dict) and value.keys() & {"anything-but", "exists", "numeric", "cidr"}:
        message = "of matchers, only prefix, suffix, equals-ignore-case and wildcard may stand in anything-but"
        yield Problem(path=path, message=message, answer="Unsupported anything-but pattern")


def _any_shape(_path: Path, _value: Value) -> Iterator[Problem]:
    yield from ()


_SHAPES: Final[Mapping[str, Callable[[Path, Value], Iterator[Problem]]]] = {
    "anything-but": _anything_but,
    "cidr": _any_shape,
    "equals-ignore-case": _any_shape,
    "exists": _exists,
    "numeric": _numeric,
    "prefix": _end_of_text,
    "suffix": _end_of_text,
    "wildcard": _wildcard,
}
