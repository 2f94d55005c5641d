"""The stack as a graph: which resource waits for which.

What counts as waiting is what the engine does (pulumi/pulumi, pkg/resource/deploy):

- a resource waits for its dependencies, and for everything that its parents wait for: a child is registered after its
  parent, and the parent after what the parent depends on;
- to wait for a component is to wait for all that was created inside it;
- a resource does not wait for what stands beside it in the same component.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Literal

from preflight.resource import Resource

# "self" is the resource; "inside" stands for a component with everything in it; "handed down" for what the children
# of a resource wait for on its account. With these two helpers the graph has as many edges as the engine sends.
_Node = tuple[Literal["self", "inside", "handed down"], str]


class Stack:
    """All resources of a stack, in the order of their URNs.

    Dependencies may name resources that are not listed (read with `get`, or of no provider), and may in rubbish input
    even form cycles: both are harmless here.
    """

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources = sorted(resources, key=lambda resource: resource.urn)
        self.by_urn: Mapping[str, Resource] = {resource.urn: resource for resource in self.resources}

    def of_type(self, *types: str) -> list[Resource]:
        """The resources of any of these Pulumi tokens."""
        return [resource for type_ in types for resource in self._by_type.get(type_, ())]

    def sources_of(self, resource: Resource, name: str) -> list[Resource]:
        """The listed resources that the input property `name` was made from."""
        urns = resource.property_dependencies.get(name, ())
        return [self.by_urn[urn] for urn in urns if urn in self.by_urn]

    def inside(self, resource: Resource) -> Iterator[Resource]:
        """`resource` and, where it is a component, everything created inside it."""
        seen = {resource.urn}
        rest = [resource]
        while rest:
            resource = rest.pop()
            yield resource
            for child in () if resource.custom else self._children[resource.urn]:
                if child.urn not in seen:
                    seen.add(child.urn)
                    rest.append(child)

    def ancestors(self, resource: Resource) -> Iterator[Resource]:
        """The parents of `resource`, nearest first."""
        seen = {resource.urn}
        while (parent := self._parent(resource)) is not None and parent.urn not in seen:
            seen.add(parent.urn)
            yield parent
            resource = parent

    def awaited(self, targets: Iterable[Resource]) -> dict[str, frozenset[str]]:
        """By URN, which of `targets` a resource waits for, directly or not. Resources that wait for none are left out.

        One pass over the graph, whatever the number of resources and targets.
        """
        urns = [target.urn for target in targets]
        bits: dict[_Node, int] = {("self", urn): 1 << i for i, urn in enumerate(urns)}
        reached = _reachable_bits(self._edges, bits)
        answer = {}
        for urn in self.by_urn:
            mask = 0
            for node in self._edges.get(("self", urn), ()):
                mask |= reached.get(node, 0)
            if mask:
                answer[urn] = frozenset(target for i, target in enumerate(urns) if mask >> i & 1)
        return answer

    @cached_property
    def _by_type(self) -> Mapping[str, list[Resource]]:
        by_type = defaultdict(list)
        for resource in self.resources:
            by_type[resource.type].append(resource)
        return by_type

    @cached_property
    def _children(self) -> Mapping[str, list[Resource]]:
        children = defaultdict(list)
        for resource in self.resources:
            if resource.parent is not None:
                children[resource.parent].append(resource)
        return children

    @cached_property
    def _edges(self) -> Mapping[_Node, list[_Node]]:
        edges: dict[_Node, list[_Node]] = {}
        for resource in self.resources:
            waits = [self._whole(resource, urn) for urn in self._named(resource)]
            parent = self._parent(resource)
            if parent is not None:
                waits.append(("handed down", parent.urn))
            edges["self", resource.urn] = waits
            edges["handed down", resource.urn] = waits
            edges["inside", resource.urn] = [("self", resource.urn)]
            if not resource.custom:
                edges["inside", resource.urn] += [("inside", child.urn) for child in self._children[resource.urn]]
        return edges

    def _parent(self, resource: Resource) -> Resource | None:
        return self.by_urn.get(resource.parent) if resource.parent else None

    def _named(self, resource: Resource) -> Iterator[str]:
        named = set(resource.dependencies).union(*resource.property_dependencies.values())
        return (urn for urn in sorted(named) if urn in self.by_urn and urn != resource.urn)

    def _whole(self, resource: Resource, urn: str) -> _Node:
        # A child that names its own component waits for the component, not for its siblings.
        if any(ancestor.urn == urn for ancestor in self.ancestors(resource)):
            return ("self", urn)
        return ("inside", urn)


def _reachable_bits(edges: Mapping[_Node, list[_Node]], bits: Mapping[_Node, int]) -> dict[_Node, int]:
    """By node, the union of `bits` over the nodes that can be reached from it, itself included.

    Tarjan's strongly connected components, without recursion: a component is finished only after all that it reaches,
    so one union for each edge is enough.
    """
    index: dict[_Node, int] = {}
    low: dict[_Node, int] = {}
    done: dict[_Node, int] = {}
    stack: list[_Node] = []
    for root in edges:
        if root in index:
            continue
        work = [(root, iter(edges[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    _close_component(node, stack, edges, bits, done)
            elif following not in index:
                index[following] = low[following] = len(index)
                stack.append(following)
                work.append((following, iter(edges[following])))
            elif following not in done:
                low[node] = min(low[node], index[following])
    return done


def _close_component(
    node: _Node,
    stack: list[_Node],
    edges: Mapping[_Node, list[_Node]],
    bits: Mapping[_Node, int],
    done: dict[_Node, int],
) -> None:
    members: list[_Node] = []
    while not members or members[-1] != node:
        members.append(stack.pop())
    mask = 0
    for member in members:
        mask |= bits.get(member, 0)
        for following in edges[member]:
            mask |= done.get(following, 0)
    for member in members:
        done[member] = mask
