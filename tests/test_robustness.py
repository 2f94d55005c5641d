"""No input makes a policy raise, and none takes long."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi.runtime.proto import analyzer_pb2_grpc

from policies import POLICIES
from policies.awslogs_group_unresolved import GROUP_NAME, PASTED_GROUP
from preflight import fingerprints
from preflight.dashboard_body import COLOUR, LAMBDA_ARN, STATISTIC
from preflight.documents import NOT_JSON, parse
from preflight.graph import Stack
from preflight.message import message_of, render
from preflight.policy import Policy
from preflight.resource import Resource
from preflight.values import UNKNOWN, Value, format_path, quote
from tests.conftest import ROOT
from tests.protocol import analyze_request, plain, stack_request
from tools.cases import cases_of

FUZZER = importlib.util.find_spec("atheris") is not None
WORDS = [
    *("domainName", "subjectAlternativeNames", "certificateBody", "containerDefinitions", "logConfiguration"),
    *("logDriver", "options", "secretOptions", "awslogs", "awslogs-group", "name", "dashboardBody", "widgets"),
    *("properties", "metrics", "type", "metric", "text", "alarm", "region", "period", "stat", "yAxis", "annotations"),
    *("variables", "tags", "tag", "key", "value", "isKnown", "isSecret", "promise", "resources", "loadBalancers"),
    *("targetGroupArn", "defaultActions", "actions", "forward", "targetGroups", "arn", "deploymentController"),
    *("advancedConfiguration", "alternateTargetGroupArn", "...", ".", "AWS/EC2", "dimensions", "a.cloudfront.net"),
    *("[object Object]", "<pulumi.output.Output object at 0x7f10>", "Q2FsbGluZyBbdG9T", "Statement", "Effect", "Allow"),
    *("bücher.example", "xn--", "Calling [toString] on an [Output<T>]", "\ud800", "\x1b[31m", "aws:x", "\n", "x" * 300),
]
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.just(UNKNOWN),
    st.sampled_from(WORDS),
    st.text(st.characters(codec=None), max_size=40),
)
rubbish = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=8), inner, max_size=5),
        inner.map(lambda value: json.dumps(value, default=str)),
    ),
    max_leaves=25,
)
NAMES = ["a", "b", "c"]


def mutated(draw: st.DrawFn, value: Value) -> Value:
    """A value of a real case with parts replaced by rubbish: it gets deeper into a check than rubbish alone."""
    if draw(st.integers(0, 9)) == 0:
        return draw(rubbish)
    if isinstance(value, dict):
        return {key: mutated(draw, item) for key, item in value.items()}
    if isinstance(value, list):
        return [mutated(draw, item) for item in value]
    if isinstance(value, str) and (document := parse(value)) is not NOT_JSON and isinstance(document, (dict, list)):
        return json.dumps(mutated(draw, document), default=str)
    return value


def run(policy: Policy, resources: list[Resource]) -> None:
    if policy.scope == "stack":
        found = policy.on_stack(Stack(resources))
    else:
        found = [finding for resource in resources for finding in policy.on_resource(resource)]
    for finding in found:
        render(message_of(policy, finding)).encode()


def types_of(policy: Policy) -> list[str]:
    """The types that a policy judges; a few for one that judges any, or very many."""
    return [*filter(policy.judges, (*policy.types, "aws:s3/bucket:Bucket", "random:index:Pet"))][:12]


@st.composite
def resources_of(draw: st.DrawFn, policy: Policy) -> list[Resource]:
    """Resources of the policy's types, and of those in its cases, with rubbish for properties and relations."""
    types = sorted({*types_of(policy), *(r["type"] for case in cases_of(policy.id) for r in case.resources)})
    anything = st.sampled_from([*NAMES, "gone"])
    return [
        Resource(
            urn=name,
            type=draw(st.sampled_from(types)),
            name=draw(st.sampled_from(WORDS)),
            properties=draw(st.dictionaries(st.sampled_from(WORDS), rubbish, max_size=5)),
            secrets=frozenset(draw(st.lists(st.just(("tags",)), max_size=1))),
            parent=draw(st.none() | anything),
            dependencies=tuple(draw(st.lists(anything, max_size=3))),
            property_dependencies=draw(
                st.dictionaries(st.sampled_from(WORDS), st.lists(anything, max_size=3).map(tuple), max_size=3)
            ),
            custom=draw(st.booleans()),
        )
        for name in NAMES
    ]


each_policy = pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)


@each_policy
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_rubbish(policy: Policy, data: st.DataObject) -> None:
    run(policy, data.draw(resources_of(policy)))


@each_policy
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_real_cases_with_parts_replaced(policy: Policy, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(list(cases_of(policy.id))))
    run(
        policy,
        [
            Resource(
                urn=r.urn,
                type=r.type,
                name=r.name,
                properties=data.draw(st.composite(lambda draw, p: mutated(draw, p))(dict(r.properties)).filter(is_map)),
                parent=r.parent,
                dependencies=r.dependencies,
                property_dependencies=r.property_dependencies,
                custom=r.custom,
            )
            for r in plain(case.resources)
        ],
    )


