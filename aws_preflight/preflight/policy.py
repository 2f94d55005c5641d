"""The declaration of a policy: a fact about AWS, with the check that finds it broken."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import cleandoc
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

from aws_preflight.preflight.finding import Answer, Code, Finding, Fix, Level
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.json_documents import is_open
from aws_preflight.preflight.resource import Resource, module_of
from aws_preflight.preflight.values import Value

Properties = Mapping[str, Value]
Evaluation = tuple[list[Finding], bool]
"""What a resource policy finds, and whether an unknown value may keep it from finding something."""
ResourceCheck = Callable[[Resource], Iterator[Finding]] | Callable[[Resource, Properties], Iterator[Finding]]
StackCheck = Callable[[Stack], Iterator[Finding]] | Callable[[Stack, Properties], Iterator[Finding]]

_DOCUMENTATION: Final = ("https://docs.aws.amazon.com/", "https://www.pulumi.com/docs/")

ANY_TYPE: Final = "*"
"""Among the types of a resource policy: it evaluates every resource of every provider, components included."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the author of a policy states.

    `id` names the bad pattern and never changes its meaning. `types` are the Pulumi tokens that the policy evaluates,
    or `ANY_TYPE`. `title` says what is wrong, `refuses` in one or two sentences what is refused, `why_not_preview` why
    Pulumi and the provider do not see it. `wrong` and `right` are shown on the page of the policy; `fix` stands in
    every message that brings none of its own. `sources` are URLs, the most useful one first. `reads` are the properties
    that a resource policy evaluates: where one of them is unknown and nothing was found, the resource counts as not
    evaluated. A policy for any type has none: nearly every resource has something unknown, and counting all of them
    says nothing. `needs` are properties without which a resource policy finds nothing: where one of them is not
    set, or not known at all, it need not be asked. `properties` are what the configuration of the policy may set,
    by name, as JSON Schema; a check of a policy that has any gets those that are set and valid as its second
    argument. `creation` marks a stack policy about what is refused when a resource is created, and never after
    that. It names outputs of which one is known once the resource exists: a finding is advisory then, or nothing at
    all where `existing` is "silent". `first_look` spares a resource policy the reading of resources: given the
    properties in the engine's wire format, a zero byte and the name, it is false where the check surely finds
    nothing.
    """

    id: str
    types: tuple[str, ...]
    title: str
    refuses: str
    why_not_preview: str
    answer: Answer
    wrong: Code
    right: Code
    fix: Fix
    sources: tuple[str, ...]
    level: Level = "mandatory"
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    properties: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    creation: tuple[str, ...] = ()
    existing: Literal["advisory", "silent"] = "advisory"
    first_look: Callable[[bytes], bool] | None = None


class Summary(NamedTuple):
    """A policy as the engine is told of it, in words; `remediation` is the fix with an example in two languages."""

    title: str
    refuses: str
    operation: str
    documentation: str
    remediation: str


@dataclass(frozen=True, kw_only=True)
class Policy(Facts):
    """One failure that a preview accepts and a deployment meets: the facts, and the check that finds it."""

    scope: Literal["resource", "stack"]
    check: ResourceCheck | StackCheck
    doc: str
    """The docstring of the policy's module: what AWS refuses, and how programs come to do it."""
    section_of: str = ""
    """The page that the policy shares with others, where it is a section under its id."""
    together: bool = False
    """Whether its advisories at many resources of a stack are one finding, which names them all."""

    def applies_to(self, type_: str) -> bool:
        """Whether the policy evaluates resources of this type."""
        return type_ in self.types or ANY_TYPE in self.types

    def needs_of(self, type_: str) -> Sequence[str]:  # noqa: ARG002 - a rule with twins asks
        """The properties without which it finds nothing at a resource of this type."""
        return self.needs

    @property
    def loaded(self) -> Policy:
        """The policy with its check: itself, but for one of a compiled list."""
        return self

    @property
    def services(self) -> tuple[str, ...]:
        """The services whose resources the policy is about, in order: `b` of the type `a:b/c:D`."""
        return tuple(sorted({module_of(type_) for type_ in self.types if ":" in type_}))

    @property
    def documentation(self) -> str:
        """The page of AWS or Pulumi to read, as a URL: the first among the sources, else the first source."""
        return documentation_among(self.sources)

    @property
    def summary(self) -> Summary:
        """What the engine is told of it in words."""
        right = self.right
        remediation = f"{self.fix.words}\n\nTypeScript:\n{right.typescript}\n\nPython:\n{right.python}"
        return Summary(self.title, self.refuses, self.answer.operation, self.documentation, remediation)

    @property
    def page(self) -> str:
        """The page of the policy, from the root of the pack; a section of one follows a `#`."""
        if self.section_of:
            return f"{self.section_of}#{self.id}"
        return f"docs/policies/{self.id}.md"

    def on_resource(self, resource: Resource, properties: Properties = MappingProxyType({})) -> list[Finding]:
        """What a resource policy finds at one resource, in order."""
        return self._found(resource, properties)

    def evaluate(self, resource: Resource, properties: Properties = MappingProxyType({})) -> Evaluation:
        """What a resource policy finds, and whether an unknown value may keep it from finding something."""
        return self.evaluator_of(resource.type)(resource, properties)

    def evaluator_of(self, type_: str) -> Callable[[Resource, Properties], Evaluation]:  # noqa: ARG002 - a rule asks
        """The same for resources of one type."""

        def evaluate(resource: Resource, properties: Properties) -> Evaluation:
            found = self.on_resource(resource, properties)
            return found, not found and any(map(is_open, map(resource.get, self.reads)))

        return evaluate

    def on_stack(self, stack: Stack, properties: Properties = MappingProxyType({})) -> list[Finding]:
        """What a stack policy finds in the whole stack, in order."""
        return self._found(stack, properties)

    def _found(self, subject: Resource | Stack, properties: Properties) -> list[Finding]:
        check: Callable[..., Iterator[Finding]] = self.check
        return sorted(check(subject, properties) if self.properties else check(subject), key=attrgetter("order"))


def documentation_among(sources: Sequence[str]) -> str:
    """The first page of AWS or Pulumi among sources, else the first of them, as a URL."""
    pages = (one for one in sources if one.startswith(_DOCUMENTATION))
    return next(pages, sources[0]).partition(" ")[0]


class resource_policy(Facts):  # noqa: N801 - used as a decorator
    """Makes a policy of a check that evaluates one resource at a time, and sees no other."""

    def __call__(self, check: ResourceCheck) -> Policy:
        """The policy; the name of the check now stands for it."""
        return Policy(**vars(self), scope="resource", check=check, doc=_doc_of(check))


class stack_policy(Facts):  # noqa: N801 - used as a decorator
    """Makes a policy of a check that sees all resources of the stack, with their dependencies."""

    def __call__(self, check: StackCheck) -> Policy:
        """The policy; the name of the check now stands for it."""
        return Policy(**vars(self), scope="stack", check=check, doc=_doc_of(check))


def _doc_of(check: Callable[..., object]) -> str:
    return cleandoc(sys.modules[check.__module__].__doc__ or "")
