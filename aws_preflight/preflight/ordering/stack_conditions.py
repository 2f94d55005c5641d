"""Conditions about a resource of a stack: the language of rules, where other resources can be asked for.

`of: hub` asks the hub of the rule, `of: CHAIN` what the chain leads to, `of: ^CHAIN` what it leads to from the resource
that was asked before. And more is known of a value than in a rule
about one resource by itself, because the engine tells what the program gave; docs/rules-language.md says how.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace
from functools import lru_cache, reduce
from operator import and_
from typing import ClassVar, Final

from aws_preflight.preflight.graph import Some, Stack
from aws_preflight.preflight.ordering.chains import Chain
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.rules.compare import Answer, text
from aws_preflight.preflight.rules.conditions import Compiler
from aws_preflight.preflight.rules.declared import WithAliases
from aws_preflight.preflight.rules.leaves import GROUPS, Test, inverted
from aws_preflight.preflight.rules.paths import Frame, Reference, RuleError, Step, around, read
from aws_preflight.preflight.values import UNKNOWN, Path, Value, has_unknown, kind_of

HUB: Final = "hub"


class Surroundings:
    """A stack as conditions see it: of each resource what the program gave, looked at once."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._given: dict[str, Mapping[str, Value]] = {}
        self._doubts: dict[tuple[str, str, frozenset[str]], frozenset[str]] = {}

    def frame(self, resource: Resource, hub: Resource | None = None, outer: Frame | None = None) -> StackFrame:
        """Where a condition about `resource` is evaluated; `hub` is the one that it shares with what it needs."""
        return StackFrame(self, resource, hub, outer)

    def behind(self, resource: Resource, chain: Chain, types: Set[str]) -> Sequence[Resource]:
        """The resources of some types that a chain leads to."""
        return [one for one in chain.end(self._stack, resource) if one.type in types]

    def surely_none(self, resource: Resource, chain: Chain, types: Set[str]) -> bool:
        """Where a chain leads to nothing: whether that is because nothing was made from the last resource on the way.

        Each resource of the types has to belong to another one like that, which has nothing to do with it: what was
        made from a shared name, or from something that hands the id on, may belong to the one at hand.
        """
        *before, last = chain.steps
        owners = Chain(tuple(before), chain.back).end(self._stack, resource) if len(before) in chain.back else []
        # Of several, nobody knows which is meant.
        return len(owners) == 1 and owners[0].urn not in self._doubtful(owners[0].type, last.name, frozenset(types))

    def _doubtful(self, owner: str, name: str, types: frozenset[str]) -> frozenset[str]:
        """The resources of the type `owner` to which one of `types` may belong in another way than by its input `name`.

        Each of `types` that was made from one of `owner` belongs to that, and may belong to those for which that waits.
        All at once, as many resources ask: one pass over the stack.
        """
        key = owner, name, types
        if key not in self._doubts:
            waiting = self._stack.waiting_for(self._stack.of_type(owner))
            everything = (1 << len(waiting.targets)) - 1
            doubts = 0
            for one in self._stack.of_type(*types):
                around = (other.urn for other in self._stack.sources_of(one, name) if other.type == owner)
                doubts |= reduce(and_, map(waiting.mask, around), everything)
            self._doubts[key] = frozenset(one.urn for one in Some(waiting.targets, doubts))
        return self._doubts[key]

    def given(self, resource: Resource) -> Mapping[str, Value]:
        """The properties that the program gave.

        In a preview what the provider will compute is unknown. Only an input that was made from an Output has property
        dependencies, so an unknown property without any was not given.
        """
        given = self._given.get(resource.urn)
        if given is None:
            sources = resource.property_dependencies
            given = self._given[resource.urn] = {
                name: value for name, value in resource.properties.items() if value is not UNKNOWN or sources.get(name)
            }
        return given


@lru_cache(maxsize=1)
def surroundings_of(stack: Stack) -> Surroundings:
    """What conditions see of a stack: many policies ask about the same one."""
    return Surroundings(stack)


