"""The shape of a JSON document: rules that are put together, and what breaks them.

A rule takes a path and the value there and yields problems. `documented` marks rules of a documentation whose refusal
nobody has recorded. The messages are those of the JSON Schema validator that AWS answers with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from aws_preflight.preflight.finding import Level
from aws_preflight.preflight.values import Path, Value, items_of, kind_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is refused.

    `path` leads through the document. `message` is our wording and `answer` AWS's, "" where it is not on record.
    Neither quotes a value. `recorded` is false where only the documentation forbids it. `instead` is a value to write
    there.
    """

    path: Path
    message: str
    answer: str = ""
    recorded: bool = True
    instead: Value = None

    @property
    def level(self) -> Level:
        """That of a finding: what is on record is refused."""
        return "mandatory" if self.recorded else "advisory"


def may_be_stringified(text: str) -> bool:
    """Whether what an Output leaves in a text may stand in this one: that is a mistake of another kind."""
    return "Output" in text or "[object " in text


Rule: TypeAlias = Callable[[Path, Value], Iterator[Problem]]

# --- rules for single values ------------------------------------------------------------------------------------------


def text(path: Path, value: Value) -> Iterator[Problem]:
    """A string."""
    if not isinstance(value, str):
        yield Problem(path=path, message=f"{kind_of(value)} stands where a string belongs", answer="Should be string")


def boolean(path: Path, value: Value) -> Iterator[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        message = f"{kind_of(value)} stands where true or false belongs"
        yield Problem(path=path, message=message, answer="Should be boolean")


def number(path: Path, value: Value) -> Iterator[Problem]:
    """Any number."""
    if not is_number(value):
        yield Problem(path=path, message=f"{kind_of(value)} stands where a number belongs", answer="Should be number")


def integer(least: int, most: int | None = None) -> Rule:
    """A whole number of at least `least` and at most `most`."""

    def rule(path: Path, value: Value) -> Iterator[Problem]:
        if not is_number(value) or value != value // 1:
            yield Problem(path=path, message="this has to be a whole number", answer="Should be integer")
        elif value < least:
            yield Problem(path=path, message=f"the least is {least}", answer=f"Should be >= {least}")
        elif most is not None and value > most:
            yield Problem(path=path, message=f"the most is {most}", answer=f"Should be <= {most}")

    return rule


def one_of(*choices: str, answer: str = "") -> Rule:
    """One of some words."""

    def rule(path: Path, value: Value) -> Iterator[Problem]:
        if value not in choices:
            yield Problem(path=path, message=f"this has to be one of: {', '.join(choices)}", answer=answer)

    return rule


def matching(pattern: str, what: str, instead: str = "") -> Rule:
    """A string of a given form. The pattern is compiled at its first use: most runs never see a dashboard."""

    def rule(path: Path, value: Value) -> Iterator[Problem]:
        yield from text(path, value)
        if isinstance(value, str) and not re.search(pattern, value):
            yield Problem(path=path, message=f"this is not {what}", answer="Should match pattern ...", instead=instead)

    return rule


# --- rules that combine rules -----------------------------------------------------------------------------------------


def documented(rule: Rule) -> Rule:
    """The same rule, known from the documentation only."""

    def marked(path: Path, value: Value) -> Iterator[Problem]:
        return (replace(problem, recorded=False) for problem in rule(path, value))

    return marked


def items(rule: Rule, *, least: int = 0, most: int | None = None) -> Rule:
    """A list whose items follow `rule`."""

    def check(path: Path, value: Value) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(path=path, message=f"{kind_of(value)} stands where a list belongs", answer="Should be array")
        elif len(value) < least:
            message = f"the list needs at least {least} item"
            yield Problem(path=path, message=message, answer=f"Should NOT have less than {least} items")
        elif most is not None and len(value) > most:
            message = f"the list has {len(value)} items, {len(value) - most} more than CloudWatch takes"
            yield Problem(path=path, message=message, answer=f"Should NOT have more than {most} items")
        for i, item in items_of(value):
            yield from rule((*path, i), item)

    return check


def members(rules: Mapping[str, Rule], *required: str) -> Rule:
    """An object with the `required` members, whose members follow `rules`; other members are open."""

    def check(path: Path, value: Value) -> Iterator[Problem]:
        if not isinstance(value, dict):
            message = f"{kind_of(value)} stands where an object belongs"
            yield Problem(path=path, message=message, answer="Should be object")
            return
        for name in required:
            if name not in value:
                message = f'the member "{name}" is missing'
                yield Problem(path=path, message=message, answer=f"Should have required property '{name}'")
        for name, rule in rules.items():
            if name in value:
                yield from rule((*path, name), value[name])

    return check


def both(*rules: Rule) -> Rule:
    """All of some rules."""

    def check(path: Path, value: Value) -> Iterator[Problem]:
        for rule in rules:
            yield from rule(path, value)

    return check


def is_number(value: Value) -> bool:
    """Whether this is a number, which true and false are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
