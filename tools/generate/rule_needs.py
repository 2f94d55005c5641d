"""Which properties a resource must have for a condition to be true: where one is not set, nobody has to evaluate it.

A value that is not set makes each test of it "cannot tell", but for the tests of that itself (`is: set`, `is: unset`)
and those with a default. Groups of conditions pass that on as docs/rules-language.md says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Final

from aws_preflight.preflight.rules.leaves import GROUPS, SUBJECTS, TESTS
from aws_preflight.preflight.rules.paths import Steps, reference, steps_of
from aws_preflight.preflight.values import Value

Names = frozenset[str]

_NOTHING: Final[Names] = frozenset()


def needs(scopes: Iterable[str], condition: Value) -> list[str]:
    """The properties without which a rule refuses nothing: `condition` is about the elements of any of `scopes`."""
    return sorted(_in_each(_first(steps_of(path)) | _Needs([steps_of(path)]).of(condition, True) for path in scopes))


class _Needs:
    """What conditions need that stand inside the elements of some scopes, the innermost last."""

    def __init__(self, around: Sequence[Steps]) -> None:
        self._around = around

    def of(self, condition: Value, answer: bool) -> Names:
        """What must be set for `condition` to have this answer."""
        if isinstance(condition, list):
            return self._several("all", condition, answer)
        group = next((key for key in condition if key in GROUPS and not condition.keys() & set(SUBJECTS)), None)
        if group is None:
            return self._of_leaf(condition, answer)
        if group in ("all", "any"):
            return self._several(group, condition[group], answer)
        if group == "not":
            return self.of(condition["not"], not answer)
        return self._of_elements(group, condition, answer)

    def _several(self, group: str, conditions: Sequence[Value], answer: bool) -> Names:
        """All have the answer where `all` is true or `any` is false, else at least one of them."""
        parts = [self.of(one, answer) for one in conditions]
        return frozenset().union(*parts) if (group == "all") is answer else _in_each(parts)

    def _of_elements(self, group: str, condition: Mapping[str, Value], answer: bool) -> Names:
        """Without elements `some` and `repeats` are false, and `every` cannot tell."""
        path = condition[group]
        if not answer and group != "every":
            return _NOTHING
        steps = self._steps(path)
        if group == "repeats" or not answer:
            return _first(steps)
        return _first(steps) | _Needs([*self._around, steps]).of(condition["where"], True)

    def _of_leaf(self, leaf: Mapping[str, Value], answer: bool) -> Names:
        (test,) = leaf.keys() & set(TESTS)
        argument = leaf[test]
        if test == "is" and argument in ("set", "unset"):
            return self._of_subject(leaf) if answer is (argument == "set") else _NOTHING
        other = self._of_subject(argument) if isinstance(argument, dict) else _NOTHING
        return self._of_subject(leaf) | other

    def _of_subject(self, leaf: Mapping[str, Value]) -> Names:
        path = next(leaf[name] for name in SUBJECTS if name in leaf)
        return _NOTHING if "default" in leaf else _first(self._steps(path))

    def _steps(self, path: str) -> Steps:
        """The steps of a path from the resource; none where it asks for something else."""
        wanted = reference(path)
        if wanted.origin == "resource":
            return wanted.steps
        return self._around[-1 - wanted.up] + wanted.steps if wanted.origin == "element" else ()


def _first(steps: Steps) -> Names:
    return frozenset({steps[0].name}) if steps and steps[0].kind == "name" else _NOTHING


def _in_each(parts: Iterable[Names]) -> Names:
    every: Callable[[Names, Names], Names] = frozenset.__and__
    return reduce(every, parts)
