"""The same program gives the same findings, byte for byte."""

from __future__ import annotations

import random

import pytest
from pulumi.runtime.proto import analyzer_pb2_grpc

from tests.conftest import ROOT
from tests.families import ONE_BY_ONE
from tests.protocol import analyze_request, diagnostics, stack_request
from tools.cases import cases_of
from tools.recording.recorded import running

CASES = [case for policy in ONE_BY_ONE for case in cases_of(policy.id) if case.findings]


def everything(pack: analyzer_pb2_grpc.AnalyzerStub) -> list[bytes]:
    return [d.SerializeToString() for case in CASES for d in diagnostics(pack, case)]


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "12345"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"},
    ],
    ids=str,
)
def test_whatever_the_environment(environment: dict[str, str], pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    with running(ROOT, environment) as other:
        assert everything(other) == everything(pack)


def test_whatever_the_order_of_arrival(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    resources = [r for case in CASES if len(case.resources) > 1 for r in case.resources]
    resources = [{**r, "name": f"{r['name']}-{i}"} for i, r in enumerate(resources)]
    wanted = pack.AnalyzeStack(stack_request(resources)).SerializeToString()
    for seed in range(5):
        random.Random(seed).shuffle(resources)
        assert pack.AnalyzeStack(stack_request(resources)).SerializeToString() == wanted


def test_whatever_the_order_of_properties(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    for case in CASES:
        for resource in case.resources:
            reversed_ = {**resource, "properties": dict(reversed(resource["properties"].items()))}
            one, other = (pack.Analyze(analyze_request(r)) for r in (resource, reversed_))
            assert one.SerializeToString() == other.SerializeToString()


def test_an_answer_does_not_depend_on_what_was_asked_before(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    first = everything(pack)
    assert everything(pack) == first
