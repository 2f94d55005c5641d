"""Who waits for whom. A slow, obvious reading of the rules serves as the reference."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_preflight.preflight.graph import Some, Stack
from aws_preflight.preflight.resource import Resource


def resource(name: str, *, waits: tuple[str, ...] = (), parent: str | None = None, component: bool = False) -> Resource:
    return Resource(
        urn=name, type="t", name=name, properties={}, dependencies=waits, parent=parent, custom=not component
    )


def awaited(resources: list[Resource], waiter: str) -> set[str]:
    waiting = Stack(resources).waiting_for(resources)
    return {r.urn for r in resources if waiting.on_any(waiter, [r.urn])}


def ancestors(by_urn: dict[str, Resource], urn: str) -> list[str]:
    chain: list[str] = []
    parent = by_urn[urn].parent
    while parent in by_urn and parent not in chain and parent != urn:
        chain.append(parent)
        parent = by_urn[parent].parent
    return chain


def inside(by_urn: dict[str, Resource], urn: str) -> set[str]:
    children = [r.urn for r in by_urn.values() if r.parent == urn and r.urn != urn]
    return {urn}.union(*(inside(by_urn, child) for child in children))


def awaited_slowly(resources: list[Resource], start: str) -> set[str]:
    """All that `start` waits for, by walking."""
    by_urn = {r.urn: r for r in resources}
    reached: set[str] = set()
    rest = [start]
    while rest:
        urn = rest.pop()
        for holder in [urn, *ancestors(by_urn, urn)]:
            for named in set(by_urn[holder].dependencies) & by_urn.keys() - {holder}:
                alone = by_urn[named].custom or named in ancestors(by_urn, holder)
                whole = {named} if alone else inside(by_urn, named)
                rest += whole - reached
                reached |= whole
    return reached


NAMES = [f"r{i}" for i in range(7)]


@st.composite
def forests(draw: st.DrawFn) -> list[Resource]:
    """Resources with any dependencies, cycles and dangling names included; parents come before children."""
    answer = []
    for i, name in enumerate(NAMES):
        parent = draw(st.sampled_from([None, "gone", *NAMES[:i]]))
        waits = tuple(draw(st.lists(st.sampled_from([*NAMES, "gone"]), max_size=3)))
        answer.append(resource(name, waits=waits, parent=parent, component=draw(st.booleans())))
    return answer


@given(forests())
def test_waiting_is_what_walking_finds(resources: list[Resource]) -> None:
    for r in resources:
        assert awaited(resources, r.urn) == awaited_slowly(resources, r.urn), r.urn


@given(forests())
def test_who_waits_for_a_resource_is_the_same_seen_from_there(resources: list[Resource]) -> None:
    waiting = Stack(resources).waiting_for(resources)
    for r in resources:
        behind = {one.urn for one in Some(waiting.targets, waiting.behind(r.urn))}
        assert behind == {one.urn for one in resources if r.urn in awaited_slowly(resources, one.urn)}


@given(forests(), st.sets(st.sampled_from(NAMES)))
def test_who_lies_in_what(resources: list[Resource], chosen: set[str]) -> None:
    stack = Stack(resources)
    by_urn = stack.by_urn
    some = [by_urn[urn] for urn in chosen]
    assert {one.urn for one in stack.around(some)} == {urn for one in chosen for urn in ancestors(dict(by_urn), one)}
    for urn, line in stack.lines_of_descent(resources, chosen).items():
        assert set(line) == chosen.intersection(ancestors(dict(by_urn), urn))


@given(st.lists(st.integers(0, 40)), st.integers(0, 45), st.integers(0, 45))
def test_a_mask_is_a_sequence(bits: list[int], start: int, stop: int) -> None:
    targets = [resource(f"{i:02}") for i in range(41)]
    waiting = Stack(targets).waiting_for(targets)
    some = Some(waiting.targets, waiting.mask_of(targets[bit] for bit in bits))
    plain = [targets[bit] for bit in sorted(set(bits))]
    assert list(some) == plain
    assert len(some) == len(plain)
    assert list(some[start:stop]) == plain[start:stop]
    assert [some[i] for i in range(-len(plain), len(plain))] == plain * 2
    with pytest.raises(IndexError):
        some[len(plain)]


@given(forests(), st.randoms())
def test_order_of_arrival_does_not_matter(resources: list[Resource], random: object) -> None:
    shuffled = list(resources)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Stack(shuffled).resources == Stack(resources).resources
    for r in resources:
        assert awaited(shuffled, r.urn) == awaited(resources, r.urn)


def test_a_child_does_not_wait_for_its_siblings() -> None:
    web = resource("web", component=True)
    listener = resource("listener", parent="web")
    service = resource("service", parent="web", waits=("web",))
    assert awaited([web, listener, service], "service") == {"web"}


def test_waiting_for_a_component_is_waiting_for_what_is_in_it_at_any_depth() -> None:
    outer = resource("outer", component=True)
    inner = resource("inner", parent="outer", component=True)
    listener = resource("listener", parent="inner")
    service = resource("service", waits=("outer",))
    assert awaited([outer, inner, listener, service], "service") == {"outer", "inner", "listener"}


def test_what_was_created_below_a_resource_in_a_component_is_in_the_component() -> None:
    network = resource("network", component=True)
    vpc = resource("vpc", parent="network")
    gateway = resource("gateway", parent="vpc")
    balancer = resource("balancer", waits=("network",))
    assert awaited([network, vpc, gateway, balancer], "balancer") == {"network", "vpc", "gateway"}


def test_waiting_for_a_custom_resource_is_not_waiting_for_its_children() -> None:
    role = resource("role")
    child = resource("child", parent="role")
    service = resource("service", waits=("role",))
    assert awaited([role, child, service], "service") == {"role"}


def test_a_long_chain_needs_no_deep_recursion() -> None:
    chain = [resource(f"n{i}", waits=(f"n{i + 1}",)) for i in range(20_000)]
    last = resource("n20000")
    assert Stack([*chain, last]).waiting_for([last]).on_any("n0", ["n20000"])
