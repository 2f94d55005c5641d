"""Which resources belong to a consumer, and could serve it: found by index, as stacks are large."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from typing import Final, TypeAlias

from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.chains import FOLLOW, Chain, Property, string_of
from aws_preflight.preflight.ordering.cidr import lies_in
from aws_preflight.preflight.ordering.ordering_rule import Needed
from aws_preflight.preflight.ordering.stack_conditions import Surroundings
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN

_PLACEHOLDER: Final = re.compile(r"\{(\w+)(?:\|([^{}]*))?\}")
# What may stand in the name of a resource: "web" is not mentioned in "web-2".
_WORD: Final = re.compile(r"[\w+=,.@:/$#-]+")
# No name of a resource is longer; longer words are other things, such as code, and would take long to go through.
_LONGEST: Final = 2048
# No name of a resource has more colons and slashes; a word of nothing else would become a thousand times as long.
_MOST_PARTS: Final = 64

_Group: TypeAlias = Mapping[str, Resource]
"""Resources by URN. The same for all that are linked to the same: it is put together once."""
_NOBODY: Final[_Group] = {}


class Links:
    """The resources that `needed` describes, by what links them to a consumer and its hub."""

    def __init__(self, stack: Stack, needed: Needed, surroundings: Surroundings) -> None:
        self._stack = stack
        self._needed = needed
        answers = [
            (one, needed.when is None or needed.when(surroundings.frame(one)))
            for one in stack.of_type(*sorted(needed.types))
        ]
        self._all: _Group = {one.urn: one for one, answer in answers if answer is not False}
        self.doubtful = frozenset(one.urn for one, answer in answers if answer is None)
        """Those of which the condition cannot be told: they may serve."""
        self._common: dict[tuple[int, ...], _Group] = {}

    def to(self, consumer: Resource, hub: Resource | None) -> _Group:
        """Those that belong to `consumer` and to its `hub`."""
        groups: list[_Group] = []
        if hub is not None and self._needed.via:
            groups.append(self._by_hub.get(hub.urn, _NOBODY))
        groups += [mentioned(consumer) for mentioned in self._mentioned]
        groups += [agreeing(consumer) for agreeing in self._agreeing]
        groups += [mentioning(consumer) for mentioning in self._mentioning]
        found = self._in_all(groups) if groups else self._all
        contains = self._needed.contains
        if not contains:
            return found
        return {
            urn: one for urn, one in found.items() if all(lies_in(consumer, other, one, own) for own, other in contains)
        }

    def _in_all(self, groups: list[_Group]) -> _Group:
        if len(groups) == 1:
            return groups[0]
        key = tuple(map(id, groups))
        if key not in self._common:
            first, *others = sorted(groups, key=len)
            self._common[key] = {urn: one for urn, one in first.items() if all(urn in other for other in others)}
        return self._common[key]

    @cached_property
    def _by_hub(self) -> Mapping[str, _Group]:
        by_hub: dict[str, dict[str, Resource]] = defaultdict(dict)
        for one in self._all.values():
            for chain in self._needed.via:
                for hub in chain.end(self._stack, one):
                    by_hub[hub.urn][one.urn] = one
        return by_hub

    @cached_property
    def _agreeing(self) -> list[Callable[[Resource], _Group]]:
        return [self._agreeing_in(own, other) for own, other in self._needed.same]

    def _agreeing_in(self, own: Property, other: str) -> Callable[[Resource], _Group]:
        marks = {urn: _marks(self._stack, one, own) for urn, one in self._all.items()}
        index = _index(self._all.values(), lambda one: marks[one.urn].all)

        @cache
        def agreeing(wanted: _Marks) -> _Group:
            close = {one.urn: one for mark in wanted.all for one in index.get(mark, ())}
            return {urn: one for urn, one in close.items() if wanted.agrees(marks[urn])}

        return lambda consumer: agreeing(_marks_of(self._stack, consumer, other))

    @cached_property
    def _mentioned(self) -> list[Callable[[Resource], _Group]]:
        return [self._mentioned_in(place, template) for place, template in self._needed.mentions]

    def _mentioned_in(self, place: Property, template: str) -> Callable[[Resource], _Group]:
        index = _index(self._all.values(), lambda one: _filled(template, one))
        mentioned = _union_in(index)
        return lambda consumer: mentioned(frozenset(word for word in _words(place, consumer) if word in index))

    @cached_property
    def _mentioning(self) -> list[Callable[[Resource], _Group]]:
        return [self._mentioning_in(place, template) for place, template in self._needed.mentioned]

    def _mentioning_in(self, place: Property, template: str) -> Callable[[Resource], _Group]:
        mentioning = _union_in(_index(self._all.values(), lambda one: set(_words(place, one))))
        return lambda consumer: mentioning(frozenset(_filled(template, consumer)))


def _index(resources: Iterable[Resource], marks: Callable[[Resource], Iterable[str]]) -> Mapping[str, list[Resource]]:
    index: dict[str, list[Resource]] = defaultdict(list)
    for one in resources:
        for mark in marks(one):
            index[mark].append(one)
    return index


def _union_in(index: Mapping[str, list[Resource]]) -> Callable[[frozenset[str]], _Group]:
    @cache
    def union(marks: frozenset[str]) -> _Group:
        return {one.urn: one for mark in sorted(marks) for one in index.get(mark, ())}

    return union


@dataclass(frozen=True, slots=True)
class _Marks:
    """What tells whether two properties agree: the strings, and the URNs of the resources that they were made from."""

    strings: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    known: bool = True

    @property
    def all(self) -> frozenset[str]:
        return self.strings | self.sources

    def agrees(self, other: _Marks) -> bool:
        """Equal where both are known; otherwise made from a common resource."""
        if not self.strings.isdisjoint(other.strings):
            return True
        return not (self.known and other.known) and not self.sources.isdisjoint(other.sources)


def _marks_of(stack: Stack, consumer: Resource, other: str) -> _Marks:
    """The marks of `other`: a property of X, a chain of properties, or a template over X."""
    if _PLACEHOLDER.search(other):
        return _Marks(frozenset(_filled(other, consumer)))
    if FOLLOW in other:
        return _Marks(sources=frozenset(one.urn for one in Chain.of(other).end(stack, consumer)), known=False)
    return _marks(stack, consumer, Property.of(other))


def _marks(stack: Stack, resource: Resource, place: Property) -> _Marks:
    values = place.values(resource)
    return _Marks(
        strings=frozenset(text for value in values if (text := string_of(value)) is not None),
        sources=frozenset(source.urn for source in stack.sources_of(resource, place.name)),
        known=UNKNOWN not in values,
    )


def _filled(template: str, resource: Resource) -> list[str]:
    """`template` with the properties in braces; nothing where one of them is not known.

    What follows a `|` stands for a property that is not set: `{path|/}`.
    """
    strings = {}
    for name, default in _PLACEHOLDER.findall(template):
        value = Property.of(name).values(resource)[0]
        strings[name] = string_of(value) if value is not None else default
    if not all(strings.values()):
        return []
    return [_PLACEHOLDER.sub(lambda match: strings[match[1]] or "", template)]


def _words(place: Property, resource: Resource) -> Iterator[str]:
    """The words of a string, and what follows each colon and slash in them: a long name ends in the short one."""
    for value in place.values(resource):
        for word in _WORD.findall(value) if isinstance(value, str) else ():
            if len(word) <= _LONGEST:
                yield word
                yield from islice((word[i:] for i, character in enumerate(word) if character in ":/"), _MOST_PARTS)
