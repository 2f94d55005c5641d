"""The stack as a graph: which resource waits for which.

What counts as waiting is what the engine does (pulumi/pulumi, pkg/resource/deploy):

- a resource waits for its dependencies, and for everything that its parents wait for: a child is registered after its
  parent, and the parent after what the parent depends on;
- to wait for a component is to wait for all that was created inside it: an SDK names a component itself only where its
  code runs in a provider, which answers when everything is there (pulumi/pulumi, sdk/nodejs/provider/server.ts);
- a resource does not wait for what stands beside it in the same component.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import islice
from typing import Final, overload

from aws_preflight.preflight.resource import Resource

# The nodes of the graph, three for each resource: the resource itself, a component with everything in it, and what the
# children of a resource wait for on its account. With these helpers there are as many edges as the engine sends.
_SELF: Final = 0
_INSIDE: Final = 1
_HANDED_DOWN: Final = 2
_KINDS: Final = 3


class Waiting:
    """Who waits for which of some resources, the targets; the answer of `Stack.waiting_for`.

    A set of targets is a mask: bit `i` stands for `targets[i]`.
    """

    def __init__(
        self,
        targets: Sequence[Resource],
        mask: Callable[[str], int],
        behind: Callable[[], Callable[[str], int]],
    ) -> None:
        self.targets = targets
        self.mask = mask
        """By URN, the targets that a resource waits for, directly or not."""
        self._behind_at_first_use = behind

    def mask_of(self, targets: Iterable[Resource]) -> int:
        """Those of `targets` that `Stack.waiting_for` was asked about."""
        return _mask(self._bits[one.urn] for one in targets if one.urn in self._bits)

    def behind(self, urn: str) -> int:
        """The targets that wait for the resource `urn` themselves."""
        return self._behind(urn)

    def on_any(self, waiter: str, targets: Iterable[str]) -> bool:
        """Whether the resource with the URN `waiter` waits for any of `targets`, directly or not.

        Targets that `Stack.waiting_for` was not asked about count as not waited for.
        """
        mask = self.mask(waiter)
        return any(mask >> self._bits[target] & 1 for target in targets if target in self._bits)

    @cached_property
    def _bits(self) -> Mapping[str, int]:
        return {target.urn: i for i, target in enumerate(self.targets)}

    @cached_property
    def _behind(self) -> Callable[[str], int]:
        return self._behind_at_first_use()


class Some(Sequence[Resource]):
    """The resources of a mask, in the order of their bits: many such sets share one list."""

    def __init__(self, targets: Sequence[Resource], mask: int) -> None:
        self._targets = targets
        self.mask = mask

    def __len__(self) -> int:
        return self.mask.bit_count()

    def __iter__(self) -> Iterator[Resource]:
        rest = self.mask
        while rest:
            lowest = rest & -rest
            yield self._targets[lowest.bit_length() - 1]
            rest ^= lowest

    @overload
    def __getitem__(self, at: int) -> Resource: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Resource]: ...
    def __getitem__(self, at: int | slice) -> Resource | Sequence[Resource]:
        if isinstance(at, int) and at >= 0:
            one = next(islice(self, at, None), None)
            if one is None:
                raise IndexError(at)
            return one
        if isinstance(at, slice) and (at.start or 0) >= 0 and at.stop is not None and at.stop >= 0:
            return tuple(islice(self, at.start, at.stop, at.step))
        return tuple(self)[at]


def _mask(bits: Iterable[int]) -> int:
    """The number with these bits. In one go, as each step on a long number would copy it."""
    chosen = list(bits)
    mask = bytearray(max(chosen, default=0) // 8 + 1)
    for bit in chosen:
        mask[bit // 8] |= 1 << bit % 8
    return int.from_bytes(mask, "little")


class Stack:
    """All resources of a stack, in the order of their URNs.

    Dependencies may name resources that are not listed (read with `get`, or of no provider), and may in malformed input
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

    def made_from(self, resource: Resource, name: str) -> Sequence[Resource]:
        """The resources whose input property `name` was made from `resource`."""
        return self._made_from.get((resource.urn, name), ())

    def inside(self, resource: Resource) -> Iterator[Resource]:
        """`resource` and, where it is a component, everything created inside it."""
        if resource.custom:
            yield resource
            return
        seen = {resource.urn}
        rest = [resource]
        while rest:
            resource = rest.pop()
            yield resource
            for child in self._children[resource.urn]:
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

    def named_around(self, waiter: Resource, target: Resource) -> Resource | None:
        """What makes `waiter` wait for `target`: that itself, or a component with it inside; `None` for a longer way.

        It is named by `waiter` or by one of the components in which that lies.
        """
        named = {urn for one in (waiter, *self.ancestors(waiter)) for urn in self._named(one)}
        candidates = (target, *(one for one in self.ancestors(target) if not one.custom))
        return next((one for one in candidates if one.urn in named), None)

    def around(self, resources: Iterable[Resource]) -> list[Resource]:
        """The resources in which any of `resources` lies, at any depth."""
        found: dict[str, Resource] = {}
        for resource in resources:
            for ancestor in self.ancestors(resource):
                if ancestor.urn in found:
                    break
                found[ancestor.urn] = ancestor
        return list(found.values())

    def lines_of_descent(self, resources: Iterable[Resource], chosen: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """By URN of each of `resources`, which of the `chosen` URNs are those of its ancestors."""
        known: dict[str, tuple[str, ...]] = {}
        answer = {}
        for resource in resources:
            new = []
            line: tuple[str, ...] = ()
            for ancestor in self.ancestors(resource):
                if ancestor.urn in known:
                    line = known[ancestor.urn]
                    break
                new.append(ancestor.urn)
            for urn in reversed(new):
                line = known[urn] = (*line, urn) if urn in chosen else line
            answer[resource.urn] = line
        return answer

    def waiting_for(self, targets: Iterable[Resource]) -> Waiting:
        """Who waits for which of `targets`. One pass over the graph, whatever the number of resources and targets."""
        unique = {target.urn: target for target in sorted(targets, key=lambda target: target.urn)}
        chosen = list(unique.values())
        if not chosen:
            return Waiting((), lambda _: 0, lambda: lambda _: 0)
        reached = [0] * (_KINDS * len(self.by_urn))
        for i, target in enumerate(chosen):
            reached[self._number[target.urn] + _SELF] = 1 << i
        edges = self._edges
        # Components come after all that they reach, so what a node reaches is known when it is needed.
        for members in self._components:
            mask = 0
            for node in members:
                mask |= reached[node]
                for following in edges[node]:
                    mask |= reached[following]
            if mask:
                for node in members:
                    reached[node] = mask
        return Waiting(chosen, cache(lambda urn: self._beyond(urn, reached)), lambda: self._behind(chosen))

    def _behind(self, targets: Sequence[Resource]) -> Callable[[str], int]:
        """By URN, which of `targets` wait for the resource: the same pass the other way."""
        reaching = [0] * (_KINDS * len(self.by_urn))
        for i, target in enumerate(targets):
            for following in self._edges[self._number[target.urn] + _SELF]:
                reaching[following] |= 1 << i
        for members in reversed(self._components):
            mask = 0
            for node in members:
                mask |= reaching[node]
            for node in members:
                reaching[node] = mask
                for following in self._edges[node] if mask else ():
                    reaching[following] |= mask
        return lambda urn: reaching[self._number[urn] + _SELF] if urn in self._number else 0

    def directly_behind(self, resources: Iterable[Resource]) -> list[Resource]:
        """The nearest resources with a provider that any of `resources` waits for.

        Components stand for what is in them.
        """
        found: dict[str, Resource] = {}
        seen: set[int] = set()
        rest = [edge for one in resources for edge in self._edges[self._number[one.urn] + _SELF]]
        while rest:
            node = rest.pop()
            if node in seen:
                continue
            seen.add(node)
            one = self._nodes[node // _KINDS]
            if node % _KINDS == _SELF and one.custom:
                found[one.urn] = one
            else:
                rest += self._edges[node]
        return list(found.values())

    def _beyond(self, urn: str, reached: list[int]) -> int:
        """What a resource reaches without itself, unless a circle leads back to it."""
        mask = 0
        for following in self._edges[self._number[urn] + _SELF] if urn in self._number else ():
            mask |= reached[following]
        return mask

    @cached_property
    def _by_type(self) -> Mapping[str, list[Resource]]:
        by_type = defaultdict(list)
        for resource in self.resources:
            by_type[resource.type].append(resource)
        return by_type

    @cached_property
    def _made_from(self) -> Mapping[tuple[str, str], list[Resource]]:
        made_from = defaultdict(list)
        for resource in self.resources:
            for name, urns in resource.property_dependencies.items():
                for urn in urns:
                    made_from[urn, name].append(resource)
        return made_from

    @cached_property
    def _children(self) -> Mapping[str, list[Resource]]:
        children = defaultdict(list)
        for resource in self.resources:
            if resource.parent is not None:
                children[resource.parent].append(resource)
        return children

    @cached_property
    def _number(self) -> Mapping[str, int]:
        """The first of the three nodes of each resource."""
        return {urn: _KINDS * i for i, urn in enumerate(self.by_urn)}

    @cached_property
    def _nodes(self) -> list[Resource]:
        return list(self.by_urn.values())

    @cached_property
    def _edges(self) -> list[list[int]]:
        """By node, the nodes that it waits for, or consists of."""
        edges: list[list[int]] = []
        for urn, resource in self.by_urn.items():
            waits = [self._whole(resource, other) for other in self._named(resource)]
            parent = self._parent(resource)
            if parent is not None:
                waits.append(self._number[parent.urn] + _HANDED_DOWN)
            inside = [self._number[urn] + _SELF, *(self._number[child.urn] + _INSIDE for child in self._children[urn])]
            edges += [waits, inside, waits]
        return edges

    @cached_property
    def _components(self) -> list[list[int]]:
        return _strongly_connected(self._edges)

    def _parent(self, resource: Resource) -> Resource | None:
        return self.by_urn.get(resource.parent) if resource.parent else None

    def _named(self, resource: Resource) -> Iterator[str]:
        named = set(resource.dependencies).union(*resource.property_dependencies.values())
        return (urn for urn in named if urn in self.by_urn and urn != resource.urn)

    def _whole(self, resource: Resource, urn: str) -> int:
        # Who waits for a resource does not wait for its children, and a child that names its own component does not
        # wait for its siblings.
        if self.by_urn[urn].custom or self._is_inside(resource.urn, urn):
            return self._number[urn] + _SELF
        return self._number[urn] + _INSIDE

    def _is_inside(self, urn: str, ancestor: str) -> bool:
        begin, end = self._extent.get(ancestor, (0, 0))
        return urn != ancestor and begin < self._extent.get(urn, (0, 0))[0] < end

    @cached_property
    def _extent(self) -> Mapping[str, tuple[int, int]]:
        """The tree of parents, numbered once: what lies inside a resource has numbers between its two."""
        extent: dict[str, tuple[int, int]] = {}
        count = 0
        for root in self.by_urn.values():
            rest = [root.urn] if self._parent(root) is None else []
            while rest:
                urn = rest.pop()
                count += 1
                if urn in extent:
                    extent[urn] = (extent[urn][0], count)
                else:
                    extent[urn] = (count, count)
                    rest.append(urn)
                    rest += [child.urn for child in self._children[urn]]
        return extent


def _strongly_connected(edges: list[list[int]]) -> list[list[int]]:
    """The strongly connected components of a graph, each after all that it reaches.

    Tarjan's algorithm without recursion, as a chain of dependencies may be longer than Python's stack.
    """
    unseen = len(edges)
    index = [unseen] * unseen
    low = [unseen] * unseen
    waiting: list[int] = []
    is_waiting = [False] * unseen
    components: list[list[int]] = []
    count = 0
    for root in range(len(edges)):
        work = [(root, iter(edges[root]))] if index[root] == unseen else []
        while work:
            node, rest = work[-1]
            if index[node] == unseen:
                index[node] = low[node] = count
                count += 1
                waiting.append(node)
                is_waiting[node] = True
            following = next(rest, None)
            if following is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    components.append(_closed(node, waiting, is_waiting))
            elif index[following] == unseen:
                work.append((following, iter(edges[following])))
            elif is_waiting[following]:
                low[node] = min(low[node], index[following])
    return components


def _closed(node: int, waiting: list[int], is_waiting: list[bool]) -> list[int]:
    """Takes the component that began with `node` from the nodes that wait for theirs."""
    members = [waiting.pop()]
    while members[-1] != node:
        members.append(waiting.pop())
    for member in members:
        is_waiting[member] = False
    return members
