"""Graphs made from the rows of the prerequisites: the smallest stack that breaks a row, and its variants."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.chains import FOLLOW, Chain, Property
from aws_preflight.preflight.ordering.row_conditions import Condition
from aws_preflight.preflight.ordering.table import Needed, Row
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN
from tests.protocol import decoded

STEP = "aws:example/step:Step"
OTHER = "aws:example/other:Other"


@dataclass
class Node:
    """A resource in the making."""

    name: str
    type: str
    properties: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, list[Node]] = field(default_factory=dict)
    after: list[Node] = field(default_factory=list)
    provider: str = ""

    @property
    def urn(self) -> str:
        return f"urn:pulumi:dev::shop::{self.type}::{self.name}"

    def put(self, path: str, value: Any) -> None:
        """Sets the value at `path`, making lists where it has `[]`."""
        place: Any = self.properties
        *steps, last = path.split(".")
        for step in steps:
            below: Any = place.setdefault(step.removesuffix("[]"), [{}] if step.endswith("[]") else {})
            place = below[0] if isinstance(below, list) else below
        place[last.removesuffix("[]")] = [value] if last.endswith("[]") else value

    def value(self, path: str) -> Any:
        return Property.of(path).values(self.resource())[0]

    def resource(self) -> Resource:
        sources = {name: tuple(node.urn for node in nodes) for name, nodes in self.sources.items()}
        return Resource(
            urn=self.urn,
            type=self.type,
            name=self.name,
            properties=decoded(self.properties),
            dependencies=tuple({urn for urns in sources.values() for urn in urns} | {node.urn for node in self.after}),
            property_dependencies=sources,
            provider=self.provider,
        )


class Example:
    """A stack in which `needed` is there and the consumer of `row` does not wait for it."""

    def __init__(self, row: Row, needed: Needed | None) -> None:
        self.nodes: list[Node] = []
        self.consumer = self.node("consumer", sorted(row.consumers)[0])
        self.hub = self.node("hub", sorted(row.hubs)[0]) if row.hubs else None
        self.needed = self.node("needed", sorted(needed.types)[0]) if needed else None
        if row.via:
            self.follow(self.consumer, row.via[0], self.hub)
        for group in row.when:
            self.fulfil(group[0])
        for at, around in row.outside:
            assert self.hub
            self.hub.put(around.path, "10.0.0.0/16")
            self.consumer.put(at.path, "10.1.4.0/24")
        if row.other_provider:
            self.consumer.provider = "urn:pulumi:dev::shop::pulumi:providers:aws::elsewhere"
        if needed and self.needed:
            self.link(needed, self.needed)

    def node(self, name: str, type_: str) -> Node:
        self.nodes.append(Node(name, type_))
        return self.nodes[-1]

    def follow(self, node: Node, chain: Chain, end: Node | None) -> Node:
        """The end of `chain` from `node`, made where it does not exist yet."""
        for i, step in enumerate(chain.steps):
            made = node.sources.get(step.name, [])
            following = made[0] if made else None
            if following is None:
                last = i == len(chain.steps) - 1
                following = end if last and end else self.node(f"step{len(self.nodes)}", STEP)
                node.sources[step.name] = [following]
                node.put(step.path, UNKNOWN)
            node = following
        return node

    def fulfil(self, condition: Condition, subject: Node | None = None) -> None:
        """Makes `condition` hold."""
        node = subject or self.meant(condition)
        path, operand = condition.at.path, condition.operand
        if condition.test in ("in", "has"):
            node.put(path, operand if isinstance(operand, str) else operand[0])
        elif condition.test == "above":
            node.put(path, operand + 1)
        elif condition.test == "starts":
            node.put(path, f"{operand}x")
        elif operand == "public":
            node.put(path, '{"Statement": [{"Principal": {"AWS": "*"}, "Effect": "Allow"}]}')
        elif operand == "true":
            node.put(path, True)
        elif operand == "set" and not condition.holds(node.resource()):
            node.put(path, "given")

    def violate(self, condition: Condition) -> None:
        """Makes `condition` fail."""
        node = self.meant(condition)
        path, operand = condition.at.path, condition.operand
        if condition.test == "not in":
            node.put(path, operand[0])
        elif operand in ("unset", "not true"):
            node.put(path, True)
        else:
            node.properties.pop(condition.at.name, None)

    def meant(self, condition: Condition) -> Node:
        if condition.of == "hub":
            assert self.hub is not None
            return self.hub
        return self.follow(self.consumer, Chain.of(condition.of), None) if condition.of else self.consumer

    def link(self, needed: Needed, node: Node) -> None:
        if needed.via and self.hub:
            self.follow(node, needed.via[0], self.hub)
        for condition in needed.when:
            self.fulfil(condition, node)
        for own, other in needed.same:
            self.agree(node, own, other)
        for around, inner in needed.contains:
            node.put(around.path, "10.1.0.0/16")
            self.consumer.put(inner.path, "10.1.4.0/24")
        for place, template in needed.mentioned:
            node.put(place.path, f'["{self.filled(template, self.consumer)}"]')
        for place, template in needed.mentions:
            said = self.consumer.value(place.path)
            text = self.filled(template, node)
            self.consumer.put(place.path, text if not isinstance(said, str) else f"{said}{text}")

    def agree(self, node: Node, own: Property, other: str) -> None:
        if "{" in other:
            node.put(own.path, self.filled(other, self.consumer))
        elif FOLLOW in other:
            node.sources[own.name] = [self.follow(self.consumer, Chain.of(other), None)]
            node.put(own.path, UNKNOWN)
        else:
            value = self.consumer.value(other)
            if value is UNKNOWN:
                node.sources[own.name] = self.consumer.sources[Property.of(other).name]
            elif value is None:
                value = node.value(own.path) or "same"
                self.consumer.put(other, value)
            node.put(own.path, value)

    @staticmethod
    def filled(template: str, node: Node) -> str:
        def text(match: re.Match[str]) -> str:
            if match[1] == "path":
                return node.properties.setdefault("path", "/")
            return str(node.properties.setdefault(match[1], "orders"))

        return re.sub(r"\{(\w+)(?:\|[^{}]*)?\}", text, template)

    def stack(self) -> Stack:
        return Stack([node.resource() for node in self.nodes])
