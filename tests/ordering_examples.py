"""Graphs made from the rules of order: the smallest stack that breaks a rule, and its variants."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aws_preflight.policies.ordering import rules_of
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.chains import FOLLOW, Chain, Property
from aws_preflight.preflight.ordering.ordering_rule import Needed, OrderingRule
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN
from tests.protocol import decoded
from tools.generate import ordering_rules

SOURCES = ordering_rules.sources()
SETS = ordering_rules.sets()
DECLARED = [ordering_rules.compiled(source, SETS) for source in SOURCES]
ALL = rules_of({"sets": SETS.needed, "rules": DECLARED})
"""Every rule, also those that are silent."""
REPORTED_BY = {source.id: source.facts["policy"] for source in SOURCES if "policy" in source.facts}
"""By id of a rule, the policy with code that reports it."""
SPEAKING = [rule for rule in ALL if rule.level != "silent"]

PUBLIC = '{"Statement": [{"Principal": {"AWS": "*"}, "Effect": "Allow"}]}'
STEP = "aws:example/step:Step"
OTHER = "aws:example/other:Other"


def parts_of(condition: Any, of: Any = None) -> Iterator[Any]:
    """The conditions that all have to hold, one by one."""
    if isinstance(condition, list):
        for one in condition:
            yield from parts_of(one, of)
    elif isinstance(condition, dict) and "of" in condition:
        yield from parts_of(condition["where"], condition)
    elif condition is not None:
        yield {**of, "where": condition} if of else condition


def asks_others(condition: Any) -> bool:
    """Whether a condition asks anything of resources that are neither the consumer nor the hub."""
    if isinstance(condition, list):
        return any(map(asks_others, condition))
    if not isinstance(condition, dict):
        return False
    return condition.get("of", "hub") != "hub" or any(map(asks_others, condition.values()))


def below(inside: str, condition: Any) -> str:
    """The path of a leaf, from the resource."""
    at = condition["at"]
    return f"{inside}.{at}" if inside and at != "." else inside or at


def fulfilling(condition: Any, value: Any) -> Any:
    """A value for which a leaf holds, `None` where it holds without one."""
    if "is" in condition:
        return "given" if condition["is"] == "set" and value is None else None
    if "default" in condition or "differs" in condition:
        return None if "default" in condition else "other"
    if "above" in condition:
        return condition["above"] + 1
    if "starts with" in condition:
        return f"{condition['starts with']}x"
    (wanted,) = (condition[test] for test in ("equals", "in", "contains") if test in condition)
    return wanted[0] if isinstance(wanted, list) else wanted


def violating(condition: Any) -> Any:
    """A value for which a leaf does not hold."""
    wanted = condition.get("equals")
    if isinstance(wanted, bool):
        return not wanted
    return True if "is" in condition else condition.get("differs", condition.get("above", "other"))


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
    """A stack in which `needed` is there and the consumer of `rule` does not wait for it."""

    def __init__(self, rule: OrderingRule, needed: Needed | None) -> None:
        self.nodes: list[Node] = []
        self.consumer = self.node("consumer", sorted(rule.consumers)[0])
        self.hub = self.node("hub", sorted(rule.hubs)[0]) if rule.hubs else None
        self.needed = self.node("needed", sorted(needed.types)[0]) if needed else None
        if rule.via:
            self.follow(self.consumer, rule.via[0], self.hub)
        if rule.condition is not None:
            self.fulfil(rule.condition, self.consumer)
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

    def fulfil(self, condition: Any, node: Node, inside: str = "") -> None:
        """Makes a condition hold that is asked of `node`, or of an element of the list `inside` it."""
        if isinstance(condition, list):
            for one in condition:
                self.fulfil(one, node, inside)
        elif "any" in condition:
            self.fulfil(condition["any"][0], node, inside)
        elif "not" in condition:
            pass  # nothing is there yet
        elif "of" in condition:
            self.fulfil(condition["where"], self.meant(condition))
        elif "=>" in condition.get("some", ""):
            node.put(condition["some"].partition(" ")[0], PUBLIC)
        elif "some" in condition:
            self.fulfil(condition["where"], node, condition["some"])
        elif condition["at"].startswith(("^", "@")):
            self.compare(condition, holds=True)
        elif (wanted := fulfilling(condition, node.value(below(inside, condition)))) is not None:
            node.put(below(inside, condition), wanted)

    def violate(self, condition: Any, node: Node, inside: str = "") -> None:
        """Makes a condition fail. Of several that stand for all, each is asked alone; see `parts_of`."""
        if "any" in condition:
            for one in condition["any"]:
                self.violate(one, node, inside)
        elif "not" in condition:
            self.fulfil(condition["not"], node, inside)
        elif "of" in condition:
            self.violate(condition["where"], self.meant(condition))
        elif "=>" in condition.get("some", ""):
            node.properties.pop(condition["some"].partition(" ")[0])
        elif "some" in condition:
            self.violate(condition["where"], node, condition["some"])
        elif condition["at"].startswith(("^", "@")):
            self.compare(condition, holds=False)
        elif condition.get("is") == "set":
            node.properties.pop(below(inside, condition).partition(".")[0].removesuffix("[]"), None)
        else:
            node.put(below(inside, condition), violating(condition))

    def compare(self, condition: Any, *, holds: bool) -> None:
        """Makes a comparison of the consumer with the hub hold, or fail."""
        assert self.hub
        if "outside block" in condition:
            self.hub.put(condition["outside block"]["at"], "10.0.0.0/16")
            self.consumer.put(condition["at"].lstrip("^"), "10.1.4.0/24" if holds else "10.0.4.0/24")
        else:
            self.consumer.provider = "urn:pulumi:dev::shop::pulumi:providers:aws::elsewhere" if holds else ""

    def meant(self, condition: Any) -> Node:
        if condition["of"] == "hub":
            assert self.hub is not None
            return self.hub
        node = self.follow(self.consumer, Chain.of(condition["of"]), None)
        node.type = condition["type"]
        return node

    def link(self, needed: Needed, node: Node) -> None:
        if needed.via and self.hub:
            self.follow(node, needed.via[0], self.hub)
        if needed.condition is not None:
            self.fulfil(needed.condition, node)
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
