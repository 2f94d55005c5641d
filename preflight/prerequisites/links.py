"""Which resources belong to a consumer, and could serve it: found by index, as stacks are large."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from preflight.graph import Stack
from preflight.prerequisites.cidr import lies_in
from preflight.prerequisites.paths import FOLLOW, Chain, Property, text_of
from preflight.prerequisites.table import Needed
from preflight.resource import Resource
from preflight.values import UNKNOWN

_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
# What may stand in the name of a resource: "web" is not mentioned in "web-2".
_WORD: Final = re.compile(r"[\w+=,.@:/$#-]+")
# No ARN is longer; longer words are other things (certificates, code), and would take long to go through.
_LONGEST: Final = 2048

_Group: TypeAlias = dict[str, Resource]
"""Resources by URN."""


class Links:
    """The resources that `needed` describes, by what links them to a consumer and its hub."""

    def __init__(self, stack: Stack, needed: Needed) -> None:
        self._stack = stack
        self._needed = needed
        of_type = stack.of_type(*sorted(needed.types))
        self._all = {one.urn: one for one in of_type if all(test.holds(one) for test in needed.when)}

    def to(self, consumer: Resource, hub: Resource | None) -> list[Resource]:
        """Those that belong to `consumer` and to its `hub`."""
        groups = []
        if hub is not None and self._needed.via:
            groups.append(self._by_hub.get(hub.urn, {}))
        groups += [mentioned(consumer) for mentioned in self._mentioned]
        groups += [agreeing(consumer) for agreeing in self._agreeing]
        groups += [mentioning(consumer) for mentioning in self._mentioning]
        if not groups:
            groups = [self._all]
        first, *others = sorted(groups, key=len)
        found = [one for urn, one in first.items() if all(urn in other for other in others)]
        contains = self._needed.contains
        return [one for one in found if all(lies_in(consumer, other, one, own) for own, other in contains)]

    @cached_property
    def _by_hub(self) -> Mapping[str, _Group]:
        by_hub: dict[str, _Group] = defaultdict(dict)
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

        def agreeing(consumer: Resource) -> _Group:
            wanted = _marks_of(self._stack, consumer, other)
            close = {one.urn: one for mark in wanted.all for one in index.get(mark, ())}
            return {urn: one for urn, one in close.items() if wanted.agrees(marks[urn])}

        return agreeing

    @cached_property
    def _mentioned(self) -> list[Callable[[Resource], _Group]]:
        return [self._mentioned_in(place, template) for place, template in self._needed.mentions]

    def _mentioned_in(self, place: Property, template: str) -> Callable[[Resource], _Group]:
        index = _index(self._all.values(), lambda one: _filled(template, one))

        def mentioned(consumer: Resource) -> _Group:
            return {one.urn: one for word in _words(place, consumer) for one in index.get(word, ())}

        return mentioned

    @cached_property
    def _mentioning(self) -> list[Callable[[Resource], _Group]]:
        return [self._mentioning_in(place, template) for place, template in self._needed.mentioned]

    def _mentioning_in(self, place: Property, template: str) -> Callable[[Resource], _Group]:
        index = _index(self._all.values(), lambda one: set(_words(place, one)))

        def mentioning(consumer: Resource) -> _Group:
            return {one.urn: one for text in _filled(template, consumer) for one in index.get(text, ())}

        return mentioning


def _index(resources: Iterable[Resource], marks: Callable[[Resource], Iterable[str]]) -> Mapping[str, list[Resource]]:
    index: dict[str, list[Resource]] = defaultdict(list)
    for one in resources:
        for mark in marks(one):
            index[mark].append(one)
    return index


@dataclass(frozen=True, slots=True)
class _Marks:
    """What tells whether two properties agree: the texts, and the URNs of the resources that they were made from."""

    texts: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    known: bool = True

    @property
    def all(self) -> frozenset[str]:
        return self.texts | self.sources

    def agrees(self, other: _Marks) -> bool:
        """Equal where both are known; otherwise made from a common resource."""
        if not self.texts.isdisjoint(other.texts):
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
        texts=frozenset(text for value in values if (text := text_of(value)) is not None),
        sources=frozenset(source.urn for source in stack.sources_of(resource, place.name)),
        known=UNKNOWN not in values,
    )


def _filled(template: str, resource: Resource) -> list[str]:
    """`template` with the properties in braces; nothing where one of them is not known.

    The path of an IAM role or user is "/" where none is given.
    """
    known = {name: Property.of(name).values(resource)[0] for name in _PLACEHOLDER.findall(template)}
    texts = {name: "/" if name == "path" and value is None else text_of(value) for name, value in known.items()}
    if not all(texts.values()):
        return []
    return [_PLACEHOLDER.sub(lambda match: texts[match[1]] or "", template)]


def _words(place: Property, resource: Resource) -> Iterator[str]:
    """The words of a text, and what follows each colon and slash in them: an ARN ends in its resource."""
    for value in place.values(resource):
        for word in _WORD.findall(value) if isinstance(value, str) else ():
            if len(word) <= _LONGEST:
                yield word
                yield from (word[i:] for i, character in enumerate(word) if character in ":/")
