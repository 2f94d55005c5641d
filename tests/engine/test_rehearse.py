"""Whole programs rehearsed by the real engine: what is found, where, and what a user is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from aws_preflight.preflight.message import DEFECT
from aws_preflight.rehearsal.program import watch
from aws_preflight.rehearsal.program.outcome import Report
from aws_preflight.rehearsal.program.rehearse import Request, rehearse
from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import NODE_MODULES, ROOT, slow

pytestmark = pytest.mark.engine

EXAMPLES = ROOT / "examples"
LONG_NAME = "payments-api.blue.staging.eu-central-1.internal.platform.example.com"


class Silent:
    """A progress display that shows nothing, and remembers the steps."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def step(self, text: str) -> None:
        self.steps.append(text)

    def event(self, event: object) -> None:
        pass

    def left(self, what: object) -> None:
        raise AssertionError(f"left behind: {what}")


def rehearsed(program: Path, **options: Any) -> Report:
    return rehearse(Request(program=program, **options), Silent())


@cache
def example(name: str) -> Report:
    """One rehearsal of an example, for every test that looks at it."""
    return rehearsed(EXAMPLES / name)


def lines(report: Report) -> list[tuple[str, str, list[str]]]:
    """The findings as `policy`, `file:line`, and the lines that made the components around the resource."""
    found = []
    for finding in report.findings:
        assert finding.source is not None
        makers = [f"{c.source.file}:{c.source.line}" if c.source else "" for c in finding.components]
        entry = (finding.policy, f"{finding.source.file}:{finding.source.line}", makers)
        if entry not in found:
            found.append(entry)
    return found


def line_of(program: str, file: str, text: str) -> str:
    """The line of the one place in a file that holds `text`."""
    numbers = [
        number
        for number, line in enumerate((EXAMPLES / program / file).read_text(encoding="utf-8").splitlines(), 1)
        if text in line
    ]
    assert len(numbers) == 1, (file, text, numbers)
    return f"{file}:{numbers[0]}"


EXPECTED: dict[str, list[tuple[str, tuple[str, str], tuple[str, str] | None]]] = {
    "payment-api/broken": [
        ("acm-domain-too-long", ("alb-stack.ts", "new aws.acm.Certificate("), ("index.ts", "new AlbStack(")),
        ("awslogs-group-unresolved", ("ecs-stack.ts", "new aws.ecs.TaskDefinition("), ("index.ts", "new EcsStack(")),
        (
            "ecs-service-without-listener-dependency",
            ("ecs-stack.ts", "new aws.ecs.Service("),
            ("index.ts", "new EcsStack("),
        ),
    ],
    "failover/broken": [
        ("asg-tag-not-string", ("compute-stack.ts", "new aws.autoscaling.Group("), ("index.ts", "new ComputeStack(")),
        (
            "dashboard-metrics-malformed",
            ("monitoring-stack.ts", "new aws.cloudwatch.Dashboard("),
            ("index.ts", "new MonitoringStack("),
        ),
    ],
    "payment-api-python/broken": [
        ("acm-domain-too-long", ("__main__.py", "aws.acm.Certificate("), None),
        (
            "awslogs-group-unresolved",
            ("payment_service.py", "aws.ecs.TaskDefinition("),
            ("__main__.py", "PaymentService("),
        ),
        (
            "ecs-service-without-listener-dependency",
            ("payment_service.py", "aws.ecs.Service("),
            ("__main__.py", "PaymentService("),
        ),
    ],
    "failover-python/broken": [
        ("asg-tag-not-string", ("__main__.py", "aws.autoscaling.Group("), None),
        ("dashboard-metrics-malformed", ("__main__.py", "aws.cloudwatch.Dashboard("), None),
    ],
    "payment-api/late": [("awslogs-group-unresolved", ("index.ts", "new aws.ecs.TaskDefinition("), None)],
    "failover/late": [("dashboard-metrics-malformed", ("index.ts", "new aws.cloudwatch.Dashboard("), None)],
}


