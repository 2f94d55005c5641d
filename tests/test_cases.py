"""The cases of each policy, on plain data and through the protocol of the engine."""

from __future__ import annotations

import pytest
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.message import MOST_LINES, message_of, parse, render
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.values import format_path
from tests.families import OF_RULES, ONE_BY_ONE, family_of
from tests.protocol import diagnostics, plain
from tools.cases import Case, Expected, cases_of

ALL = [(policy, case) for policy in ONE_BY_ONE for case in cases_of(policy.id)]
every_case = pytest.mark.parametrize(("policy", "case"), ALL, ids=[case.label for _, case in ALL])


def find(policy: Policy, case: Case) -> list[Finding]:
    resources = plain(case.resources)
    if policy.scope == "stack":
        return policy.on_stack(Stack(resources))
    return [
        finding
        for resource in resources
        if policy.applies_to(resource.type)
        for finding in policy.on_resource(resource)
    ]


def check_message(expected: Expected, text: str) -> None:
    """Whether a message says what a case expects."""
    message = parse(text)
    assert message, text
    assert message.path == (expected.shown or expected.at)
    assert expected.message in text
    assert expected.answer
    assert expected.answer in message.answered
    assert len(text.split("\n")) - 1 <= MOST_LINES


@every_case
def test_on_plain_data(policy: Policy, case: Case) -> None:
    found = find(policy, case)
    assert [(f.resource.name, format_path(f.at)) for f in found] == [(e.resource, e.at) for e in case.findings]
    if policy.level == "mandatory":
        assert [f.level for f in found] == [e.level for e in case.findings]
    for finding, expected in zip(found, case.findings, strict=True):
        check_message(expected, render(message_of(policy, finding)))


@every_case
def test_through_the_protocol(policy: Policy, case: Case, pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    found = [
        (family_of(d.policyName, mandatory=d.enforcementLevel == pb.MANDATORY), d) for d in diagnostics(pack, case)
    ]
    own = sorted((d for name, d in found if name == policy.id), key=lambda d: d.urn)
    assert [d.urn.rpartition("::")[2] for d in own] == [e.resource for e in case.findings]
    for diagnostic, expected in zip(own, case.findings, strict=True):
        check_message(expected, diagnostic.message)
        assert expected.rule in ("", diagnostic.policyName)
        advisory = "advisory" in (policy.level, expected.level)
        assert diagnostic.enforcementLevel == (pb.ADVISORY if advisory else pb.MANDATORY)
        assert diagnostic.message.startswith(diagnostic.description + "\n")
    # A rule may miss what a case leaves out.
    assert {name for name, _ in found} - {policy.id} - OF_RULES == case.also


def test_every_policy_has_cases_of_each_kind() -> None:
    for policy in ONE_BY_ONE:
        files = {case.file for case in cases_of(policy.id)}
        assert files - {"evidence"} == {"bad", "good", "look-alikes", "unknown", "wrong-types"}, policy.id
        assert all(case.findings for case in cases_of(policy.id) if case.file == "bad"), policy.id
        assert not any(
            case.findings for case in cases_of(policy.id) if case.file in ("good", "look-alikes", "wrong-types")
        ), policy.id
