"""The compiled list of policies: a policy of the list answers as the one that its module declares."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aws_preflight.policies import POLICIES, declared
from aws_preflight.policies.rules import RULES
from aws_preflight.preflight.listed import ListedPolicy
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.run import Run
from tools.generate import policy_list, rules
from tools.recording.recorded import ROOT

PAIRS = list(zip(POLICIES, declared(), strict=True))


def test_the_list_is_fresh() -> None:
    assert policy_list.main(["--check"]) == 0


@pytest.mark.parametrize(("listed", "policy"), PAIRS, ids=lambda policy: policy.id)
def test_a_listed_policy_tells_what_the_policy_tells(listed: Policy, policy: Policy) -> None:
    assert isinstance(listed, ListedPolicy)
    for name in (
        *("id", "types", "scope", "level", "reads", "properties", "creation", "existing", "together", "section_of"),
        *(
            "title",
            "refuses",
            "answer",
            "fix",
            "page",
            "services",
            "documentation",
            "summary",
            "doc",
            "why_not_preview",
        ),
    ):
        assert getattr(listed, name) == getattr(policy, name), name
    assert bool(listed.first_look) == bool(policy.first_look)
    for type_ in policy.types:
        assert sorted(listed.needs_of(type_)) == sorted(policy.needs_of(type_))
        assert listed.applies_to(type_)
    with pytest.raises(AttributeError):
        _ = listed.nothing_like_that


def test_a_listed_policy_finds_what_the_policy_finds() -> None:
    listed = {policy.id: policy for policy in POLICIES}
    for source in rules.sources():
        case = source.cases("bad")[0]
        one = Resource(urn="urn:x", type=case.type, name="x", properties=case.inputs, region=case.region or None)
        (policy,) = (rule for rule in RULES if rule.id == source.id)
        assert listed[source.id].evaluate(one) == policy.evaluate(one)
        assert listed[source.id].on_resource(one) == policy.on_resource(one) != []


@pytest.mark.parametrize("kind", [ImportError, AttributeError])
def test_a_policy_that_cannot_be_loaded_is_told_and_stops_no_other(kind: type[Exception]) -> None:
    def load() -> Policy:
        raise kind("hunter2")

    type_ = "aws:acm/certificate:Certificate"
    facts = {"id": "not-there", "types": [type_], "scope": "resource"}
    broken = ListedPolicy(facts, lambda: ("Title", "", "", "", ""), load)
    one = Resource(urn="urn:x", type=type_, name="x", properties={"domainName": f"{'x' * 70}.example.com"})
    found = Run([broken, *POLICIES]).evaluate_resource(type_, one.urn, lambda: one, names=one.properties)
    assert {verdict.policy for verdict in found} >= {"not-there", "acm-domain-too-long"}
    (note,) = (verdict.note for verdict in found if verdict.policy == "not-there")
    assert "Error" in note
    assert "RecursionError" not in note
    assert "hunter2" not in note


def test_a_start_imports_no_policy() -> None:
    """The code of a policy is loaded with the first resource of its types."""
    code = (
        "import sys\n"
        "import aws_preflight.preflight.crossguard, aws_preflight.policies\n"
        "from aws_preflight.preflight.crossguard import Analyzer\n"
        "info = Analyzer(aws_preflight.policies.POLICIES).GetAnalyzerInfo(None, None)\n"
        "assert len(info.policies) == len(aws_preflight.policies.POLICIES) + 1\n"
        "print(*(name for name in sys.modules if name.startswith('aws_preflight.policies.')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
