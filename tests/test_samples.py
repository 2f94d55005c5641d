"""Samples that were collected from AWS, from public programs and from real failures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from aws_preflight.policies.awslogs_group_unresolved import NOT_RESOLVED_BUT_LEGAL
from aws_preflight.policies.documents.dashboard import problems
from aws_preflight.policies.offers import OFFERS
from aws_preflight.policies.outputs import fingerprints
from aws_preflight.preflight.message import parse
from aws_preflight.preflight.values import UNKNOWN
from tests.conftest import SAMPLES
from tests.families import WITH_CODE
from tests.protocol import diagnostics
from tools.cases import Case

TASK = "aws:ecs/taskDefinition:TaskDefinition"


def case(*resources: dict[str, Any]) -> Case:
    return Case(policy="", file="", title="", resources=list(resources), findings=[])


def resource(type_: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"name": "example", "type": type_, "properties": properties}


# --- dashboards -------------------------------------------------------------------------------------------------------


def test_dashboard_samples(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    folder = SAMPLES / "dashboards"
    for entry in json.loads((folder / "index.json").read_text()):
        body = (folder / entry["file"]).read_text()
        found = diagnostics(pack, case(resource("aws:cloudwatch/dashboard:Dashboard", {"dashboardBody": body})))
        messages = [d.message for d in found]
        if entry["expect"] == "valid":
            assert not messages, entry["file"]
            continue
        assert messages, entry["file"]
        recorded = not entry["evidence"].startswith("documented")
        levels = {d.enforcementLevel for d in found}
        assert levels == {pb.MANDATORY if recorded else pb.ADVISORY}, entry["file"]
        # Where AWS's own answer is on record, ours points to the same place.
        theirs = {answer["dataPath"] for answer in entry.get("aws") or ()}
        pointers = {path for message in messages for path in re.findall(r'"dataPath": "([^"]*)"', message)}
        assert all(any(p.startswith(q) or q.startswith(p) for p in pointers) for q in theirs), entry["file"]


def test_dashboard_rules_agree_with_the_schema() -> None:
    """The schema was written independently from the same evidence; both evaluate each sample and its parts alike."""
    schema = json.loads((SAMPLES / "dashboard.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    bodies = [json.loads(path.read_text()) for path in sorted((SAMPLES / "dashboards").glob("*valid-*.json"))]
    mutants = [mutant for body in bodies for mutant in mutations(body)]
    assert len(mutants) > 500
    for mutant in mutants:
        assert bool(list(problems(mutant))) == (not validator.is_valid(mutant)), json.dumps(mutant)[:2000]


def mutations(body: Any) -> Iterator[Any]:
    """The body with one part removed, or replaced by a value of another kind."""
    for path in places(body):
        for replacement in (None, "", "text", 7, True, [], {}, ["a"], {"a": 1}, "removed"):
            copy = json.loads(json.dumps(body))
            parent = copy
            for step in path[:-1]:
                parent = parent[step]
            if replacement == "removed":
                del parent[path[-1]]
            else:
                parent[path[-1]] = replacement
            yield copy


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    members = value.items() if isinstance(value, dict) else enumerate(value[:4]) if isinstance(value, list) else ()
    for key, member in members:
        yield from places(member, (*path, key))


# --- traces of Outputs ------------------------------------------------------------------------------------------------


def container(group: str) -> str:
    log = {"logDriver": "awslogs", "options": {"awslogs-group": group, "awslogs-region": "eu-central-1"}}
    return json.dumps([{"name": "a", "image": "nginx", "logConfiguration": log}])


def test_fingerprints_in_a_log_group(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    legal = re.compile(r"[.\-_/#A-Za-z0-9]{1,512}")
    for row in json.loads((SAMPLES / "output_fingerprints.json").read_text()):
        for example in row["positive_examples"]:
            found = diagnostics(pack, case(resource(TASK, {"containerDefinitions": container(example)})))
            assert [d.policyName for d in found] == ["awslogs-group-unresolved"], (row["id"], example)
            trace = fingerprints.in_identifier(example)
            assert trace is not None, (row["id"], example)
            # AWS takes these names; whether the program meant them is a doubt.
            doubt = legal.fullmatch(example) and (row["block"] == "advisory" or trace.id in NOT_RESOLVED_BUT_LEGAL)
            assert found[0].enforcementLevel == (pb.ADVISORY if doubt else pb.MANDATORY), (row["id"], example)
            if trace.may_hold_values:
                assert example not in found[0].message


def test_every_collected_fingerprint_is_in_the_table() -> None:
    collected = json.loads((SAMPLES / "output_fingerprints.json").read_text())
    wanted = {row["id"]: row["fingerprint_regex"] for row in collected if row["fingerprint_regex"]}
    ours = {row.id: row.pattern.pattern for row in fingerprints.table()}
    assert {id_: ours.get(id_) for id_ in wanted} == wanted


def test_legitimate_strings_give_no_finding(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    for entry in json.loads((SAMPLES / "legit_strings.json").read_text()):
        text = entry["text"]
        definitions = [
            {"name": "a", "image": "nginx", "environment": [{"name": "A", "value": text}], "command": [text]}
        ]
        widget = {"type": "text", "properties": {"markdown": text}}
        everywhere = [
            resource(TASK, {"containerDefinitions": json.dumps(definitions), "family": text}),
            resource(TASK, {"containerDefinitions": text}),
            resource("aws-native:ecs:TaskDefinition", {"containerDefinitions": definitions}),
            resource("aws:cloudwatch/dashboard:Dashboard", {"dashboardBody": json.dumps({"widgets": [widget]})}),
            resource("aws:autoscaling/group:Group", {"name": text, "tags": [{"key": "k", "value": text[:256]}]}),
            resource("aws:acm/certificate:Certificate", {"domainName": "example.com", "tags": {"k": text}}),
        ]
        for one in everywhere:
            assert not diagnostics(pack, case(one)), (one["type"], text)
        if entry["kind"] == "id" and re.fullmatch(r"[.\-_/#A-Za-z0-9]{1,512}", text):
            one = resource(TASK, {"containerDefinitions": container(text)})
            assert not diagnostics(pack, case(one)), text


# --- real failures ----------------------------------------------------------------------------------------------------


def graph(entry: dict[str, Any]) -> Case:
    def known(value: Any) -> Any:
        if value == {"__unknown__": True}:
            return UNKNOWN
        if isinstance(value, dict):
            return {key: known(item) for key, item in value.items()}
        return [known(item) for item in value] if isinstance(value, list) else value

    return case(*({**one, "properties": known(one["inputs"])} for one in entry["resources"]))


# What needs another resource first: refused where it comes too early on every day.
# What rules refuse, which are data.
RULES = {
    "c-bucket-policy-action-resource-mismatch",
    "c-ecs-container-image-empty",
    "c-ecs-container-name-empty",
    "c-ecs-depends-on-essential-success",
    "c-ecs-environment-name-blank",
    "c-event-pattern-empty-array",
    "c-iam-duplicate-sid",
    "c-iam-invalid-federated-principal",
    "c-iam-permissions-policy-with-principal",
    "c-iam-statement-without-resource",
    "c-iam-trust-policy-with-resource",
    "c-kms-policy-lockout",
    "c-sns-filter-policy-empty-array",
    "c-sns-subscription-redrive-unknown-key",
    "c-ssm-document-schema-version",
    "c-sso-inline-policy-non-latin",
    "d-alarm-datapoints-over-periods",
    "d-apigw-stage-variable-charset",
    "d-event-rule-name-prefix-over-38",
    "d-iam-tag-charset",
    "d-lambda-env-reserved-key",
    "d-lambda-layer-arn-without-version",
    "d-launch-template-user-data-not-base64",
    "d-rds-cluster-database-name-charset",
    "d-s3-bucket-name-charset",
    "d-ssm-parameter-name-charset",
    "e-alb-one-subnet",
    "e-alb-two-subnets-one-az",
    "e-lambda-edge-region",
    "e-lambda-layer-region",
    "e-lambda-role-not-assumable",
    "e-launch-template-sg-and-network-interface",
    "e-listener-rule-priority-duplicate",
    "e-route53-cname-conflicts-with-other-type",
    "e-sns-standard-topic-to-fifo-queue",
    "e-subnet-outside-vpc",
    "e-ecs-bridge-target-type-ip",
    "e-ecs-load-balancer-container-port",
    "e-eks-access-entry-authentication-mode",
    "e-eks-node-group-instance-type-twice",
    "e-nlb-http-listener",
    "e-rds-public-in-vpc-without-dns",
    "e-cloudfront-alias-without-certificate",
    "e-cloudfront-custom-origin-without-config",
    "e-cloudfront-forwarded-values-with-cache-policy",
    "e-cloudfront-origin-id-mismatch",
    "e-cloudfront-ttl-order",
    "e-cloudtrail-log-group-without-role",
    "e-dynamodb-lsi-without-range-key",
    "e-dynamodb-projection-all-with-attributes",
    "e-ecs-awsvpc-without-network-configuration",
    "e-ecs-daemon-capacity-provider",
    "e-ecs-daemon-placement-strategy",
    "e-ecs-grace-period-without-load-balancer",
    "e-ecs-links-awsvpc",
    "e-ecs-secrets-without-execution-role",
    "e-elasticache-user-group-without-tls",
    "e-lambda-edge-unversioned",
    "e-lambda-provisioned-concurrency-latest",
    "e-log-subscription-stream-without-role",
    "e-rds-gp3-iops-under-400",
    "e-rds-io1-without-iops",
    "e-rds-monitoring-without-role",
    "e-s3-notification-overlap",
    "d-waf-log-destination-name",
    "e-cloudfront-log-bucket-without-acl",
    "e-volume-zone-differs-from-instance",
    "e-cognito-custom-scope-without-resource-server",
    "e-rds-window-overlap",
    "c-log-metric-filter-pattern",
    "e-vpc-endpoint-gateway-type-for-interface-service",
}
TOO_EARLY = {
    "b-https-listener-unvalidated-certificate",
    "b-apigw-base-path-mapping-before-stage",
    "b-apigw-integration-response-before-integration",
    "b-peering-options-before-accepter",
    "b-lambda-efs-before-mount-target",
    "b-subnet-before-secondary-cidr",
    "b-datasync-efs-before-mount-target",
}
# Warned about: what is needed has a head start.
HEAD_START = {
    "b-load-balancer-before-internet-gateway",
    "b-nat-gateway-before-internet-gateway",
    "b-ecs-service-before-cluster-capacity-providers",
}
# Warned about: the provider repeats the refused call for minutes, or AWS takes the resource and it is not healthy.
HIDDEN = {
    "b-event-source-mapping-before-role-policy",
    "b-eks-coredns-addon-before-node-group",
    "b-eks-node-group-before-role-policies",
    "b-ses-receipt-rule-before-bucket-policy",
    "b-s3-replication-before-versioning",
    "b-bucket-policy-parallel-with-public-access-block",
    "b-stream-mapping-before-role-policy",
    "b-lambda-dlq-before-role-policy",
    "b-ses-receipt-rule-before-lambda-permission",
    "b-state-machine-logging-before-role-policy",
    "b-autoscaling-target-before-service",
    "b-codebuild-vpc-before-role-policy",
    "b-asg-lifecycle-hook-before-role-policy",
    "b-config-rule-before-lambda-permission",
}
# Warned about: a launch template may have the subnets; a policy that is put before the
# block is taken; the answer was seen for another type of document, and for a default route.
DOUBTFUL = {
    "c-ssm-document-undeclared-parameter",
    "e-asg-no-subnet-or-zone",
    "e-eks-node-group-public-subnet-without-auto-assign",
    "e-public-bucket-policy-blocked",
}


def entries(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SAMPLES / name).read_text().splitlines()]


def test_real_failures(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    """The repaired twin of each failure passes; the failures of this pack's areas are refused or warned about.

    Class A, Outputs turned into text, is in test_fingerprints.py.
    """
    refused: set[str] = set()
    warned: set[str] = set()
    # The versions of some databases were on offer when the twins were written.
    offers = {policy.id for policy in OFFERS}

    def said(entry: dict[str, Any], twin: str) -> list[pb.AnalyzeDiagnostic]:
        return [one for one in diagnostics(pack, graph(entry[twin])) if one.policyName not in offers]

    for entry in entries("real_failures.jsonl"):
        assert not said(entry, "good"), entry["id"]
        levels = {diagnostic.enforcementLevel for diagnostic in said(entry, "bad")}
        if entry["class"] != "A" and levels:
            (refused if pb.MANDATORY in levels else warned).add(entry["id"])
    assert refused == {"c-dashboard-invalid-color", "e-log-group-kms-key-policy", *TOO_EARLY, *RULES}
    assert warned == HEAD_START | HIDDEN | DOUBTFUL


# What a finding says to each failure of the classes A and B: policy, level, resource, and the path or the row.
FIELD = {
    "field-a-ecs-environment-tojson": [
        ("output-stringified", "mandatory", "task", "containerDefinitions[0].environment[1].value")
    ],
    "field-a-logical-name-python-repr": [
        ("output-stringified", "mandatory", f"rt-assoc-{subnet}-<pulumi.output.Output object at 0x7fe19afb7190>", "")
        for subnet in (
            "<pulumi.output.Output object at 0x7fe19af44310>",
            "<pulumi.output.Output object at 0x7fe19af4eb10>",
        )
    ],
    "field-a-logical-name-tostring": [
        ("output-stringified", "mandatory", "orders-Calling [toString] on an [Output<T>] is not supported.", "")
    ],
    "field-b-delivery-channel-before-recorder": [
        ("config-delivery-channel-before-recorder", "advisory", "channel", "dependsOn")
    ],
    "field-b-usage-plan-before-stage": [("apigw-usage-plan-before-stage", "mandatory", "plan", "apiStages")],
    "field-b-dms-subnet-group-before-role": [("dms-subnet-group-before-vpc-role", "advisory", "subnets", "dependsOn")],
}


def told(pack: analyzer_pb2_grpc.AnalyzerStub, sides: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """The findings of a graph, each with what tells it from others."""
    found = []
    for diagnostic in diagnostics(pack, graph(sides)):
        message = parse(diagnostic.message)
        assert message, diagnostic.message
        level = "mandatory" if diagnostic.enforcementLevel == pb.MANDATORY else "advisory"
        name = diagnostic.urn.partition("::cases::")[2].partition("::")[2].partition("\n")[0]
        found.append(
            (
                diagnostic.policyName,
                level,
                name,
                message.path,
            )
        )
    return found


def test_field_failures(pack: analyzer_pb2_grpc.AnalyzerStub) -> None:
    """Every repaired twin passes; every failure of the classes A and B is found, at the level that its data asks."""
    found = {}
    for entry in entries("field_failures.jsonl"):
        assert told(pack, entry["good"]) == [], entry["id"]
        if entry["class"] in "AB":
            found[entry["id"]] = told(pack, entry["bad"])
    assert found == FIELD


# --- recorded programs ------------------------------------------------------------------------------------------------


UNMET = {
    "appautoscaling-schedule-malformed",
    "asg-recurrence-malformed",
    "lambda-filter-pattern-malformed",
    "pipe-filter-pattern-malformed",
    "scheduler-expression-malformed",
    "ssm-association-schedule-malformed",
    "ssm-document-parameter-undeclared",
    "ssm-window-schedule-malformed",
}
"""None of the programs has a resource of their types."""


def test_every_policy_meets_resources_of_recorded_programs(graphs: Path) -> None:
    """A policy whose types no recorded program has is not tested for false alarms by them."""
    types: set[str] = set()
    for entry in json.loads((graphs / "index.json").read_text()):
        types |= entry["types"].keys()
    met = {policy.id for policy in WITH_CODE if any(map(policy.applies_to, types))}
    assert {policy.id for policy in WITH_CODE if policy not in OFFERS} - met == UNMET
