"""The leaves of conditions: what is asked about, and the test of it."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar, Final

from aws_preflight.preflight.resource import Remembered, Resource
from aws_preflight.preflight.rules import blocks, compare, times
from aws_preflight.preflight.rules.compare import Answer
from aws_preflight.preflight.rules.paths import Frame, Getter, Reference, RuleError, Steps, read, reference, walk
from aws_preflight.preflight.values import UNKNOWN, Path, Value, kind_of, quote, suggestion

Test = Callable[[Frame], Answer]
Operand = Callable[[Frame], Value]

SUBJECTS: Final = ("at", "length", "bytes", "count")
OPTIONS: Final = ("default", "times")
GROUPS: Final = ("all", "any", "not", "some", "every", "repeats")
STATES: Final = ("set", "unset", "empty")
KINDS: Final = tuple(compare.IS_OF_KIND)
ORDERED: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "above": operator.gt,
    "below": operator.lt,
    "at least": operator.ge,
    "at most": operator.le,
}
STRINGS: Final[Mapping[str, Callable[[str, tuple[str, ...]], bool]]] = {
    "starts with": str.startswith,
    "ends with": str.endswith,
    "contains": lambda text, parts: any(part in text for part in parts),
}
TESTS: Final = (
    *("is", "equals", "differs", "in", "not in", "matches", "mismatches", "between", "outside", "repeats"),
    *("inside block", "outside block", "overlaps"),
    *ORDERED,
    *STRINGS,
)


class Leaves:
    """Compiles leaves that begin at the elements of one scope; `used` are all paths that they read."""

    of_stack: ClassVar[bool] = False
    """Whether the conditions are about a resource of a stack, of which more is known than of one by itself."""

    def __init__(self, scope: Steps) -> None:
        self.used: list[Steps] = []
        self._around: list[Steps] = [scope]

    def reference(self, value: Value, at: Path) -> Reference:
        """The path that a rule names at `at`. Raises `RuleError`."""
        if not isinstance(value, str):
            raise RuleError(at, f"{kind_of(value)} stands where a path belongs")
        inside = self._around[-1]
        try:
            wanted = reference(value, bool(inside) and inside[-1].folded)
        except ValueError as error:
            raise RuleError(at, str(error)) from None
        if wanted.up >= len(self._around):
            raise RuleError(at, f"{value}: there are {len(self._around) - 1} elements around this one")
        if wanted.origin == "provider" and not self.of_stack:
            raise RuleError(at, f"{value}: which provider a resource has is known of the resources of a stack only")
        if wanted.origin == "resource":
            self.used.append(wanted.steps)
        elif wanted.origin == "element":
            self.used.append(self._around[-1 - wanted.up] + wanted.steps)
        return wanted

    def leaf(self, value: dict[str, Value], at: Path) -> Test:
        """The function for a leaf that stands at `at` in its rule. Raises `RuleError`."""
        subject, rest = self._operand(value, at)
        if len(rest) != 1:
            named = ", ".join(sorted(rest)) or "none"
            raise RuleError(at, f"one test belongs beside {next(iter(value))}, and there are: {named}")
        name = rest.pop()
        if name not in TESTS:
            raise RuleError((*at, name), f'there is no test "{name}"{suggestion(name, TESTS)}')
        argument, at = value[name], (*at, name)
        if name in ORDERED:
            return self._ordered(name, subject, argument, at)
        if name in STRINGS:
            return self._on_string(name, subject, argument, at)
        compiled: Test = getattr(self, f"_test_{name.replace(' ', '_')}")(subject, argument, at)
        if name == "is" and "default" in value:
            raise RuleError(at, "is asks for what the program set: default has no place beside it")
        return compiled

    def _operand(self, value: dict[str, Value], at: Path) -> tuple[Operand, set[str]]:
        """What a leaf asks about, and the keys that are left: its test."""
        subjects = [key for key in value if key in SUBJECTS]
        if len(subjects) != 1:
            close = next((suggestion(key, (*SUBJECTS, *GROUPS)) for key in value if key not in TESTS), "")
            raise RuleError(at, f"one of {', '.join(SUBJECTS)} or {', '.join(GROUPS)} belongs here{close}")
        name = subjects[0]
        wanted = self.reference(value[name], (*at, name))
        try:
            get = read(wanted)
        except ValueError as error:
            raise RuleError((*at, name), str(error)) from None
        if name != "at":
            get = _then(get, _MEASURES[name])
        if "default" in value:
            get = _or(get, value["default"])
        if "times" in value:
            get = _then(get, _multiplied(value["times"], (*at, "times")))
        return get, value.keys() - {name, *OPTIONS}

    def _other(self, value: Value, at: Path) -> Operand:
        """What a subject is compared with: a value of the rule, or another property."""
        if not isinstance(value, dict):
            if value is None or isinstance(value, list):
                raise RuleError(
                    at, f"{kind_of(value)} stands where a string, a number, a boolean or a property belongs"
                )
            return lambda _: value
        get, rest = self._operand(value, at)
        if rest:
            raise RuleError((*at, min(rest)), f'"{min(rest)}" is not needed: a property to compare with has no test')
        return get

    def _test_is(self, subject: Operand, argument: Value, at: Path) -> Test:
        if argument == "set":
            return lambda frame: _is_set(subject(frame))
        if argument == "unset":
            return lambda frame: _is_unset(subject(frame))
        if argument == "empty":
            return _on_value(subject, lambda value: value in ("", [], {}))
        if argument in KINDS:
            return _on_value(subject, compare.IS_OF_KIND[argument])
        words = (*STATES, *KINDS)
        close = suggestion(argument, words) if isinstance(argument, str) else ""
        raise RuleError(at, f"{quote(argument)} is none of {', '.join(words)}; to compare a value, use equals{close}")

    def _test_equals(self, subject: Operand, argument: Value, at: Path) -> Test:
        other = self._other(argument, at)
        if not isinstance(argument, dict):
            return _equals(subject, argument)

        def equals(frame: Frame) -> Answer:
            value, wanted = subject(frame), other(frame)
            return None if value is None or wanted is None else compare.both_ways(value, wanted)

        return equals

    def _test_differs(self, subject: Operand, argument: Value, at: Path) -> Test:
        return inverted(self._test_equals(subject, argument, at))

    def _test_in(self, subject: Operand, argument: Value, at: Path) -> Test:
        if not isinstance(argument, list) or not argument:
            raise RuleError(at, f"{kind_of(argument)} stands where a list of values belongs")
        if all(isinstance(item, str) for item in argument):
            words = frozenset(argument)
            return _on_sent(subject, words.__contains__)
        if any(not isinstance(item, (int, float)) or isinstance(item, bool) for item in argument):
            raise RuleError(at, "a list holds strings alone, or numbers alone")
        numbers = frozenset(argument)
        return _on_number(subject, numbers.__contains__)

    def _test_not_in(self, subject: Operand, argument: Value, at: Path) -> Test:
        return inverted(self._test_in(subject, argument, at))

    def _test_matches(self, subject: Operand, argument: Value, at: Path) -> Test:
        try:
            matches = re.compile(argument, re.ASCII).fullmatch
        except (re.error, TypeError) as error:
            raise RuleError(at, f"this is not a regular expression: {error}") from None
        return _on_sent(subject, matches)

    def _test_mismatches(self, subject: Operand, argument: Value, at: Path) -> Test:
        return inverted(self._test_matches(subject, argument, at))

    def _ordered(self, name: str, subject: Operand, argument: Value, at: Path) -> Test:
        compared = ORDERED[name]
        if not isinstance(argument, dict) and compare.number(argument) is None:
            raise RuleError(at, f"{kind_of(argument)} stands where a number or a property belongs")
        other = self._other(argument, at)

        def ordered(frame: Frame) -> Answer:
            value, b = subject(frame), compare.number(other(frame))
            if b is None:
                return None
            if isinstance(value, compare.Between):
                fewest, most = compared(value.fewest, b), compared(value.most, b)
                return fewest if fewest == most else None
            a = compare.number(value)
            return None if a is None else compared(a, b)

        return ordered

    def _on_string(self, name: str, subject: Operand, argument: Value, at: Path) -> Test:
        if not isinstance(argument, dict):
            return _on_sent(subject, _search(name, _strings(argument, at)))
        test = STRINGS[name]
        other = self._other(argument, at)

        def answer(frame: Frame) -> Answer:
            value, part = compare.text(subject(frame)), compare.text(other(frame))
            return None if value is None or part is None else test(value, (part,))

        return answer

    def _test_between(self, subject: Operand, argument: Value, at: Path) -> Test:
        if not isinstance(argument, list) or len(argument) != 2 or None in map(compare.number, argument):
            raise RuleError(at, "two numbers belong here, the lowest and the highest: [1, 10]")
        low, high = argument
        return _on_number(subject, lambda number: low <= number <= high)

    def _test_outside(self, subject: Operand, argument: Value, at: Path) -> Test:
        return inverted(self._test_between(subject, argument, at))

    def _test_inside_block(self, subject: Operand, argument: Value, at: Path) -> Test:
        if not isinstance(argument, dict) and blocks.block(argument) is None:
            raise RuleError(at, "a CIDR block such as 10.0.0.0/16 or a property belongs here")
        other = self._other(argument, at)
        return lambda frame: blocks.lies_in(subject(frame), other(frame))

    def _test_outside_block(self, subject: Operand, argument: Value, at: Path) -> Test:
        return inverted(self._test_inside_block(subject, argument, at))

    def _test_overlaps(self, subject: Operand, argument: Value, at: Path) -> Test:
        if not isinstance(argument, dict):
            raise RuleError(at, "a property with a time of every day or week belongs here, such as mon:05:00-mon:06:30")
        other = self._other(argument, at)
        return lambda frame: times.overlap(subject(frame), other(frame))

    def _test_repeats(self, subject: Operand, argument: Value, at: Path) -> Test:
        """Whether an element before this one has the value; `argument` leads there from the resource."""
        wanted = self.reference(argument, at)
        if wanted.origin != "resource":
            raise RuleError(at, "a path from the resource belongs here, such as /rules[].priority")
        first_of = _first_of(wanted.steps)

        def repeats(frame: Frame) -> Answer:
            value = compare.text(subject(frame))
            if value is None:
                return None
            first, all_known = first_of(frame.resource)
            if value in first and first[value][: len(frame.path)] != frame.path:
                return True
            return False if all_known else None

        return repeats


def _first_of(steps: Steps) -> Remembered[tuple[dict[str, Path], bool]]:
    """Where each value of a path stands first in a resource, and whether all are known."""

    def first_of(resource: Resource) -> tuple[dict[str, Path], bool]:
        first: dict[str, Path] = {}
        found = [(compare.text(item), path) for item, path, _ in walk(resource.properties, steps)]
        for value, path in found:
            if value is not None:
                first.setdefault(value, path)
        return first, all(value is not None for value, _ in found)

    return Remembered(first_of)


def _is_set(value: Value) -> Answer:
    # What is unknown is false, and so are the values that some resources of the provider take for none.
    return True if value else False if value is None else None


def _is_unset(value: Value) -> Answer:
    return True if value is None else None if not value else False


def _then(get: Operand, change: Getter) -> Operand:
    return lambda frame: change(get(frame))


def _or(get: Operand, default: Value) -> Operand:
    def with_default(frame: Frame) -> Value:
        value = get(frame)
        return default if value is None else value

    return with_default


def _multiplied(factor: Value, at: Path) -> Getter:
    times = compare.number(factor)
    if times is None:
        raise RuleError(at, f"{kind_of(factor)} stands where a number belongs")

    def multiplied(value: Value) -> Value:
        known = compare.number(value)
        return UNKNOWN if known is None else known * times

    return multiplied


def _length(value: Value) -> Value:
    return len(value) if isinstance(value, str) else None if value is None else UNKNOWN


def _bytes(value: Value) -> Value:
    return len(value.encode("utf-8", "replace")) if isinstance(value, str) else None if value is None else UNKNOWN


def _count(value: Value) -> Value:
    if value is None:
        return None
    if not isinstance(value, (list, dict)):
        return UNKNOWN
    unknown = sum(item is UNKNOWN for item in (value.values() if isinstance(value, dict) else value))
    # An item that is not known yet is one, but may turn out to be the same as another: many lists are sets.
    fewest = max(1, len(value) - unknown) if value else 0
    return compare.Between(fewest, len(value)) if fewest < len(value) else len(value)


_MEASURES: Final[Mapping[str, Getter]] = {"length": _length, "bytes": _bytes, "count": _count}


def _on_value(subject: Operand, test: Callable[[Value], Answer]) -> Test:
    def answer(frame: Frame) -> Answer:
        value = subject(frame)
        return None if value is None or value is UNKNOWN else test(value)

    return answer


def _equals(subject: Operand, wanted: Value) -> Test:
    def equals(frame: Frame) -> Answer:
        value = subject(frame)
        if value is None or value is UNKNOWN:
            return None
        return value == wanted if type(value) is type(wanted) is str else compare.same(value, wanted)

    return equals


def _on_sent(subject: Operand, test: Callable[[str], object]) -> Test:
    """Asks about the text that a value is sent as; what `test` answers counts as true or false."""

    def answer(frame: Frame) -> Answer:
        value = subject(frame)
        if type(value) is not str:
            value = compare.text(value)
            if value is None:
                return None
        return bool(test(value))

    return answer


def _on_number(subject: Operand, test: Callable[[float], bool]) -> Test:
    def answer(frame: Frame) -> Answer:
        value = compare.number(subject(frame))
        return None if value is None else test(value)

    return answer


def inverted(test: Test) -> Test:
    """The opposite question."""

    def answer(frame: Frame) -> Answer:
        one = test(frame)
        return None if one is None else not one

    return answer


def _search(name: str, parts: tuple[str, ...]) -> Callable[[str], object]:
    """What looks for one of `parts` in a string, in as few steps as there can be."""
    if name == "contains":
        return re.compile("|".join(map(re.escape, parts))).search
    return operator.methodcaller({"starts with": "startswith", "ends with": "endswith"}[name], parts)


def _strings(value: Value, at: Path) -> tuple[str, ...]:
    parts: Iterable[Value] = value if isinstance(value, list) else [value]
    if not all(isinstance(part, str) and part for part in parts):
        raise RuleError(at, "a string or a list of strings belongs here")
    return tuple(parts)
