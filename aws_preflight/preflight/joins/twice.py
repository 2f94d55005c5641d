"""Resources that may not be there twice: those that agree in what a join names, found in one pass over them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from functools import cached_property
from typing import TypeAlias

from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.dependency import title as title_of
from aws_preflight.preflight.ordering.stack_conditions import StackCompiler, Surroundings, surroundings_of
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.rules.blocks import Block, block
from aws_preflight.preflight.rules.compare import text
from aws_preflight.preflight.rules.declared import Declaration, WithAliases
from aws_preflight.preflight.rules.leaves import Test
from aws_preflight.preflight.values import UNKNOWN

Pairs: TypeAlias = Iterator[tuple[Resource, Resource]]


class TwiceCheck:
    """The check of a join with `twice`; calling it gives the findings in a stack."""

    def __init__(self, declared: Declaration, types: Sequence[str], with_aliases: WithAliases) -> None:
        """`declared` is the join, `types` are those of the resources that are reported."""
        self._declared = declared
        self._types = tuple(with_aliases(*types))
        self._with_aliases = with_aliases
        twice = declared["twice"]
        self._equal: Sequence[str] = twice.get("equal", ())
        self._overlap: str | None = twice.get("overlap")
        self._of = {name: frozenset(with_aliases(type_)) for name, type_ in twice.get("of", {}).items()}

    @cached_property
    def compiled(self) -> tuple[Test | None, Test | None]:
        """The conditions on the resource that is reported and on the other one. Raises `RuleError`."""
        compiler = StackCompiler(self._with_aliases, has_hub=False)
        first, second = (
            compiler.condition(self._declared[name], (name,)) if name in self._declared else None
            for name in ("refuse", "other")
        )
        return first, second

    def __call__(self, stack: Stack) -> Iterator[Finding]:
        """What the join finds."""
        surroundings = surroundings_of(stack)
        groups: dict[Hashable, list[Resource]] = defaultdict(list)
        for resource in stack.of_type(*self._types):
            if (key := self._key(stack, surroundings, resource)) is not None:
                groups[key].append(resource)
        for group in (group for group in groups.values() if len(group) > 1):
            # The engine sends resources in another order on every run.
            for resource, other in self._pairs(surroundings, sorted(group, key=lambda one: one.urn)):
                message = f"{self._declared['title']}: the other one is {title_of(other)}"
                yield Finding(resource=resource, at=tuple(self._declared["point"].split(".")), message=message)

    def _key(self, stack: Stack, surroundings: Surroundings, resource: Resource) -> Hashable:
        """What resources have in common that may not both be there; `None` where it is not known."""
        given = surroundings.given(resource)
        key: list[Hashable] = [resource.provider, text(given.get("region"))]
        key += [text(given.get(name)) for name in self._equal]
        for name, types in self._of.items():
            value = given.get(name)
            sources = [one.urn for one in stack.sources_of(resource, name) if one.type in types]
            key.append(text(value) if value is not UNKNOWN else sources[0] if len(sources) == 1 else None)
        return None if None in key[2:] else tuple(key)

    def _pairs(self, surroundings: Surroundings, group: list[Resource]) -> Pairs:
        """The resources of a group that are reported, each with another one."""
        if self._overlap is not None:
            blocks = [(block(surroundings.given(one).get(self._overlap)), i) for i, one in enumerate(group)]
            yield from ((group[i], group[j]) for i, j in _overlapping([(one, i) for one, i in blocks if one]))
            return
        first, second = self.compiled
        if first is None or second is None:
            yield from ((one, group[-1]) for one in group[:-1])
            return
        others = [one for one in group if second(surroundings.frame(one))]
        for resource in group if others else ():
            other = others[0] if others[0] is not resource else others[-1]
            if other is not resource and first(surroundings.frame(resource)):
                yield resource, other


def _overlapping(blocks: list[tuple[Block, int]]) -> Iterator[tuple[int, int]]:
    """The numbers of overlapping blocks. One holds the other or they share nothing: the widest that is open tells."""
    outer: tuple[Block, int] | None = None
    for one, i in sorted(blocks, key=_order):
        if outer is not None and one.version == outer[0].version and one.network_address in outer[0]:
            yield min(i, outer[1]), max(i, outer[1])
        else:
            outer = one, i


def _order(numbered: tuple[Block, int]) -> tuple[int, int, int]:
    one, _ = numbered
    return one.version, int(one.network_address), one.prefixlen
