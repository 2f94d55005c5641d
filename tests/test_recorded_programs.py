"""What the pack says about 87 recorded public programs, finding by finding."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from aws_preflight.policies import POLICIES
from aws_preflight.preflight.message import parse

HERE = Path(__file__).parent
NOTES = HERE.parent / "docs" / "field-notes.md"
LEVELS = {pb.ADVISORY: "advisory", pb.MANDATORY: "mandatory"}

# The programs that AWS would refuse, or that it refuses when it is slow; docs/field-notes.md has the evidence.
REAL_DEFECTS = {
    ("pulumi-examples__aws-py-apigateway-lambda-serverless", "lambda-runtime-not-offered", "mylambda"),
    ("pulumi-examples__aws-py-apigatewayv2-eventbridge", "lambda-runtime-not-offered", "lambda"),
    ("pulumi-examples__aws-py-apigatewayv2-http-api-quickcreate", "lambda-runtime-not-offered", "lambdaFunction"),
    ("pulumi-examples__aws-ts-apigatewayv2-http-api", "lambda-runtime-not-offered", "lambdaFunction"),
    ("pulumi-examples__aws-ts-apigatewayv2-http-api-quickcreate", "lambda-runtime-not-offered", "lambdaFunction"),
    ("pulumi-examples__aws-py-langserve", "ecs-service-without-listener-dependency", "langserve-service"),
    ("pulumi-examples__aws-ts-netlify-cms-and-oauth-cms-infrastructure", "cloudfront-log-bucket-without-acl", "cdn"),
    ("pulumi-examples__aws-ts-ecs-anywhere", "output-stringified", "taskdefinition"),
    ("pulumi-examples__aws-ts-lambda-secrets", "iam-policy-statement-without-resource", "secretsPolicy"),
    ("pulumi-examples__aws-ts-langserve", "ecs-service-without-listener-dependency", "langserve-service"),
    ("pulumi-examples__aws-ts-pulumi-miniflux", "ecs-host-port-differs", "service"),
    ("pulumi-examples__aws-ts-pulumi-miniflux", "rds-subnet-group-of-one-subnet", "dbsubnets"),
    ("pulumi-examples__aws-ts-synthetics-canary", "synthetics-runtime-not-offered", "canary-simple"),
    ("pulumi-examples__aws-ts-voting-app", "ecs-host-port-differs", "voting-app-cache"),
    ("pulumi-examples__testing-integration-program", "bucket-policy-public-before-pab", "bucketPolicy"),
}


# The cloud of the recording put subnets whose zone the program leaves to AWS into one zone.
MADE_UP = {
    ("pulumi-examples__aws-ts-wordpress-fargate-rds", "load-balancer-subnets-in-one-zone"),
    ("pulumi-examples__aws-ts-wordpress-fargate-rds", "rds-subnet-group-in-one-zone"),
}


class Found(NamedTuple):
    """One finding."""

    program: str
    policy: str
    resource: str
    level: str


def listed() -> dict[str, list[dict[str, Any]]]:
    programs: dict[str, list[dict[str, Any]]] = yaml.safe_load((HERE / "recorded_findings.yaml").read_text())
    return programs


def entries(*modes: str) -> list[Found]:
    """The listed findings of any of these modes."""
    return sorted(
        Found(program, one["policy"], one["resource"], one["level"])
        for program, findings in listed().items()
        for one in findings
        if set(modes) & set(one["modes"])
    )


def expected(mode: str) -> list[Found]:
    """After an update everything exists, and what is about creation is advisory."""
    creation = {policy.id for policy in POLICIES if policy.creation and mode == "up"}
    return sorted(one._replace(level="advisory") if one.policy in creation else one for one in entries(mode))


def found(program: str, diagnostic: pb.AnalyzeDiagnostic) -> Found:
    assert parse(diagnostic.message), diagnostic.message
    return Found(
        program,
        diagnostic.policyName,
        diagnostic.urn.rpartition("::")[2],
        LEVELS[diagnostic.enforcementLevel],
    )


@pytest.mark.parametrize("mode", ["preview", "up"])
def test_recorded_programs(graphs: Path, pack: analyzer_pb2_grpc.AnalyzerStub, mode: str) -> None:
    """Replayed byte for byte, the programs give the listed findings and no others."""
    calls = {"Analyze": (pack.Analyze, pb.AnalyzeRequest), "AnalyzeStack": (pack.AnalyzeStack, pb.AnalyzeStackRequest)}
    files = sorted(graphs.glob("*.json.gz"))
    assert len(files) == 87
    answers: list[Found] = []
    for path in files:
        program = path.name.removesuffix(".json.gz")
        for entry in json.loads(gzip.decompress(path.read_bytes()))["mode"][mode]:
            call, message = calls[entry["rpc"]]
            request = json_format.ParseDict(entry["request"], message(), ignore_unknown_fields=True)
            answers += (found(program, diagnostic) for diagnostic in call(request).diagnostics)
    made_up = {(one.program, one.policy) for one in answers} & MADE_UP
    assert made_up == (MADE_UP if mode == "up" else set())
    assert sorted(one for one in answers if (one.program, one.policy) not in MADE_UP) == expected(mode)


def test_only_real_defects_are_refused() -> None:
    refused = {(one.program, one.policy, one.resource) for one in entries("preview", "up") if one.level == "mandatory"}
    assert refused == REAL_DEFECTS


def test_the_list_is_sorted() -> None:
    programs = listed()
    assert list(programs) == sorted(programs)
    for findings in programs.values():
        keys = [(one["policy"], one["resource"]) for one in findings]
        assert keys == sorted(set(keys))


def test_every_finding_is_explained_in_the_field_notes(graphs: Path) -> None:
    """A line of a table names program and resource, below a heading that names the rule, or beside the policy."""
    sources = {
        one["file"].removesuffix(".json.gz"): one["source"] for one in json.loads((graphs / "index.json").read_text())
    }
    evaluated: list[str] = []
    heading = ""
    for line in NOTES.read_text().splitlines():
        if line.startswith("#"):
            heading = line
        elif line.startswith("|"):
            evaluated.append(f"{heading} {line}")
    for one in entries("preview", "up"):
        repository, folder, commit = sources[one.program].split()
        program = repository if folder == "." else f"`{folder}`"
        about = (program, commit[:8], f"`{one.resource}`", f"`{one.policy}`")
        assert any(all(part in line for part in about) for line in evaluated), about