@pytest.mark.parametrize("name", slow(EXPECTED, EXPECTED.keys() - {"payment-api/broken", "payment-api-python/broken"}))
def test_every_mistake_is_found_at_its_line(name: str) -> None:
    report = example(name)
    assert report.failure is None
    assert (report.outcome, report.exit_code) == ("refused", 1)
    assert lines(report) == [
        (policy, line_of(name, *own), [line_of(name, *maker)] if maker else []) for policy, own, maker in EXPECTED[name]
    ]
    assert {finding.level for finding in report.findings} == {"mandatory"}
    assert not report.summary.unknown


FIXED = ("payment-api/fixed", "failover/fixed", "payment-api-python/fixed", "failover-python/fixed")


@pytest.mark.slow
@pytest.mark.parametrize("name", FIXED)
def test_nothing_is_found_where_nothing_is_wrong(name: str) -> None:
    report = example(name)
    assert report.failure is None
    assert report.findings == []
    assert (report.outcome, report.exit_code) == ("clean", 0)


def test_values_are_those_that_only_a_deployment_tells() -> None:
    report = example("payment-api/broken")
    (certificate,) = [finding for finding in report.findings if finding.policy == "acm-domain-too-long"]
    assert "66 octets" in certificate.summary
    assert certificate.evidence.startswith('"payment-api-alb-staging-')
    assert certificate.evidence.endswith('.ap-southeast-1.elb.amazonaws.com"')


def test_the_graph_and_the_missing_edge_are_told() -> None:
    data = example("payment-api-python/broken").to_json()
    nodes = {node["name"]: node for node in data["graph"]}
    (race,) = [one for one in data["findings"] if one["policy"] == "ecs-service-without-listener-dependency"]
    assert race["details"]["missing"] in {node["urn"] for node in data["graph"]}
    assert race["details"]["missing"] not in nodes["service-staging"]["waitsFor"]
    assert nodes["tg-staging"]["urn"] in nodes["service-staging"]["waitsFor"]
    assert list(nodes) == [urn.rpartition("::")[2] for urn in sorted(node["urn"] for node in data["graph"])]


@pytest.mark.slow
def test_two_runs_give_the_same_findings() -> None:
    name = "payment-api-python/broken"
    first, second = (report.to_json()["findings"] for report in (example(name), rehearsed(EXAMPLES / name)))
    assert json.dumps(first) == json.dumps(second)
    assert len(first) == 3
    assert str(ROOT) not in json.dumps(first)


def test_levels_are_applied_after_everything_was_seen(tmp_path: Path) -> None:
    levels = {"asg-tag-not-string": "disabled", "dashboard-metrics-malformed": {"enforcementLevel": "advisory"}}
    file = tmp_path / "levels.json"
    file.write_text(json.dumps(levels))
    report = rehearsed(EXAMPLES / "failover-python" / "broken", policy_config=file)
    assert {(finding.policy, finding.level) for finding in report.findings} == {
        ("dashboard-metrics-malformed", "advisory")
    }
    assert (report.outcome, report.exit_code) == ("clean", 0)


@pytest.mark.slow
def test_a_wrong_level_is_reported_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "levels.json"
    file.write_text('{"asg-tag-not-string": "loud"}')
    report = rehearsed(EXAMPLES / "failover-python" / "broken", policy_config=file)
    assert report.failure is not None
    assert '"loud" is not a valid enforcement level' in "\n".join(report.failure.details)
    assert report.exit_code == 2


# --- settings ---------------------------------------------------------------------------------------------------------


def test_the_settings_of_a_stack_are_used_and_its_secrets_are_not(program: Callable[[str], Path]) -> None:
    report = rehearsed(program("settings"))
    assert report.failure is None
    assert report.stack == "prod"
    assert [finding.policy for finding in report.findings] == ["acm-domain-too-long"]
    assert report.summary.secrets == ["settings:apiKey", "settings:database.password"]
    assert [notice.text for notice in report.notices if notice.kind == "secrets"] == [
        "Secrets replaced by dummies: settings:apiKey, settings:database.password"
    ]
    assert report.summary.resources == 4


