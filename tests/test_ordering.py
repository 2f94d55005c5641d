"""Who starts first where nothing says so."""

from __future__ import annotations

import pytest

from preflight.graph import Stack
from preflight.ordering import Late, Need, Timing, depends_on, late
from preflight.resource import Resource


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
    return late(stack, [Need(consumer=stack.by_urn["x"], needed=wanted, each=each, slow=slow_types)])[0]


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
