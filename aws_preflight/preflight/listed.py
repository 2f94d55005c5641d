"""Policies as a compiled list knows them: what a start needs of each, and the policy itself at its first use.

A pack has hundreds of policies, and a stack meets a few of them. The engine asks for the declarations of all before it
asks about the first resource, so these are read from the list, too, and nothing is made for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import Evaluation, Policy, Properties, Summary
from aws_preflight.preflight.resource import Resource

_EAGER: Final = (
    "id",
    "types",
    "scope",
    "level",
    "reads",
    "properties",
    "creation",
    "existing",
    "together",
    "section_of",
)
"""The fields of a policy that its line of the index has."""


class ListedPolicy(Policy):
    """A policy of a compiled list. It answers as the policy itself does, which it loads when it has to."""

    def __init__(
        self, facts: Mapping[str, Any], summary: Callable[[], Sequence[str]], load: Callable[[], Policy]
    ) -> None:
        """`facts` are a line of the index as `index_entry` makes it; `summary` reads the fields of a `Summary`."""
        # A policy cannot be changed, so that its fields are set as those of any frozen dataclass.
        vars(self).update({"properties": {}, "_needs": {}}, **facts, _read=summary, _load=load)
        for name in facts.keys() & {"types", "reads", "creation"}:
            vars(self)[name] = tuple(facts[name])
        if "first_look" in facts:
            vars(self)["first_look"] = self._first_look

    def __getattr__(self, name: str) -> Any:
        # Called for what the index does not have.
        # Python comes here, too, where `loaded` itself has failed with an AttributeError.
        if name.startswith("__") or name in ("_load", "loaded"):
            raise AttributeError(name)
        return getattr(self.loaded, name)

    @property
    def loaded(self) -> Policy:
        """The policy itself."""
        policy: Policy = vars(self)["_load"]()
        return policy

    def _first_look(self, wire: bytes) -> bool:
        look = self.loaded.first_look
        return look is None or look(wire)

    @property
    def summary(self) -> Summary:
        """What the engine is told of it in words."""
        return Summary(*vars(self)["_read"]())

    @property
    def title(self) -> str:
        """What is wrong; known, too, where the policy cannot be loaded."""
        return self.summary.title

    def needs_of(self, type_: str) -> Sequence[str]:
        """The properties without which it finds nothing at a resource of this type."""
        needs: Mapping[str, Sequence[str]] = vars(self)["_needs"]
        return needs.get(type_, needs.get("", ()))

    def on_resource(self, resource: Resource, properties: Properties = MappingProxyType({})) -> list[Finding]:
        """What it finds at one resource, in order."""
        return self.loaded.on_resource(resource, properties)

    def evaluator_of(self, type_: str) -> Callable[[Resource, Properties], Evaluation]:
        """What evaluates resources of a type."""
        return self.loaded.evaluator_of(type_)

    def on_stack(self, stack: Stack, properties: Properties = MappingProxyType({})) -> list[Finding]:
        """What it finds in the whole stack, in order."""
        return self.loaded.on_stack(stack, properties)


def index_entry(policy: Policy) -> dict[str, Any]:
    """The facts of a policy that its line of the index has: those that differ from the defaults of the class."""
    facts = {
        name: value for name in _EAGER if (value := getattr(policy, name)) not in (getattr(Policy, name, None), {})
    }
    needs = {type_: sorted(policy.needs_of(type_)) for type_ in policy.types}
    common = needs[policy.types[0]]
    other = {type_: names for type_, names in needs.items() if names != common}
    if common or other:
        facts["_needs"] = {"": common, **other}
    if policy.first_look:
        facts["first_look"] = True
    return facts
