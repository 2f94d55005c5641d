"""A rule as a policy: its declaration is data, its check is compiled when the first resource of its type arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path as File
from types import MappingProxyType
from typing import Any

from aws_preflight.preflight.finding import Finding, Fix
from aws_preflight.preflight.json_documents import is_open
from aws_preflight.preflight.policy import Evaluation, Properties
from aws_preflight.preflight.resource import Remembered, Resource, unknown_names
from aws_preflight.preflight.rules.conditions import Compiler
from aws_preflight.preflight.rules.declared import (
    Declaration,
    DeclaredPolicy,
    WithAliases,
    described,
    entries,
    evidence_of,
)
from aws_preflight.preflight.rules.leaves import Test
from aws_preflight.preflight.rules.paths import Frame, Reference, Scope, Steps, place, read, scope
from aws_preflight.preflight.values import UNKNOWN, Value


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule for the elements of one scope, ready to run."""

    scope: Scope
    test: Test
    point: Reference
    used: tuple[Steps, ...]
    """The paths that it reads, from the resource."""
    fix: Fix | None = None
    """What to do, where it is said in other words than the rule's."""


@dataclass(frozen=True, slots=True)
class Form:
    """A rule for the elements of some scopes: the condition, the point and the fix in the names of one type."""

    scopes: Sequence[str]
    refuse: Value
    point: str
    fix: str = ""


class Check:
    """The check of a rule; calling it gives the findings at one resource."""

    def __init__(
        self,
        scopes: Mapping[str, list[str]],
        condition: Value,
        point: str,
        message: str,
        hidden: bool,
        twins: Mapping[str, Sequence[Form]] = MappingProxyType({}),
    ) -> None:
        """`scopes` are paths to elements by token, "" for the resource itself; `message` is part of each finding.

        `twins` are the same in the names of types of another provider, by token. A `hidden` value is never quoted: the
        provider takes it for a secret whether or not the program does.
        """
        self._forms = {token: (Form(paths, condition, point),) for token, paths in scopes.items()} | dict(twins)
        self._message = message
        self._hidden = hidden
        self._compiled: dict[str, list[Compiled]] = {}

    def __call__(self, resource: Resource) -> Iterator[Finding]:
        """What the rule finds."""
        return iter(self.evaluate(resource)[0])

    def evaluate(self, resource: Resource) -> Evaluation:
        """What the rule finds, in order, and whether it cannot tell of an element."""
        return self.evaluator_of(resource.type)(resource)

    def evaluator_of(self, type_: str, reads: Set[str] | None = None) -> Callable[..., Evaluation]:
        """The same for resources of one type. Raises as `compiled` does.

        With `reads` it cannot tell only where one of these properties is not known in full.
        """
        # Nearly all calls find nothing, and each step of one shows in what the pack costs.
        forms = [(compiled.scope.frames, compiled.test, compiled) for compiled in self.compiled(type_)]

        def evaluate(resource: Resource, _: Properties = MappingProxyType({})) -> Evaluation:
            found: list[Finding] = []
            unsure = False
            for frames, test, compiled in forms:
                for frame in frames(resource):
                    answer = None if frame.item is UNKNOWN else test(frame)
                    if answer is None:
                        unsure = True
                    elif answer:
                        found.append(self._finding(frame, compiled))
            if len(found) > 1:
                found.sort(key=attrgetter("order"))
            if unsure and reads is not None:
                unsure = not (reads.isdisjoint(unknown_names(resource)) and reads.isdisjoint(_open_names(resource)))
            return found, unsure

        return evaluate

    def compiled(self, type_: str) -> list[Compiled]:
        """The rule for resources of a type, by scope. Raises `RuleError`, and `ValueError` where a scope is none."""
        # Threads may compile the same rule twice, to the same end.
        if type_ not in self._compiled:
            forms = self._forms[type_]
            self._compiled[type_] = [_compiled(form, scope(path)) for form in forms for path in form.scopes]
        return self._compiled[type_]

    def _finding(self, frame: Frame, compiled: Compiled) -> Finding:
        point = compiled.point
        at = frame.path if point.origin == "key" else place(frame, point)
        value = None if point.origin == "key" or self._hidden else read(point)(frame)
        evidence = evidence_of(value)
        return Finding(resource=frame.resource, at=at, message=self._message, evidence=evidence, fix=compiled.fix)


def _compiled(form: Form, elements: Scope) -> Compiled:
    compiler = Compiler(elements.steps)
    test = compiler.condition(form.refuse, ("refuse",))
    point = compiler.reference(form.point, ("point",))
    used = (elements.steps, *compiler.used)
    return Compiled(elements, test, point, used, Fix(words=form.fix) if form.fix else None)


@dataclass(frozen=True, kw_only=True)
class Rule(DeclaredPolicy):
    """A policy made of data about the inputs of one resource."""

    twins: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    """The twins of its types in another provider, and of each what the rule reads and needs there."""

    @staticmethod
    def declared(facts: Mapping[str, Any], read: Callable[[], Declaration], with_aliases: WithAliases) -> Rule:
        """The rule of these `facts`, the line of an index; `read` gives its declaration.

        `with_aliases` gives a type with its other tokens.
        """
        return Rule.of(
            lambda: _rest(read(), with_aliases),
            id=facts["id"],
            types=(*with_aliases(*facts["types"]), *facts.get("twins", ())),
            level=facts["level"],
            twins=facts.get("twins", {}),
            reads=tuple(facts["reads"]),
            needs=tuple(facts["needs"]),
            scope="resource",
            section_of=f"docs/rules/{facts['service']}.md",
        )

    def evaluator_of(self, type_: str) -> Callable[[Resource, Properties], Evaluation]:
        """What evaluates resources of a type: it finds, and tells whether an unknown value keeps it from telling."""
        if not isinstance(self.check, Check):
            return super().evaluator_of(type_)
        return self.check.evaluator_of(type_, frozenset(self.reads_of(type_)))

    def reads_of(self, type_: str) -> Sequence[str]:
        """The properties of a type that the rule reads."""
        return self.twins[type_]["reads"] if type_ in self.twins else self.reads

    def needs_of(self, type_: str) -> Sequence[str]:
        """The properties without which it finds nothing at a resource of this type."""
        return self.twins[type_]["needs"] if type_ in self.twins else self.needs


@Remembered
def _open_names(resource: Resource) -> frozenset[str]:
    """The properties that are not known in full."""
    return frozenset(name for name, value in resource.properties.items() if is_open(value))


def _rest(declared: Declaration, with_aliases: WithAliases) -> dict[str, Any]:
    """The fields of a rule that its declaration has."""
    scopes = {token: paths for type_, paths in declared["scopes"].items() for token in with_aliases(type_)}
    twins = {token: [Form(**form) for form in forms] for token, forms in declared.get("forms", {}).items()}
    hidden = declared.get("hidden", False)
    return described(declared) | {
        "why_not_preview": declared["provider"],
        "check": Check(scopes, declared["refuse"], declared["point"], declared["title"], hidden, twins),
    }


def load(file: File, with_aliases: WithAliases) -> tuple[Rule, ...]:
    """The rules in a compiled file, in its order."""
    return tuple(Rule.declared(facts, read_, with_aliases) for facts, read_ in entries(file))