@pytest.mark.slow
def test_settings_can_be_overridden(program: Callable[[str], Path]) -> None:
    report = rehearsed(program("settings"), config=["domain=example.com", "settings:apiKey=given"])
    assert report.exit_code == 0
    assert report.summary.secrets == ["settings:database.password"]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["settings", "settings-typescript"])
def test_missing_configuration_is_named(program: Callable[[str], Path], language: str) -> None:
    report = rehearsed(program(language), stack="new", config=["database={}", "apiKey=x"])
    assert report.failure is not None
    assert report.failure.kind == "config"
    assert f"the stack new does not have: {language}:domain" in report.failure.message
    assert f"--config {language}:domain=VALUE" in report.failure.advice
    assert "Traceback" not in report.failure.message + "".join(report.failure.details)
    assert report.exit_code == 2


# --- other stacks -----------------------------------------------------------------------------------------------------

OUTPUTS = """
acme/network/prod:
  vpcId: vpc-0a1b2c3d4e5f60718
  subnetIds: [subnet-0a1b2c3d4e5f60718, subnet-1a1b2c3d4e5f60718]
acme/shared/dev: {domainName: %s}
"""


@pytest.mark.slow
@pytest.mark.parametrize("language", ["references", "references-typescript"])
def test_references_are_answered_from_a_file(program: Callable[[str], Path], tmp_path: Path, language: str) -> None:
    file = tmp_path / "outputs.yaml"
    file.write_text(OUTPUTS % LONG_NAME)
    report = rehearsed(program(language), stack_outputs=file)
    assert report.failure is None
    assert [finding.evidence for finding in report.findings] == [f'"{LONG_NAME}"']
    assert [notice for notice in report.notices if notice.kind == "reference"] == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["references", "references-typescript"])
def test_references_are_made_up_and_listed(program: Callable[[str], Path], language: str) -> None:
    report = rehearsed(program(language))
    assert report.failure is None
    assert report.exit_code == 0
    assert [notice.text for notice in report.notices if notice.kind == "reference"] == [
        f"Made-up outputs of the stack {stack}: domainName, subnetIds, vpcId. Give the real ones with --stack-outputs"
        for stack in ("acme/network/prod", "organization/shared/dev")
    ]


def write_program(folder: Path, code: str, name: str = "shop") -> Path:
    (folder / "Pulumi.yaml").write_text(
        json.dumps({"name": name, "runtime": "python", "config": {"aws:region": "us-east-1"}})
    )
    (folder / "__main__.py").write_text(f"import pulumi, pulumi_aws as aws\n{code}")
    return folder


CERTIFICATE = "aws.acm.Certificate('one', domain_name=stack.require_output('domain'), validation_method='DNS')\n"

NAMES = {
    "'organization/network/prod'": "acme/network/prod",
    "f'{pulumi.get_organization()}/data/prod'": "organization/data/prod",
    "f'{pulumi.get_organization()}/queues/prod'": "queues/prod",
    "'prod'": "prod",
    "'organization/stage'": "acme/shop/stage",
    # Only the engine tells that the name begins with another organization.
    "pulumi.Config().require('secrets')": "acme/secrets/prod",
    # Its own last deployment.
    "f'{pulumi.get_organization()}/shop/dev'": "acme/shop/dev",
}
"""How a program may name a stack, and how the file of outputs may name the same one."""


@pytest.mark.slow
def test_a_stack_is_found_by_every_name_that_a_program_may_give_it(tmp_path: Path) -> None:
    code = "".join(
        f"stack = pulumi.StackReference({reference})\n{CERTIFICATE.replace('one', f'from-{i}')}"
        for i, reference in enumerate(NAMES)
    )
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({key: {"domain": f"{i}.{LONG_NAME}"} for i, key in enumerate(NAMES.values())}))
    report = rehearsed(write_program(tmp_path, code), stack_outputs=outputs, config=["secrets=acme/secrets/prod"])
    assert report.failure is None
    assert {finding.name: finding.evidence for finding in report.findings} == {
        f"from-{i}": f'"{i}.{LONG_NAME}"' for i in range(len(NAMES))
    }
    assert report.notices == []


