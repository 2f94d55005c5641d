"""The table of prerequisites: each row breaks where it should, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from aws_preflight.policies import POLICIES
from aws_preflight.policies.ordering import missing, rows, rows_of
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.chains import Property
from aws_preflight.preflight.ordering.links import Links, _words
from aws_preflight.preflight.ordering.table import Needed, Row
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.run import Run
from aws_preflight.preflight.values import UNKNOWN
from tests.conftest import ROOT
from tests.prerequisites import OTHER, Example, Node
from tests.protocol import decoded
from tools.scaffold.new_prerequisite import TABLE

BY_ID = {policy.id: policy for policy in POLICIES}
SPEAKING = [row for row in rows() if row.level != "silent"]

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
    "s3-notification-before-lambda-permission",
    "sg-rule-peer-group-before-accepter",
    "subnet-before-secondary-cidr",
    "vpc-endpoint-resolver-only-before-gateway-endpoint",
}
"""Rows that use every part of the language between them: all variants are tried on each."""

CONDITIONS = [
    (row, group)
    for row in SPEAKING
    for group in row.when
    if not row.reported_by and not any(condition.of not in ("", "hub") for condition in group)
]
WITH_CONDITIONS = {row.id for row, _ in CONDITIONS}

VARIANTS: dict[str, Callable[[Row], bool]] = {
    "breaks": lambda row: True,
    "waits": lambda row: True,
    "circle": lambda row: not row.reported_by,
    "other hub": lambda row: bool(not row.reported_by and row.needed[0].via),
    "place": lambda row: not row.reported_by and not row.hubs,
    "condition": lambda row: row.id in WITH_CONDITIONS,
    "absent": lambda row: not row.reported_by,
    "switched off": lambda row: not row.reported_by,
    "malformed input": lambda row: True,
}
"""What is done to the graph of a row, and to which rows it can be done."""


def chosen() -> dict[str, list[Row]]:
    """By variant, the rows on which it is tried: the graphs are made from the rows, so that more would tell little."""
    found: dict[str, list[Row]] = {variant: [] for variant in VARIANTS}
    for number, row in enumerate(SPEAKING):
        able = [variant for variant, can in VARIANTS.items() if can(row)]
        for variant in able if row.id in WHOLE else [able[number % len(able)]]:
            found[variant].append(row)
    return found


CHOSEN = chosen()


def pairs(variant: str) -> list[tuple[Row, Needed]]:
    """The rows of a variant with what they need: all of it for the few whole rows."""
    return [(row, one) for row in CHOSEN[variant] for one in (row.needed if row.id in WHOLE else row.needed[:1])]


def named(pair: tuple[Row, Needed]) -> str:
    return f"{pair[0].id}-{pair[1].kind}"


def on_each(variant: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("pair", pairs(variant), ids=named)


def broken(stack: Stack) -> set[str]:
    """The rows that are broken in a stack, that of another policy included."""
    found = {one.row.id for one in missing(stack)}
    for row in rows():
        evaluate = BY_ID.get(row.reported_by)
        if evaluate and any(finding.resource.type in row.consumers for finding in evaluate.on_stack(stack)):
            found.add(row.id)
    return found


# --- every row, in one variant ----------------------------------------------------------------------------------------


def test_every_row_is_tried() -> None:
    tried = {row.id: {variant for variant in CHOSEN if row in CHOSEN[variant]} for row in SPEAKING}
    assert {row for row, variants in tried.items() if len(variants) != 1} == WHOLE
    assert all(len(rows_) > 10 for rows_ in CHOSEN.values())


def language(value: Any) -> Iterator[str]:
    """The keys of a row and of all in it, and the words after `is`; no names of properties."""
    if isinstance(value, list):
        for member in value:
            yield from language(member)
    elif isinstance(value, dict):
        for key, member in value.items():
            yield f"is {member}" if key == "is" else key
            if key not in ("same", "mentions", "mentioned", "contains"):
                yield from language(member)


def test_the_whole_rows_use_every_part_of_the_language() -> None:
    table = json.loads((ROOT / TABLE).read_text(encoding="utf-8"))
    speaking = [row for row in table["rows"] if row["level"] != "silent"]
    whole = [row for row in speaking if row["id"] in WHOLE]
    shared = [table["sets"].get(str(row["needed"])) for row in whole]
    used = [table["sets"][one["use"]] for row in whole for one in row.get("when", ()) if "use" in one]
    assert {*language(speaking), *language([*table["sets"].values()])} <= {*language([whole, shared, used])}


@on_each("breaks")
def test_a_row_breaks_where_its_consumer_does_not_wait(pair: tuple[Row, Needed]) -> None:
    row, needed = pair
    example = Example(row, needed)
    assert row.id in broken(example.stack())


@on_each("waits")
def test_a_row_is_kept_where_its_consumer_waits(pair: tuple[Row, Needed]) -> None:
    row, needed = pair
    example = Example(row, needed)
    assert example.needed
    between = example.node("between", OTHER)
    between.after.append(example.needed)
    example.consumer.after.append(between)
    assert row.id not in broken(example.stack())


@on_each("circle")
def test_a_row_demands_no_circle(pair: tuple[Row, Needed]) -> None:
    row, needed = pair
    example = Example(row, needed)
    assert example.needed
    example.needed.after.append(example.consumer)
    assert row.id not in broken(example.stack())


@on_each("other hub")
def test_what_belongs_to_another_hub_does_not_matter(pair: tuple[Row, Needed]) -> None:
    row, needed = pair
    example = Example(row, needed)
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
    found = [one for one in missing(example.stack()) if one.row is row]
    # Where a row is about an S that is nowhere, this one is as good as nowhere.
    assert [(one.level, one.late) for one in found] == ([(row.absent, None)] if row.absent else [])


def reaches(node: Node, other: Node) -> bool:
    return any(one is other or reaches(one, other) for sources in node.sources.values() for one in sources)


@on_each("place")
def test_without_a_hub_both_have_the_same_provider(pair: tuple[Row, Needed]) -> None:
    row, needed = pair
    example = Example(row, needed)
    example.consumer.provider = "urn:pulumi:dev::shop::pulumi:providers:aws::elsewhere"
    assert row.id not in broken(example.stack())
    example = Example(row, needed)
    example.consumer.properties["region"] = "eu-west-1"
    assert example.needed
    example.needed.properties["region"] = "us-east-1"
    assert row.id not in broken(example.stack())


@pytest.mark.parametrize(
    "pair",
    [pair for pair in CONDITIONS if pair[0] in CHOSEN["condition"]],
    ids=lambda pair: f"{pair[0].id}-{pair[1][0].at.path}",
)
def test_a_condition_that_does_not_hold_silences_a_row(pair: tuple[Row, Any]) -> None:
    row, group = pair
    example = Example(row, row.needed[0])
    before = broken(example.stack())
    assert row.id in before
    # Conditions on the same property may let each other through: what silences the row is that none holds.
    for condition in group:
        example.violate(condition)
    assert row.id not in broken(example.stack())


@pytest.mark.parametrize("row", CHOSEN["absent"], ids=lambda row: row.id)
def test_what_is_nowhere_in_the_stack_is_silent_unless_the_row_says_otherwise(row: Row) -> None:
    found = [one for one in missing(Example(row, None).stack()) if one.row is row]
    assert [one.level for one in found] == ([row.absent] if row.absent else [])


def test_a_silent_row_says_nothing() -> None:
    silent = [row for row in rows() if row.level == "silent"]
    assert len(silent) > 40
    assert [row.id for row in silent if row.id in broken(Example(row, row.needed[0]).stack())] == []


@on_each("switched off")
def test_a_row_can_be_switched_off(pair: tuple[Row, Needed]) -> None:
    stack = Example(*pair).stack()
    ids = {one.row.id for one in missing(stack)}
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
def test_malformed_input_for_values_stops_nothing(pair: tuple[Row, Needed]) -> None:
    for malformed in MALFORMED:
        example = Example(*pair)
        for node in example.nodes:
            node.properties = dict.fromkeys([*node.properties, "region", "name", "path"], malformed)
        broken(example.stack())


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
    """The names of the resources that serve the consumer, by one row without a hub."""
    data = {"id": "x-needs-s", "pattern": "misc", "consumer": ["t:x:X"], "needed": [{"type": "t:s:S", **needed}]}
    (row,) = rows_of(
        {
            "sets": {},
            "rows": [{**data, "level": "advisory", "retries": "", "answer": "", "basis": "", "sources": ["https://x"]}],
        }
    )
    stack = Stack([consumer, *others])
    return [one.name for one in Links(stack, row.needed[0]).to(consumer, None).values()]


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
