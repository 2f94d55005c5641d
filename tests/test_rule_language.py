"""The language of rules: what each word answers to values that are set, unset, unknown and malformed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from aws_preflight.policies.type_aliases import with_aliases
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.stack_conditions import StackCompiler, Surroundings
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.rules.conditions import Compiler
from aws_preflight.preflight.rules.paths import Frame, RuleError, scope
from aws_preflight.preflight.rules.rule import Check
from aws_preflight.preflight.values import UNKNOWN, Value, format_path

TYPE = "aws:sqs/queue:Queue"
T, F, U = True, False, None
NAN = float("nan")


def resource(properties: Value, region: Value = None) -> Resource:
    return Resource(urn="urn", type=TYPE, name="q", properties=properties, region=region)


def answer(condition: Value, /, of_provider: Value = None, **properties: Value) -> bool | None:
    test = Compiler(()).condition(condition, ())
    return test(Frame(properties, (), None, resource(properties, of_provider)))


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [
        ({"is": "set"}, "x", T),
        ({"is": "set"}, None, F),
        ({"is": "set"}, UNKNOWN, U),
        *(({"is": "set"}, dropped, U) for dropped in ("", 0, False, [], {})),
        ({"is": "unset"}, None, T),
        ({"is": "unset"}, "x", F),
        ({"is": "unset"}, UNKNOWN, U),
        ({"is": "unset"}, "", U),
        ({"is": "empty"}, "", T),
        ({"is": "empty"}, [], T),
        ({"is": "empty"}, 0, F),
        ({"is": "empty"}, None, U),
        ({"is": "string"}, "5", T),
        ({"is": "number"}, "5", F),
        ({"is": "number"}, True, F),
        ({"is": "boolean"}, True, T),
        ({"is": "list"}, [1], T),
        ({"is": "object"}, {"a": 1}, T),
        ({"equals": "gp3"}, "gp3", T),
        ({"equals": "gp3"}, "gp2", F),
        ({"equals": "gp3"}, None, U),
        ({"equals": "gp3"}, ["gp3"], U),
        ({"equals": "5"}, 5, T),
        ({"equals": "5"}, 5.0, T),
        ({"equals": "true"}, True, T),
        ({"equals": 5}, "5", T),
        ({"equals": 5}, "5.0", T),
        ({"equals": 5}, "five", U),
        ({"equals": 5}, NAN, U),
        ({"equals": True}, "true", T),
        ({"equals": True}, "false", F),
        ({"equals": True}, "1", T),
        ({"equals": True}, "0", F),
        ({"equals": True}, "yes", U),
        ({"equals": True}, 1, U),
        ({"differs": "gp3"}, "gp2", T),
        ({"differs": "gp3"}, None, U),
        ({"in": ["a", "b"]}, "b", T),
        ({"in": ["a", "b"]}, "c", F),
        ({"in": ["1", "2"]}, 2, T),
        ({"in": [1, 2]}, "2", T),
        ({"in": ["a"]}, {"a": 1}, U),
        ({"not in": ["a"]}, "b", T),
        ({"not in": ["a"]}, None, U),
        ({"above": 5}, 6, T),
        ({"above": 5}, "6", T),
        ({"above": 5}, 5, F),
        ({"above": 5}, NAN, U),
        ({"above": 5}, float("inf"), U),
        ({"above": 5}, True, U),
        ({"above": 5}, "6 GiB", U),
        ({"at least": 5}, 5, T),
        ({"below": 5}, "-1", T),
        ({"at most": 5}, 5.5, F),
        ({"between": [1, 10]}, 10, T),
        ({"between": [1, 10]}, 11, F),
        ({"outside": [1, 10]}, 0, T),
        ({"outside": [1, 10]}, 1, F),
        ({"outside": [1, 10]}, None, U),
        ({"starts with": "ab"}, "abc", T),
        ({"starts with": ["x", "a"]}, "abc", T),
        ({"ends with": "c"}, "abc", T),
        ({"contains": ["/", "b"]}, "abc", T),
        ({"contains": "z"}, "abc", F),
        ({"contains": "a"}, ["a"], U),
        ({"matches": "a+"}, "aaa", T),
        ({"matches": "a+"}, "aab", F),
        ({"matches": "[0-9]"}, "٣", F),
        ({"matches": "[0-9]+"}, 12, T),
        ({"mismatches": "a+"}, "b", T),
        ({"mismatches": "a+"}, UNKNOWN, U),
        ({"inside block": "10.0.0.0/8"}, "10.1.0.0/16", T),
        *(
            ({"overlaps": {"at": "/other", "default": weekly}}, daily, answer)
            for daily, weekly, answer in (
                ("03:00-06:00", "mon:05:00-mon:06:30", T),
                ("03:00-06:00", "mon:06:00-mon:06:30", F),
                ("03:00-06:00", "Sun:02:30-Sun:03:00", F),
                ("23:00-01:00", "sat:00:30-sat:01:30", T),
                ("23:00-01:00", "sat:01:00-sat:22:59", F),
                ("00:10-00:40", "sun:23:30-mon:00:11", T),
                ("00:10-00:40", "sun:23:30-mon:00:10", F),
                ("sun:23:00-mon:01:00", "mon:00:30-mon:02:00", T),
                ("03:00-03:00", "mon:02:00-mon:04:00", U),
                ("3 o'clock", "mon:02:00-mon:04:00", U),
                ("03:00-mon:04:00", "mon:02:00-mon:04:00", U),
                (3, "mon:02:00-mon:04:00", U),
            )
        ),
        ({"inside block": "10.0.0.0/8"}, "10.1.2.3", T),
        ({"inside block": "10.0.0.0/8"}, "11.0.0.0/16", F),
        ({"inside block": "10.0.0.0/8"}, "fd00::/8", F),
        ({"inside block": "fd00::/8"}, "fd00:1::/64", T),
        ({"inside block": "10.1.0.0/16"}, "10.0.0.0/8", F),
        ({"outside block": "10.0.0.0/8"}, "11.0.0.0/16", T),
        *(({"outside block": "10.0.0.0/8"}, no_block, U) for no_block in ("x", "", 7, None, UNKNOWN, ["10.0.0.0/9"])),
    ],
)
def test_a_test_of_a_value(test, value, expected):
    assert answer({"at": "x", **test}, x=value) is expected


def test_measures():
    assert answer({"length": "x", "above": 2}, x="äöü") is T
    assert answer({"bytes": "x", "above": 5}, x="äöü") is T
    assert answer({"length": "x", "above": 2}, x=["a", "b", "c"]) is U
    assert answer({"count": "x", "equals": 2}, x=[1, 2]) is T
    assert answer({"count": "x", "equals": 1}, x={"a": 1}) is T
    assert answer({"count": "x", "below": 1}) is U
    assert answer({"count": "x", "default": 0, "below": 1}) is T


def test_an_unknown_element_is_one_that_may_be_the_same_as_another():
    some = [UNKNOWN, "a", UNKNOWN]
    assert answer({"count": "x", "above": 3}, x=some) is F
    assert answer({"count": "x", "above": 2}, x=some) is U
    assert answer({"count": "x", "at least": 1}, x=some) is T
    assert answer({"count": "x", "below": 2}, x=[UNKNOWN]) is T
    assert answer({"count": "x", "below": 2}, x=UNKNOWN) is U


def test_two_properties():
    above = {"at": "iops", "above": {"at": "size", "times": 50}}
    assert answer(above, iops=5001, size="100") is T
    assert answer(above, iops=5000, size=100) is F
    assert answer(above, iops=5001, size=UNKNOWN) is U
    assert answer(above, iops=5001) is U
    assert answer({"at": "a", "above": {"at": "b", "default": 30}}, a=31) is T
    same = {"at": "a", "equals": {"at": "b"}}
    assert answer(same, a=5, b="5") is T
    assert answer(same, a="true", b=True) is T
    assert answer(same, a="x", b=5) is U
    assert answer(same, a="x", b="y") is F
    assert answer({"at": "a", "starts with": {"at": "b"}}, a="eu-west-1a", b="eu-west-1") is T


@pytest.mark.parametrize(("a", "b", "all_", "any_"), [
    (T, T, T, T), (T, F, F, T), (T, U, U, T), (F, F, F, F), (F, U, F, U), (U, U, U, U),
])  # fmt: skip
def test_groups_follow_kleene(a, b, all_, any_):
    values = {T: 1, F: 2, U: UNKNOWN}
    for first, second in ((a, b), (b, a)):
        tests = [{"at": name, "equals": 1} for name in "ab"]
        properties = {"a": values[first], "b": values[second]}
        assert answer({"all": tests}, **properties) is all_
        assert answer(tests, **properties) is all_
        assert answer({"any": tests}, **properties) is any_
        assert answer({"not": {"any": tests}}, **properties) is (None if any_ is None else not any_)


def test_elements():
    some = {"some": "x[]", "where": {"at": "a", "equals": 1}}
    every = {"every": "x[]", "where": {"at": "a", "equals": 1}}
    cases = [
        ([{"a": 1}, UNKNOWN], T, U),
        ([{"a": 1}, {"a": 1}], T, T),
        ([{"a": 2}, UNKNOWN], U, F),
        ([{"a": 2}], F, F),
        ([], F, U),
        (None, F, U),
        (UNKNOWN, U, U),
        ("x", U, U),
        ([7], U, U),
    ]
    for value, some_, every_ in cases:
        assert (answer(some, x=value), answer(every, x=value)) == (some_, every_), value


def test_an_element_that_is_not_known_may_not_be_there():
    elsewhere = {"at": "/n", "equals": 1}
    assert answer({"some": "x[]", "where": elsewhere}, x=[UNKNOWN], n=1) is U
    assert answer({"every": "x[]", "where": elsewhere}, x=[UNKNOWN], n=1) is U
    assert places("x[]", elsewhere, {"x": [UNKNOWN, 5], "n": 1}) == ["x[1] 5"]


def test_conditions_meet_in_one_element():
    both = {"some": "x[]", "where": [{"at": "a", "equals": 1}, {"at": "b", "equals": 1}]}
    assert answer(both, x=[{"a": 1, "b": 2}, {"a": 2, "b": 1}]) is F
    assert answer(both, x=[{"a": 1, "b": 2}, {"a": 1, "b": 1}]) is T


def test_elements_of_elements_know_what_is_around_them():
    named = {"some": "x[]", "where": {"some": "y[]", "where": [{"at": ".", "equals": {"at": "^name"}}]}}
    assert answer(named, x=[{"name": "a", "y": ["b"]}, {"name": "c", "y": ["c"]}]) is T
    assert answer(named, x=[{"name": "a", "y": ["c"]}, {"name": "c", "y": ["a"]}]) is F
    two_up = {"some": "x[]", "where": {"some": "y[]", "where": {"at": ".", "equals": {"at": "^^name"}}}}
    assert answer(two_up, name="q", x=[{"y": ["q"]}]) is T


def test_repeats():
    twice = {"repeats": "x[].id"}
    assert answer(twice, x=[{"id": 1}, {"id": "1"}]) is T
    assert answer(twice, x=[{"id": 1}, {"id": 2}, {}]) is F
    assert answer(twice, x=[{"id": 1}, {"id": UNKNOWN}]) is U
    assert answer(twice, x=[{"id": 1}, {"id": UNKNOWN}, {"id": 1}]) is T


def test_documents():
    a = {"at": "x => a", "equals": 1}
    assert answer(a, x='{"a": 1}') is T
    assert answer(a, x={"a": 1}) is T
    for unread in ("", "no JSON", "[1]", UNKNOWN, 7, '{"A": 1}'):
        assert answer(a, x=unread) is U
    for unread in ("no JSON", "[1]", UNKNOWN, 7):
        assert answer({"at": "x => a", "is": "unset"}, x=unread) is U
    assert answer({"at": "x => a", "is": "unset"}, x="{}") is T
    assert answer({"at": "x ~> a", "equals": 1}, x='{"A": 1}') is T
    assert answer({"some": "x => S[?].A[?]", "where": {"at": ".", "equals": 1}}, x='{"S": {"A": [2, 1]}}') is T


@pytest.mark.parametrize(
    ("own", "of_provider", "region", "partition"),
    [
        (None, "eu-west-1", "eu-west-1", "aws"),
        ("cn-north-1", "eu-west-1", "cn-north-1", "aws-cn"),
        ("us-gov-west-1", None, "us-gov-west-1", "aws-us-gov"),
        (UNKNOWN, "eu-west-1", UNKNOWN, UNKNOWN),
        (None, UNKNOWN, UNKNOWN, UNKNOWN),
        (None, "nowhere", UNKNOWN, UNKNOWN),
    ],
)
def test_region_and_partition(own, of_provider, region, partition):
    properties = {} if own is None else {"region": own}
    for name, expected in (("@region", region), ("@partition", partition)):
        found = answer({"at": name, "equals": "x" if expected is UNKNOWN else expected}, of_provider, **properties)
        assert found is (U if expected is UNKNOWN else T)


# --- elements of a rule -----------------------------------------------------------------------------------------------


def places(each: str, condition: Value, properties: Value, point: str = ".") -> list[str]:
    check = Check({TYPE: [each]}, condition, point, "message", False)
    return [f"{format_path(finding.at)} {finding.evidence}".strip() for finding in check(resource(properties))]


def test_a_finding_names_its_element():
    one = {"at": ".", "equals": 1}
    assert places("a[]", one, {"a": [1, 2, UNKNOWN, 1]}) == ["a[0] 1", "a[3] 1"]
    assert places("a{}", one, {"a": {"x": 2, "y": 1}}) == ["a.y 1"]
    assert places("a => b[?]", one, {"a": '{"b": 1}'}) == ["a.b 1"]
    assert places("a[].b", {"at": "c", "is": "unset"}, {"a": [{"b": {"d": 1}}, {}]}, "c") == ["a[0].b.c"]
    assert places("a{}", {"at": "@key", "equals": "x"}, {"a": {"x": "hidden"}}, "@key") == ["a.x"]
    assert places("a ~> []", {"at": "n", "equals": 1}, {"a": '[{"N": 1}]'}, "n") == ["a[0].N 1"]


def test_the_second_of_two_is_the_one_too_many():
    twice = {"at": "id", "repeats": "/a[].id"}
    assert places("a[]", twice, {"a": [{"id": 1}, {"id": 2}, {"id": 1}, {"id": 1}]}, "id") == ["a[2].id 1", "a[3].id 1"]
    one_unknown = resource({"a": [{"id": UNKNOWN}, {"id": 2}]})
    assert Check({TYPE: ["a[]"]}, twice, "id", "message", False).evaluate(one_unknown) == ([], True)
    assert places("a[]", {"not": twice}, {"a": [{"id": UNKNOWN}, {"id": 2}]}, "id") == []
    known = resource({"a": [{"id": 1}, {"id": 2}]})
    assert Check({TYPE: ["a[]"]}, twice, "id", "message", False).evaluate(known) == ([], False)


def test_resources_do_not_share_elements():
    """What is remembered of one resource is not told of the next."""
    check = Check({TYPE: ["a[]"]}, {"at": ".", "repeats": "/a[]"}, ".", "message", False)
    assert [len(check.evaluate(resource({"a": a}))[0]) for a in (["x", "x"], ["x"], ["x", "y"], ["y", "y"])] == [
        1,
        0,
        0,
        1,
    ]


def test_a_scope_is_compiled_once():
    assert scope("a[].b") is scope("a[].b")


# --- a resource of a stack --------------------------------------------------------------------------------------------


def member(name: str, properties: Value, provider: str = "", /, **sources: str) -> Resource:
    made_from = {property_: (source,) for property_, source in sources.items()}
    return Resource(
        urn=name,
        type=TYPE,
        name=name,
        properties=properties,
        provider=provider,
        property_dependencies=made_from,
    )


def asked(condition: Value, *resources: Resource, hub: str = "") -> bool | None:
    """The answer to a condition that is asked of the first of some resources."""
    stack = Stack(resources)
    test = StackCompiler(with_aliases, has_hub=True).condition(condition, ())
    return test(Surroundings(stack).frame(resources[0], stack.by_urn.get(hub)))


@pytest.mark.parametrize(
    ("value", "made_from", "expected"),
    [
        ("x", {}, T),
        (None, {}, F),
        # What the provider will compute, and an input that was made from an Output.
        (UNKNOWN, {}, F),
        (UNKNOWN, {"x": "other"}, T),
        # A provider writes so what the program left out.
        *((empty, {}, F) for empty in ("", [], {}, [None], [{}])),
        (0, {}, U),
        (False, {}, U),
        ([UNKNOWN], {"x": "other"}, T),
    ],
)
def test_what_is_set_in_a_stack(value, made_from, expected):
    one = member("x", {"x": value}, **made_from)
    assert asked({"at": "x", "is": "set"}, one) is expected
    assert asked({"at": "x", "is": "unset"}, one) is (None if expected is None else not expected)


@pytest.mark.parametrize(
    ("value", "expected"),
    [({"y": "z"}, T), ({"y": UNKNOWN}, T), ({}, F), (None, F), (UNKNOWN, U), ("text", U)],
)
def test_what_is_set_in_an_object_of_a_stack(value, expected):
    assert asked({"at": "x.y", "is": "set"}, member("x", {"x": value}, x="other")) is expected


def test_in_a_stack_a_default_stands_for_what_will_be_computed():
    public = {"at": "kind", "default": "public", "equals": "public"}
    assert asked(public, member("x", {"kind": UNKNOWN})) is T
    assert asked(public, member("x", {"kind": UNKNOWN}, kind="other")) is U
    assert (
        asked({"some": "a[]", "where": {"at": "/kind", "is": "unset"}}, member("x", {"a": [1], "kind": UNKNOWN})) is T
    )


def test_the_hub_is_asked():
    closed = {"of": "hub", "where": [{"at": "policy", "is": "unset"}, {"at": "name", "equals": {"at": "^name"}}]}
    consumer = member("x", {"name": "a"})
    assert asked(closed, consumer, member("h", {"name": "a"}), hub="h") is T
    assert asked(closed, consumer, member("h", {"name": "b"}), hub="h") is F
    assert asked(closed, consumer, member("h", {"name": "a", "policy": "{}"}), hub="h") is F
    assert asked(closed, consumer) is U
    inside = {"some": "a[]", "where": {"of": "hub", "where": {"at": "name", "equals": {"at": "^."}}}}
    assert asked(inside, member("x", {"a": ["p", "q"]}), member("h", {"name": "q"}), hub="h") is T


def test_what_a_chain_leads_to_is_asked():
    public = {"of": "subnetId > vpcId", "type": TYPE, "where": {"at": "public", "equals": True}}
    subnet = member("s", {"vpcId": UNKNOWN}, vpcId="v")
    consumer = member("x", {"subnetId": UNKNOWN}, subnetId="s")
    assert asked(public, consumer, subnet, member("v", {"public": True})) is T
    assert asked(public, consumer, subnet, member("v", {"public": False})) is F
    assert asked(public, consumer, subnet, member("v", {"public": UNKNOWN}, public="x")) is U
    assert asked(public, consumer, subnet) is U
    assert asked({"not": public}, consumer) is U


def test_of_several_resources_one_is_enough():
    public = {"of": "subnetIds", "type": TYPE, "where": {"at": "public", "equals": True}}
    made_from = {"subnetIds": ("a", "b")}
    list_ = replace(member("x", {"subnetIds": [UNKNOWN, UNKNOWN]}), property_dependencies=made_from)
    one_value = replace(member("x", {"subnetIds": UNKNOWN}), property_dependencies=made_from)
    yes, no, unknown = (member("a", {"public": value}, public="x") for value in (True, False, UNKNOWN))
    for first, second, expected, agreed in (
        *((yes, no, T, U), (no, no, F, F), (no, unknown, U, U), (yes, unknown, T, U)),
        (yes, yes, T, T),
    ):
        assert asked(public, list_, first, replace(second, urn="b")) is expected
        # Made from both, and nobody knows which of them it is.
        assert asked(public, one_value, first, replace(second, urn="b")) is agreed


def test_only_resources_of_the_type_are_asked():
    closed = {
        "of": "listener",
        "type": "aws:lb/listener:Listener",
        "where": {"at": "public", "default": False, "equals": False},
    }
    consumer = member("x", {"listener": UNKNOWN}, listener="s")
    other = member("s", {})
    assert asked(closed, consumer, other) is U
    assert asked(closed, consumer, replace(other, type="aws:alb/listener:Listener")) is T
    assert asked({**closed, "type": [TYPE, "aws:sqs/queue:Queue"]}, consumer, other) is T


ZONES = {"of": "subnets", "type": TYPE}


@pytest.mark.parametrize(
    ("zones", "named", "repeats", "alike"),
    [
        (("a", "a"), 2, T, T),
        (("a", "b"), 2, F, F),
        (("a", "b", "a"), 3, T, F),
        (("a", UNKNOWN), 2, U, U),
        (("a", "a", UNKNOWN), 3, T, U),
        (("a", "b", UNKNOWN), 3, U, F),
        # One by itself; one that is not in the stack; more than are named, of which some only helped to choose.
        (("a",), 1, F, U),
        (("a", "a"), 3, T, U),
        (("a", "a"), 1, U, U),
    ],
)
def test_resources_of_a_list_are_compared_with_each_other(zones, named, repeats, alike):
    members = [member(str(i), {"zone": zone}, zone="x") for i, zone in enumerate(zones)]
    made_from = {"subnets": tuple(one.urn for one in members)}
    consumer = replace(member("x", {"subnets": [UNKNOWN] * named}), property_dependencies=made_from)
    assert asked({**ZONES, "repeats": "zone"}, consumer, *members) is repeats
    assert asked({**ZONES, "alike": "zone"}, consumer, *members) is alike
    assert asked({**ZONES, "alike": "zone"}, consumer) is U


def placed(name: str, provider: str, of_provider: Value, own: Value = None) -> Resource:
    return replace(member(name, {} if own is None else {"region": own}, provider), region=of_provider)


@pytest.mark.parametrize(
    ("consumer", "hub", "same_provider", "same_region"),
    [
        (("", "eu-west-1"), ("", "eu-west-1"), T, T),
        (("p", "us-east-1"), ("", "eu-west-1"), F, F),
        (("p", "us-east-1"), ("", "eu-west-1", "us-east-1"), F, T),
        (("", "eu-west-1", "us-east-1"), ("", "eu-west-1"), T, F),
        (("", "eu-west-1", "eu-west-1"), ("", "eu-west-1"), T, T),
        (("p", UNKNOWN), ("", "eu-west-1"), F, U),
        (("", None, "eu-west-1"), ("", None), T, U),
    ],
)
def test_where_two_resources_are_made(consumer, hub, same_provider, same_region):
    for name, expected in (("@provider", same_provider), ("@region", same_region)):
        condition = {"of": "hub", "where": {"at": name, "equals": {"at": f"^{name}"}}}
        assert asked(condition, placed("x", *consumer), placed("h", *hub), hub="h") is expected


def test_a_condition_of_a_stack_knows_whose_paths_it_reads():
    compiler = StackCompiler(with_aliases, has_hub=True)
    where = [{"at": "^a", "is": "set"}, {"some": "b[]", "where": {"at": "c", "equals": {"at": "/d"}}}]
    compiler.condition({"of": "hub", "where": where}, ())
    used = [".".join(f"<{step.name}>" if step.kind == "of" else step.name for step in steps) for steps in compiler.used]
    assert used == ["a", "<hub>.b.", "<hub>.b..c", "<hub>.d"]


@pytest.mark.parametrize(
    ("condition", "at", "message"),
    [
        ({"of": "hub"}, "", "of needs a condition beside it: where"),
        ({"of": "a", "type": TYPE}, "", "of needs a condition beside it"),
        ({"of": "hub", "alike": "x"}, "", "of needs a condition beside it"),
        ({"of": "a > b", "where": {"at": "x", "is": "set"}}, "", "needs the type that it leads to beside it: type"),
        ({"of": ["hub"], "where": {"at": "x", "is": "set"}}, "of", "a list stands where hub or a chain"),
        ({"of": "hub", "where": {"of": "hub", "where": {"at": "x", "is": "set"}}}, "where.of", "there is no hub here"),
        ({"of": "hub", "where": {"at": "^^x", "is": "set"}}, "where.at", "there are 1 elements around this one"),
        ({"at": "x[]", "is": "set"}, "at", "leads to many values"),
    ],
)
def test_a_wrong_condition_of_a_stack_is_told(condition, at, message):
    with pytest.raises(RuleError, match=re.escape(message)) as caught:
        StackCompiler(with_aliases, has_hub=True).condition(condition, ())
    assert format_path(caught.value.at) == at


# --- mistakes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "at", "message"),
    [
        ({"at": "x", "abvoe": 5}, "abvoe", 'there is no test "abvoe"; did you mean "above"?'),
        ({"at": "x"}, "", "one test belongs beside at, and there are: none"),
        ({"at": "x", "above": 1, "below": 5}, "", "there are: above, below"),
        ({"att": "x", "above": 1}, "", 'did you mean "at"?'),
        ({"at": "x", "above": "many"}, "above", "a string stands where a number or a property belongs"),
        ({"at": "x", "is": "gp3"}, "is", "to compare a value, use equals"),
        ({"at": "x", "in": "a"}, "in", "a string stands where a list of values belongs"),
        ({"at": "x", "in": ["a", 1]}, "in", "strings alone, or numbers alone"),
        ({"at": "x", "between": [1]}, "between", "two numbers belong here"),
        ({"at": "x", "inside block": "10.0.0.0/99"}, '["inside block"]', "a CIDR block such as"),
        ({"at": "x", "overlaps": "03:00-04:00"}, "overlaps", "a property with a time"),
        ({"at": "@provider", "equals": "x"}, "at", "known of the resources of a stack only"),
        ({"of": "hub", "where": {"at": "x", "is": "set"}}, "", "belongs here"),
        ({"at": "x", "matches": "("}, "matches", "not a regular expression"),
        ({"at": "x", "default": 1, "is": "unset"}, "is", "default has no place beside it"),
        ({"at": "x[]", "equals": 1}, "at", "leads to many values"),
        ({"at": "x!", "equals": 1}, "at", "is not a path"),
        ({"at": "@zone", "equals": 1}, "at", "@key, @region, @partition, @provider"),
        ({"at": "^x", "equals": 1}, "at", "there are 0 elements around this one"),
        ({"at": "x", "equals": {"at": "y", "above": 1}}, "equals.above", "is not needed"),
        ({"at": "x", "repeats": "y[]"}, "repeats", "a path from the resource"),
        ({"all": []}, "all", "a list of conditions"),
        ({"all": [{"at": "x", "eqals": 1}]}, "all[0].eqals", 'did you mean "equals"?'),
        ({"any": [{"at": "x", "equals": 1}], "not": 1}, "not", "put both into all"),
        ({"some": "x[]"}, "", "needs a condition beside it: where"),
        ("x", "", "a string stands where a condition belongs"),
    ],
)
def test_a_wrong_condition_is_told(condition, at, message):
    with pytest.raises(RuleError, match=re.escape(message)) as caught:
        Compiler(()).condition(condition, ())
    assert format_path(caught.value.at) == at
