"""Paths: into the properties of a resource, and over the resources that its inputs were made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN, Value
from aws_preflight.preflight.values import Path as ValuePath

FOLLOW: Final = " > "
_ARROW: Final = re.compile(r"\s*([<>])\s*")


@dataclass(frozen=True, slots=True)
class Property:
    """A path such as `accessLogs.bucket` or `routes[].gatewayId`; `[]` is any element of a list."""

    path: str
    name: str
    """The property of the resource in which the path begins: what the engine knows the sources of."""
    steps: tuple[str, ...]
    """The members below it. Lists are gone through wherever one stands, with `[]` or without."""

    @staticmethod
    @cache
    def of(path: str) -> Property:
        """The property at `path`."""
        name, *steps = path.replace("[]", "").split(".")
        return Property(path, name, tuple(steps))

    @property
    def place(self) -> ValuePath:
        """The path as a finding states it, up to the first list: which element it is cannot be told."""
        return tuple(self.path.partition("[]")[0].split("."))

    def values(self, resource: Resource) -> list[Value]:
        """All values at the path, `None` where nothing stands.

        In a preview the engine fills what the provider will compute with unknown values, and those of inputs that the
        program left out with them. Only an input that was made from an Output has property dependencies, so an unknown
        property without any was not given.
        """
        value = resource.get(self.name)
        if value is UNKNOWN and not resource.property_dependencies.get(self.name):
            return [None]
        found = list(_elements(value))
        for step in self.steps:
            found = [item for value in found for item in _elements(_member(value, step))]
        return found or [None]


def _member(value: Value, name: str) -> Value:
    if value is UNKNOWN:
        return UNKNOWN
    return value.get(name) if isinstance(value, dict) else None


def _elements(value: Value) -> Iterator[Value]:
    rest = [value]
    while rest:
        value = rest.pop()
        if isinstance(value, list):
            rest += reversed(value)
        else:
            yield value


@dataclass(frozen=True, slots=True)
class Chain:
    """`subnetId > vpcId`: the resources that an input was made from, and those that an input of theirs was.

    `< bucket` goes the other way: to the resources whose input `bucket` was made from the one where it begins.
    """

    steps: tuple[Property, ...]
    back: frozenset[int] = frozenset()
    """The places of the steps that go the other way."""

    @staticmethod
    @cache
    def of(text: str) -> Chain:
        """The chain written as `text`."""
        first, *rest = _ARROW.split(text)
        pairs = [*([(">", first)] if first else []), *zip(rest[::2], rest[1::2], strict=True)]
        back = frozenset(i for i, (arrow, _) in enumerate(pairs) if arrow == "<")
        return Chain(tuple(Property.of(path) for _, path in pairs), back)

    def end(self, stack: Stack, resource: Resource) -> list[Resource]:
        """The resources that the chain leads to from `resource`."""
        reached = [resource]
        for i, step in enumerate(self.steps):
            beyond = stack.made_from if i in self.back else stack.sources_of
            found = {other.urn: other for one in reached for other in beyond(one, step.name)}
            reached = list(found.values())
        return reached


def string_of(value: Value) -> str | None:
    """A string or number as text, "true" or "false" for a boolean; `None` for everything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else None
