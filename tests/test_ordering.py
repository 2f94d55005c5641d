"""Who starts first where nothing says so."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_preflight.policies import POLICIES
from aws_preflight.policies.ordering.creation_times import takes_long
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.dependency import depends_on
from aws_preflight.preflight.ordering.timing import Late, Need, Timing, late
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN
from tests.test_graph import awaited_slowly, forests
from tools.bench.shapes import SHAPES


def resource(name: str, *after: str, kind: str = "Bucket", parent: str = "", component: bool = False) -> Resource:
    return Resource(
        urn=name,
        type=f"aws:s3/{kind[0].lower()}{kind[1:]}:{kind}",
        name=name,
        properties={},
        dependencies=after,
        parent=parent or None,
        custom=not component,
    )


def race(
    *resources: Resource, each: bool = False, slow: tuple[str, ...] = (), needed: tuple[str, ...] = ("s",)
) -> Late | None:
    stack = Stack(resources)
    slow_types = frozenset(one.type for one in resources if one.name in slow)
    wanted = tuple(stack.by_urn[name] for name in needed)
    return late(stack, [Need(consumer=stack.by_urn["x"], needed=wanted, each=each, slow=slow_types)], takes_long)[0]


@pytest.mark.parametrize(
    ("resources", "timing"),
    [
        ((resource("x"), resource("s")), "tie"),
        ((resource("hub"), resource("x", "hub"), resource("s", "hub")), "tie"),
        ((resource("a"), resource("x", "a"), resource("s")), "head start"),
        ((resource("a"), resource("b", "a"), resource("x", "b"), resource("s", "a")), "head start"),
        ((resource("a"), resource("x"), resource("s", "a")), "later"),
        ((resource("a"), resource("b"), resource("x", "b"), resource("s", "a")), "open"),
        # What the one waits for through another, the other waits for, too.
        ((resource("a"), resource("b", "a"), resource("x", "b"), resource("s", "a", "b")), "tie"),
        # A component is there at once; what was created in it is not.
        ((resource("c", component=True), resource("x", "c"), resource("s")), "tie"),
        (
            (resource("c", component=True), resource("in", parent="c"), resource("x", "c"), resource("s")),
            "head start",
        ),
        # A child waits for what its parent waits for.
        ((resource("a"), resource("c", "a", component=True), resource("x", parent="c"), resource("s")), "head start"),
    ],
)
def test_timing(resources: tuple[Resource, ...], timing: Timing) -> None:
    found = race(*resources)
    assert found
    assert found.timing == timing
    assert [one.name for one in found.missing] == ["s"]


NAT = "aws:ec2/natGateway:NatGateway"


def subnet(public: object) -> Resource:
    return replace(
        resource("a"),
        type="aws:ec2/subnet:Subnet",
        properties={} if public is None else {"mapPublicIpOnLaunch": public},
    )


@pytest.mark.parametrize(
    ("public", "timing"),
    [(True, "won"), (False, "head start"), (None, "head start"), (UNKNOWN, "head start"), ("true", "head start")],
)
def test_a_head_start_of_ten_seconds_is_won(public: object, timing: Timing) -> None:
    found = race(subnet(public), resource("x", "a"), resource("s"))
    assert found
    assert found.timing == timing


def test_what_takes_long_itself_has_won_nothing() -> None:
    found = race(subnet(True), resource("x", "a"), replace(resource("s"), type=NAT))
    assert found
    assert found.timing == "head start"


def test_of_an_open_race_the_one_that_waits_long_loses() -> None:
    long, quick = replace(resource("l"), type=NAT), resource("q")
    lost = race(long, quick, resource("x", "q"), resource("s", "l"))
    assert lost
    assert lost.timing == "later"
    open_ = race(long, quick, resource("x", "l"), resource("s", "q"))
    assert open_
    assert open_.timing == "open"


def test_what_is_slow_comes_too_late_in_spite_of_a_head_start() -> None:
    found = race(resource("a"), resource("x", "a"), resource("s", kind="MountTarget"), slow=("s",))
    assert found
    assert found.timing == "slow"


def test_one_is_enough_unless_each_is_needed() -> None:
    resources = (resource("x", "s"), resource("s"), resource("t"))
    assert race(*resources, needed=("s", "t")) is None
    found = race(*resources, needed=("s", "t"), each=True)
    assert found
    assert [one.name for one in found.missing] == ["t"]
    assert found.partly


@pytest.mark.parametrize(("each", "timing"), [(False, "head start"), (True, "open")])
def test_of_several_the_first_decides_where_one_is_enough(each: bool, timing: Timing) -> None:
    resources = (resource("a"), resource("b"), resource("x", "a"), resource("s"), resource("t", "b"))
    found = race(*resources, needed=("s", "t"), each=each)
    assert found
    assert found.timing == timing


def test_what_waits_for_the_consumer_cannot_come_first() -> None:
    found = race(resource("x"), resource("s", "x"), resource("t"), needed=("s", "t"))
    assert found
    assert [one.name for one in found.missing] == ["t"]
    assert [one.name for one in found.behind] == ["s"]


def expected(resources: list[Resource], need: Need) -> tuple[list[str], list[str], str] | None:
    """What the top of the module says, read slowly: missing, behind, and when what is missing starts."""
    waits = {one.urn: awaited_slowly(resources, one.urn) for one in resources}
    by_urn = {one.urn: one for one in resources}
    consumer = need.consumer.urn
    needed = sorted({one.urn for one in need.needed} - {consumer})
    open_ = [urn for urn in needed if urn not in waits[consumer]]
    if not open_ or (not need.each and open_ != needed):
        return None
    behind = [urn for urn in open_ if consumer in waits[urn]]
    missing = [urn for urn in open_ if urn not in behind]

    def timing(urn: str) -> Timing:
        real = {name: {one for one in waits[name] if by_urn[one].custom} for name in (urn, consumer)}
        more, less = real[urn] - waits[consumer], real[consumer] - waits[urn]
        long = {name: {one for one in waits[name] if takes_long(by_urn[one])} for name in (urn, consumer)}
        long_more, long_less = long[urn] - long[consumer], long[consumer] - long[urn]
        if by_urn[urn].type in need.slow:
            return "slow"
        if more and less:
            return "later" if long_more and not long_less else "open"
        if less:
            return "won" if long_less and not takes_long(by_urn[urn]) else "head start"
        return "later" if more else "tie"

    order = ["won", "head start", "open", "tie", "slow", "later"]
    timings = sorted(map(timing, missing), key=order.index)
    return missing, behind, timings[-1 if need.each else 0] if timings else "tie"


@given(forests(), st.data())
def test_what_is_late_is_what_walking_finds(resources: list[Resource], data: st.DataObject) -> None:
    """Many needs at once, some of which share what they need."""
    resources = [replace(one, type=data.draw(st.sampled_from(["t", "slow", NAT]))) for one in resources]
    some = st.lists(st.sampled_from(resources), max_size=4, unique_by=lambda one: one.urn).map(tuple)
    groups = data.draw(st.lists(some, min_size=1, max_size=3))
    needs = [
        Need(
            consumer=data.draw(st.sampled_from(resources)),
            needed=data.draw(st.sampled_from(groups)),
            each=data.draw(st.booleans()),
            slow=data.draw(st.sampled_from([frozenset(), frozenset({"slow"})])),
        )
        for _ in range(5)
    ]
    for need, found in zip(needs, late(Stack(resources), needs, takes_long), strict=True):
        plain = found and ([one.urn for one in found.missing], [one.urn for one in found.behind], found.timing)
        assert plain == expected(resources, need)


def test_the_line_in_both_languages() -> None:
    function = Resource(urn="f", type="aws:lambda/function:Function", name="worker", properties={})
    policies = [
        Resource(urn=name, type="aws:iam/rolePolicy:RolePolicy", name=name, properties={}) for name in ("a", "b")
    ]
    code = depends_on(function, policies)
    assert code.typescript == (
        "new aws.lambda.Function(name, args, { dependsOn: [rolePolicy1, rolePolicy2] });"
        ' // rolePolicy1: the RolePolicy "a"; rolePolicy2: the RolePolicy "b"'
    )
    assert code.python == (
        "aws.lambda_.Function(name, ..., opts=pulumi.ResourceOptions(depends_on=[role_policy1, role_policy2]))"
        '  # role_policy1: the RolePolicy "a"; role_policy2: the RolePolicy "b"'
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_a_stack_that_grows_has_more_of_the_same_findings(shape: str) -> None:
    """Each consumer has its finding, however many there are: what is looked at once for all is no less for each."""
    resources = {number: SHAPES[shape](number) for number in (10, 20, 30)}
    found = {
        number: [(f.resource.urn, f.missing) for p in POLICIES if p.scope == "stack" for f in p.on_stack(Stack(some))]
        for number, some in resources.items()
    }
    assert found[10]
    assert len(found[30]) - len(found[20]) == len(found[20]) - len(found[10])
    for number, some in resources.items():
        urns = {one.urn: awaited_slowly(some, one.urn) for one in some}
        assert all(missing in urns and missing not in urns[consumer] for consumer, missing in found[number])
