"""Event patterns of EventBridge, which Lambda, Pipes and SNS have as well: fields, lists of values, and the matchers.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html; the answers were measured by
https://github.com/badmintoncryer/cdk-preflight (rules/events/pf-events-pattern-operator/meta.yaml, 2026-09-07) with
EventBridge, and by https://github.com/localstack/localstack with SNS (tests/aws/services/sns/
test_sns_filter_policy.snapshot.json, 2024-05-14), which gives the same answers where both were asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from aws_preflight.policies.documents.shape import Problem, is_number
from aws_preflight.preflight.values import UNKNOWN, Path, Value, has_unknown, items_of

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
_FROM, _TO = (">", ">="), ("<", "<=")


def problems_in(pattern: Value) -> Iterator[Problem]:
    """What is wrong with the matchers of a pattern: a document as plain data, in which parts may be unknown.

    What stands in the place of a matcher is told by `misplaced_in`.
    """
    yield from _in_object((), pattern)


EMPTY_LIST: Final = "Empty arrays are not allowed"
PLAIN_VALUE: Final = '"..." must be an object or an array'
LIST_IN_LIST: Final = "Match value must be String, number, true, false, or null"


def misplaced_in(pattern: Value, path: Path = ()) -> Iterator[Problem]:
    """Values of a pattern that stand where none may: alone, in a list of a list; and lists without any value."""
    for name, below in pattern.items() if isinstance(pattern, dict) else ():
        at = (*path, name)
        if isinstance(below, dict):
            yield from misplaced_in(below, at)
        elif isinstance(below, (str, int, float)):
            message = "a value stands in a list here, also where it is the only one, or compares"
            yield Problem(path=at, message=message, answer=PLAIN_VALUE)
        elif below == []:
            yield Problem(path=at, message="the list is empty", answer=EMPTY_LIST)
        elif name == "$or":
            for i, alternative in items_of(below):
                yield from misplaced_in(alternative, (*at, i))
        else:
            for i, item in items_of(below):
                if isinstance(item, list):
                    message = "a list stands in a list, in the place of a value"
                    yield Problem(path=(*at, i), message=message, answer=LIST_IN_LIST)


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
    """A comparison with its number, or a range: from below with `>` or `>=`, then to above with `<` or `<=`."""
    if not isinstance(value, list) or has_unknown(value):
        return
    if not value or not isinstance(value[0], str):
        message = 'a comparison and a number belong here, as in [">", 0]'
        yield Problem(path=path, message=message, answer="Invalid member in numeric match")
    elif unknown := [
        i for i, one in enumerate(value) if i in (0, 2) and isinstance(one, str) and one not in _COMPARISONS
    ]:
        message = f"a comparison belongs here: {', '.join(_COMPARISONS)}"
        yield Problem(path=(*path, unknown[0]), message=message, answer="Unrecognized numeric range operator")
    elif problem := _in_range(value):
        yield replace(problem, path=(*path, *problem.path))


def _in_range(value: list[Value]) -> Problem | None:
    """What is wrong with a list of comparisons, each of which there is."""
    first, second = value[:2], value[2:]
    if not is_number(first[-1]):
        answer = f"Value of {'equals' if first[0] == '=' else first[0]} must be numeric"
        return Problem(path=(), message="a number without quotes follows the comparison", answer=answer)
    if not second:
        return None
    if first[0] not in _FROM:
        message = "nothing follows =, < and <=: a range begins with > or >="
        return Problem(path=(0,), message=message, answer="Too many elements in numeric expression")
    if not isinstance(second[0], str):
        message = "a comparison follows the number, before the other number"
        return Problem(path=(2,), message=message, answer="Bad value in numeric range")
    if second[0] not in _TO:
        message = "a range that begins with > or >= ends with < or <="
        return Problem(path=(2,), message=message, answer="Bad numeric range operator")
    if len(second) == 1 or not is_number(second[1]):
        message = "a number without quotes follows the comparison"
        return Problem(path=(2,), message=message, answer=f"Value of {second[0]} must be numeric")
    if second[1] <= first[1]:
        message = "the second number of a range is above the first"
        return Problem(path=(3,), message=message, answer="Bottom must be less than top")
    return None


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
