"""Where a stack breaks a rule: X is there, S is there, both belong together, and X does not wait for S."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from aws_preflight.preflight.finding import Level
from aws_preflight.preflight.graph import Stack, Waiting
from aws_preflight.preflight.ordering.links import Links
from aws_preflight.preflight.ordering.ordering_rule import Needed, OrderingRule, region_of
from aws_preflight.preflight.ordering.stack_conditions import surroundings_of
from aws_preflight.preflight.ordering.timing import Late, Need, TakesLong, late
from aws_preflight.preflight.resource import Resource

_MOST_COMPARED: Final = 100
"""Of what a consumer misses of one rule: more is compared with no other rule, so that large stacks take no longer."""


@dataclass(frozen=True, slots=True)
class Missing:
    """X waits for none of what it needs, or not for all where all are needed: one broken rule.

    `hub` is the resource on which both hang, if any. `late` says what is missing and who starts first; it is `None`
    where nothing that would serve is in the stack.
    """

    rule: OrderingRule
    consumer: Resource
    hub: Resource | None
    late: Late | None = None

    @property
    def level(self) -> Level:
        """Mandatory where the rule is certain and X comes first on every day; see `preflight.ordering`."""
        if self.late is None:
            return self.rule.absent or "advisory"
        return "mandatory" if self.rule.level == "mandatory" and self.late.lost else "advisory"

    @property
    def asked_for(self) -> Sequence[Resource]:
        """What the consumer is told to wait for: all that is missing, or the first where one is enough."""
        missing = self.late.missing if self.late else ()
        return missing if self.rule.each else missing[:1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of the resources of a cloud: the rules, what takes long, and which packages of components are not
    the user's, so that what stands in them cannot be mended in a program.
    """

    rules: tuple[OrderingRule, ...]
    takes_long: TakesLong
    packaged: frozenset[str] = frozenset()


def missing(stack: Stack, facts: Facts) -> tuple[Missing, ...]:
    """Every broken rule of a stack, one for each consumer and missing resource, the gravest ones first."""
    return _Search(stack, facts).missing()


class _Serving(NamedTuple):
    """What serves a consumer, and what only may: of that the condition cannot be told."""

    resources: tuple[Resource, ...]
    doubtful: tuple[Resource, ...]


