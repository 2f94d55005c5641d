"""A rule of order as data: what was declared, and its parts, which are made when a stack first asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from aws_preflight.preflight.finding import Level
from aws_preflight.preflight.ordering.chains import Chain, Property
from aws_preflight.preflight.ordering.stack_conditions import StackCompiler
from aws_preflight.preflight.resource import Resource, module_of
from aws_preflight.preflight.rules.declared import Declaration, WithAliases
from aws_preflight.preflight.rules.leaves import Test
from aws_preflight.preflight.values import Path


@dataclass(frozen=True, slots=True, eq=False)
class Needed:
    """One type of resource that serves as S, and how it belongs to X; `token` is the type, `types` all its tokens.

    `via` leads from S to the hub. `same` are pairs of a property of S and one of X that agree, `mentions` pairs of a
    property of X and a string, made of properties of S, that stands in it, `mentioned` the other way round. `contains`
    are pairs of a CIDR block of S and one of X that lies in it. `condition` is that on S as it was declared, `when` the
    same ready to run. `slow`: S takes long to create. Rules that declare the same share one.
    """

    token: str
    types: frozenset[str]
    via: tuple[Chain, ...]
    same: tuple[tuple[Property, str], ...]
    mentions: tuple[tuple[Property, str], ...]
    mentioned: tuple[tuple[Property, str], ...]
    contains: tuple[tuple[Property, Property], ...]
    condition: Any
    when: Test | None
    slow: bool

    @property
    def kind(self) -> str:
        """`Role` for `aws:iam/role:Role`."""
        return kind_of_type(self.token)


class OrderingRule:
    """One edge: the consumer, the hub, what is needed, under which conditions, and what AWS says when it is missing.

    `level` is the most that the rule may say; `silent` rules are known not to matter. `absent` is the level at which X
    is reported although no S is in the stack. `consumers` are all tokens of the types of X, `first_consumer` gives the
    rule its page.
    """

    def __init__(self, declared: Declaration, shared: Shared) -> None:
        """`declared` is the rule as `make rules` compiles it; what is wrong with it is told there."""
        self._declared = declared
        self._shared = shared
        self.id: str = declared["id"]
        self.level: Level | Literal["silent"] = declared["level"]
        self.absent: Level | None = declared.get("absent")
        self.consumers = frozenset(shared.tokens(declared["consumer"]))

    @property
    def first_consumer(self) -> str:
        """The first of the types of X."""
        token: str = self._declared["consumer"][0]
        return token

    @property
    def service(self) -> str:
        """The module of the first type of X, by which Pulumi names a service."""
        return module_of(self.first_consumer)

    @property
    def each(self) -> bool:
        """Whether X needs all S that belong to it; otherwise one is enough."""
        return bool(self._declared.get("each"))

    @property
    def parallel(self) -> bool:
        """Whether only creating both at the same time goes wrong, and either order is fine."""
        return bool(self._declared.get("parallel"))

    @property
    def retries(self) -> str:
        """How long the provider repeats the refused call: a time, "no", or "" where that is not known."""
        retries: str = self._declared.get("retries", "")
        return retries

    @property
    def answer(self) -> str:
        """AWS's own words, "" where nobody has written them down."""
        answer: str = self._declared.get("answer", "")
        return answer

    @property
    def documented(self) -> bool:
        """Whether the answer was read in AWS's documentation, and never seen."""
        return bool(self._declared.get("documented"))

    @property
    def effect(self) -> str:
        """What is seen where AWS gives no error."""
        effect: str = self._declared.get("effect", "")
        return effect

    @property
    def sources(self) -> tuple[str, ...]:
        """Where it can be read: the best source, and the first page of documentation if that is another one."""
        return tuple(self._declared["sources"])

    @cached_property
    def via(self) -> tuple[Chain, ...]:
        """How X leads to the hub."""
        return tuple(map(Chain.of, self._declared.get("via", ())))

    @cached_property
    def hubs(self) -> frozenset[str]:
        """All tokens of the types of the hub; none where the rule has no hub."""
        return frozenset(self._shared.tokens(self._declared.get("hub", ())))

    @property
    def condition(self) -> Any:
        """The condition on X and the hub as it was declared, `None` where there is none."""
        return self._declared.get("when")

    @cached_property
    def when(self) -> Test | None:
        """The same ready to run."""
        return self._shared.compiled(self.condition, ("when",), has_hub=bool(self.hubs))

    @cached_property
    def needed(self) -> tuple[Needed, ...]:
        """What serves as S."""
        return self._shared.needed(self._declared["needed"])

    @cached_property
    def slow(self) -> frozenset[str]:
        """The types among what is needed that take long to create."""
        return frozenset(type_ for one in self.needed if one.slow for type_ in one.types)

    @property
    def consumer_kinds(self) -> tuple[str, ...]:
        """The names of the types of X."""
        return tuple(dict.fromkeys(map(kind_of_type, sorted(self.consumers))))

    @property
    def needed_kinds(self) -> tuple[str, ...]:
        """The names of the types of S: `Listener`, `ListenerRule`."""
        return tuple(dict.fromkeys(map(kind_of_type, self._shared.types_of(self._declared["needed"]))))

    @property
    def first_needed(self) -> str:
        """The first of the types of S."""
        return self._shared.types_of(self._declared["needed"])[0]

    @property
    def kinds(self) -> str:
        """`Listener or ListenerRule`: what is needed, in words."""
        return " or ".join(self.needed_kinds)