def is_map(value: Value) -> bool:
    return isinstance(value, dict)


def nested(levels: int) -> Value:
    value: Any = "x"
    for i in range(levels):
        value = {"widgets": value} if i % 2 else [value]
    return value


EXTREMES = [
    "x" * 10_000_000,
    "[" * 10_000_000,
    '{"widgets":' * 100_000,
    '{"awslogs-group":"' * 100_000,
    "a." * 1_000_000,
    "ü." * 100_000,
    "Calling [" * 200_000,
    "{{{{ 0 0}" * 100_000,
    "arn:aws:" * 100_000,
    "\\" * 1_000_000,
    json.dumps(nested(200)),
    nested(200),
    [nested(200)] * 3,
    {"tags": "x" * 1_000_000},
    ["x" * 1_000_000] * 3,
    [{"key": "k" * 1_000_000, "value": "v" * 1_000_000}] * 3,
    json.dumps([{"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "{" * 10_000_000}}}]),
    json.dumps({"widgets": [{"type": "metric", "properties": {"region": "r", "metrics": [["a"] * 100_000]}}]}),
    json.dumps({"widgets": [{"type": "metric", "properties": {"region": "r", "metrics": [], "stat": "p9" * 10_000}}]}),
]
PROPERTIES = ["domainName", "subjectAlternativeNames", "containerDefinitions", "dashboardBody", "tags", "loadBalancers"]


@each_policy
@pytest.mark.parametrize("extreme", EXTREMES, ids=lambda value: quote(str(value)[:24], 40))
def test_extremes(policy: Policy, extreme: Value) -> None:
    """Long and deep values: a pattern that backtracks without bound would never come back from here."""
    for type_ in types_of(policy):
        run(policy, [Resource(urn="u", type=type_, name="n", properties=dict.fromkeys(PROPERTIES, extreme))])


def test_extremes_through_the_protocol(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    for extreme in EXTREMES:
        for type_ in sorted({types_of(policy)[0] for policy in POLICIES if policy.scope == "resource"}):
            one = {"name": "n", "type": type_, "properties": {"x": extreme, "tags": extreme, "domainName": extreme}}
            for d in pack.Analyze(analyze_request(one)).diagnostics:
                assert "failed and judged nothing" not in d.message
        assert not pack.AnalyzeStack(stack_request([one])).diagnostics


@pytest.mark.skipif(not FUZZER and not os.environ.get("CI"), reason="atheris has no build for this machine")
def test_mutated_requests_guided_by_coverage() -> None:
    """`make fuzz` sends fifty times as many."""
    command = [sys.executable, "-m", "tools.fuzz", "-runs=20000", "-seed=1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done 20000 runs" in done.stderr


def parts(pattern: Any) -> Iterator[tuple[Any, Any]]:
    """The operations of a parsed pattern, with those inside groups, branches and repetitions."""
    for operation, argument in pattern:
        yield operation, argument
        for inner in argument if isinstance(argument, (list, tuple)) else [argument]:
            for one in inner if isinstance(inner, list) else [inner]:
                if isinstance(one, re._parser.SubPattern):  # type: ignore[attr-defined]
                    yield from parts(one)


def unbounded(pattern: Any) -> bool:
    return any(
        operation in (re._constants.MAX_REPEAT, re._constants.MIN_REPEAT)  # type: ignore[attr-defined]
        and argument[1] == re._constants.MAXREPEAT  # type: ignore[attr-defined]
        for operation, argument in parts(pattern)
    )


def every_pattern() -> list[str]:
    fixed = [STATISTIC, LAMBDA_ARN, COLOUR, GROUP_NAME.pattern, PASTED_GROUP.pattern]
    return [*fixed, *(row.pattern.pattern for row in fingerprints.table())]


@pytest.mark.parametrize("pattern", every_pattern(), ids=lambda pattern: quote(pattern, 60))
def test_no_pattern_can_backtrack_without_bound(pattern: str) -> None:
    """A repetition without a limit holds no other repetition without one: matching takes polynomial time at worst,
    and the texts that patterns see are short (names) or cut before.
    """
    for operation, argument in parts(re._parser.parse(pattern)):  # type: ignore[attr-defined]
        if operation in (re._constants.MAX_REPEAT, re._constants.MIN_REPEAT):  # type: ignore[attr-defined]
            endless = argument[1] == re._constants.MAXREPEAT  # type: ignore[attr-defined]
            assert not (endless and unbounded(argument[2]))


@given(rubbish)
def test_anything_can_be_quoted(value: Value) -> None:
    line = quote(value)
    assert line.isprintable()
    assert len(line) <= 6 * 120
    line.encode()


@given(st.lists(st.integers(0, 9) | st.text(max_size=6)).map(tuple))
def test_any_path_can_be_written(path: tuple[str | int, ...]) -> None:
    assert format_path(path).isprintable()
