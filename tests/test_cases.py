"""The cases of each policy, on plain data and through the protocol of the engine."""

from __future__ import annotations

import pytest
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from policies import POLICIES
from policies.rules import RULES
from preflight.finding import Finding
from preflight.graph import Stack
from preflight.message import message_of, render
from preflight.policy import Policy
from preflight.values import format_path
from tests.protocol import diagnostics, plain
from tools.cases import Case, Expected, cases_of

ALL = [(policy, case) for policy in POLICIES for case in cases_of(policy.id)]
every_case = pytest.mark.parametrize(("policy", "case"), ALL, ids=[case.label for _, case in ALL])


def find(policy: Policy, case: Case) -> list[Finding]:
    resources = plain(case.resources)
    if policy.scope == "stack":
        return policy.on_stack(Stack(resources))
    return [
        finding for resource in resources if policy.judges(resource.type) for finding in policy.on_resource(resource)
    ]


def check_message(expected: Expected, message: str) -> None:
    assert f"at {expected.shown or expected.at}: " in message
    assert expected.says in message
    assert expected.answer in message


@every_case
def test_on_plain_data(policy: Policy, case: Case) -> None:
    found = find(policy, case)
    assert [(f.resource.name, format_path(f.at), f.level) for f in found] == [
        (e.resource, e.at, e.level) for e in case.findings
    ]
    for finding, expected in zip(found, case.findings, strict=True):
        check_message(expected, render(message_of(policy, finding)))


@every_case
def test_through_the_protocol(policy: Policy, case: Case, pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    found = diagnostics(pack, case)
    own = [d for d in found if d.policyName == policy.id]
    assert [d.urn.rpartition("::")[2] for d in own] == [e.resource for e in case.findings]
    for diagnostic, expected in zip(own, case.findings, strict=True):
        check_message(expected, diagnostic.message)
        advisory = "advisory" in (policy.level, expected.level)
        assert diagnostic.enforcementLevel == (pb.ADVISORY if advisory else pb.MANDATORY)
        assert diagnostic.message.startswith(policy.title + "\n")
    # A good case of one policy is no bad case of another, unless it says so.
    # A rule may miss what a case leaves out.
    others = {d.policyName for d in found} - {policy.id} - {rule.id for rule in RULES}
    assert not others or "belongs to" in case.title or case.file == "bad"


def test_every_policy_has_cases_of_each_kind() -> None:
    for policy in POLICIES:
        if policy in RULES:
            continue
        files = {case.file for case in cases_of(policy.id)}
        assert files == {"bad", "good", "look-alikes", "unknown", "wrong-types"}, policy.id
        assert all(case.findings for case in cases_of(policy.id) if case.file == "bad"), policy.id
        assert not any(
            case.findings for case in cases_of(policy.id) if case.file in ("good", "look-alikes", "wrong-types")
        ), policy.id