@pytest.mark.slow
def test_nobody_has_to_give_the_outputs_of_the_stack_itself(tmp_path: Path) -> None:
    program = write_program(
        tmp_path, f"stack = pulumi.StackReference('organization/shop/dev')\n{CERTIFICATE.replace('require', 'get')}"
    )
    report = rehearsed(program)
    assert (report.failure, report.findings) == (None, [])


@pytest.mark.slow
@pytest.mark.parametrize("language", ["references", "references-typescript"])
def test_a_required_output_that_the_file_lacks_is_made_up(
    program: Callable[[str], Path], tmp_path: Path, language: str
) -> None:
    file = tmp_path / "outputs.json"
    file.write_text(json.dumps({"acme/network/prod": {"subnetIds": ["subnet-0"]}, "acme/shared/dev": {}}))
    report = rehearsed(program(language), stack_outputs=file)
    assert report.failure is None
    network, shared = [notice.text.partition(".")[0] for notice in report.notices]
    assert network.startswith("Made-up outputs of the stack acme/network/prod: ")
    assert network.endswith("vpcId")
    assert shared.startswith("Made-up outputs of the stack organization/shared/dev: domainName")


# --- packages, and what goes wrong ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_any_package_is_simulated_and_no_plugin_starts(program: Callable[[str], Path]) -> None:
    folder = program("foreign")
    progress = Silent()
    report = rehearse(Request(program=folder), progress)
    assert report.failure is None
    assert report.summary.packages == ["aws", "bundled", "colour", "weather"]
    assert [finding.policy for finding in report.findings] == ["acm-domain-too-long"]
    assert not (folder / "bundled" / "started").exists()
    assert len(progress.steps) == 3


@pytest.mark.parametrize("name", slow(["fails", "fails-typescript"], ["fails-typescript"]))
def test_an_error_of_the_program_is_shown(program: Callable[[str], Path], name: str) -> None:
    report = rehearsed(program(name))
    assert report.failure is not None
    assert report.failure.kind == "program"
    assert "no such environment: prod" in "\n".join(report.failure.details)
    assert report.exit_code == 2


def test_a_package_that_is_missing_is_named(tmp_path: Path) -> None:
    report = rehearsed(write_program(tmp_path, "import pulumi_weather\n"))
    assert report.failure is not None
    assert report.failure.advice.startswith("pulumi_weather is not installed: run `pulumi install` in the folder")


@pytest.mark.slow
@pytest.mark.parametrize("break_", ["\x85", "\u2028"])
def test_a_name_with_a_line_break_of_its_own_loses_nothing(tmp_path: Path, break_: str) -> None:
    program = write_program(
        tmp_path, f"aws.acm.Certificate('one{break_}two', domain_name='{LONG_NAME}', validation_method='DNS')\n"
    )
    with Workspace(program) as workspace:
        preview = workspace.preview(policy_pack=ROOT)
    assert [(found.policy, found.urn.rpartition("::")[2]) for found in preview.violations] == [
        ("acm-domain-too-long", f"one{break_}two")
    ]
    report = rehearsed(program)
    assert [(finding.policy, finding.name) for finding in report.findings] == [
        ("acm-domain-too-long", f"one{break_}two")
    ]
    assert (report.outcome, report.exit_code) == ("refused", 1)