class Shared:
    """What several rules share: named lists of what is needed, and equal declarations of it, each read once."""

    def __init__(self, sets: Mapping[str, Sequence[Declaration]], with_aliases: WithAliases) -> None:
        """`with_aliases` gives types with the other tokens that they have."""
        self._sets = sets
        self._with_aliases = with_aliases
        self._read: dict[str, Needed] = {}

    def tokens(self, types: Iterable[str]) -> Iterable[str]:
        """The types with their aliases."""
        return self._with_aliases(*types)

    def types_of(self, declared: str | Sequence[Declaration]) -> list[str]:
        """The types of what is needed."""
        return [one["type"] for one in self._members(declared)]

    def needed(self, declared: str | Sequence[Declaration]) -> tuple[Needed, ...]:
        """What is needed: a list, or the name of a shared one."""
        return tuple(map(self._needed, self._members(declared)))

    def compiled(self, condition: Any, at: Path, *, has_hub: bool) -> Test | None:
        """The function for a condition of a rule, `None` for none. Raises `RuleError`."""
        if condition is None:
            return None
        return StackCompiler(self._with_aliases, has_hub=has_hub).condition(condition, at)

    def _members(self, declared: str | Sequence[Declaration]) -> Sequence[Declaration]:
        return self._sets[declared] if isinstance(declared, str) else declared

    def _needed(self, data: Declaration) -> Needed:
        key = repr(data)
        if key not in self._read:
            self._read[key] = Needed(
                token=data["type"],
                types=frozenset(self.tokens([data["type"]])),
                via=tuple(map(Chain.of, data.get("via", ()))),
                same=_pairs(data.get("same", {})),
                mentions=_pairs(data.get("mentions", {})),
                mentioned=_pairs(data.get("mentioned", {})),
                contains=tuple((own, Property.of(other)) for own, other in _pairs(data.get("contains", {}))),
                condition=data.get("when"),
                when=self.compiled(data.get("when"), ("needed", "when"), has_hub=False),
                slow=data.get("slow", False),
            )
        return self._read[key]


def kind_of_type(token: str) -> str:
    """`Role` for `aws:iam/role:Role`."""
    return token.rpartition(":")[2]


def region_of(resource: Resource) -> str | None:
    """The region that a resource is put into by its own input; `None` where it is that of its provider."""
    region = resource.get("region")
    return region if isinstance(region, str) else None


def _pairs(data: Mapping[str, str]) -> tuple[tuple[Property, str], ...]:
    return tuple((Property.of(place), text) for place, text in data.items())
