"""A join as a policy: its declaration is data, its condition is compiled with the first stack that has its types."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path as File
from typing import Any, TypeAlias

from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.joins.twice import TwiceCheck
from aws_preflight.preflight.ordering.stack_conditions import StackCompiler, WithAliases, surroundings_of
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.rules.leaves import Test
from aws_preflight.preflight.rules.paths import Reference, place, read
from aws_preflight.preflight.rules.rule import LONGEST_SHOWN
from aws_preflight.preflight.values import has_unknown, quote

Declaration: TypeAlias = Mapping[str, Any]


class JoinCheck:
    """The check of a join; calling it gives the findings in a stack."""

    def __init__(self, declared: Declaration, types: Sequence[str], with_aliases: WithAliases) -> None:
        """`declared` is the join, `types` are those of the resources that are reported."""
        self._declared = declared
        self._types = tuple(with_aliases(*types))
        self._absent = tuple(with_aliases(*declared.get("absent", ())))
        self._with_aliases = with_aliases

    def __call__(self, stack: Stack) -> Iterator[Finding]:
        """What the join finds."""
        if self._absent and any(stack.of_type(*self._absent)):
            return
        test, point = self.compiled
        surroundings = surroundings_of(stack)
        for resource in stack.of_type(*self._types):
            frame = surroundings.frame(resource)
            if test(frame):
                value = read(point)(frame)
                evidence = "" if value is None or has_unknown(value) else quote(value, LONGEST_SHOWN)
                at, message = place(frame, point), self._declared["title"]
                yield Finding(resource=resource, at=at, message=message, evidence=evidence)

    @cached_property
    def compiled(self) -> tuple[Test, Reference]:
        """The condition ready to run, and the property to change. Raises `RuleError`."""
        compiler = StackCompiler(self._with_aliases, has_hub=False)
        test = compiler.condition(self._declared["refuse"], ("refuse",))
        return test, compiler.reference(self._declared["point"], ("point",))


@dataclass(frozen=True, kw_only=True)
class Join(Policy):
    """A policy made of data about several resources. Most of it is read when somebody asks for it."""

    @staticmethod
    def declared(facts: Mapping[str, Any], read_: Callable[[], Declaration], with_aliases: WithAliases) -> Join:
        """The join of these `facts`, from an index; `read_` gives its declaration."""
        join = object.__new__(Join)
        vars(join).update(
            id=facts["id"],
            types=tuple(with_aliases(*facts["types"])),
            level=facts["level"],
            scope="stack",
            section_of="docs/joins.md",
            _rest=lambda: _rest(read_(), facts["types"], with_aliases),
        )
        return join

    def __getattr__(self, name: str) -> Any:
        # Called for what is not there: mostly a field of the declaration, which is not read yet.
        rest = vars(self).get("_rest")
        if rest is not None and not name.startswith("_"):
            vars(self).update(rest())
        if name not in vars(self):
            raise AttributeError(name)
        return vars(self)[name]


def _rest(declared: Declaration, types: Sequence[str], with_aliases: WithAliases) -> dict[str, Any]:
    title, fix = declared["title"], declared["fix"]
    return {
        "title": title,
        "refuses": f"{title}.",
        "why_not_preview": "Each of the resources is valid; only AWS looks at both.",
        "answer": Answer(**declared["answer"]),
        "sources": tuple(declared["sources"]),
        "properties": {},
        "check": check_of(declared, types, with_aliases),
        "doc": f"{title}: {fix}.",
        "fix": Fix(words=fix),
        "wrong": Code(**declared["wrong"]),
        "right": Code(**declared["right"]),
    }


def check_of(declared: Declaration, types: Sequence[str], with_aliases: WithAliases) -> JoinCheck | TwiceCheck:
    """The check of a join; what is wrong with it is told when its `compiled` is first asked for."""
    check = TwiceCheck if "twice" in declared else JoinCheck
    return check(declared, types, with_aliases)


def load(file: File, with_aliases: WithAliases) -> tuple[Join, ...]:
    """The joins in a compiled file: an index in the first line, and a declaration in each other one."""
    index, *lines = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
    return tuple(
        Join.declared(facts, partial(json.loads, line), with_aliases)
        for facts, line in zip(json.loads(index), lines, strict=True)
    )
