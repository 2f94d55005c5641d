"""Our server and the SDK's, which has the rules through `aws_preflight.sdk`, find the same.

What is different on purpose is left out: secret values (the SDK drops their marks), resources outside the stack (it
drops their names), and the values that messages quote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from aws_preflight import sdk
from aws_preflight.preflight.message import parse, render
from tests.conftest import ROOT
from tests.families import ONE_BY_ONE
from tests.protocol import analyze_request, diagnostics
from tools.cases import Case, Secret, cases_of
from tools.recording.recorded import requests, running, send

Stub = analyzer_pb2_grpc.AnalyzerStub


@pytest.fixture(scope="module")
def own() -> Iterator[Stub]:
    with running(ROOT / "tests" / "sdk_pack") as stub:
        yield stub


def has_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(has_secret, value.values()))
    return isinstance(value, Secret) or (isinstance(value, list) and any(map(has_secret, value)))


def comparable(case: Case) -> bool:
    names = {resource["name"] for resource in case.resources}
    named = {
        name
        for resource in case.resources
        for list_ in [resource.get("dependencies", ()), *resource.get("propertyDependencies", {}).values()]
        for name in list_
    }
    return named <= names and not any(has_secret(r["properties"]) for r in case.resources)


def message_in(found: pb.AnalyzeDiagnostic) -> str:
    """The message of a rule: the SDK puts the description of its own policy above it."""
    head, _, rest = found.message.partition("\n")
    return rest if head in sdk.TITLE.values() else found.message


def without_value(text: str) -> str:
    message = parse(text)
    return render(replace(message, evidence="")) if message else text


def said(found: list[pb.AnalyzeDiagnostic]) -> list[tuple[Any, ...]]:
    """The level, the resource and the message of each, which names the rule."""
    return sorted((d.enforcementLevel, d.urn, without_value(message_in(d))) for d in found)


CASES = [case for policy in ONE_BY_ONE for case in cases_of(policy.id) if comparable(case)]


def test_most_cases_are_compared() -> None:
    assert len(CASES) > 200


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_the_same_findings(case: Case, pack: Stub, own: Stub) -> None:
    assert said(diagnostics(pack, case)) == said(diagnostics(own, case))


def test_the_same_findings_on_a_recorded_program(pack: Stub, own: Stub) -> None:
    for request in requests():
        assert said(send(pack, request)) == said(send(own, request))


def test_no_value_is_quoted(own: Stub) -> None:
    found = [one for request in requests() for one in send(own, request)]
    messages = [parse(message_in(one)) for one in found]
    assert len(messages) > 2
    assert not any(message is None or message.evidence for message in messages)


def test_four_policies_bring_all_rules(own: Stub) -> None:
    info = own.GetAnalyzerInfo(empty_pb2.Empty())
    assert [(one.name, one.enforcementLevel, one.policy_type) for one in info.policies] == [
        ("aws-preflight-resource", pb.MANDATORY, pb.POLICY_TYPE_RESOURCE),
        ("aws-preflight-stack", pb.MANDATORY, pb.POLICY_TYPE_STACK),
        ("aws-preflight-resource-advisory", pb.ADVISORY, pb.POLICY_TYPE_RESOURCE),
        ("aws-preflight-stack-advisory", pb.ADVISORY, pb.POLICY_TYPE_STACK),
    ]


def test_neither_changes_anything(pack: Stub, own: Stub) -> None:
    for case in CASES[:5]:
        for stub in (pack, own):
            assert not stub.Remediate(analyze_request(case.resources[0])).remediations


def test_calls_that_only_some_engines_make(pack: Stub, own: Stub) -> None:
    """No engine needs `Handshake`: it is told that the call is not there, and goes on."""
    for stub in (pack, own):
        assert stub.GetPluginInfo(empty_pb2.Empty()).version
        with pytest.raises(grpc.RpcError) as refused:
            stub.Handshake(pb.AnalyzerHandshakeRequest(engine_address="127.0.0.1:1"))
        assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"services": ["ecss"]}, r"there is no service 'ecss'; did you mean \"ecs\""),
        ({"levels": {"asg-tag-not-strin": "advisory"}}, 'there is no policy .*; did you mean "asg-tag-not-string"'),
        ({"levels": {"asg-tag-not-string": "remediate"}}, "there is no level 'remediate'"),
    ],
)
def test_a_name_that_nothing_has_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sdk.policies(**arguments)


def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no policy 'nothing'"):
        sdk.policies("nothing")