def test_findings_before_an_error_are_reported(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("{name: half, runtime: python, config: {aws:region: us-east-1}}")
    (tmp_path / "__main__.py").write_text(
        "import pulumi, pulumi_aws as aws\n"
        f"certificate = aws.acm.Certificate('one', domain_name='{LONG_NAME}', validation_method='DNS')\n"
        "certificate.arn.apply(lambda arn: 1 / 0)\n"
    )
    report = rehearsed(tmp_path)
    assert lines(report) == [("acm-domain-too-long", "__main__.py:2", [])]
    assert report.failure is not None
    assert "ZeroDivisionError" in "\n".join(report.failure.details)
    assert (report.outcome, report.exit_code) == ("refused", 1)
    assert any("asked about the part of it that exists" in notice.text for notice in report.notices)


def test_what_the_provider_itself_would_refuse_is_told(tmp_path: Path) -> None:
    """The rehearsal goes on after it, so that all mistakes are found at once."""
    (tmp_path / "Pulumi.yaml").write_text("name: incomplete\nruntime: python\nconfig: {aws:region: us-east-1}\n")
    (tmp_path / "__main__.py").write_text(
        'import pulumi\n\npulumi.CustomResource("aws:ec2/subnet:Subnet", "subnet", {"cidrBlock": "10.0.0.0/24"})\n'
    )
    report = rehearsed(tmp_path)
    (notice,) = [notice.text for notice in report.notices if notice.kind == "provider"]
    assert notice.startswith("The provider itself would refuse subnet at preview: ")
    assert "vpcId" in notice or "vpc_id" in notice


REGIONS = {
    "python": "import pulumi, pulumi_aws as aws\n"
    "aws.sqs.Queue('jobs', name=f'jobs-{aws.config.region}')\n"
    f"aws.acm.Certificate('one', domain_name='{LONG_NAME}', validation_method='DNS')\n",
    "nodejs": "import * as aws from '@pulumi/aws';\n"
    "new aws.sqs.Queue('jobs', { name: `jobs-${aws.config.region}` });\n"
    f"new aws.acm.Certificate('one', {{ domainName: '{LONG_NAME}', validationMethod: 'DNS' }});\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("runtime", REGIONS)
def test_without_a_region_nothing_is_evaluated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: str) -> None:
    """A program that reads the region gets none, and what it makes of that is no fact about it."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "Pulumi.yaml").write_text(f"name: regional\nruntime: {runtime}\n")
    (tmp_path / ("__main__.py" if runtime == "python" else "index.ts")).write_text(REGIONS[runtime])
    (tmp_path / "node_modules").symlink_to(NODE_MODULES)
    report = rehearsed(tmp_path)
    assert report.failure is not None
    assert (report.failure.kind, report.findings, report.exit_code) == ("config", [], 2)
    assert report.failure.message.endswith("the stack dev does not have: aws:region")
    assert "--config aws:region=VALUE" in report.failure.advice
    assert "AWS_REGION" in report.failure.advice
    told = rehearsed(tmp_path, config=["aws:region=eu-central-1"])
    assert [finding.policy for finding in told.findings] == ["acm-domain-too-long"]
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    assert rehearsed(tmp_path).failure is None


@pytest.mark.slow
def test_of_several_stacks_one_has_to_be_named(tmp_path: Path) -> None:
    program = write_program(tmp_path, "import pulumi\naws.sqs.Queue(f'jobs-{pulumi.get_stack()}')\n")
    for stack in ("prod", "test"):
        (program / f"Pulumi.{stack}.yaml").write_text("config: {}\n")
    report = rehearsed(program)
    assert report.failure is not None
    assert (report.failure.kind, report.exit_code) == ("config", 2)
    assert "Pulumi.prod.yaml, Pulumi.test.yaml. Add --stack with one of prod, test" in report.failure.message
    assert rehearsed(program, stack="prod").failure is None


@pytest.mark.slow
def test_a_pack_that_cannot_write_its_findings_has_not_evaluated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A full disk: the engine is answered that nothing was found, and the deployment ends well."""
    write_pack, read = watch.write_pack, watch.read
    cut = tmp_path / "findings.jsonl"
    cut.write_text('{"policy": "acm-dom')
    monkeypatch.setattr(watch, "write_pack", lambda folder, _: write_pack(folder, Path("/dev/full")))
    monkeypatch.setattr(watch, "read", lambda _: read(cut))
    report = rehearsed(EXAMPLES / "payment-api-python" / "broken")
    assert (report.outcome, report.exit_code) == ("failed", 2)
    assert report.failure is not None
    assert report.failure.kind == "pack"
    assert any(DEFECT in detail and "OSError at watch.py" in detail for detail in report.failure.details)
