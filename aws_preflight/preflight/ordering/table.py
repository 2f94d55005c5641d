"""The rows of the table, as they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Literal

from aws_preflight.preflight.finding import Level
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.chains import Chain, Property
from aws_preflight.preflight.ordering.cidr import lies_outside
from aws_preflight.preflight.ordering.row_conditions import Condition, Kinds
from aws_preflight.preflight.resource import Resource

_HUB: Final = "hub"
_OTHER_PROVIDER: Final = "other provider"
_OUTSIDE_HUB: Final = "outside hub"


@dataclass(frozen=True, slots=True)
class Needed:
    """One type of resource that serves as S, and how it belongs to X; `token` is the type, `types` all its tokens.

    `via` leads from S to the hub. `same` are pairs of a property of S and one of X that agree, `mentions` pairs of a
    property of X and a string, made of properties of S, that stands in it, `mentioned` the other way round. `contains`
    are pairs of a CIDR block of S and one of X that lies in it. `slow`: S takes long to create.
    """

    token: str
    types: frozenset[str]
    via: tuple[Chain, ...] = ()
    same: tuple[tuple[Property, str], ...] = ()
    mentions: tuple[tuple[Property, str], ...] = ()
    mentioned: tuple[tuple[Property, str], ...] = ()
    contains: tuple[tuple[Property, Property], ...] = ()
    when: tuple[Condition, ...] = ()
    slow: bool = False

    @property
    def kind(self) -> str:
        """`Role` for `aws:iam/role:Role`."""
        return self.token.rpartition(":")[2]


@dataclass(frozen=True, slots=True)
class Row:
    """One edge: the consumer, the hub, what is needed, under which conditions, and what AWS says when it is missing.

    `level` is the most that the row may say; `silent` rows are known not to matter. `parallel`: only
    creating both at the same time goes wrong, either order is fine. `absent` is the level at which X is reported
    although no S is in the stack. `retries` says how long the provider repeats the refused call: a time, "no", or ""
    where that is not known. `reported_by` is the policy that reports the row, "" for the general ones.
    """

    id: str
    pattern: str
    first_consumer: str
    consumers: frozenset[str]
    via: tuple[Chain, ...]
    hubs: frozenset[str]
    when: tuple[tuple[Condition, ...], ...]
    other_provider: bool
    outside: tuple[tuple[Property, Property], ...]
    needed: tuple[Needed, ...]
    each: bool
    parallel: bool
    level: Level | Literal["silent"]
    absent: Level | None
    retries: str
    answer: str
    basis: str
    effect: str
    sources: tuple[str, ...]
    reported_by: str

    @property
    def slow(self) -> frozenset[str]:
        """The types among what is needed that take long to create."""
        return frozenset(type_ for one in self.needed if one.slow for type_ in one.types)

    @property
    def consumer_kinds(self) -> tuple[str, ...]:
        """The names of the types of X."""
        return tuple(dict.fromkeys(token.rpartition(":")[2] for token in sorted(self.consumers)))

    @property
    def needed_kinds(self) -> tuple[str, ...]:
        """The names of the types of S: `Listener`, `ListenerRule`."""
        return tuple(dict.fromkeys(one.kind for one in self.needed))

    @property
    def kinds(self) -> str:
        """`Listener or ListenerRule`: what is needed, in words."""
        return " or ".join(self.needed_kinds)

    def applies(self, stack: Stack, consumer: Resource, hub: Resource | None) -> bool:
        """Whether the conditions hold; without a `hub`, those that ask nothing of it."""
        if hub is not None and self.other_provider and not _elsewhere(consumer, hub):
            return False
        if hub is not None and not all(lies_outside(consumer, own, hub, other) for own, other in self.outside):
            return False
        return all(any(_holds(one, stack, consumer, hub) for one in group) for group in self.when)


def region_of(resource: Resource) -> str | None:
    """The region that a resource is put into by its own input; `None` where it is that of its provider."""
    region = resource.get("region")
    return region if isinstance(region, str) else None


def _elsewhere(one: Resource, other: Resource) -> bool:
    """Whether two resources have different providers, or the one is put into a region where the other is not."""
    return one.provider != other.provider or region_of(one) not in (None, region_of(other))


def _holds(condition: Condition, stack: Stack, consumer: Resource, hub: Resource | None) -> bool:
    if not condition.of:
        return condition.holds(consumer)
    if condition.of == _HUB:
        return hub is None or condition.holds(hub)
    return any(condition.holds(one) for one in Chain.of(condition.of).end(stack, consumer))


def read(
    table: Mapping[str, Any], with_aliases: Callable[..., Iterable[str]], kinds: Kinds = MappingProxyType({})
) -> tuple[Row, ...]:
    """The rows of a `table`, which holds `sets` and `rows`, in its order.

    `with_aliases` gives types with the other tokens that they have, `kinds` are words that may follow `is`. Raises
    `ValueError` or `KeyError` where the table has another form.
    """
    reader = _Reader(table["sets"], with_aliases, kinds)
    return tuple(map(reader.row, table["rows"]))


class _Reader:
    def __init__(
        self, sets: Mapping[str, Sequence[Mapping[str, Any]]], with_aliases: Callable[..., Iterable[str]], kinds: Kinds
    ) -> None:
        self.sets = sets
        self._kinds = kinds
        self._with_aliases = with_aliases

    def row(self, data: Mapping[str, Any]) -> Row:
        needed = data["needed"]
        conditions = self._conditions(data.get("when", ()))
        return Row(
            id=data["id"],
            pattern=data["pattern"],
            first_consumer=data["consumer"][0],
            consumers=self._tokens(data["consumer"]),
            via=tuple(map(Chain.of, data.get("via", ()))),
            hubs=self._tokens(data.get("hub", ())),
            when=tuple(
                tuple(self._condition(each) for each in one.get("any", [one]))
                for one in conditions
                if one.keys().isdisjoint((_OTHER_PROVIDER, _OUTSIDE_HUB))
            ),
            other_provider=any(_OTHER_PROVIDER in one for one in conditions),
            outside=tuple(
                (Property.of(one["at"]), Property.of(one[_OUTSIDE_HUB])) for one in conditions if _OUTSIDE_HUB in one
            ),
            needed=self._shared[needed] if isinstance(needed, str) else tuple(map(self._needed, needed)),
            each=data.get("enough") == "each",
            parallel=data.get("parallel", False),
            level=data["level"],
            absent=data.get("absent"),
            retries=data["retries"],
            answer=data["answer"],
            basis=data["basis"],
            effect=data.get("effect", ""),
            sources=tuple(data["sources"]),
            reported_by=data.get("policy", ""),
        )

    @cached_property
    def _shared(self) -> Mapping[str, tuple[Needed, ...]]:
        """The lists of what is needed that several rows share; lists of conditions have no types."""
        return {
            name: tuple(map(self._needed, members))
            for name, members in self.sets.items()
            if all("type" in member for member in members)
        }

    def _needed(self, data: Mapping[str, Any]) -> Needed:
        return Needed(
            token=data["type"],
            types=self._tokens([data["type"]]),
            via=tuple(map(Chain.of, data.get("via", ()))),
            same=tuple((Property.of(own), other) for own, other in data.get("same", {}).items()),
            mentions=tuple((Property.of(place), text) for place, text in data.get("mentions", {}).items()),
            mentioned=tuple((Property.of(place), text) for place, text in data.get("mentioned", {}).items()),
            contains=tuple((Property.of(own), Property.of(other)) for own, other in data.get("contains", {}).items()),
            when=tuple(map(self._condition, self._conditions(data.get("when", ())))),
            slow=data.get("slow", False),
        )

    def _conditions(self, data: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return [each for one in data for each in (self.sets[one["use"]] if "use" in one else [one])]

    def _condition(self, data: Mapping[str, Any]) -> Condition:
        return Condition.read(data, self._kinds)

    def _tokens(self, types: Iterable[str]) -> frozenset[str]:
        return frozenset(self._with_aliases(*types))