class StackFrame(Frame):
    """The frame of a resource of a stack."""

    __slots__ = ("_hub", "_surroundings")

    def __init__(
        self, surroundings: Surroundings, resource: Resource, hub: Resource | None, outer: Frame | None
    ) -> None:
        given = surroundings.given(resource)
        super().__init__(given, (), None, resource, outer)
        self.properties = given
        self._surroundings = surroundings
        self._hub = hub

    def at_hub(self, around: Frame) -> Frame | None:
        """The frame of the hub, if there is one; its outer frame is `around`."""
        return None if self._hub is None else self._surroundings.frame(self._hub, outer=around)

    def behind(self, chain: Chain, types: Set[str], around: Frame) -> list[Frame]:
        """The frames of the resources of some types that a chain leads to."""
        found = self._surroundings.behind(self.resource, chain, types)
        return [self._surroundings.frame(one, outer=around) for one in found]

    def surely_none(self, chain: Chain, types: Set[str]) -> bool:
        """Where a chain leads to nothing: whether it is certain that there is nothing."""
        return self._surroundings.surely_none(self.resource, chain, types)

    def count(self, chain: Chain) -> int:
        """How many resources the input in which the chain begins names."""
        return len(chain.steps[0].values(self.resource))

    def names_several(self, chain: Chain) -> bool:
        """Whether each resource that the chain leads to stands for a value of its own.

        It does in a list that was made from no more resources than it has items; else some only helped to make a value.
        """
        name = chain.steps[0].name
        value = self.resource.get(name)
        sources = self.resource.property_dependencies.get(name, ())
        return 0 in chain.back or (isinstance(value, list) and len(sources) <= len(value))


class StackCompiler(Compiler):
    """Compiles conditions about a resource of a stack. In `used`, a step of the kind "of" begins another resource."""

    of_stack: ClassVar[bool] = True
    groups: ClassVar[tuple[str, ...]] = (*GROUPS, "of")

    def __init__(self, with_aliases: WithAliases, *, has_hub: bool) -> None:
        """`with_aliases` gives types with the other tokens that they have."""
        super().__init__(())
        self._with_aliases = with_aliases
        self._has_hub = has_hub

    def reference(self, value: Value, at: Path) -> Reference:
        """The path that a rule names at `at`. Raises `RuleError`."""
        wanted = super().reference(value, at)
        if wanted.origin == "resource":
            self.used[-1] = tuple(step for step in self._around[-1][:1] if step.kind == "of") + wanted.steps
        return wanted

    def leaf(self, value: dict[str, Value], at: Path) -> Test:
        """The function for a leaf that stands at `at` in its rule. Raises `RuleError`."""
        if value.keys() == {"at", "is"} and value["is"] == "unknown":
            return self._is_unknown(value["at"], (*at, "at"))
        if value.keys() == {"at", "is"} and value["is"] in ("set", "unset"):
            is_given = self._is_given(value["at"], (*at, "at"))
            return is_given if value["is"] == "set" else inverted(is_given)
        return super().leaf(value, at)

    def _is_unknown(self, path: Value, at: Path) -> Test:
        try:
            value_of = read(self.reference(path, at))
        except ValueError as error:
            raise RuleError(at, str(error)) from None
        return lambda frame: has_unknown(value_of(frame))

    def _is_given(self, path: Value, at: Path) -> Test:
        wanted = self.reference(path, at)
        try:
            value_of = read(wanted)
        except ValueError as error:
            raise RuleError(at, str(error)) from None
        holder = read(replace(wanted, steps=wanted.steps[:-1]))

        def is_given(frame: Frame) -> Answer:
            value = value_of(frame)
            if value is UNKNOWN:
                # Made from an Output; but of what is in something unknown nobody knows whether it is there.
                return True if isinstance(holder(frame), dict) else None
            if _is_empty(value):
                return False
            return True if value else None

        return is_given

    def beside(self, value: Mapping[str, Value], group: str, at: Path) -> tuple[Value, ...]:
        """What stands beside the word of a group, for the method that compiles it. Raises `RuleError`."""
        return (value, at) if group == "of" else super().beside(value, group, at)

    def _of(self, whose: Value, at: Path, value: Mapping[str, Value], whole: Path) -> Test:
        if not isinstance(whose, str):
            raise RuleError(at, f"{kind_of(whose)} stands where {HUB} or a chain of properties belongs")
        if whose == HUB and (not self._has_hub or any(step.kind == "of" for steps in self._around for step in steps)):
            raise RuleError(at, "there is no hub here")
        asked = value.keys() & {"where", "repeats", "alike"}
        if len(asked) != 1 or (whose == HUB and "where" not in asked):
            raise RuleError(whole, "of needs a condition beside it: where, or for a chain repeats or alike")
        (name,) = asked
        self._around.append((Step("of", whose),))
        try:
            return self._of_other(whose, name, value, whole)
        finally:
            self._around.pop()

    def _of_other(self, whose: str, name: str, value: Mapping[str, Value], whole: Path) -> Test:
        asked, at = value[name], (*whole, name)
        if whose == HUB:
            return _of_hub(self.condition(asked, at))
        up = len(whose) - len(whose.lstrip("^"))
        chain, types = Chain.of(whose[up:]), frozenset(self._with_aliases(*_types(value.get("type"), whole)))
        if up >= len(self._around) - 1 and up:
            raise RuleError(whole, f"{whose}: there are {len(self._around) - 2} elements around this one")
        if name == "where":
            return _of_some(chain, types, up, self.condition(asked, at))
        if up or chain.back:
            raise RuleError(whole, f"{name} asks about a list of this resource: {whose} leads from another one")
        return _of_all(chain, types, read(self.reference(asked, at)), _repeats if name == "repeats" else _alike)


