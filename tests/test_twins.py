"""Rules at the twins of their types in aws-native: the table of types, the rewriting of paths, what is found there."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from pulumi.runtime.proto import analyzer_pb2_grpc

from aws_preflight.policies.rules import RULES
from aws_preflight.preflight.message import message_of, render
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.rules.paths import Steps, steps_of
from aws_preflight.preflight.values import UNKNOWN, Value, format_path
from aws_preflight.rehearsal.cloud import native, patterns
from aws_preflight.rehearsal.cloud.facts import Facts
from tests.conftest import ROOT
from tests.protocol import analyze_request
from tests.test_rules import BY_ID, JUNK, SOURCES, found, parts, with_part
from tests.twins import translated
from tools.generate import provider_paths, rules
from tools.generate.rule_files import MistakeError, RuleCase
from tools.generate.twins import LostError, Rewriter, forms, renamed
from tools.generate.types_table import Twin, text_of, twins

SAMPLE = json.loads((ROOT / "tests" / "samples" / "aws_native.json").read_text(encoding="utf-8"))["types"]
PAIRS = [(source, token) for source in SOURCES for token in BY_ID[source.id].twins]
each_pair = pytest.mark.parametrize(("source", "token"), PAIRS, ids=lambda one: getattr(one, "id", one))
BY_HAND = yaml.safe_load((ROOT / "tests" / "twins.yaml").read_text(encoding="utf-8"))


# --- the table --------------------------------------------------------------------------------------------------------


def follow(token: str, steps: Steps) -> Any:
    """What the SDK of aws-native has at the end of a path, which has to be there."""
    shape: Any = SAMPLE[token]
    for step in steps:
        if shape == "a" or (step.kind == "open" and shape == "s"):
            return "a"
        if step.kind == "each" and isinstance(shape, list):
            (shape,) = shape
        elif isinstance(shape, dict) and step.kind in ("name", "entries"):
            name = "*" if step.kind == "entries" else step.name
            assert name in shape, f"{token} has no {text_of(steps)}"
            shape = shape[name]
        else:
            raise AssertionError(f"{token} has no {text_of(steps)}: {step.kind or step.name} leads nowhere")
    return shape


def test_every_path_of_the_table_leads_somewhere_in_the_twin() -> None:
    for twin in twins().values():
        for image in (twin.inside, *twin.images.values(), *(one for many in twin.several.values() for one in many)):
            follow(twin.token, image)


def kind_in_aws(token: str, steps: Steps) -> str:
    """What the AWS provider has at the end of a path: a letter of its schema, "a" for anything."""
    property_ = provider_paths.follow(token, steps)
    if property_ is None:
        return "a"
    names = [i for i, step in enumerate(steps) if step.kind == "name"]
    type_ = property_.type[len(steps) - 1 - names[-1] :]
    return "s" if type_[0] in "sinbxj" else type_[0]


def kind_in_twin(token: str, steps: Steps) -> str:
    """The same of aws-native."""
    shape = follow(token, steps)
    if isinstance(shape, dict):
        return "{" if "*" in shape else "@"
    return "[" if isinstance(shape, list) else "a" if shape == "a" else "s"


def test_a_path_and_its_image_lead_to_things_of_one_kind() -> None:
    """A list for a list, an object for an object, a plain value for one; a document may be an object in the twin."""
    wrong = {
        f"{twin.token}: {text_of(steps)} = {text_of(image)}: {kinds}"
        for type_, twin in twins().items()
        for steps, image in twin.images.items()
        if len(kinds := {kind_in_aws(type_, steps), kind_in_twin(twin.token, image)} - {"a"}) > 1
    }
    assert wrong == set()


def test_the_sample_has_the_types_of_the_table_and_no_others() -> None:
    assert SAMPLE.keys() == {twin.token for twin in twins().values()}


@each_pair
def test_every_path_of_a_rule_leads_somewhere_in_the_twin(source: Any, token: str) -> None:
    for compiled in BY_ID[source.id].check.compiled(token):
        for steps in compiled.used:
            follow(token, steps)
        if compiled.point.origin == "element":
            follow(token, compiled.scope.steps + compiled.point.steps)


@each_pair
def test_a_rule_about_the_region_has_a_twin_without_a_property_of_that_name(source: Any, token: str) -> None:
    assert "@region" not in json.dumps(source.facts["refuse"]) or "region" not in SAMPLE[token]


def test_every_exception_is_about_a_rule() -> None:
    assert {id_ for twin in twins().values() for id_ in twin.exceptions} <= BY_ID.keys()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("  twins: aws-native:sqs:Queue", "2: aws:sqs/queue:Queue: twins is none of"),
        ("  twin: aws-native:sqs:Queue\n  same: [delay]", "1: aws:sqs/queue:Queue: .*no input delay there"),
        ("  twin: aws-native:sqs:Queue\n  same: [name]\n  other: {name: queueName}", "1: .*: name stands twice"),
    ],
)
def test_a_wrong_table_is_told_with_its_line(row: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "types.yaml"
    file.write_text(f"aws:sqs/queue:Queue:\n{row}\n", encoding="utf-8")
    with pytest.raises(MistakeError, match=f"types.yaml:{message}"):
        twins(file)


# --- rewriting, by hand -----------------------------------------------------------------------------------------------


def table(inside: str = "", several: dict[str, list[str]] | None = None, **images: str) -> Twin:
    """A twin with these paths; `__` stands for a dot, and `_e` for `[]`."""
    return Twin(
        token="aws-native:a:B",
        inside=steps_of(inside),
        images={steps_of(old.replace("__", ".").replace("_e", "[]")): steps_of(new) for old, new in images.items()},
        several={steps_of(old): tuple(map(steps_of, new)) for old, new in (several or {}).items()},
        exceptions={},
    )


CACHE = table(
    behaviors_e="config.behaviors[]",
    behaviors_e__origin="config.behaviors[].target",
    origins_e="config.origins.items[]",
    origins_e__id="config.origins.items[].originId",
    limit="config.most",
)


@pytest.mark.parametrize(
    ("scope", "condition", "wanted"),
    [
        ("", {"at": "limit", "above": 3}, {"at": "config.most", "above": 3}),
        ("", [{"count": "origins", "below": {"at": "limit", "times": 2}}],
         [{"count": "config.origins.items", "below": {"at": "config.most", "times": 2}}]),
        ("behaviors[]", {"not": {"some": "/origins[]", "where": {"at": "id", "equals": {"at": "^origin"}}}},
         {"not": {"some": "/config.origins.items[]", "where": {"at": "originId", "equals": {"at": "^target"}}}}),
        ("behaviors[]", {"any": [{"at": "/limit", "is": "unset"}, {"at": ".", "is": "list"}]},
         {"any": [{"at": "/config.most", "is": "unset"}, {"at": ".", "is": "list"}]}),
        ("", {"every": "behaviors[]", "where": [{"at": "@region", "equals": {"at": "origin"}}]},
         {"every": "config.behaviors[]", "where": [{"at": "@region", "equals": {"at": "target"}}]}),
        ("origins[].id", {"at": ".", "repeats": "/origins[].id"},
         {"at": ".", "repeats": "/config.origins.items[].originId"}),
        ("", {"repeats": "behaviors[].origin"}, {"repeats": "config.behaviors[].target"}),
    ],
)  # fmt: skip
def test_paths_are_rewritten_wherever_they_stand(scope: str, condition: Any, wanted: Any) -> None:
    assert Rewriter(CACHE, scope).condition(condition) == wanted


@pytest.mark.parametrize(
    ("scope", "condition"),
    [
        ("", {"at": "other", "is": "set"}),
        ("", {"at": "limit", "above": {"at": "other"}}),
        ("", {"some": "behaviors[]", "where": {"at": "other", "is": "set"}}),
        ("origins[]", {"at": "^origin", "is": "set"}),
        ("origins[]", {"all": [{"at": "id", "is": "set"}, {"not": {"at": "/other", "equals": 1}}]}),
        ("", {"of": "vpcId", "where": {"at": "limit", "above": 1}}),
    ],
)  # fmt: skip
def test_a_path_without_an_image_takes_the_rule_with_it(scope: str, condition: Any) -> None:
    with pytest.raises((LostError, IndexError)):
        Rewriter(CACHE, scope).condition(condition)


def test_documents_keep_their_names() -> None:
    role = table(policy="policyDocument", texts="bodies")
    assert Rewriter(role, "policy => Statement[?]").scope == steps_of("policyDocument => Statement[?]")
    wanted = {"some": "/policyDocument => Statement[?].Action[?]", "where": {"at": ".", "equals": "*"}}
    assert Rewriter(role, "").condition({**wanted, "some": "/policy => Statement[?].Action[?]"}) == wanted
    quoted = {"at": 'policyDocument => detail-type."a.b"', "is": "set"}
    assert Rewriter(role, "").condition({**quoted, "at": 'policy => "detail-type"."a.b"'}) == quoted


def test_a_document_whose_letter_case_does_not_matter_becomes_objects_whose_case_does() -> None:
    task = Twin(
        token="aws-native:a:B",
        inside=(),
        images={
            steps_of("text ~> []"): steps_of("list[]"),
            steps_of("text ~> [].image"): steps_of("list[].image"),
        },
        several={},
        exceptions={},
    )
    rewriter = Rewriter(task, "text ~> []")
    assert text_of(rewriter.scope) == "list[]"
    assert rewriter.condition({"at": "image", "is": "empty"}) == {"at": "image", "is": "empty"}
    with pytest.raises(LostError):
        rewriter.condition({"at": "command", "is": "empty"})


def test_several_properties_may_say_that_one_is_set() -> None:
    twin = table(several={"source": ["time", "newest"], "file": []}, name="title")
    unset = Rewriter(twin, "").condition([{"at": "source", "is": "unset"}, {"at": "name", "is": "set"}])
    both = {"all": [{"at": "time", "is": "unset"}, {"at": "newest", "is": "unset"}]}
    assert unset == [both, {"at": "title", "is": "set"}]
    assert Rewriter(twin, "").condition({"at": "source", "is": "set"}) == {
        "any": [{"at": "time", "is": "set"}, {"at": "newest", "is": "set"}]
    }
    assert Rewriter(twin, "").point("source") == "time"
    # What the twin cannot have is never set.
    assert Rewriter(twin, "").condition([{"at": "file", "is": "unset"}, {"at": "name", "is": "set"}]) == [
        {"at": "title", "is": "set"}
    ]
    for lost in (
        {"at": "file", "is": "set"},
        {"not": {"at": "file", "is": "unset"}},
        {"any": [{"at": "file", "is": "unset"}, {"at": "name", "is": "set"}]},
        {"at": "source", "equals": "x"},
    ):
        with pytest.raises(LostError):
            Rewriter(twin, "").condition(lost)


def test_a_map_that_is_a_list_in_the_twin_has_no_keys() -> None:
    twin = table(**{"tags{}": "tags[].value", "names{}": "inner.names{}"})
    assert Rewriter(twin, "tags{}").condition({"at": ".", "contains": "#"}) == {"at": ".", "contains": "#"}
    assert Rewriter(twin, "names{}").condition({"at": "@key", "in": ["A"]}) == {"at": "@key", "in": ["A"]}
    with pytest.raises(LostError):
        Rewriter(twin, "tags{}").condition({"at": "@key", "in": ["A"]})


def test_a_resource_that_is_a_part_of_its_twin() -> None:
    twin = table("targets[]", arn="targets[].arn")
    rewriter = Rewriter(twin, "")
    assert text_of(rewriter.scope) == "targets[]"
    assert rewriter.condition({"at": "arn", "starts with": "arn:"}) == {"at": "arn", "starts with": "arn:"}
    with pytest.raises(LostError):
        rewriter.condition({"at": "/arn", "starts with": "arn:"})


def test_the_scopes_that_survive_are_kept_and_those_that_read_alike_are_one_form() -> None:
    facts = {
        "refuse": {"at": "projectionType", "equals": "ALL"},
        "point": "projectionType",
        "fix": "drop it",
    }
    scopes = {"aws:dynamodb/table:Table": ["globalSecondaryIndexes[]", "localSecondaryIndexes[]", "replicas[]"]}
    lost: list[str] = []
    assert forms("x", facts, scopes, lost) == {
        "aws-native:dynamodb:Table": [
            {
                "scopes": ["globalSecondaryIndexes[]", "localSecondaryIndexes[]"],
                "refuse": {"at": "projection.projectionType", "equals": "ALL"},
                "point": "projection.projectionType",
            }
        ]
    }
    assert lost == ["aws-native:dynamodb:Table: x at replicas[]: replicas[]"]


def test_the_fix_has_the_names_of_the_twin() -> None:
    twin = twins()["aws:rds/instance:Instance"]
    assert renamed(twin, "set performanceInsightsEnabled or username") == "set enablePerformanceInsights or username"
    group = twins()["aws:lb/targetGroup:TargetGroup"]
    assert renamed(group, "set healthCheck.timeout to 2.") == "set healthCheckTimeoutSeconds to 2."


# --- rules at the twins -----------------------------------------------------------------------------------------------


@cache
def cases(id_: str, token: str, kind: str) -> list[RuleCase]:
    """The cases of a rule in the names of a twin; those that say something else there are left out."""
    source = next(one for one in SOURCES if one.id == id_)
    twin = next(twins()[type_] for type_ in source.scopes if type_ in twins() and twins()[type_].token == token)
    check: Any = BY_ID[id_].check
    own = []
    for case in source.cases(kind):
        used = [steps for one in check.compiled(case.type) for steps in one.used[1:]]
        try:
            own.append(replace(case, type=token, inputs=translated(twin, case.inputs, used), at=""))
        except LostError:
            continue
    return own


@each_pair
def test_translated_cases_are_found_and_silent_at_the_twin(source: Any, token: str) -> None:
    bad = cases(source.id, token, "bad")
    assert bad or any((one["rule"], one["type"]) == (source.id, token) for one in BY_HAND)
    for case in bad:
        (finding,) = found(BY_ID[source.id], case)
        assert not finding.at or finding.at[0] in SAMPLE[token]
        assert case.inputs.keys() >= set(BY_ID[source.id].needs_of(token))
    for case in cases(source.id, token, "good"):
        assert found(BY_ID[source.id], case) == [], case.inputs


@pytest.mark.parametrize("example", BY_HAND, ids=lambda one: f"{one['rule']}-{one['type']}")
def test_what_was_written_by_hand_is_found_and_silent_at_the_twin(example: dict[str, Any]) -> None:
    rule = BY_ID[example["rule"]]
    bad, good = (RuleCase(type=example["type"], inputs=example[kind]) for kind in ("bad", "good"))
    (finding,) = found(rule, bad)
    assert format_path(finding.at) == example["at"]
    assert found(rule, good) == []


def test_most_twins_have_an_example_that_was_written_by_hand() -> None:
    assert len({one["type"] for one in BY_HAND}) >= 25


@each_pair
def test_unknown_and_malformed_inputs_of_a_twin_stop_nothing(source: Any, token: str) -> None:
    rule = BY_ID[source.id]
    for kind in ("bad", "good"):
        for case in cases(source.id, token, kind):
            for path, _ in parts(case.inputs):
                for value in JUNK:
                    for finding in found(rule, case, with_part(case.inputs, path, value)):
                        render(message_of(rule, finding)).encode()
                if kind == "good":
                    assert found(rule, case, with_part(case.inputs, path, UNKNOWN)) == [], format_path(path)


@each_pair
def test_where_nothing_of_a_twin_is_known_nothing_is_refused_and_that_is_told(source: Any, token: str) -> None:
    rule = BY_ID[source.id]
    properties: dict[str, Value] = dict.fromkeys(rule.reads_of(token), UNKNOWN)
    assert rule.evaluate(Resource(urn="u", type=token, name="x", properties=properties)) == ([], True)


def test_documents_of_a_twin_may_be_text_or_objects() -> None:
    document = {"Statement": [{"Effect": "Allow", "Resource": "*"}]}
    for policy in (document, json.dumps(document)):
        case = RuleCase(type="aws-native:iam:RolePolicy", inputs={"policyDocument": policy})
        (finding,) = found(BY_ID["iam-policy-statement-without-action"], case)
        assert format_path(finding.at) == "policyDocument.Statement[0]"


def test_a_password_of_a_twin_is_not_shown() -> None:
    for token in ("aws-native:rds:DbInstance", "aws-native:rds:DbCluster"):
        case = RuleCase(type=token, inputs={"masterUserPassword": "with space"})
        (finding,) = found(BY_ID["rds-password-characters"], case)
        assert finding.evidence == ""


def test_the_message_names_the_property_of_the_twin(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    inputs = {"engine": "mysql", "performanceInsightsRetentionPeriod": 7, "enablePerformanceInsights": False}
    request = analyze_request({"type": "aws-native:rds:DbInstance", "name": "x", "properties": inputs})
    (told,) = pack.Analyze(request).diagnostics
    assert told.policyName == "rds-insights-retention-without-insights"
    assert "at performanceInsightsRetentionPeriod" in told.message
    assert "set enablePerformanceInsights" in told.message


def test_the_simulated_aws_knows_the_outputs_of_twins() -> None:
    assert {"allocationId", "publicIp"} <= native.outputs("aws-native:ec2:Eip").keys()
    assert native.outputs("aws-native:brandnew:Thing") == {}
    facts = Facts("urn:pulumi:dev::p::aws-native:rds:DbInstance::x", {}, "eu-west-1")
    patterns.describe(facts)
    made = {name: facts.fill(template) for name, template in native.outputs(facts.type).items()}
    assert made["endpoint"]["address"].endswith(".amazonaws.com")
    assert made["dbInstanceArn"].startswith("arn:aws:rds:eu-west-1:")


def test_a_rule_without_images_is_silent_at_the_twin() -> None:
    assert "aws-native:s3:Bucket" not in BY_ID["s3-bucket-acl-on-new-bucket"].types
    assert "aws-native:lambda:Function" not in BY_ID["lambda-image-uri-in-zip-function"].types


def test_the_twins_cost_the_index_little() -> None:
    index = rules.COMPILED.read_text(encoding="utf-8").partition("\n")[0]
    assert len(index) < 400 * len(RULES)
