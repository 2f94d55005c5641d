"""Each rule against its cases, and against what may become of them: unknown, malformed, coerced and secret values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from aws_preflight.policies import POLICIES
from aws_preflight.policies.rules import RULES
from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.json_documents import parse
from aws_preflight.preflight.message import HOLDS_SECRET, SECRET, message_of, render
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.rules.rule import Rule
from aws_preflight.preflight.run import Run
from aws_preflight.preflight.values import UNKNOWN, Path, Value, format_path, has_unknown
from tests.protocol import analyze_request
from tools.generate import rules
from tools.generate.rule_files import RuleCase, RuleSource
from tools.generate.rule_needs import needs

SOURCES = rules.sources()
BY_ID = {rule.id: rule for rule in RULES}
each_rule = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
JUNK: list[Value] = [
    None,
    True,
    0,
    -1,
    7.5,
    float("nan"),
    1e300,
    "",
    "x",
    "-",
    "[",
    "{}",
    "[]",
    [],
    {},
    [[]],
    [None],
    [UNKNOWN],
]


RUN = Run(POLICIES)


@cache
def policies_of(type_: str) -> list[Policy]:
    return [policy for policy in POLICIES if policy.scope == "resource" and policy.applies_to(type_)]


def resource(case: RuleCase, inputs: Value = None) -> Resource:
    properties = case.inputs if inputs is None else inputs
    return Resource(
        urn="urn:pulumi:dev::p::t::x", type=case.type, name="x", properties=properties, region=case.region or None
    )


def found(rule: Rule, case: RuleCase, inputs: Value = None) -> list[Finding]:
    return rule.on_resource(resource(case, inputs))


@cache
def cases(id_: str, kind: str) -> list[RuleCase]:
    return next(source for source in SOURCES if source.id == id_).cases(kind)


def document(value: Value) -> Value:
    """The document in a string, `None` where it holds none."""
    parsed = parse(value) if isinstance(value, str) else None
    return parsed if isinstance(parsed, (dict, list)) else None


def parts(value: Value, path: Path = ()) -> Iterator[tuple[Path, Value]]:
    """All parts of a value but itself, those of documents in strings too: a path leads through a string by `=>`."""
    if (inside := document(value)) is not None:
        path, value = (*path, "=>"), inside
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in members:
        yield (*path, key), item
        yield from parts(item, (*path, key))


def with_part(value: Value, path: Path, new: Value) -> Value:
    """The value with another part. A document in a string that then holds something unknown is unknown as a whole."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if step == "=>":
        return UNKNOWN if has_unknown(new) else json.dumps(with_part(json.loads(value), rest, new))
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[step] = with_part(value[step], rest, new)  # type: ignore[index]
    return copy


def variants(source: RuleSource, kind: str, new: Any) -> Iterator[tuple[RuleCase, Path, Value]]:
    """The inputs of the cases, each with one part changed by `new(part)`."""
    for case in cases(source.id, kind):
        for path, part in parts(case.inputs):
            yield case, path, with_part(case.inputs, path, new(part))


# --- what the rule says of its cases ----------------------------------------------------------------------------------


def test_the_compiled_file_is_fresh() -> None:
    assert rules.COMPILED.read_text(encoding="utf-8") == rules.text(), "run: make rules"


@each_rule
def test_bad_inputs_are_refused_where_the_rule_points(source: RuleSource) -> None:
    rule = BY_ID[source.id]
    for case in cases(source.id, "bad"):
        findings = found(rule, case)
        assert len(findings) == 1, case.inputs
        at = format_path(findings[0].at)
        if case.at:
            assert at == case.at
        last = re.split(r"=>|~>", source.facts["point"])[-1].strip().strip("./^")
        assert source.facts["point"] in (".", "@key") or re.sub(r"\[\d+\]", "", at).lower().endswith(last.lower())


@each_rule
def test_good_inputs_pass(source: RuleSource) -> None:
    for case in cases(source.id, "good"):
        assert found(BY_ID[source.id], case) == [], case.inputs


@each_rule
def test_no_other_rule_refuses_a_good_input(source: RuleSource) -> None:
    for case in cases(source.id, "good"):
        for other in RULES:
            if other.applies_to(case.type) and other.level == "mandatory":
                allowed = case.note or source.id in NEIGHBOURS.get(other.id, ())
                assert allowed or not found(other, case), f"{other.id} refuses {case.inputs}"


