"""The language of conditions, compiled into plain functions with three answers: true, false, `None` for cannot tell.

A rule refuses on true alone. What is unknown, of another shape, or compared though it is not set, cannot be told;
`all`, `any` and `not` pass that on (Kleene logic). docs/rules-language.md describes every word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Final

from aws_preflight.preflight.rules import compare
from aws_preflight.preflight.rules.compare import Answer
from aws_preflight.preflight.rules.leaves import GROUPS, SUBJECTS, Leaves, Test, inverted
from aws_preflight.preflight.rules.paths import Frame, Reference, RuleError, around, read, walk
from aws_preflight.preflight.values import UNKNOWN, Path, Value, kind_of

_BESIDE: Final = {"some": {"where"}, "every": {"where"}, "of": {"where", "type", "repeats", "alike"}}
"""What stands beside the word of a group."""


class Compiler(Leaves):
    """Compiles conditions: groups of leaves and of other groups."""

    groups: ClassVar[tuple[str, ...]] = GROUPS

    def condition(self, value: Value, at: Path) -> Test:
        """The function for a condition that stands at `at` in its rule. Raises `RuleError`."""
        if isinstance(value, list):
            return self._all(value, at)
        if not isinstance(value, dict) or not value:
            raise RuleError(at, f"{kind_of(value)} stands where a condition belongs")
        group = [key for key in value if key in self.groups and not value.keys() & set(SUBJECTS)]
        if not group:
            return self.leaf(value, at)
        extra = value.keys() - {group[0]} - _BESIDE.get(group[0], set())
        if extra:
            raise RuleError((*at, min(extra)), f'"{min(extra)}" cannot stand beside {group[0]}: put both into all')
        compiled: Test = getattr(self, f"_{group[0]}")(
            value[group[0]], (*at, group[0]), *self.beside(value, group[0], at)
        )
        return compiled

    def beside(self, value: Mapping[str, Value], group: str, at: Path) -> tuple[Value, ...]:
        """What stands beside the word of a group, for the method that compiles it. Raises `RuleError`."""
        if group not in _BESIDE:
            return ()
        if "where" not in value:
            raise RuleError(at, f"{group} needs a condition beside it: where")
        return (value["where"], (*at, "where"))

    def _several(self, value: Value, at: Path) -> list[Test]:
        if not isinstance(value, list) or not value:
            raise RuleError(at, f"{kind_of(value)} stands where a list of conditions belongs")
        return [self.condition(item, (*at, i)) for i, item in enumerate(value)]

    def _all(self, value: Value, at: Path) -> Test:
        tests = self._several(value, at)

        def every_one(frame: Frame) -> Answer:
            answer: Answer = True
            for test in tests:
                one = test(frame)
                if one is False:
                    return False
                answer = answer and one
            return answer

        return tests[0] if len(tests) == 1 else every_one

    def _any(self, value: Value, at: Path) -> Test:
        tests = self._several(value, at)

        def any_one(frame: Frame) -> Answer:
            answer: Answer = False
            for test in tests:
                one = test(frame)
                if one:
                    return True
                if one is None:
                    answer = None
            return answer

        return any_one

    def _not(self, value: Value, at: Path) -> Test:
        return inverted(self.condition(value, at))

    def _elements(
        self, path: Value, at: Path, where: Value, where_at: Path
    ) -> tuple[Callable[[Frame], list[Frame]], Test]:
        wanted = self.reference(path, at)
        if wanted.origin not in ("element", "resource"):
            raise RuleError(at, f"{path} has no elements")
        start, inside = _start(wanted), wanted.origin == "element"
        self._around.append(self.used[-1])
        test = self.condition(where, where_at)
        self._around.pop()

        def elements(frame: Frame) -> list[Frame]:
            found = walk(start(frame), wanted.steps, around(frame, wanted.up).path if inside else ())
            return [Frame(item, path, key, frame.resource, frame) for item, path, key in found]

        return elements, test

    def _some(self, path: Value, at: Path, where: Value, where_at: Path) -> Test:
        elements, test = self._elements(path, at, where, where_at)

        def some(frame: Frame) -> Answer:
            answer: Answer = False
            for element in elements(frame):
                one = None if element.item is UNKNOWN else test(element)
                if one:
                    return True
                if one is None:
                    answer = None
            return answer

        return some

    def _every(self, path: Value, at: Path, where: Value, where_at: Path) -> Test:
        elements, test = self._elements(path, at, where, where_at)

        def every(frame: Frame) -> Answer:
            answers = [None if element.item is UNKNOWN else test(element) for element in elements(frame)]
            if False in answers:
                return False
            return None if None in answers or not answers else True

        return every

    def _repeats(self, path: Value, at: Path) -> Test:
        wanted = self.reference(path, at)
        start = _start(wanted)

        def repeats(frame: Frame) -> Answer:
            sent = [compare.text(item) for item, _, _ in walk(start(frame), wanted.steps)]
            known = [one for one in sent if one is not None]
            return True if len(set(known)) < len(known) else False if len(known) == len(sent) else None

        return repeats


def _start(wanted: Reference) -> Callable[[Frame], Value]:
    return read(Reference(wanted.origin, (), wanted.up))
