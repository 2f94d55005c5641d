"""Levels, exemptions, configuration and the count of what could not be evaluated."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aws_preflight.policies import POLICIES, declared
from aws_preflight.policies.access import ACCESS
from aws_preflight.policies.offers import OFFERS
from aws_preflight.policies.ordering import ORDERING
from aws_preflight.preflight import config, graph, wire
from aws_preflight.preflight.crossguard import Analyzer
from aws_preflight.preflight.exemptions import FIELDS, matches
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.message import EXISTS
from aws_preflight.preflight.policy import ANY_TYPE, Policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.run import Run, Verdict
from aws_preflight.preflight.values import UNKNOWN, Value
from tests.protocol import analyze_request, decoded, stack_request
from tests.test_robustness import malformed
from tools.cases import cases_of

TYPE = "aws:acm/certificate:Certificate"
URN = f"urn:pulumi:dev::shop::{TYPE}::api"
LONG = "a" * 60 + ".example.com"
TODAY = date(2027, 1, 10)
EXEMPTION = {
    "policy": "acm-domain-too-long",
    "resource": URN,
    "reason": "moves to a short name in March",
    "owner": "platform team",
    "expires": "2027-01-31",
}


def certificate(name: str = "api", domain: Value = LONG) -> Resource:
    urn = f"urn:pulumi:dev::shop::{TYPE}::{name}"
    return Resource(urn=urn, type=TYPE, name=name, properties=decoded({"domainName": domain}))


def run_of(own: Any = None, stack: Any = None, *resources: Resource) -> tuple[list[Verdict], list[Verdict]]:
    """What is said about the resources, and what is said at the end of the run."""
    run = Run(POLICIES, today=lambda: TODAY)
    run.configure({}, {} if own is None else {config.EXEMPTIONS: own})
    run.configure_stack({} if stack is None else {config.STACK_KEY: json.dumps(stack)})
    resources = resources or (certificate(),)
    found = [verdict for r in resources for verdict in run.evaluate_resource(r.type, r.urn, lambda r=r: r)]
    return found, run.evaluate_stack({r.type for r in resources}, lambda: Stack(resources))


def changed(**fields: Any) -> dict[str, Any]:
    return {key: value for key, value in {**EXEMPTION, **fields}.items() if value is not None}


# --- exemptions -------------------------------------------------------------------------------------------------------


def test_without_an_exemption_the_finding_is_mandatory() -> None:
    found, notes = run_of()
    assert [v.level for v in found] == ["mandatory"]
    assert notes == []


@pytest.mark.parametrize("place", ["own", "stack"])
def test_an_exempted_finding_is_reported_and_does_not_fail_the_run(place: str) -> None:
    found, notes = run_of({"exemptions": [EXEMPTION]}) if place == "own" else run_of(None, [EXEMPTION])
    assert [(v.policy, v.level) for v in found] == [("acm-domain-too-long", "advisory")]
    first, _, rest = found[0].message.partition("\n")
    key = "exemptions.exemptions[0]" if place == "own" else "aws-preflight:exemptions[0]"
    reason = f"by platform team: moves to a short name in March ({key})"
    assert first == f"Exempted until 2027-01-31 (21 days left) {reason}"
    assert "at domainName: the first name has 72 octets" in rest
    assert notes == []


def test_the_last_day_still_counts_and_the_day_after_does_not() -> None:
    found, _ = run_of({"exemptions": [changed(expires="2027-01-10")]})
    assert found[0].level == "advisory"
    found, notes = run_of({"exemptions": [changed(expires="2027-01-09")]})
    assert found[0].level == "mandatory"
    assert found[0].message.startswith("The exemption expired on 2027-01-09 by pl")
    assert notes == []


def test_of_two_exemptions_the_longer_one_holds_and_both_are_needed() -> None:
    found, notes = run_of({"exemptions": [changed(expires="2026-01-01"), EXEMPTION]})
    assert found[0].level == "advisory"
    assert notes == []


@pytest.mark.parametrize(
    ("pattern", "covers"),
    [
        (URN, True),
        (f"{TYPE}::api", True),
        ("*::api", True),
        ("aws:acm/*::a?i", True),
        ("*", True),
        ("api", False),
        ("*::API", False),
        (f"{TYPE}::web", False),
        (URN.replace("shop", "other"), False),
    ],
)
def test_a_resource_is_a_urn_or_a_pattern(pattern: str, covers: bool) -> None:
    found, notes = run_of({"exemptions": [changed(resource=pattern)]})
    assert (found[0].level == "advisory") == covers
    assert notes == [], "one of the organization stands for many stacks"


@pytest.mark.parametrize(
    ("pattern", "name", "covers"),
    [
        ("*::api[0]", "api[0]", True),
        ("*::api[0]", "api0", False),
        ("*::[a-z]*", "api", False),
        ("*::[!x]pi", "api", False),
        ("*::a*c*e", "abcde", True),
        ("*::a*c*e", "abcd", False),
        ("*::a?*", "a", False),
        ("*::**", "", True),
        ("*::a*", "a\nb", True),
        ("*a" * 2_000, "a" * 1_900, False),
        ("*::" + "a*" * 2_000 + "b", "a" * 5_000, False),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_pattern_knows_two_signs_and_takes_no_time(pattern: str, name: str, covers: bool) -> None:
    found, _ = run_of({"exemptions": [changed(resource=pattern)]}, None, certificate(name))
    assert (found[0].level == "advisory") == covers


@given(st.text("ab*?", max_size=8), st.text("ab", max_size=8))
def test_patterns_are_those_of_the_shell(pattern: str, text: str) -> None:
    assert matches(pattern, text) == fnmatchcase(text, pattern)


def test_an_exemption_from_another_policy_does_not_count() -> None:
    found, notes = run_of({"exemptions": [changed(policy="acm-domain-owned-by-aws")]})
    assert (found[0].level, notes) == ("mandatory", [])
    found, notes = run_of(None, [changed(policy="acm-domain-owned-by-aws")])
    assert [(v.policy, v.level, v.urn) for v in notes] == [("exemptions", "advisory", "")]
    assert "exemptions[0]: no finding of acm-domain-owned-by-aws at" in notes[0].message


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        (changed(reason=None), "[0].reason: this has to be a string that is not empty, and it is null"),
        (changed(owner="  "), "[0].owner: this has to be a string"),
        (changed(expires=20270131), "[0].expires: this has to be a string that is not empty, and it is a number"),
        (changed(expires="31.1.2027"), '[0].expires: "31.1.2027" is not a date, such as 2027-01-31'),
        (changed(expires="20270131"), '[0].expires: "20270131" is not a date, such as 2027-01-31'),
        (changed(expires="2027-W04-7"), '[0].expires: "2027-W04-7" is not a date'),
        (changed(expires="2027-02-30"), '[0].expires: "2027-02-30" is not a date'),
        (changed(expires="2027-01-31".replace("1", "\u0661")), "[0].expires: "),
        (changed(**{"a b": "x"}), '[0]["a b"]: there is no such field'),
        (changed(policy="acm-too-long"), '[0].policy: there is no policy "acm-too-long"'),
        (changed(until="x"), "[0].until: there is no such field; the fields are policy, resource, reason"),
        ("everything", "[0]: a string stands where an object with policy, resource, reason, owner, expires belongs"),
    ],
)
def test_a_malformed_exemption_is_named_by_its_key_and_exempts_nothing(item: Any, problem: str) -> None:
    found, notes = run_of(None, [item])
    assert found[0].level == "mandatory"
    assert len(notes) == 1
    assert f"aws-preflight:exemptions{problem}" in notes[0].message


def test_all_that_is_wrong_with_an_exemption_is_said_at_once() -> None:
    _, notes = run_of(None, [{"policy": "acm-domain-to-long", "owner": " ", "expires": "soon", "until": 1}])
    assert [note.message.partition("exemptions[0].")[2].partition(":")[0] for note in notes] == [
        *("until", "policy", "resource", "reason", "owner", "expires")
    ]
    assert 'did you mean "acm-domain-too-long"?' in notes[1].message
    assert "it is an empty string" in notes[4].message


def test_exemptions_that_are_nested_too_deeply_are_named() -> None:
    run = Run(POLICIES, today=lambda: TODAY)
    run.configure_stack({config.STACK_KEY: "[" * 500 + "]" * 500})
    assert ["nested too deeply" in note.message for note in run.evaluate_stack((), lambda: Stack([]))] == [True]


@pytest.mark.parametrize("place", ["own", "stack"])
@pytest.mark.parametrize(("days", "allowed"), [(21, True), (21.0, True), (20, False), (1, False)])
def test_an_organization_can_limit_the_term(place: str, days: float, allowed: bool) -> None:
    """The exemption is good for 21 days more."""
    own: dict[str, Any] = {"longestTermDays": days}
    found, notes = run_of({**own, "exemptions": [EXEMPTION]}) if place == "own" else run_of(own, [EXEMPTION])
    assert (found[0].level == "advisory") == allowed
    term = f"{int(days)} day{'' if days == 1 else 's'}"
    said = f"[0].expires: the organization allows exemptions for {term}, and this one is for 21 days"
    assert [said in note.message for note in notes] == ([] if allowed else [True])


@pytest.mark.parametrize("pattern", ["*", "**", "*::*", "?*", "*:*", "aws:*", "aws*::*"])
def test_an_organization_can_forbid_exemptions_of_everything(pattern: str) -> None:
    found, notes = run_of({"allResources": False}, [changed(resource=pattern)])
    assert found[0].level == "mandatory"
    assert "[0].resource: the organization allows no exemption of all resources" in notes[0].message
    found, notes = run_of({"allResources": False}, [changed(resource="*::api*")])
    assert (found[0].level, notes) == ("advisory", [])


def test_a_misspelt_policy_among_those_not_exemptible_is_reported() -> None:
    _, notes = run_of({"notExemptible": ["acm-domain-too-long", "acm-domain-to-long", 7]})
    assert [note.message.partition("\n")[2] for note in notes] == [
        'exemptions.notExemptible[1]: there is no policy "acm-domain-to-long"; did you mean "acm-domain-too-long"?',
        "exemptions.notExemptible[2]: there is no policy 7",
    ]


def test_every_field_is_required() -> None:
    for field in FIELDS:
        _, notes = run_of(None, [changed(**{field: None})])
        assert f"aws-preflight:exemptions[0].{field}: this has to be" in notes[0].message


@pytest.mark.parametrize("text", ["{", "true", '"all"', "7", "{}"])
def test_settings_of_a_stack_that_are_no_list(text: str) -> None:
    run = Run(POLICIES, today=lambda: TODAY)
    run.configure_stack({config.STACK_KEY: text})
    notes = run.evaluate_stack((), lambda: Stack([]))
    assert ["stands where a list of exemptions belongs" in v.message for v in notes] == [True]


def test_an_organization_can_forbid_the_exemptions_of_stacks() -> None:
    found, notes = run_of({"stackExemptions": False}, [EXEMPTION])
    assert found[0].level == "mandatory"
    assert "the organization allows no exemptions in the settings of a stack" in notes[0].message


@pytest.mark.parametrize("place", ["own", "stack"])
def test_a_policy_can_be_marked_not_exemptible(place: str) -> None:
    own: dict[str, Any] = {"notExemptible": ["acm-domain-too-long"]}
    found, notes = run_of({**own, "exemptions": [EXEMPTION]}) if place == "own" else run_of(own, [EXEMPTION])
    assert found[0].level == "mandatory"
    assert "the organization allows no exemption from acm-domain-too-long" in notes[0].message


def test_an_advisory_finding_can_be_exempted_too() -> None:
    run = Run(POLICIES, today=lambda: TODAY)
    run.configure({"acm-domain-too-long": "advisory"}, {config.EXEMPTIONS: {"exemptions": [EXEMPTION]}})
    one = certificate()
    assert run.evaluate_resource(one.type, one.urn, lambda: one)[0].message.startswith("Exempted until")


def test_the_notes_can_be_switched_off() -> None:
    run = Run(POLICIES, today=lambda: TODAY)
    run.configure({config.EXEMPTIONS: "disabled"}, {config.EXEMPTIONS: {"exemptions": [EXEMPTION]}})
    assert run.evaluate_stack((), lambda: Stack([])) == []


@given(malformed, malformed)
def test_malformed_input_for_a_configuration_ends_no_run(own: Value, stack: Value) -> None:
    run = Run(POLICIES, today=lambda: TODAY)
    run.configure({}, {config.EXEMPTIONS: own, "acm-domain-too-long": own, "nobody": own})
    run.configure_stack({config.STACK_KEY: json.dumps(stack, default=str)})
    one = certificate()
    run.evaluate_resource(one.type, one.urn, lambda: one)
    for verdict in run.evaluate_stack((), lambda: Stack([])):
        verdict.message.encode()


# --- configuration ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("properties", "note"),
    [
        (
            {"acm-domain-to-long": {}},
            'acm-domain-to-long: there is no policy "acm-domain-to-long"; did you mean "acm-domain-too-long"?',
        ),
        ({"zzz": {}}, 'zzz: there is no policy "zzz"'),
        ({"acm-domain-too-long": {"limit": 65}}, 'acm-domain-too-long.limit: there is no property "limit"'),
        ({"exemptions": {"stackExemption": True}}, 'did you mean "stackExemptions"?'),
        (
            {"exemptions": {"stackExemptions": "no"}},
            "exemptions.stackExemptions: a string stands where boolean belongs",
        ),
        ({"exemptions": {"longestTermDays": 0}}, "exemptions.longestTermDays: the least is 1"),
        ({"exemptions": {"longestTermDays": 1.5}}, "exemptions.longestTermDays: a number stands where integer belongs"),
        ({"exemptions": {"longestTermDays": True}}, "exemptions.longestTermDays: a boolean stands where integer"),
        ({"exemptions": {"longestTermDays": float("nan")}}, "exemptions.longestTermDays: a number stands where"),
        ({"exemptions": {"notExemptible": "x"}}, "exemptions.notExemptible: a string stands where array belongs"),
    ],
)
def test_mistakes_in_the_configuration_are_named_once_a_run(properties: Mapping[str, Any], note: str) -> None:
    run = Run(POLICIES, today=lambda: TODAY)
    run.configure({}, properties)
    notes = run.evaluate_stack((), lambda: Stack([]))
    assert [v.level for v in notes] == ["advisory"]
    assert note in notes[0].message


def test_a_good_configuration_gives_no_note() -> None:
    run = Run(POLICIES, today=lambda: TODAY)
    run.configure({policy.id: "advisory" for policy in POLICIES}, {"all": {}, **{policy.id: {} for policy in POLICIES}})
    assert run.evaluate_stack((), lambda: Stack([])) == []


# --- what could not be evaluated --------------------------------------------------------------------------------------


def test_resources_with_unknown_values_are_counted_once() -> None:
    run = Run(POLICIES, today=lambda: TODAY)
    for one in (certificate("a", UNKNOWN), certificate("b", UNKNOWN), certificate("c"), certificate("d", "x.example")):
        run.evaluate_resource(one.type, one.urn, lambda one=one: one)
        run.evaluate_resource(one.type, one.urn, lambda one=one: one)
    assert run.unevaluated == 2


def test_an_unknown_value_that_no_policy_reads_does_not_count() -> None:
    run = Run(POLICIES, today=lambda: TODAY)
    one = Resource(urn=URN, type=TYPE, name="api", properties={"domainName": "x.example", "tags": UNKNOWN})
    run.evaluate_resource(one.type, one.urn, lambda: one)
    assert run.unevaluated == 0


def test_every_resource_policy_says_what_it_reads() -> None:
    """One that evaluates any type reads everything, and nearly everything has something unknown: it counts none."""
    for policy in POLICIES:
        if policy.scope == "resource":
            assert bool(policy.reads) == (ANY_TYPE not in policy.types), policy.id


def test_what_is_unknown_to_a_policy_for_any_type_does_not_count() -> None:
    run = Run(POLICIES, today=lambda: TODAY)
    one = Resource(urn="u", type="random:index:Pet", name="b", properties={"bucket": UNKNOWN, "tags": {"a": UNKNOWN}})
    assert run.evaluate_resource(one.type, one.urn, lambda: one) == []
    assert run.unevaluated == 0


# --- what it costs ----------------------------------------------------------------------------------------------------


def copies(number: int) -> list[Policy]:
    with_code = [policy for policy in declared() if not policy.section_of]
    return [replace(with_code[i % len(with_code)], id=f"policy-{i}") for i in range(number)]


def test_a_resource_is_decoded_once_whatever_the_number_of_policies(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = []
    decode = wire.decode
    monkeypatch.setattr(wire, "decode", lambda struct: decoded.append(struct) or decode(struct))
    analyzer = Analyzer(copies(160))
    resource = {"name": "api", "type": TYPE, "properties": {"domainName": LONG}}
    found = analyzer.Analyze(analyze_request(resource), None).diagnostics
    assert len(found) > 3
    assert len(decoded) == 1
    analyzer.AnalyzeStack(stack_request([resource] * 3), None)
    assert len(decoded) <= 4, "and in a stack only where somebody asks"


def test_a_resource_that_no_policy_evaluates_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "decode", lambda struct: pytest.fail("decoded"))
    bucket = {"name": "b", "type": "aws:s3/bucket:Bucket", "properties": {"bucket": "b"}}
    analyzer = Analyzer([policy for policy in copies(50) if ANY_TYPE not in policy.types])
    assert not analyzer.Analyze(analyze_request(bucket), None).diagnostics
    assert not analyzer.AnalyzeStack(stack_request([bucket]), None).diagnostics


def test_the_graph_is_built_once_for_all_policies(monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    build = graph._strongly_connected
    monkeypatch.setattr(graph, "_strongly_connected", lambda edges: built.append(len(edges)) or build(edges))
    resources = [r for c in cases_of("ecs-service-without-listener-dependency") for r in c.resources]
    Analyzer(copies(50)).AnalyzeStack(stack_request(resources), None)
    assert len(built) == 1


# --- facts of creation ------------------------------------------------------------------------------------------------


SERVICE = "aws:ecs/service:Service"
GROUP = "aws:lb/targetGroup:TargetGroup"


def race(outputs: dict[str, Any], preview: bool | None = True, **options: Any) -> Verdict:
    """What is said of a service whose target group has no listener."""
    group = Resource(urn="urn:group", type=GROUP, name="group", properties={"arn": UNKNOWN})
    service = Resource(
        urn="urn:service",
        type=SERVICE,
        name="service",
        properties={"loadBalancers": UNKNOWN, **outputs},
        property_dependencies={"loadBalancers": ("urn:group",)},
    )
    run = Run(POLICIES, today=lambda: TODAY, **options)
    run.configure_stack({}, preview)
    (verdict,) = run.evaluate_stack({GROUP, SERVICE}, lambda: Stack([group, service]))
    assert (EXISTS in verdict.message) == (verdict.level == "advisory")
    return verdict


@pytest.mark.parametrize("outputs", [{}, {"id": UNKNOWN}, {"id": ""}, {"id": None}, {"id": 7}, {"serviceArn": UNKNOWN}])
def test_what_is_about_to_be_created_is_refused(outputs: dict[str, Any]) -> None:
    assert race(outputs).level == "mandatory"
    assert race(outputs, preview=None).level == "mandatory"
    # An update asks when everything is there.
    assert race(outputs, preview=False).level == "advisory"


@pytest.mark.parametrize(
    "outputs", [{"id": "arn:aws:ecs:..."}, {"serviceArn": "arn:aws:ecs:..."}, {"awsId": "ecs-svc/1"}]
)
def test_what_exists_is_not(outputs: dict[str, Any]) -> None:
    assert race(outputs).level == "advisory"
    assert race(outputs, preview=None).level == "advisory"
    assert race(outputs, everything_is_new=True).level == "mandatory"
    assert race(outputs, preview=False, everything_is_new=True).level == "mandatory"


def test_facts_of_creation_are_those_about_order_offers_and_access() -> None:
    """What AWS says to a value it says at every update, too."""
    policies = {policy.id for policy in POLICIES if policy.creation}
    assert policies == {
        "apigateway-stage-already-made",
        "ecs-service-without-listener-dependency",
        *(policy.id for policy in ORDERING),
        *(policy.id for policy in (*OFFERS, *ACCESS) if policy.creation),
    }
    assert all(policy.scope == "stack" for policy in POLICIES if policy.creation)
