"""The protocol: levels, configuration, secrets, defects of a policy, malformed input on the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from aws_preflight.policies import POLICIES
from aws_preflight.policies.acm_domain_from_load_balancer import acm_domain_from_load_balancer
from aws_preflight.policies.acm_domain_too_long import acm_domain_too_long
from aws_preflight.preflight.crossguard import Analyzer
from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.json_documents import parse
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN
from aws_preflight.preflight.wire import SECRET_SIGNATURE, SIGNATURE_KEY, decode
from tests.conftest import ROOT
from tests.families import ONE_BY_ONE
from tests.protocol import analyze_request, diagnostics, stack_request, struct
from tools.cases import Case, Secret, cases_of
from tools.recording.recorded import running

CERTIFICATE = "aws:acm/certificate:Certificate"
LONG = {"name": "certificate", "type": CERTIFICATE, "properties": {"domainName": "a" * 60 + ".example.com"}}


def level(analyzer: Analyzer) -> list[int]:
    return [d.enforcementLevel for d in analyzer.Analyze(analyze_request(LONG), None).diagnostics]


def configured(policy: str, value: int) -> Analyzer:
    analyzer = Analyzer(POLICIES)
    config = {policy: pb.PolicyConfig(enforcementLevel=value)}
    analyzer.Configure(pb.ConfigureAnalyzerRequest(policyConfig=config), None)
    return analyzer


def test_info_names_every_policy(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    info = pack.GetAnalyzerInfo(empty_pb2.Empty())
    assert info.name == "aws-preflight"
    assert info.supportsConfig
    assert [p.name for p in info.policies] == [*(p.id for p in POLICIES), "exemptions"]
    assert all(p.description for p in info.policies)
    assert {p.name for p in info.policies if p.enforcementLevel == pb.ADVISORY} == {
        *(policy.id for policy in POLICIES if policy.level == "advisory"),
        "exemptions",
    }
    stack = {p.name for p in info.policies if p.policy_type == pb.POLICY_TYPE_STACK}
    assert stack == {*(p.id for p in POLICIES if p.scope == "stack"), "exemptions"}
    words = {p.name: sorted(p.configSchema.properties) for p in info.policies if p.configSchema.properties}
    assert words.keys() == {"exemptions"}
    # The engine would end the run of whoever configures a policy that this version does not have.
    assert all("enum" not in str(p.configSchema) for p in info.policies)


def test_levels_come_from_the_configuration() -> None:
    assert level(Analyzer(POLICIES)) == [pb.MANDATORY]
    assert level(configured("acm-domain-too-long", pb.ADVISORY)) == [pb.ADVISORY]
    assert level(configured("acm-domain-too-long", pb.DISABLED)) == []
    assert level(configured("acm-domain-too-long", pb.REMEDIATE)) == [pb.MANDATORY]
    assert level(configured("no-such-policy", pb.DISABLED)) == [pb.MANDATORY]


def test_a_doubt_stays_a_warning_whatever_the_configuration() -> None:
    task = {
        "name": "task",
        "type": "aws:ecs/taskDefinition:TaskDefinition",
        "properties": {
            "containerDefinitions": json.dumps(
                [{"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/undefined"}}}]
            )
        },
    }
    analyzer = configured("awslogs-group-unresolved", pb.MANDATORY)
    found = analyzer.Analyze(analyze_request(task), None).diagnostics
    own = [d.enforcementLevel for d in found if d.policyName == "awslogs-group-unresolved"]
    assert own == [pb.ADVISORY]


def test_a_stack_policy_can_be_switched_off() -> None:
    case = next(case for case in cases_of("acm-domain-from-load-balancer") if case.findings)
    assert Analyzer(POLICIES).AnalyzeStack(stack_request(case.resources), None).diagnostics
    analyzer = configured("acm-domain-from-load-balancer", pb.DISABLED)
    assert not analyzer.AnalyzeStack(stack_request(case.resources), None).diagnostics


# --- a defect of a policy ---------------------------------------------------------------------------------------------


def broken(subject: Resource | Stack) -> Iterator[Finding]:
    raise ValueError(f"secret of {subject}")
    yield


@pytest.mark.parametrize("policy", [acm_domain_too_long, acm_domain_from_load_balancer])
def test_a_policy_that_raises_is_one_warning_and_the_others_go_on(policy: Any) -> None:
    defect = replace(policy, id="broken", check=broken)
    analyzer = Analyzer([defect, *POLICIES])
    found = [
        *analyzer.Analyze(analyze_request(LONG), None).diagnostics,
        *analyzer.AnalyzeStack(stack_request([LONG]), None).diagnostics,
    ]
    crash = next(d for d in found if d.policyName == "broken")
    assert crash.enforcementLevel == pb.ADVISORY
    assert "failed and evaluated nothing here" in crash.message
    assert "ValueError at test_crossguard.py:" in crash.message
    assert "README.md" in crash.message
    assert "secret of" not in crash.message
    assert [d.policyName for d in found if d is not crash] == ["acm-domain-too-long"]


def test_a_method_that_raises_answers_and_says_so(tmp_path: Path) -> None:
    """The error of a call would end the run of every stack that the pack guards."""
    (tmp_path / "__main__.py").write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        "from aws_preflight.policies import POLICIES\nfrom aws_preflight.preflight import crossguard\n"
        "def fails(*arguments): raise RuntimeError('a secret')\n"
        "crossguard.Run.configure = crossguard.Run.configure_stack = crossguard.Run.evaluate_stack = fails\n"
        "crossguard.Run.evaluate_resource = fails\n"
        "sys.stderr = open('told', 'w', buffering=1)\n"
        "crossguard.serve(POLICIES)\n"
    )
    with running(tmp_path) as pack:
        pack.Configure(pb.ConfigureAnalyzerRequest())
        pack.ConfigureStack(pb.AnalyzerStackConfigureRequest(stack="dev"))
        assert not pack.Analyze(analyze_request(LONG)).diagnostics
        assert not pack.AnalyzeStack(stack_request([LONG])).diagnostics
        assert pack.GetAnalyzerInfo(empty_pb2.Empty()).name == "aws-preflight"
    told = (tmp_path / "told").read_text()
    for name in ("Configure", "ConfigureStack", "Analyze", "AnalyzeStack"):
        assert f"aws-preflight: {name} met RuntimeError at __main__.py:5. This is a defect of the pack" in told
    assert "a secret" not in told


def test_a_finding_that_cannot_be_worded_is_a_defect_of_the_policy() -> None:
    def check(subject: Resource) -> Iterator[Finding]:
        yield Finding(resource=subject, at=(3.5,), message="x")  # type: ignore[arg-type]

    found = Analyzer([replace(acm_domain_too_long, check=check)]).Analyze(analyze_request(LONG), None).diagnostics
    assert ["failed and evaluated nothing here" in d.message for d in found] == [True]


# --- secrets ----------------------------------------------------------------------------------------------------------


def every_text(value: Any) -> set[str]:
    """The strings in a value, also those of a JSON document; the keys of objects are no values."""
    if isinstance(value, Secret):
        return every_text(value.value)
    if isinstance(value, (dict, list)):
        return set().union(*map(every_text, value.values() if isinstance(value, dict) else value))
    if isinstance(value, str):
        document = parse(value)
        return every_text(document) if isinstance(document, (dict, list)) else {value}
    return set()


def words_of_the_code() -> str:
    """Everything that the pack can say by itself; a value is only kept secret where it is none of these words."""
    files = [
        *ROOT.glob("aws_preflight/policies/**/*.py"),
        *ROOT.glob("aws_preflight/preflight/**/*.py"),
        *ROOT.glob("aws_preflight/policies/**/*.json"),
        *ROOT.glob("aws_preflight/policies/**/*.jsonl"),
    ]
    return "".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize("case", [c for p in ONE_BY_ONE for c in cases_of(p.id) if c.findings], ids=lambda c: c.label)
def test_no_part_of_a_secret_is_in_a_message(case: Case, pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    """With every property marked secret, the findings stay and quote nothing of it."""
    hidden = [
        {
            **r,
            "properties": {
                k: v if isinstance(v, Secret) or v is UNKNOWN else Secret(v) for k, v in r["properties"].items()
            },
        }
        for r in case.resources
    ]
    shown = diagnostics(pack, case)
    found = diagnostics(pack, replace(case, resources=hidden))
    assert [(d.policyName, d.urn) for d in found] == [(d.policyName, d.urn) for d in shown]
    own_words = words_of_the_code()
    strings = {t for r in case.resources for v in r["properties"].values() for t in every_text(v)}
    for text in strings:
        assert len(text) < 4 or text in own_words or not any(text in d.message for d in found), text


def test_a_secret_inside_a_list_hides_only_its_own_place(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    tags = [{"key": "a", "value": Secret(["hunter2"])}, {"key": "b", "value": ["shown"]}]
    group = {"name": "g", "type": "aws:autoscaling/group:Group", "properties": {"tags": tags}}
    messages = [d.message for d in pack.Analyze(analyze_request(group)).diagnostics]
    assert len(messages) == 2
    assert "hunter2" not in messages[0]
    assert "(the value is secret and not shown)" in messages[0]
    assert "shown" in messages[1].splitlines()[2]


# --- the wire ---------------------------------------------------------------------------------------------------------


def test_decoding() -> None:
    properties = {
        "whole": 80.0,
        "half": 0.5,
        "nan": float("nan"),
        "unknown": UNKNOWN,
        "secret": Secret({"a": [Secret("b"), UNKNOWN]}),
        "null": None,
        "asset": {SIGNATURE_KEY: "c44067f5952c0a294b673a41bacd8c17", "text": "x"},
        "output": {SIGNATURE_KEY: "d0e6a833031e9bbcd3f4e8bde6ca49a4", "secret": True, "value": "v"},
        "unknownOutput": {SIGNATURE_KEY: "d0e6a833031e9bbcd3f4e8bde6ca49a4"},
        "strange": {SIGNATURE_KEY: "?"},
        "halfSecret": {SIGNATURE_KEY: SECRET_SIGNATURE},
    }
    values, secrets = decode(struct(properties))
    nan = values.pop("nan")
    assert nan != nan
    assert values == {
        "whole": 80,
        "half": 0.5,
        "unknown": UNKNOWN,
        "secret": {"a": ["b", UNKNOWN]},
        "null": None,
        "asset": UNKNOWN,
        "output": "v",
        "unknownOutput": UNKNOWN,
        "strange": UNKNOWN,
        "halfSecret": UNKNOWN,
    }
    assert isinstance(values["whole"], int)
    assert secrets == {("secret",), ("secret", "a", 0), ("output",), ("halfSecret",)}


def test_numbers_that_are_none_pass_through_the_pack(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    group = {"name": "g", "type": "aws:autoscaling/group:Group", "properties": {"minSize": float("nan")}}
    found = pack.Analyze(analyze_request(group)).diagnostics
    assert [(d.policyName, "at minSize: " in d.message) for d in found] == [("output-stringified", True)]


def test_findings_come_in_the_same_order_whatever_the_order_of_arrival(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    resources = [r for c in cases_of("ecs-service-without-listener-dependency") if c.file == "bad" for r in c.resources]
    resources = [{**r, "name": f"{r['name']}{i}"} for i, r in enumerate(resources)]
    one = pack.AnalyzeStack(stack_request(resources)).SerializeToString()
    assert one == pack.AnalyzeStack(stack_request(resources[::-1])).SerializeToString()


def test_an_engine_that_takes_no_line_stops_nothing() -> None:
    """The address of the engine in these tests leads nowhere; the line goes to standard error instead."""
    unknown = {"name": "certificate", "type": CERTIFICATE, "properties": {"domainName": UNKNOWN}}
    with running(ROOT) as pack:
        pack.ConfigureStack(pb.AnalyzerStackConfigureRequest(stack="dev", dry_run=True))
        assert not pack.Analyze(analyze_request(unknown)).diagnostics
        assert not pack.AnalyzeStack(stack_request([unknown])).diagnostics
