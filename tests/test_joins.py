"""Resources that do not go together: each join against its cases, and against what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aws_preflight.policies.joins import JOINS
from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.stack_conditions import StackCompiler, surroundings_of
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.rules.paths import RuleError
from aws_preflight.preflight.values import UNKNOWN, Value, format_path
from tests.test_rules import JUNK
from tools.bench.shapes import OF_JOINS
from tools.generate import join_rules
from tools.generate.join_rules import JoinSource
from tools.generate.rule_files import MistakeError

SOURCES = join_rules.sources()
BY_ID = {join.id: join for join in JOINS}
each = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)


def found(source: JoinSource, stack: list[Resource]) -> list[Finding]:
    return BY_ID[source.id].on_stack(Stack(stack))


def changed(stack: list[Resource], new: Value) -> Iterator[tuple[str, str, list[Resource]]]:
    """The stack with one property of one resource changed."""
    for i, one in enumerate(stack):
        for name in one.properties:
            other = replace(one, properties={**one.properties, name: new})
            yield one.name, name, [*stack[:i], other, *stack[i + 1 :]]


def test_the_compiled_file_is_fresh() -> None:
    assert join_rules.COMPILED.read_text(encoding="utf-8") == join_rules.text(), "run: make rules"


@each
def test_bad_stacks_are_refused_at_their_first_resource(source: JoinSource) -> None:
    for stack in source.cases("bad"):
        (finding,) = found(source, stack)
        assert (finding.resource, format_path(finding.at)) == (stack[0], source.facts["point"])


@each
def test_good_stacks_pass_every_join(source: JoinSource) -> None:
    for stack in source.cases("good"):
        for join in JOINS:
            assert join.on_stack(Stack(stack)) == [], (join.id, stack)


@each
def test_without_the_other_resource_nothing_is_said(source: JoinSource) -> None:
    for stack in source.cases("bad"):
        assert found(source, stack[:1]) == []
        if any(one.property_dependencies for one in stack):
            assert found(source, [replace(one, property_dependencies={}) for one in stack]) == []


@each
def test_a_resource_of_another_type_is_nothing_that_is_asked(source: JoinSource) -> None:
    """An ARN that comes from a stack reference: it has no properties that a default could stand for."""
    for stack in source.cases("bad"):
        same = [one for one in stack if one.type == stack[0].type]
        others = [replace(one, type="pulumi:pulumi:StackReference", properties={}) for one in stack if one not in same]
        if others:
            assert found(source, [*same, *others]) == []


STILL_CERTAIN: dict[str, set[tuple[str, str]]] = {
    # The same name as a property that is read of another resource.
    "cloudfront-log-bucket-without-acl": {("logs", "bucket"), ("other", "bucket"), ("ownership", "rule")},
    "s3-public-policy-of-blocked-bucket": {("site", "bucket")},
    "s3-replication-of-bucket-without-versioning": {
        ("photos", "bucket"),
        ("other", "bucket"),
        ("versions", "versioningConfiguration"),
    },
    "s3-replication-to-bucket-without-versioning": {("archive", "bucket"), ("replication", "bucket")},
    "route53-cname-beside-other-record": {("zone", "name")},
    "subnets-overlap": {("vpc", "cidrBlock")},
    # What is only asked whether it is set, and where another part of the condition says enough.
    "ecs-service-network-configuration-without-awsvpc": {("service", "networkConfiguration")},
    "autoscaling-template-groups-beside-interfaces": {
        ("template", "networkInterfaces"),
        ("template", "vpcSecurityGroupIds"),
    },
    "eks-node-group-instance-type-twice": {("template", "instanceType")},
    "rds-public-in-vpc-without-dns": {("vpc", "enableDnsHostnames")},
}


@each
def test_what_was_made_from_something_else_is_silent(source: JoinSource) -> None:
    """A property that is not known and was made from an Output: the condition that reads it cannot be told."""
    said = []
    for stack in source.cases("bad"):
        for i, one in enumerate(stack):
            for name in one.properties:
                sources = {**one.property_dependencies, name: ("urn:pulumi:dev::p::x:y/z:Z::elsewhere",)}
                other = replace(one, properties={**one.properties, name: UNKNOWN}, property_dependencies=sources)
                is_read = name in str([source.facts.get(part) for part in ("refuse", "twice", "other")])
                if is_read and found(source, [*stack[:i], other, *stack[i + 1 :]]):
                    said.append((one.name, name))
    assert set(said) <= STILL_CERTAIN.get(source.id, set())


def test_what_exists_may_have_what_the_stack_does_not_show() -> None:
    """A bucket older than AWS's change, a user pool with resource servers of other stacks."""
    arns = {"cloudfront-log-bucket-without-acl": "logs", "cognito-custom-scope-without-resource-server": "pool"}
    for source in SOURCES:
        for stack in source.cases("bad") if source.id in arns else ():
            there = [
                replace(r, properties={**r.properties, "arn": "arn:aws:x"}) for r in stack if r.name == arns[source.id]
            ]
            assert there
            assert found(source, [*there, *(r for r in stack if r.name != arns[source.id])]) == []


