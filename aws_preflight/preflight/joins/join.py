"""A join as a policy: its declaration is data, its condition is compiled with the first stack that has its types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path as File
from typing import Any

from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.joins.twice import TwiceCheck
from aws_preflight.preflight.ordering.stack_conditions import StackCompiler, surroundings_of
from aws_preflight.preflight.rules.declared import (
    Declaration,
    DeclaredPolicy,
    WithAliases,
    described,
    entries,
    evidence_of,
)
from aws_preflight.preflight.rules.leaves import Test
from aws_preflight.preflight.rules.paths import Reference, place, read


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
                evidence = evidence_of(read(point)(frame))
                at, message = place(frame, point), self._declared["title"]
                yield Finding(resource=resource, at=at, message=message, evidence=evidence)

    @cached_property
    def compiled(self) -> tuple[Test, Reference]:
        """The condition ready to run, and the property to change. Raises `RuleError`."""
        compiler = StackCompiler(self._with_aliases, has_hub=False)
        test = compiler.condition(self._declared["refuse"], ("refuse",))
        return test, compiler.reference(self._declared["point"], ("point",))


@dataclass(frozen=True, kw_only=True)
class Join(DeclaredPolicy):
    """A policy made of data about several resources."""

    @staticmethod
    def declared(facts: Declaration, read_: Callable[[], Declaration], with_aliases: WithAliases) -> Join:
        """The join of these `facts`, from an index; `read_` gives its declaration."""
        return Join.of(
            lambda: _rest(read_(), facts["types"], with_aliases),
            id=facts["id"],
            types=tuple(with_aliases(*facts["types"])),
            level=facts["level"],
            scope="stack",
            section_of="docs/joins.md",
        )


def _rest(declared: Declaration, types: Sequence[str], with_aliases: WithAliases) -> dict[str, Any]:
    return described(declared) | {
        "why_not_preview": "Each of the resources is valid; only AWS looks at both.",
        "check": check_of(declared, types, with_aliases),
    }


def check_of(declared: Declaration, types: Sequence[str], with_aliases: WithAliases) -> JoinCheck | TwiceCheck:
    """The check of a join; what is wrong with it is told when its `compiled` is first asked for."""
    check = TwiceCheck if "twice" in declared else JoinCheck
    return check(declared, types, with_aliases)


def load(file: File, with_aliases: WithAliases) -> tuple[Join, ...]:
    """The joins in a compiled file, in its order."""
    return tuple(Join.declared(facts, read_, with_aliases) for facts, read_ in entries(file))
