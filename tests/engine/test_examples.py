"""The pack on whole programs, previewed and deployed by the real engine with the command that a user types."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from aws_preflight.rehearsal.program.result import Result
from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT, slow

pytestmark = pytest.mark.engine

EXAMPLES = ROOT / "examples"
EXPECTED: dict[str, Any] = json.loads((EXAMPLES / "expected.json").read_text(encoding="utf-8"))
LONG_NAME = "payments-api.blue.staging.eu-central-1.internal.platform.example.com"


def found(result: Result) -> list[dict[str, str]]:
    """The findings as `expected.json` has them: each policy once a resource."""
    findings = []
    for violation in result.violations:
        assert violation.level == "mandatory"
        type_, _, name = violation.urn.rpartition("::")
        type_ = type_.rpartition("::")[2].rpartition("$")[2]
        finding = {"policy": violation.policy, "resource": name, "type": type_}
        if finding not in findings:
            findings.append(finding)
    return sorted(findings, key=lambda finding: finding["policy"])


@dataclass(frozen=True)
class Run:
    """What became of an example: of its preview, and of its deployment where one is expected to be tried."""

    preview: Result
    up: Result | None = None
    created: frozenset[str] = frozenset()


@cache
def run(name: str) -> Run:
    """One run of an example, for every test that looks at it."""
    with Workspace(EXAMPLES / name) as workspace:
        preview = workspace.preview(policy_pack=ROOT)
        if "up" not in EXPECTED[name]:
            return Run(preview)
        up = workspace.up(policy_pack=ROOT)
        resources = workspace.export()["deployment"]["resources"]
    return Run(preview, up, frozenset(resource["urn"].rpartition("::")[2] for resource in resources))


FAST = {"failover/broken", "payment-api-python/broken", "failover-python/fixed"}
"""One that is refused in each language, and one that is clean and deployed."""


def test_every_program_has_expectations() -> None:
    programs = {str(path.parent.relative_to(EXAMPLES)) for path in EXAMPLES.glob("*/*/Pulumi.yaml")}
    assert programs == EXPECTED.keys()


@pytest.mark.parametrize("name", slow(EXPECTED, EXPECTED.keys() - FAST))
def test_example(name: str) -> None:
    expected, done = EXPECTED[name], run(name)
    preview, up = done.preview, done.up
    assert found(preview) == expected["preview"], preview.output
    assert preview.refused == bool(expected["preview"])
    assert (preview.exit_code != 0) == preview.refused, preview.output
    assert preview.resource_changes.get("create") == expected["resources"]
    if up is None:
        return
    assert found(up) == expected["up"], up.output
    assert (up.exit_code != 0) == up.refused, up.output
    # The engine asks the pack before it creates a resource: AWS never heard of what was refused.
    assert done.created.isdisjoint(finding["resource"] for finding in expected["up"])
    assert up.refused or len(done.created) >= expected["resources"]


MESSAGES = {
    "payment-api/broken": [
        'made from the load balancer "alb-staging" alone',
        "AWS answers (acm:RequestCertificate): InvalidDomainValidationOptionsException: The first domain name can be",
        "at containerDefinitions[0].logConfiguration.options.awslogs-group: ",
        "AWS answers (ecs:RegisterTaskDefinition): ClientException: Log driver awslogs option 'awslogs-group' contains",
        'forwards to the target group "tg-staging", and nothing makes the service wait for it: this is a race',
        "AWS answers (ecs:CreateService): InvalidParameterException: The target group with targetGroupArn arn:...",
        "Fix in TypeScript: new aws.ecs.Service(name, args, { dependsOn: [listener] });",
        "More: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html and"
        " `aws-preflight explain awslogs-group-unresolved`",
    ],
    "payment-api-python/broken": [
        "Fix in Python: aws.ecs.Service(name, ..., opts=pulumi.ResourceOptions(depends_on=[listener]))",
        "AWS answers (ecs:CreateService): InvalidParameterException: The target group with targetGroupArn arn:...",
    ],
    "failover/broken": [
        "tags are the members of an Output object: the program enumerated an Output",
        "Attribute must be a single value, not a map.",
        "at dashboardBody.widgets[3].properties.metrics[0]: widget 3, row 0: dimensions stand in the row itself",
        "at dashboardBody.widgets[3].properties.metrics[1]: widget 3, row 1: dimensions stand in the row itself",
        'write: ["AWS/AutoScaling", "GroupDesiredCapacity", "AutoScalingGroupName", ',
        '"dataPath": "/widgets/3/properties/metrics/0", "message": "Should NOT have more than 2 items"',
    ],
}


@pytest.mark.parametrize("name", slow(MESSAGES, ["payment-api/broken"]))
def test_what_the_user_reads(name: str) -> None:
    for part in MESSAGES[name]:
        assert part in run(name).preview.output
    assert f"Fix in {'TypeScript' if 'python' in name else 'Python'}" not in run(name).preview.output


@pytest.mark.slow
@pytest.mark.parametrize("name", MESSAGES)
def test_without_the_pack_nobody_objects_until_it_is_deployed(name: str) -> None:
    with Workspace(EXAMPLES / name) as workspace:
        assert not workspace.preview().violations
        assert workspace.up().errors


@pytest.mark.slow
@pytest.mark.parametrize("language", slow(["certificates", "certificates-python"], ["certificates"]))
def test_names_of_certificates(program: Callable[[str], Path], language: str) -> None:
    with Workspace(program(language)) as workspace:
        result = workspace.preview(policy_pack=ROOT)
        disabled = {"acm-domain-too-long": "disabled", "acm-domain-owned-by-aws": "advisory"}
        configured = workspace.preview(policy_pack=ROOT, policy_config=disabled)
        warned = workspace.preview(policy_pack=ROOT, policy_config={"all": "advisory"})
    assert [(v.policy, v.urn.rpartition("::")[2], v.level) for v in result.violations] == [
        ("acm-domain-too-long", "native", "mandatory"),
        ("acm-domain-too-long", "long", "mandatory"),
        ("acm-domain-owned-by-aws", "owned", "mandatory"),
        ("acm-domain-too-long", "secret", "mandatory"),
    ], result.output
    secret = next(v for v in result.violations if v.urn.endswith("::secret"))
    assert LONG_NAME not in secret.message.partition("Fix in")[0]
    assert "(the value is secret and not shown)" in secret.message
    assert [(v.policy, v.level) for v in configured.violations] == [("acm-domain-owned-by-aws", "advisory")]
    assert configured.exit_code == 0, configured.output
    assert {v.level for v in warned.violations} == {"advisory"}
    assert len(warned.violations) == len(result.violations)
    assert warned.exit_code == 0, warned.output