@pytest.mark.parametrize("shape", OF_JOINS)
def test_a_stack_that_grows_has_more_of_the_same_findings(shape: str) -> None:
    """What is looked at once for all is no less for each."""
    found = [sum(len(join.on_stack(Stack(OF_JOINS[shape](number)))) for join in JOINS) for number in (10, 20, 30)]
    assert found == [10, 20, 30]


PAIR = "aws:x/y:Z", "aws:x/y:Tag"


@pytest.mark.parametrize(
    ("tags", "of", "answer"),
    [
        ([("Blue", "one")], "< z", True),
        ([("Red", "one")], "< z", False),
        ([], "< z", False),
        ([("Blue", "two")], "< z", False),
        ([("Blue", "two"), ("Blue", "one")], "< z", True),
        ([("Red", "one"), (UNKNOWN, "one")], "< z", None),
        ([("Blue", "")], "< z", None),  # names its Z in another way
        ([("Blue", "one")], "other < z", None),  # leads through something that is not in the stack
        ([("Blue", "one")], "self < z", True),
    ],
)
def test_what_was_made_from_a_resource(tags: list[tuple[Value, str]], of: str, answer: bool | None) -> None:
    z, tag = PAIR
    one, two = (
        Resource(urn=name, type=z, name=name, properties={"self": UNKNOWN}, property_dependencies={"self": (name,)})
        for name in ("one", "two")
    )
    others = [
        Resource(
            urn=f"tag-{i}",
            type=tag,
            name=f"tag-{i}",
            properties={"z": UNKNOWN if owner else "z-1", "colour": colour},
            property_dependencies={"z": (owner,)} if owner else {},
        )
        for i, (colour, owner) in enumerate(tags)
    ]
    condition = {"of": of, "type": tag, "where": {"at": "colour", "equals": "Blue"}}
    test = StackCompiler(lambda *types: types, has_hub=False).condition(condition, ("refuse",))
    assert test(surroundings_of(Stack([one, two, *others])).frame(one)) is answer


@pytest.mark.parametrize(
    "condition",
    [
        {"of": "^a", "type": "t", "where": {"at": "b", "is": "set"}},
        {"of": "a", "type": "t", "where": {"of": "^^a", "type": "t", "where": {"at": "b", "is": "set"}}},
        {"of": "< a", "type": "t", "repeats": "b"},
    ],
    ids=str,
)
def test_what_leads_nowhere_is_told(condition: Value) -> None:
    with pytest.raises(RuleError):
        StackCompiler(lambda *types: types, has_hub=False).condition(condition, ("refuse",))


@each
def test_malformed_input_stops_nothing(source: JoinSource) -> None:
    for junk in JUNK:
        for stack in (*source.cases("bad"), *source.cases("good")):
            for _, _, other in changed(stack, junk):
                found(source, other)


FILE = """\
some-join:
  title: One does not go with the other
  types: [aws:lb/listener:Listener]
  refuse: {of: loadBalancerArn, type: "aws:lb/loadBalancer:LoadBalancer", where: {at: ipAddressType, equals: ipv4}}
  point: protocol
  fix: change it
  aws: "It is not valid with it"
  call: x:Create
  docs: https://docs.aws.amazon.com/
  bad:
    - listener: {protocol: HTTP, loadBalancerArn: !from nlb }
      nlb: {type: "aws:lb/loadBalancer:LoadBalancer", inputs: {loadBalancerType: network}}
  good: [{listener: {protocol: TCP}}]
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: One", "titel: One", "lb.yaml:2: some-join: titel"),
        ("equals: ipv4", "eqals: ipv4", r"lb.yaml:4: some-join: refuse.*eqals"),
        ("{protocol: HTTP,", "{protocl: HTTP,", "lb.yaml:11: some-join: .* no input protocl"),
        ("of: loadBalancerArn", "of: hub", "there is no hub here"),
        ("point: protocol", "point: 5", "some-join: point"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in FILE
    (tmp_path / "lb.yaml").write_text(FILE)
    join_rules.text(tmp_path)
    (tmp_path / "lb.yaml").write_text(FILE.replace(old, new, 1))
    with pytest.raises(MistakeError, match=message):
        join_rules.text(tmp_path)
