"""Our server and the SDK's answer the same requests in the same way.

What is different on purpose is left out here and tested elsewhere: secret values (the SDK drops their marks), findings
that stay advisory (it has one level for a policy), and resources outside the stack (it drops their names).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from aws_preflight.policies import POLICIES
from tests.conftest import ROOT
from tests.families import ONE_BY_ONE, WARNED
from tests.protocol import analyze_request, diagnostics
from tools.cases import Case, Secret, cases_of
from tools.recording.recorded import requests, running, send

Stub = analyzer_pb2_grpc.AnalyzerStub


@pytest.fixture(scope="module")
def sdk() -> Iterator[Stub]:
    with running(ROOT / "tests" / "sdk_pack") as stub:
        yield stub


@pytest.fixture
def fresh() -> Iterator[Stub]:
    """A pack whose configuration may be changed."""
    with running(ROOT) as stub:
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
    # A policy of the SDK reports everything at its own level.
    advisory = WARNED in {case.policy, *case.also} or any(finding.level == "advisory" for finding in case.findings)
    return not advisory and named <= names and not any(has_secret(r["properties"]) for r in case.resources)


def said(found: list[pb.AnalyzeDiagnostic]) -> list[tuple[Any, ...]]:
    return sorted((d.policyName, d.policyPackName, d.urn, d.description, d.message, d.enforcementLevel) for d in found)


CASES = [case for policy in ONE_BY_ONE for case in cases_of(policy.id) if comparable(case)]


def test_most_cases_are_compared() -> None:
    assert len(CASES) > 150


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_the_same_findings(case: Case, pack: Stub, sdk: Stub) -> None:
    assert said(diagnostics(pack, case)) == said(diagnostics(sdk, case))


def test_the_same_findings_on_a_recorded_program(pack: Stub, sdk: Stub) -> None:
    for request in requests():
        assert said(send(pack, request)) == said(send(sdk, request))


@pytest.mark.parametrize("level", [pb.ADVISORY, pb.MANDATORY, pb.DISABLED, pb.REMEDIATE])
def test_the_same_levels(level: int, fresh: Stub, sdk: Stub) -> None:
    config = {policy.id: pb.PolicyConfig(enforcementLevel=level) for policy in POLICIES}  # type: ignore[arg-type]
    for stub in (fresh, sdk):
        stub.Configure(pb.ConfigureAnalyzerRequest(policyConfig=config))
        stub.ConfigureStack(
            pb.AnalyzerStackConfigureRequest(stack="dev", project="p", tags={"team": "x"}, dry_run=True)
        )
    for request in requests():
        assert said(send(fresh, request)) == said(send(sdk, request))
    sdk.Configure(pb.ConfigureAnalyzerRequest())


def test_the_same_description_of_the_policies(pack: Stub, sdk: Stub) -> None:
    ours, theirs = (stub.GetAnalyzerInfo(empty_pb2.Empty()) for stub in (pack, sdk))
    assert (ours.name, ours.supportsConfig) == (theirs.name, theirs.supportsConfig)
    own = {p.name: (p.enforcementLevel, p.policy_type) for p in ours.policies}
    assert own.pop("exemptions") == (pb.ADVISORY, pb.POLICY_TYPE_STACK)
    assert own == {p.name: (p.enforcementLevel, p.policy_type) for p in theirs.policies}


def test_neither_changes_anything(pack: Stub, sdk: Stub) -> None:
    for case in CASES[:5]:
        for stub in (pack, sdk):
            assert not stub.Remediate(analyze_request(case.resources[0])).remediations


def test_calls_that_only_some_engines_make(pack: Stub, sdk: Stub) -> None:
    """No engine needs `Handshake`: it is told that the call is not there, and goes on."""
    for stub in (pack, sdk):
        assert stub.GetPluginInfo(empty_pb2.Empty()).version
        with pytest.raises(grpc.RpcError) as refused:
            stub.Handshake(pb.AnalyzerHandshakeRequest(engine_address="127.0.0.1:1"))
        assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED
