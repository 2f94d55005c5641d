"""The rules of order: each breaks where it should, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from aws_preflight.policies import POLICIES, ordering
from aws_preflight.policies.ordering import missing, rules_of
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.chains import Property
from aws_preflight.preflight.ordering.links import Links, _words
from aws_preflight.preflight.ordering.ordering_rule import Needed, OrderingRule
from aws_preflight.preflight.ordering.stack_conditions import Surroundings
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.run import Run
from aws_preflight.preflight.values import UNKNOWN
from tests.ordering_examples import (
    ALL,
    DECLARED,
    OTHER,
    REPORTED_BY,
    SETS,
    SPEAKING,
    Example,
    Node,
    asks_others,
    parts_of,
)
from tests.protocol import decoded
from tools.generate import ordering_rules

BY_ID = {policy.id: policy for policy in POLICIES}

WHOLE = {
    "aoss-collection-before-encryption-policy",
    "apigwv2-deployment-before-routes",
    "bucket-policy-public-before-pab",
    "bucket-policy-beside-pab",
    "codebuild-webhook-before-source-credential",
    "cognito-managed-client-before-opensearch",
    "ecs-service-before-listener",
    "lambda-event-invoke-config-before-role-policy",
    "lambda-before-log-group",
    "nat-gateway-before-igw",
    "rds-instance-monitoring-before-role-policy",
    "role-trust-principal-before-role",
    "route-tgw-before-vpc-attachment",
    "ses-receipt-rule-before-bucket-policy",
    "sfn-logging-before-role-policy",
    "s3-notification-before-lambda-permission",
    "sg-rule-peer-group-before-accepter",
    "subnet-before-secondary-cidr",
    "vpc-endpoint-resolver-only-before-gateway-endpoint",
}
"""Rules that use every part of the language between them: all variants are tried on each."""

CONDITIONS = [
    (rule, condition)
    for rule in SPEAKING
    for condition in parts_of(rule.condition)
    if rule.id not in REPORTED_BY and not asks_others(condition)
]
WITH_CONDITIONS = {rule.id for rule, _ in CONDITIONS}

VARIANTS: dict[str, Callable[[OrderingRule], bool]] = {
    "breaks": lambda rule: True,
    "waits": lambda rule: True,
    "circle": lambda rule: rule.id not in REPORTED_BY,
    "other hub": lambda rule: bool(rule.id not in REPORTED_BY and rule.needed[0].via),
    "place": lambda rule: rule.id not in REPORTED_BY and not rule.hubs,
    "condition": lambda rule: rule.id in WITH_CONDITIONS,
    "absent": lambda rule: rule.id not in REPORTED_BY,
    "switched off": lambda rule: rule.id not in REPORTED_BY,
    "malformed input": lambda rule: True,
}
"""What is done to the graph of a rule, and to which rules it can be done."""


def chosen() -> dict[str, list[OrderingRule]]:
    """By variant, the rules on which it is tried: the graphs are made from rules, so that more would tell little."""
    found: dict[str, list[OrderingRule]] = {variant: [] for variant in VARIANTS}
    for number, rule in enumerate(SPEAKING):
        able = [variant for variant, can in VARIANTS.items() if can(rule)]
        for variant in able if rule.id in WHOLE else [able[number % len(able)]]:
            found[variant].append(rule)
    return found


CHOSEN = chosen()


def pairs(variant: str) -> list[tuple[OrderingRule, Needed]]:
    """The rules of a variant with what they need: all of it for the few whole rules."""
    return [(rule, one) for rule in CHOSEN[variant] for one in (rule.needed if rule.id in WHOLE else rule.needed[:1])]


def named(pair: tuple[OrderingRule, Needed]) -> str:
    return f"{pair[0].id}-{pair[1].kind}"


def on_each(variant: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("pair", pairs(variant), ids=named)


def broken(stack: Stack) -> set[str]:
    """The rules that are broken in a stack, those of another policy included."""
    found = {one.rule.id for one in missing(stack)}
    for rule in ALL:
        evaluate = BY_ID.get(REPORTED_BY.get(rule.id, ""))
        if evaluate and any(finding.resource.type in rule.consumers for finding in evaluate.on_stack(stack)):
            found.add(rule.id)
    return found


# --- every rule, in one variant ---------------------------------------------------------------------------------------


def test_every_rule_is_tried() -> None:
    tried = {rule.id: {variant for variant in CHOSEN if rule in CHOSEN[variant]} for rule in SPEAKING}
    assert {rule for rule, variants in tried.items() if len(variants) != 1} == WHOLE
    assert all(len(rules_) > 10 for rules_ in CHOSEN.values())


def language(value: Any) -> Iterator[str]:
    """The keys of a rule and of all in it, and the words after `is`; no names of properties."""
    if isinstance(value, list):
        for member in value:
            yield from language(member)
    elif isinstance(value, dict):
        for key, member in value.items():
            yield f"is {member}" if key == "is" else key
            if key not in ("same", "mentions", "mentioned", "contains"):
                yield from language(member)


def test_the_whole_rules_use_every_part_of_the_language() -> None:
    speaking = [declared for declared in DECLARED if declared["level"] != "silent"]
    whole = [declared for declared in speaking if declared["id"] in WHOLE]
    shared = [SETS.needed.get(str(declared["needed"])) for declared in whole]
    assert {*language(speaking), *language([*SETS.needed.values()])} <= {*language([whole, shared]), "documented"}


@on_each("breaks")
def test_a_rule_breaks_where_its_consumer_does_not_wait(pair: tuple[OrderingRule, Needed]) -> None:
    rule, needed = pair
    example = Example(rule, needed)
    assert rule.id in broken(example.stack())


@on_each("waits")
def test_a_rule_is_kept_where_its_consumer_waits(pair: tuple[OrderingRule, Needed]) -> None:
    rule, needed = pair
    example = Example(rule, needed)
    assert example.needed
    between = example.node("between", OTHER)
    between.after.append(example.needed)
    example.consumer.after.append(between)
    assert rule.id not in broken(example.stack())


@on_each("circle")
def test_a_rule_demands_no_circle(pair: tuple[OrderingRule, Needed]) -> None:
    rule, needed = pair
    example = Example(rule, needed)
    assert example.needed
    example.needed.after.append(example.consumer)
    assert rule.id not in broken(example.stack())


@on_each("other hub")
def test_what_belongs_to_another_hub_does_not_matter(pair: tuple[OrderingRule, Needed]) -> None:
    rule, needed = pair
    example = Example(rule, needed)
    assert example.needed
    assert example.hub
    elsewhere = example.node("elsewhere", example.hub.type)
    elsewhere.properties = example.hub.properties
    for node in example.nodes:
        if node is not example.consumer and not reaches(example.consumer, node):
            node.sources = {
                name: [elsewhere if source is example.hub else source for source in sources]
                for name, sources in node.sources.items()
            }
    found = [one for one in missing(example.stack()) if one.rule.id == rule.id]
    # Where a rule is about an S that is nowhere, this one is as good as nowhere.
    assert [(one.level, one.late) for one in found] == ([(rule.absent, None)] if rule.absent else [])


def reaches(node: Node, other: Node) -> bool:
    return any(one is other or reaches(one, other) for sources in node.sources.values() for one in sources)


@on_each("place")
def test_without_a_hub_both_have_the_same_provider(pair: tuple[OrderingRule, Needed]) -> None:
    rule, needed = pair
    example = Example(rule, needed)
    example.consumer.provider = "urn:pulumi:dev::shop::pulumi:providers:aws::elsewhere"
    assert rule.id not in broken(example.stack())
    example = Example(rule, needed)
    example.consumer.properties["region"] = "eu-west-1"
    assert example.needed
    example.needed.properties["region"] = "us-east-1"
    assert rule.id not in broken(example.stack())


@pytest.mark.parametrize(
    "pair",
    [pair for pair in CONDITIONS if pair[0] in CHOSEN["condition"]],
    ids=lambda pair: f"{pair[0].id}-{next(iter(pair[1].values()))}",
)
def test_a_condition_that_does_not_hold_silences_a_rule(pair: tuple[OrderingRule, Any]) -> None:
    rule, condition = pair
    example = Example(rule, rule.needed[0])
    assert rule.id in broken(example.stack())
    example.violate(condition, example.consumer)
    assert rule.id not in broken(example.stack())


@pytest.mark.parametrize("rule", CHOSEN["absent"], ids=lambda rule: rule.id)
def test_what_is_nowhere_in_the_stack_is_silent_unless_the_rule_says_otherwise(rule: OrderingRule) -> None:
    found = [one for one in missing(Example(rule, None).stack()) if one.rule.id == rule.id]
    assert [one.level for one in found] == ([rule.absent] if rule.absent else [])


def test_a_silent_rule_says_nothing() -> None:
    silent = {rule.id for rule in ALL if rule.level == "silent"}
    assert len(silent) > 40
    assert silent.isdisjoint(BY_ID)
    assert silent.isdisjoint(rule.id for rule in ordering.RULES)
    assert ordering.OTHER_PAGES.keys() == {*silent, *REPORTED_BY}


def test_the_compiled_file_is_fresh() -> None:
    assert ordering_rules.COMPILED.read_text(encoding="utf-8") == ordering_rules.text(), "run: make rules"


@on_each("switched off")
def test_a_rule_can_be_switched_off(pair: tuple[OrderingRule, Needed]) -> None:
    stack = Example(*pair).stack()
    ids = {one.rule.id for one in missing(stack)}
    run = Run(POLICIES)
    types = {resource.type for resource in stack.resources}
    assert {one.policy for one in run.evaluate_stack(types, lambda: stack)} >= ids
    run.configure({pair[0].id: "disabled"}, {})
    rest = {one.policy for one in run.evaluate_stack(types, lambda: stack)}
    assert rest >= ids - {pair[0].id}
    assert pair[0].id not in rest


MALFORMED: list[Any] = [
    None,
    True,
    7,
    float("nan"),
    "",
    "x",
    UNKNOWN,
    [],
    {},
    [[[UNKNOWN, None]]],
    {"a": [{"b": 1}]},
    "{",
    '{"Statement": 5}',
]


@on_each("malformed input")
def test_malformed_input_for_values_stops_nothing(pair: tuple[OrderingRule, Needed]) -> None:
    for malformed in MALFORMED:
        example = Example(*pair)
        for node in example.nodes:
            node.properties = dict.fromkeys([*node.properties, "region", "name", "path"], malformed)
        broken(example.stack())


def policies_of_logs(first: Any, *waits: str) -> list[str]:
    """Which of two policies a query log is told to wait for; the document of the first is `first`."""
    document = '{"Statement": [{"Principal": {"Service": "route53.amazonaws.com"}}]}'
    log, policy = "aws:route53/queryLog:QueryLog", "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
    resources = [
        replace(made("x", log, {"cloudwatchLogGroupArn": UNKNOWN}, cloudwatchLogGroupArn="g"), dependencies=waits),
        made("g", "aws:cloudwatch/logGroup:LogGroup", {}),
        made("a", policy, {"policyDocument": first}, policyDocument="elsewhere"),
        made("b", policy, {"policyDocument": document}),
    ]
    found = [one for one in missing(Stack(resources)) if one.rule.id == "route53-query-log-before-log-policy"]
    return [resource.urn for one in found if one.late for resource in one.late.missing]


def test_what_may_serve_is_not_asked_for_and_may_be_enough() -> None:
    assert policies_of_logs("route53.amazonaws.com") == ["a", "b"]
    assert policies_of_logs(UNKNOWN) == ["b"]
    assert policies_of_logs(UNKNOWN, "a") == []
    assert policies_of_logs("of another service", "a") == ["b"]


# --- the links between resources --------------------------------------------------------------------------------------


def made(urn: str, type_: str, properties: dict[str, Any], /, **sources: str) -> Resource:
    return Resource(
        urn=urn,
        type=type_,
        name=urn,
        properties=decoded(properties),
        property_dependencies={key: (source,) for key, source in sources.items()},
    )


def linked(needed: dict[str, Any], consumer: Resource, *others: Resource) -> list[str]:
    """The names of the resources that serve the consumer, by one rule without a hub."""
    declared = {"id": "x-needs-s", "consumer": ["t:x:X"], "needed": [{"type": "t:s:S", **needed}], "level": "advisory"}
    (rule,) = rules_of({"sets": {}, "rules": [declared]})
    stack = Stack([consumer, *others])
    return [one.name for one in Links(stack, rule.needed[0], Surroundings(stack)).to(consumer, None).values()]


@pytest.mark.parametrize(
    ("own", "other", "serves"),
    [
        ("orders", "orders", True),
        ("orders", "Orders", False),
        (80, "80", True),
        (None, "orders", False),
        (UNKNOWN, "orders", False),
    ],
)
def test_two_properties_agree(own: Any, other: Any, serves: bool) -> None:
    needed = made("s", "t:s:S", {"name": own}, name="elsewhere")
    consumer = made("x", "t:x:X", {"table": other})
    assert linked({"same": {"name": "table"}}, consumer, needed) == (["s"] if serves else [])


def test_unknown_properties_agree_where_they_come_from_one_resource() -> None:
    source = made("source", "t:o:O", {})
    needed = made("s", "t:s:S", {"name": UNKNOWN}, name="source")
    assert linked({"same": {"name": "table"}}, made("x", "t:x:X", {"table": UNKNOWN}, table="source"), needed, source)
    assert linked({"same": {"name": "table"}}, made("x", "t:x:X", {"table": "a"}, table="source"), needed, source)
    other = made("x", "t:x:X", {"table": UNKNOWN}, table="other")
    assert not linked({"same": {"name": "table"}}, other, needed, source, made("other", "t:o:O", {}))


def test_known_and_different_names_from_one_resource_do_not_agree() -> None:
    needed = made("s", "t:s:S", {"name": "a"}, name="source")
    consumer = made("x", "t:x:X", {"table": "b"}, table="source")
    assert linked({"same": {"name": "table"}}, consumer, needed, made("source", "t:o:O", {})) == []


@pytest.mark.parametrize(
    ("text", "serves"),
    [
        ('{"AWS": "arn:aws:iam::123456789012:role/reader"}', True),
        ("arn:aws:iam::123456789012:role/reader", True),
        ("arn:aws:iam::123456789012:role/reader-2", False),
        ("arn:aws:iam::123456789012:role/team/reader", False),
        ("arn:aws:iam::123456789012:user/reader", False),
        ("a role/reader", False),
        (UNKNOWN, False),
        ("x" * 1_000_000, False),
    ],
)
def test_a_text_mentions_a_resource(text: Any, serves: bool) -> None:
    needed = made("s", "t:s:S", {"name": "reader"})
    consumer = made("x", "t:x:X", {"policy": text})
    assert linked({"mentions": {"policy": ":role{path|/}{name}"}}, consumer, needed) == (["s"] if serves else [])


def test_a_resource_mentions_the_consumer() -> None:
    needed = made("s", "t:s:S", {"policy": '[{"Resource": ["collection/logs"]}]'})
    assert linked({"mentioned": {"policy": "collection/{name}"}}, made("x", "t:x:X", {"name": "logs"}), needed) == ["s"]
    assert linked({"mentioned": {"policy": "collection/{name}"}}, made("x", "t:x:X", {"name": "log"}), needed) == []
    assert linked({"mentioned": {"policy": "collection/{name}"}}, made("x", "t:x:X", {"name": UNKNOWN}), needed) == []


@pytest.mark.parametrize(
    ("outer", "inner", "serves"),
    [
        ("10.1.0.0/16", "10.1.4.0/24", True),
        ("10.1.0.0/16", "10.2.4.0/24", False),
        ("10.1.4.0/24", "10.1.0.0/16", False),
        ("fd00::/8", "fd00:1::/64", True),
        ("10.1.0.0/16", "fd00:1::/64", False),
        ("nonsense", "10.1.4.0/24", False),
        (UNKNOWN, "10.1.4.0/24", False),
    ],
)
def test_a_block_lies_in_another(outer: Any, inner: Any, serves: bool) -> None:
    needed, consumer = made("s", "t:s:S", {"block": outer}), made("x", "t:x:X", {"cidr": inner})
    assert linked({"contains": {"block": "cidr"}}, consumer, needed) == (["s"] if serves else [])


def test_a_word_of_nothing_but_slashes_stays_short() -> None:
    """Each of its ends would be a word of its own: a string of 1 MB became one of 1 GB."""
    function = made("f", "t:f:F", {"policy": ("/" * 2_000 + " ") * 50 + "arn:aws:s3:::orders/2027"})
    found = list(_words(Property.of("policy"), function))
    assert len(found) < 50 * 100
    assert {":orders/2027", "/2027"} <= set(found)