# Cases show a part of a resource, in which another rule misses something.
NEIGHBOURS = {
    "ecs-container-without-image": {"ecs-secrets-without-execution-role", "ecs-awsvpc-with-extra-hosts"},
    "ecs-fargate-service-without-network": {"ecs-service-with-launch-type-and-strategy"},
    "rds-subnet-group-of-one-subnet": set(),
}


@each_rule
def test_a_bad_input_is_refused_through_the_protocol(source: RuleSource, pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    rule = BY_ID[source.id]
    for case in cases(source.id, "bad"):
        request = analyze_request({"type": case.type, "name": "x", "properties": case.inputs})
        if case.region:
            request.provider.properties.update({"region": case.region})
        (found,) = (one for one in pack.Analyze(request).diagnostics if one.policyName == rule.id)
        assert found.enforcementLevel == (pb.MANDATORY if rule.level == "mandatory" else pb.ADVISORY)
        assert found.message.splitlines()[-1].endswith(f" and `aws-preflight explain {rule.id}`")
        assert len(found.message.splitlines()) <= 9
        assert rule.answer.text in found.message


# --- what may become of the values ------------------------------------------------------------------------------------


@each_rule
def test_what_is_refused_though_a_part_is_unknown_is_refused_whatever_it_is(source: RuleSource) -> None:
    """A part that the condition does not need may be unknown. Then no value of it makes the mistake go away."""
    rule = BY_ID[source.id]
    pool = [part for kind in ("bad", "good") for case in cases(source.id, kind) for _, part in parts(case.inputs)]
    for case, path, inputs in variants(source, "bad", lambda _: UNKNOWN):
        if not found(rule, case, inputs):
            continue
        # A string that stands for JSON was made unknown as a whole: with it goes all that is in it.
        whole = path[: path.index("=>")] if "=>" in path else path
        for value in [*pool, *JUNK]:
            changed = with_part(case.inputs, whole, value)
            assert value is UNKNOWN or found(rule, case, changed), (format_path(path), value)


@each_rule
def test_a_good_input_passes_with_anything_unknown(source: RuleSource) -> None:
    for case, path, inputs in variants(source, "good", lambda _: UNKNOWN):
        assert found(BY_ID[source.id], case, inputs) == [], format_path(path)


@each_rule
def test_where_nothing_is_known_nothing_is_refused_and_that_is_told(source: RuleSource) -> None:
    rule = BY_ID[source.id]
    for type_ in source.scopes:
        nothing = RuleCase(type=type_, inputs=dict.fromkeys(rule.reads, UNKNOWN))
        assert rule.evaluate(resource(nothing)) == ([], True)


@each_rule
def test_without_what_a_rule_needs_it_finds_nothing(source: RuleSource) -> None:
    rule = BY_ID[source.id]
    for kind in ("bad", "good"):
        for case in source.cases(kind):
            assert kind == "good" or case.inputs.keys() >= set(rule.needs_of(case.type))
            for name in rule.needs_of(case.type):
                rest = {key: value for key, value in case.inputs.items() if key != name}
                assert found(rule, case, rest) == [], name
                assert found(rule, case, {**case.inputs, name: UNKNOWN}) == [], name


@each_rule
def test_a_run_leaves_out_only_what_would_say_nothing(source: RuleSource) -> None:
    """With any property of a bad case unknown, a run says and counts what the policies say that have what they need."""
    for case in source.cases("bad"):
        for name in case.inputs:
            one = resource(case, {**case.inputs, name: UNKNOWN})
            RUN.configure({}, {})
            told = RUN.evaluate_resource(one.type, one.urn, lambda one=one: one, names=one.properties)  # type: ignore[misc]
            asked = (p for p in policies_of(one.type) if case.inputs.keys() >= set(p.needs_of(one.type)))
            answers = {policy.id: policy.evaluate(one) for policy in asked}
            assert {verdict.policy for verdict in told} == {id_ for id_, (findings, _) in answers.items() if findings}
            assert RUN.unevaluated == any(is_open for _, is_open in answers.values())


@pytest.mark.parametrize(
    ("condition", "needed"),
    [
        ([{"at": "a", "equals": 1}, {"count": "b", "above": 1}], ["a", "b"]),
        ({"any": [{"at": "a", "equals": 1}, {"at": "b", "equals": 1}]}, []),
        ({"any": [[{"at": "a", "is": "set"}, {"at": "b", "is": "unset"}], {"at": "a", "in": [1]}]}, ["a"]),
        ({"not": {"at": "a", "equals": 1}}, ["a"]),
        ({"not": {"at": "a", "is": "unset"}}, ["a"]),
        ({"not": {"at": "a", "is": "set"}}, []),
        ({"not": [{"at": "a", "equals": 1}, {"at": "b", "equals": 1}]}, []),
        ({"not": {"any": [{"at": "a", "equals": 1}, {"at": "b", "equals": 1}]}}, ["a", "b"]),
        ({"at": "a", "equals": 1, "default": 1}, []),
        ({"at": "a", "above": {"at": "b"}}, ["a", "b"]),
        ({"at": "a", "above": {"at": "b", "default": 1}}, ["a"]),
        ({"at": "a", "is": "empty"}, ["a"]),
        ({"some": "a[]", "where": [{"at": "c", "equals": 1}, {"at": "/b", "equals": 1}]}, ["a", "b"]),
        ({"some": "a[]", "where": {"at": "^d", "equals": 1}}, ["a", "d"]),
        ({"not": {"some": "a[]", "where": {"at": "c", "equals": 1}}}, []),
        ({"every": "a[]", "where": {"at": "c", "equals": 1}}, ["a"]),
        ({"not": {"every": "a[]", "where": {"at": "c", "equals": 1}}}, ["a"]),
        ({"repeats": "a[].c"}, ["a"]),
        ({"not": {"repeats": "a[].c"}}, []),
        ({"at": "@region", "equals": "us-east-1"}, []),
    ],
    ids=str,
)
def test_what_a_condition_needs(condition: Value, needed: list[str]) -> None:
    assert needs([""], condition) == needed


def test_a_rule_needs_what_its_scopes_share() -> None:
    inside = {"at": "c", "equals": 1}
    assert needs(["a[]"], inside) == ["a"]
    assert needs(["a[]", "b[]"], [inside, {"at": "/d", "is": "set"}]) == ["d"]


@pytest.mark.parametrize(
    "source", [one for one in SOURCES if "-zone-of-other-region" in one.id], ids=lambda one: one.id
)
def test_a_zone_that_was_left_empty_is_none(source: RuleSource) -> None:
    """The provider does not send it: `config.get("zone") || ""`."""
    for case in source.cases("bad"):
        for path, value in parts(case.inputs):
            if isinstance(value, str) and re.fullmatch(r"[a-z]{2}-[a-z]+-[0-9][a-z]", value):
                findings = found(BY_ID[source.id], case, with_part(case.inputs, path, ""))
                assert path not in [finding.at for finding in findings]


@each_rule
def test_junk_raises_nothing(source: RuleSource) -> None:
    rule = BY_ID[source.id]
    for case in (*cases(source.id, "bad"), *cases(source.id, "good")):
        for path, _ in parts(case.inputs):
            for junk in JUNK:
                for finding in found(rule, case, with_part(case.inputs, path, junk)):
                    render(message_of(rule, finding)).encode()


def as_text(value: Value) -> Value:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


@each_rule
def test_numbers_and_booleans_may_arrive_as_texts(source: RuleSource) -> None:
    for kind in ("bad", "good"):
        for case, path, inputs in variants(source, kind, as_text):
            # Inside a document the values are sent as they are.
            if "=>" not in path:
                assert len(found(BY_ID[source.id], case, inputs)) == (kind == "bad"), format_path(path)


@each_rule
def test_documents_may_arrive_as_objects(source: RuleSource) -> None:
    for kind in ("bad", "good"):
        for case in cases(source.id, kind):
            opened = {name: item if document(item) is None else document(item) for name, item in case.inputs.items()}
            assert len(found(BY_ID[source.id], case, opened)) == (kind == "bad")


@each_rule
def test_a_secret_is_not_shown(source: RuleSource) -> None:
    rule = BY_ID[source.id]
    for case in cases(source.id, "bad"):
        secret = replace(resource(case), secrets=frozenset((name,) for name in case.inputs))
        for finding in rule.on_resource(secret):
            assert message_of(rule, finding).evidence in ("", SECRET, HOLDS_SECRET)


def test_what_the_provider_takes_for_a_secret_is_not_shown() -> None:
    (case, *_) = cases("rds-password-characters", "bad")
    (finding,) = found(BY_ID["rds-password-characters"], case)
    assert case.inputs["password"] not in render(message_of(BY_ID["rds-password-characters"], finding))