def _of_hub(test: Test) -> Test:
    def of_hub(frame: Frame) -> Answer:
        hub = _resource_around(frame).at_hub(frame)
        return None if hub is None else test(hub)

    return of_hub


def _types(declared: Value, at: Path) -> list[str]:
    types = declared if isinstance(declared, list) else [declared]
    if not all(isinstance(one, str) for one in types):
        raise RuleError(at, "of a chain needs the type that it leads to beside it: type")
    return types


def _of_some(chain: Chain, types: Set[str], up: int, test: Test) -> Test:
    def of_some(frame: Frame) -> Answer:
        origin = _resource_around(around(frame, up))
        answers = {test(other) for other in origin.behind(chain, types, frame)}
        if not answers:
            # What leads to no resource of the stack leads to one that nobody knows.
            return False if origin.surely_none(chain, types) else None
        if len(answers) > 1 and not origin.names_several(chain):
            return None  # made from one of them, nobody knows which
        return True if True in answers else None if None in answers else False

    return of_some


def _of_all(
    chain: Chain, types: Set[str], member: Callable[[Frame], Value], decide: Callable[[Sequence[str | None]], Answer]
) -> Test:
    def of_all(frame: Frame) -> Answer:
        origin = _resource_around(frame)
        found = [text(member(other)) for other in origin.behind(chain, types, frame)]
        named = origin.count(chain)
        # More than are named: some only helped to choose. Fewer: the rest are not in the stack.
        return None if not found or len(found) > named else decide([*found, *[None] * (named - len(found))])

    return of_all


def _repeats(found: Sequence[str | None]) -> Answer:
    known = [one for one in found if one is not None]
    return True if len(set(known)) < len(known) else False if len(known) == len(found) else None


def _alike(found: Sequence[str | None]) -> Answer:
    known = {one for one in found if one is not None}
    return False if len(known) > 1 else None if None in found or len(found) < 2 else True


def _is_empty(value: Value) -> bool:
    """Whether this stands for nothing: a provider writes so what the program left out."""
    if isinstance(value, list):
        return all(map(_is_empty, value))
    return value is None or value == "" or value == {}


def _resource_around(frame: Frame) -> StackFrame:
    at: Frame | None = frame
    while at is not None:
        if isinstance(at, StackFrame):
            return at
        at = at.outer
    raise TypeError("a condition about a resource of a stack was asked of one by itself")
