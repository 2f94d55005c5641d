"""No input makes a policy raise, and none takes long."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from typing import Any

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from aws_preflight.policies import POLICIES
from aws_preflight.policies.awslogs_group_unresolved import GROUP_NAME, PASTED_GROUP
from aws_preflight.policies.documents.dashboard import LAMBDA_ARN
from aws_preflight.policies.documents.dashboard_rows import COLOUR, STATISTIC
from aws_preflight.policies.outputs import fingerprints
from aws_preflight.preflight.config import STACK_KEY
from aws_preflight.preflight.crossguard import Analyzer
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.json_documents import NOT_JSON, parse
from aws_preflight.preflight.message import message_of, render
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.run import MAX_FINDINGS
from aws_preflight.preflight.values import MAX_DEPTH, UNKNOWN, Value, format_path, quote
from tests.conftest import ROOT
from tests.families import ONE_BY_ONE
from tests.protocol import analyze_request, deep_value, field_bytes, plain, sent, stack_request, with_property
from tools.cases import Case, cases_of
from tools.recording.recorded import connected, running

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
malformed = st.recursive(
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
    """A value of a real case with parts replaced by malformed input: it gets deeper into a check than that alone."""
    if draw(st.integers(0, 9)) == 0:
        return draw(malformed)
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
    """The types that a policy evaluates; a few for one that evaluates any, or very many."""
    return [*filter(policy.applies_to, (*policy.types, "aws:s3/bucket:Bucket", "random:index:Pet"))][:12]


@st.composite
def resources_of(draw: st.DrawFn, policy: Policy) -> list[Resource]:
    """Resources of the policy's types, and of those in its cases, with malformed input for properties and relations."""
    types = sorted({*types_of(policy), *(r["type"] for case in cases_of(policy.id) for r in case.resources)})
    anything = st.sampled_from([*NAMES, "gone"])
    return [
        Resource(
            urn=name,
            type=draw(st.sampled_from(types)),
            name=draw(st.sampled_from(WORDS)),
            properties=draw(st.dictionaries(st.sampled_from(WORDS), malformed, max_size=5)),
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


each_policy = pytest.mark.parametrize("policy", ONE_BY_ONE, ids=lambda policy: policy.id)


@each_policy
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_malformed_input(policy: Policy, data: st.DataObject) -> None:
    run(policy, data.draw(resources_of(policy)))


@each_policy
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_real_cases_with_parts_replaced(policy: Policy, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(cases_of(policy.id)))
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


@pytest.mark.slow
def test_extremes_through_the_protocol(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    """Each with one of the types; each with all of them is what `test_extremes` tries."""
    types = sorted({types_of(policy)[0] for policy in POLICIES if policy.scope == "resource"})
    for extreme, type_ in zip(EXTREMES, cycle(types), strict=False):
        one = {"name": "n", "type": type_, "properties": {"x": extreme, "tags": extreme, "domainName": extreme}}
        for d in pack.Analyze(analyze_request(one)).diagnostics:
            assert "failed and evaluated nothing" not in d.message
        assert not pack.AnalyzeStack(stack_request([one])).diagnostics


@pytest.mark.slow
@pytest.mark.skipif(not FUZZER and not os.environ.get("CI"), reason="atheris has no build for this machine")
def test_mutated_requests_guided_by_coverage() -> None:
    """`make fuzz` sends a hundred times as many."""
    command = [sys.executable, "-m", "tools.fuzz", "-runs=10000", "-seed=1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "Done 10000 runs" in done.stderr


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
    and the strings that patterns see are short (names) or cut before.
    """
    for operation, argument in parts(re._parser.parse(pattern)):  # type: ignore[attr-defined]
        if operation in (re._constants.MAX_REPEAT, re._constants.MIN_REPEAT):  # type: ignore[attr-defined]
            endless = argument[1] == re._constants.MAXREPEAT  # type: ignore[attr-defined]
            assert not (endless and unbounded(argument[2]))


@given(malformed)
def test_anything_can_be_quoted(value: Value) -> None:
    line = quote(value)
    assert line.isprintable()
    assert len(line) <= 6 * 120
    line.encode()


@given(st.lists(st.integers(0, 9) | st.text(max_size=6)).map(tuple))
def test_any_path_can_be_written(path: tuple[str | int, ...]) -> None:
    assert format_path(path).isprintable()


# --- requests that are deep, broken or strange, as bytes through the protocol -----------------------------------------

LONG_NAME = {"name": "web", "type": "aws:acm/certificate:Certificate", "properties": {"domainName": "a" * 80 + ".org"}}
RACE = next(case for case in cases_of("ecs-service-without-listener-dependency") if case.findings).resources
DEPTHS = [63, 64, 65, 400, 5_000]
deep = pytest.mark.parametrize("kind", ["list", "object", "secret"])
levels_of = pytest.mark.parametrize("levels", DEPTHS)


def found_by(channel: grpc.Channel, method: str, data: bytes) -> list[str]:
    response = pb.AnalyzeResponse.FromString(sent(channel, method, data))
    assert not any("failed and evaluated nothing" in d.message for d in response.diagnostics)
    return [d.policyName for d in response.diagnostics]


@deep
@levels_of
def test_a_deep_value_hides_no_finding_of_its_resource(channel: grpc.Channel, kind: str, levels: int) -> None:
    request = analyze_request(LONG_NAME).SerializeToString()
    for name in ("tags", "subjectAlternativeNames", "x"):
        data = with_property(request, name, deep_value(levels, kind))
        assert found_by(channel, "Analyze", data) == ["acm-domain-too-long"]
        assert sent(channel, "Remediate", data) == b""


@deep
@levels_of
def test_a_deep_value_hides_no_finding_of_the_stack(channel: grpc.Channel, kind: str, levels: int) -> None:
    resources = stack_request([*RACE, LONG_NAME]).resources
    for at in (0, len(resources) - 1):
        parts = [resource.SerializeToString() for resource in resources]
        parts[at] = with_property(parts[at], "x", deep_value(levels, kind))
        stack = b"".join(field_bytes(1, part) for part in parts)
        assert found_by(channel, "AnalyzeStack", stack) == ["ecs-service-without-listener-dependency"]


@pytest.mark.parametrize("levels", DEPTHS)
def test_a_deep_configuration_is_a_note_and_the_rest_holds(levels: int) -> None:
    policy = field_bytes(1, b"acm-domain-too-long") + field_bytes(
        2,
        with_property(
            pb.PolicyConfig(enforcementLevel=pb.ADVISORY).SerializeToString(), "x", deep_value(levels, "list")
        ),
    )
    with connected(ROOT) as channel:
        sent(channel, "Configure", field_bytes(1, policy))
        response = pb.AnalyzeResponse.FromString(
            sent(channel, "Analyze", analyze_request(LONG_NAME).SerializeToString())
        )
        assert [d.enforcementLevel for d in response.diagnostics] == [pb.ADVISORY]
        notes = pb.AnalyzeResponse.FromString(sent(channel, "AnalyzeStack", b"")).diagnostics
        assert ["acm-domain-too-long.x: there is no property" in note.message for note in notes] == [True]


@pytest.mark.parametrize("levels", [100, 2_000, 200_000])
def test_a_deep_setting_of_the_stack_is_a_note(levels: int) -> None:
    with running(ROOT) as pack:
        config = {STACK_KEY: "[" * levels + "]" * levels, "shop:x": "[" * levels}
        pack.ConfigureStack(pb.AnalyzerStackConfigureRequest(stack="dev", config=config))
        assert [d.policyName for d in pack.Analyze(analyze_request(LONG_NAME)).diagnostics] == ["acm-domain-too-long"]
        notes = pack.AnalyzeStack(pb.AnalyzeStackRequest()).diagnostics
        assert [(d.policyName, STACK_KEY in d.message) for d in notes] == [("exemptions", True)]


def test_a_resource_that_is_no_message_leaves_the_others_alone(channel: grpc.Channel) -> None:
    parts = [resource.SerializeToString() for resource in stack_request(RACE).resources]
    for malformed in (b"\xff" * 20, field_bytes(2, b"\xff\xff"), field_bytes(4, b"\xff"), b"\x0b" * 5_000, b"\x12\x7f"):
        broken = stack_request([LONG_NAME]).resources[0].SerializeToString() + malformed
        for order in ([broken, *parts], [*parts, broken]):
            stack = b"".join(field_bytes(1, part) for part in order)
            assert found_by(channel, "AnalyzeStack", stack) == ["ecs-service-without-listener-dependency"]
        found_by(channel, "Analyze", analyze_request(LONG_NAME).SerializeToString() + malformed)


@pytest.fixture(scope="module")
def own_channel() -> Iterator[grpc.Channel]:
    """A pack of its own, as malformed input configures it."""
    with connected(ROOT) as channel:
        yield channel


@cache
def every_case() -> list[Case]:
    return [case for policy in ONE_BY_ONE for case in cases_of(policy.id) if case.resources]


@pytest.mark.parametrize(
    "method", ["Analyze", "AnalyzeStack", "Remediate", "Configure", "ConfigureStack", "GetPluginInfo"]
)
@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_bytes_end_a_call(own_channel: grpc.Channel, method: str, data: st.DataObject) -> None:
    """Whole and mutated requests; an error of a call would end the run of the engine."""
    case = data.draw(st.sampled_from(every_case()))
    whole = {
        "Analyze": analyze_request(case.resources[0]).SerializeToString(),
        "AnalyzeStack": stack_request(case.resources).SerializeToString(),
    }.get(method, field_bytes(1, field_bytes(1, b"asg-tag-not-string") + field_bytes(2, b"")))
    at = data.draw(st.integers(0, len(whole)))
    sent_bytes = whole[:at] + data.draw(st.binary(max_size=8)) + whole[at + data.draw(st.integers(0, 8)) :]
    sent(own_channel, method, sent_bytes)


@pytest.mark.parametrize(
    "document",
    [
        '{"widgets": ' + "[" * 100 + "]" * 100 + "}",
        '{"widgets": ' + "[" * 900 + "]" * 900 + "}",
        '{"widgets": [], "x": ' + "[" * 5_000 + "]" * 5_000 + "}",
        '{"widgets": [], "x": ' + "1" * 5_000 + "}",
    ],
    ids=["100", "900", "5000", "a long number"],
)
def test_a_document_that_python_cannot_read_is_not_called_wrong(document: str) -> None:
    analyzer = Analyzer(POLICIES)
    analyzer.ConfigureStack(pb.AnalyzerStackConfigureRequest(stack="dev", dry_run=True), None)
    board = {"name": "b", "type": "aws:cloudwatch/dashboard:Dashboard", "properties": {"dashboardBody": document}}
    task = {
        "name": "t",
        "type": "aws:ecs/taskDefinition:TaskDefinition",
        "properties": {"containerDefinitions": document},
    }
    assert not [d for one in (board, task) for d in analyzer.Analyze(analyze_request(one), None).diagnostics]
    assert analyzer._run.unevaluated == 2


def test_what_is_nested_to_the_limit_is_still_evaluated() -> None:
    value: Any = {"a": "Calling [toString] on an [Output<T>] is not supported."}
    for _ in range(MAX_DEPTH - 1):
        value = [value]
    found = Analyzer(POLICIES).Analyze(
        analyze_request({"name": "x", "type": "x:y:Z", "properties": {"p": value}}), None
    )
    assert [d.policyName for d in found.diagnostics] == ["output-stringified"]


def test_a_flood_of_findings_is_cut_and_counted(channel: grpc.Channel) -> None:
    """The engine takes an answer of 400 MB at most. What refuses is kept."""
    tags = [{"key": f"k{i}", "value": i} for i in range(MAX_FINDINGS + 500)]
    group = {"name": "g", "type": "aws:autoscaling/group:Group", "properties": {"tags": tags}}
    answer = pb.AnalyzeResponse.FromString(sent(channel, "Analyze", analyze_request(group).SerializeToString()))
    assert len(answer.diagnostics) == MAX_FINDINGS
    assert [
        d.message for d in answer.diagnostics if "(and 501 more findings of this policy at this resource)" in d.message
    ]
    rows = [["a", "b", {"period": 60, "accountId": 7}]] * (MAX_FINDINGS + 50) + [["a", "b", 3]]
    widgets = [{"type": "metric", "properties": {"region": "r", "metrics": part}} for part in (rows[:400], rows[400:])]
    body = {
        "name": "b",
        "type": "aws:cloudwatch/dashboard:Dashboard",
        "properties": {"dashboardBody": json.dumps({"widgets": widgets})},
    }
    answer = pb.AnalyzeResponse.FromString(sent(channel, "Analyze", analyze_request(body).SerializeToString()))
    assert len(answer.diagnostics) == MAX_FINDINGS
    assert pb.MANDATORY in {d.enforcementLevel for d in answer.diagnostics}