class _Search:
    def __init__(self, stack: Stack, facts: Facts) -> None:
        self._stack = stack
        self._facts = facts
        self._types = frozenset(resource.type for resource in stack.resources)
        self._surroundings = surroundings_of(stack)
        self._links: dict[Needed, Links] = {}
        self._links_of_rule: dict[str, list[Links]] = {}
        self._shared: dict[tuple[object, ...], tuple[Sequence[Mapping[str, Resource]], _Serving]] = {}

    def missing(self) -> tuple[Missing, ...]:
        absent: list[Missing] = []
        needs: list[Need] = []
        about: list[tuple[OrderingRule, Resource | None]] = []
        for rule, consumer, hub in self._applicable():
            found, doubtful = self._serving(rule, consumer, hub)
            if found and (len(found) > 1 or found[0].urn != consumer.urn):
                needs.append(Need(consumer=consumer, needed=found, doubtful=doubtful, each=rule.each, slow=rule.slow))
                about.append((rule, hub))
            elif rule.absent and not doubtful:
                absent.append(Missing(rule, consumer, hub))
        broken = [
            Missing(rule, one.need.consumer, hub, one)
            for (rule, hub), one in zip(about, late(self._stack, needs, self._facts.takes_long), strict=True)
            if one is not None and one.missing and one.timing != "won" and (one.timing == "tie" or not rule.parallel)
        ]
        own = [one for one in broken if not self._is_packaged(one)]
        return self._without_what_others_bring(_one_each([*own, *absent]))

    def _without_what_others_bring(self, found: tuple[Missing, ...]) -> tuple[Missing, ...]:
        """Without a rule whose resources are there in time once the consumer waits for those of another rule.

        A deployment that waits for the integrations waits for their methods, too.
        """
        by_consumer: dict[str, list[Missing]] = defaultdict(list)
        for one in found:
            if one.late and len(one.late.missing) <= _MOST_COMPARED:
                by_consumer[one.consumer.urn].append(one)
        several = [group for group in by_consumer.values() if len(group) > 1]
        waiting = self._stack.waiting_for(each for group in several for one in group for each in one.asked_for)
        needless = {
            id(one)
            for group in several
            for one in group
            if any(_brings(waiting, other, one) for other in group if other is not one)
        }
        return tuple(one for one in found if id(one) not in needless)

    def _is_packaged(self, one: Missing) -> bool:
        """Whether the consumer and what it misses were made by one component of somebody else."""
        around = self._packaged_around(one.consumer)
        return bool(around and one.late and around & self._packaged_around(one.late.missing[0]))

    def _packaged_around(self, resource: Resource) -> set[str]:
        return {
            component.urn
            for component in self._stack.ancestors(resource)
            if not component.custom and component.type.partition(":")[0] in self._facts.packaged
        }

    def _applicable(self) -> Iterator[tuple[OrderingRule, Resource, Resource | None]]:
        """The rules whose conditions hold, with the consumer and, if the rule has one, the hub."""
        for rule in self._facts.rules:
            if rule.consumers.isdisjoint(self._types):
                continue
            if not rule.absent and all(one.types.isdisjoint(self._types) for one in rule.needed):
                continue
            for consumer in self._stack.of_type(*sorted(rule.consumers)):
                yield from ((rule, consumer, hub) for hub in self._hubs(rule, consumer))

    def _hubs(self, rule: OrderingRule, consumer: Resource) -> Iterator[Resource | None]:
        """The hubs of the consumer for which the condition of the rule holds; `None` stands for a rule without one."""
        if not rule.hubs:
            ends: Iterable[Resource | None] = [None]
        else:
            reached = {hub.urn: hub for chain in rule.via for hub in chain.end(self._stack, consumer)}
            ends = [hub for hub in reached.values() if hub.type in rule.hubs]
        for hub in ends:
            if rule.when is None or rule.when(self._surroundings.frame(consumer, hub)):
                yield hub

    def _serving(self, rule: OrderingRule, consumer: Resource, hub: Resource | None) -> _Serving:
        """The resources of which `consumer` needs one, or each: those that belong to it and its hub.

        It may be among them itself. Consumers that need the same get the same answer.
        """
        links = self._links_of(rule)
        groups = [one.to(consumer, hub) for one in links]
        place = None if hub is not None else (consumer.provider, region_of(consumer))
        key = (place, rule.each, *map(id, groups))
        if key not in self._shared:
            found = {
                one.urn: one
                for group in groups
                for one in group.values()
                if hub is not None or _same_place(one, consumer)
            }
            certain = {urn for one, group in zip(links, groups, strict=True) for urn in group.keys() - one.doubtful}
            doubtful = tuple(one for urn, one in found.items() if urn not in certain)
            # Where one is enough, waiting for one that may serve is enough; where each is needed, it is not asked for.
            wanted = (one for urn, one in found.items() if urn in certain or not rule.each)
            # The groups are kept, so that no other one gets the same id.
            self._shared[key] = groups, _Serving(tuple(wanted), doubtful)
        return self._shared[key][1]

    def _links_of(self, rule: OrderingRule) -> list[Links]:
        if rule.id not in self._links_of_rule:
            for needed in set(rule.needed) - self._links.keys():
                self._links[needed] = Links(self._stack, needed, self._surroundings)
            self._links_of_rule[rule.id] = [self._links[needed] for needed in rule.needed]
        return self._links_of_rule[rule.id]


def _brings(waiting: Waiting, one: Missing, other: Missing) -> bool:
    """Whether who waits for what `one` asks for waits for what `other` asks for, which is not graver."""
    if one.level == "advisory" and other.level == "mandatory":
        return False
    brought = 0
    for each in one.asked_for:
        brought |= waiting.mask(each.urn)
    return not waiting.mask_of(other.asked_for) & ~brought


def _same_place(one: Resource, other: Resource) -> bool:
    """Whether two resources are of one account and region, as far as their providers and regions show it."""
    regions = {region for resource in (one, other) if (region := region_of(resource)) is not None}
    return one.provider == other.provider and len(regions) <= 1


def _one_each(found: Sequence[Missing]) -> tuple[Missing, ...]:
    """One for each consumer and missing resource: the gravest, else the first of the rules.

    Two resources that must not be created at the same time each miss the other; the second of them is asked to wait.
    """
    chosen: dict[tuple[str, str], Missing] = {}
    for one in sorted(found, key=lambda one: one.level == "advisory"):
        first = one.late.missing[0].urn if one.late else one.rule.id
        mutual = chosen.get((first, one.consumer.urn))
        if mutual is None or mutual.rule is not one.rule:
            chosen.setdefault((one.consumer.urn, first), one)
    return tuple(chosen.values())
