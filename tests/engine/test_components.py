"""Components whose code is in a package: it runs for real, on the simulated AWS, with nothing of the user's."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.outcome import Report
from aws_preflight.rehearsal.program.workspace import Workspace
from aws_preflight.report.model import name_of
from tests.engine.conftest import NODE_MODULES, PROGRAMS, left_running
from tests.engine.test_rehearse import lines, rehearsed, write_program

pytestmark = pytest.mark.engine

Program = Callable[[str], Path]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of a user, who has a component package installed there, and credentials."""
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("PULUMI_HOME", raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    monkeypatch.setenv("PULUMI_ACCESS_TOKEN", "pul-secret")
    (home / ".pulumi").mkdir(parents=True)
    (home / ".pulumi" / "credentials.json").write_text("no JSON: who reads this fails")
    return home


def install(home: Path, version: str = "1.2.3") -> Path:
    folder = home / ".pulumi" / "plugins" / f"resource-parts-v{version}"
    shutil.copytree(PROGRAMS / "components-typescript" / "plugin", folder)
    (folder / "node_modules").symlink_to(NODE_MODULES)
    return folder


def notices(report: Report, kind: str) -> list[str]:
    return [notice.text for notice in report.notices if notice.kind == kind]


def test_the_code_of_a_package_beside_the_program_runs(program: Program, home: Path) -> None:
    folder = program("components")
    report = rehearsed(folder)
    assert report.failure is None
    assert lines(report) == [("acm-domain-too-long", "parts/__main__.py:22", ["__main__.py:13"])]
    assert report.findings[0].evidence == '"payments-api.blue.staging.eu-central-1.internal.platform.acme-shop.io"'
    assert (report.summary.resources, report.summary.components) == (3, 1)
    assert notices(report, "component") == [
        f"The components of parts were made by their own code, in {folder / 'parts'}"
    ]
    seen = json.loads((home / "seen.json").read_text())
    assert not {name for name in seen if name.startswith("AWS_")} - {
        "AWS_CONFIG_FILE",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_EC2_METADATA_DISABLED",
    }
    assert "PULUMI_ACCESS_TOKEN" not in seen
    assert not Path(seen["PULUMI_HOME"]).exists()
    assert left_running(seen["PULUMI_HOME"]) == []


def test_the_code_of_an_installed_package_runs_and_its_methods(program: Program, home: Path) -> None:
    install(home, "0.9.0")
    folder = install(home)
    report = rehearsed(program("components-typescript"))
    assert report.failure is None
    # The line is that of the component: what it is made of is not the user's.
    assert lines(report) == [("acm-domain-too-long", "index.ts:19", ["index.ts:19"])]
    assert (report.summary.resources, report.summary.components) == (3, 1)
    assert notices(report, "component") == [f"The components of parts 1.2.3 were made by their own code, in {folder}"]


def test_values_of_a_component_reach_the_program(program: Program, home: Path) -> None:
    install(home)
    with Workspace(program("components-typescript"), packages=["aws", "parts"], refusals=False) as stack:
        assert stack.up().exit_code == 0
        made = {name_of(one["urn"]): one for one in stack.export()["deployment"]["resources"]}
    assert made["site-certificate"]["parent"] == made["site"]["urn"]
    assert made["site"]["outputs"]["url"].startswith("https://payments-api.blue.staging.")
    assert made["page"]["inputs"]["name"] == "/start"
    assert stack.left == []


RACE = """
bucket = aws.s3.Bucket("uploads")
function = aws.lambda_.Function("late", role="arn:aws:iam::123456789012:role/late", runtime="python3.13",
    handler="app.handler", s3_bucket="artifacts", s3_key="app.zip")
permission = aws.lambda_.Permission("permission", action="lambda:InvokeFunction", function=function.name,
    principal="s3.amazonaws.com", source_arn=bucket.arn)
notification = aws.s3.BucketNotification("notification", bucket=bucket.id,
    lambda_functions=[{"lambda_function_arn": function.arn, "events": ["s3:ObjectCreated:*"]}])
class Site(pulumi.ComponentResource):
    def __init__(self, name):
        domain = notification.id.apply(lambda _: permission.id)
        super().__init__("parts:index:Site", name, {"domain": domain}, None, True)
Site("site")
"""


def test_without_the_code_it_is_said_how_to_install_it(tmp_path: Path, home: Path) -> None:
    folder = tmp_path / "program"
    folder.mkdir()
    report = rehearsed(write_program(folder, RACE))
    assert report.failure is not None
    assert (report.failure.kind, report.exit_code) == ("component", 2)
    assert report.failure.message.startswith("The code of parts is not installed here")
    assert report.failure.advice.startswith("Run `pulumi plugin install resource parts`, and rehearse again")
    assert "parts:index:Site (site) cannot be rehearsed" in report.failure.details[0]
    assert "were asked about the part of it that exists" in notices(report, "incomplete")[0]
    assert [(finding.name, finding.level) for finding in report.findings] == [("notification", "advisory")]
    assert report.findings[0].details is not None
    assert [language for language, _ in report.findings[0].details.fixes] == ["Fix in Python"]


def test_code_that_does_not_start_is_told_with_its_own_words(program: Program, home: Path) -> None:
    folder = install(home)
    (folder / "index.js").write_text("console.error('a wheel is missing'); process.exit(3);\n")
    report = rehearsed(program("components-typescript"))
    assert report.failure is not None
    details = "\n".join(report.failure.details)
    assert "the code of parts 1.2.3 in" in details
    assert "did not start:\na wheel is missing" in details


def test_an_error_of_a_component_is_an_error_of_the_program(program: Program, home: Path) -> None:
    folder = install(home)
    code = (folder / "index.js").read_text()
    (folder / "index.js").write_text(code.replace("super(", "if (name) throw new Error('no such part'); super(", 1))
    report = rehearsed(program("components-typescript"))
    assert report.failure is not None
    assert "no such part" in "\n".join(report.failure.details)
    assert report.exit_code == 2


def cluster(issuer: str) -> str:
    return f"""
class Cluster(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("parts:index:Cluster", name, {{"issuer": {issuer!r}}}, None, True)
Cluster("main")
"""


def test_code_that_asks_a_cluster_for_its_certificate_gets_one(tmp_path: Path, home: Path) -> None:
    install(home)
    program = write_program(tmp_path, cluster("https://oidc.eks.eu-central-1.amazonaws.com"))
    with Workspace(program, config={"aws:region": "eu-central-1"}, packages=["aws", "parts"], refusals=False) as stack:
        assert stack.up().exit_code == 0
        made = {name_of(one["urn"]): one for one in stack.export()["deployment"]["resources"]}
    [thumbprint] = made["main-issuer"]["inputs"]["thumbprintLists"]
    assert re.fullmatch("[0-9a-f]{40}", thumbprint)


def test_code_that_asks_any_other_host_is_refused_at_once(tmp_path: Path, home: Path) -> None:
    install(home)
    report = rehearsed(write_program(tmp_path, cluster("https://issuer.example.org")))
    assert report.failure is not None
    assert "a rehearsal reaches nothing real: the code of a component asked for issuer.example.org" in "\n".join(
        report.failure.details
    )
    assert "The code of components asked hosts that a rehearsal does not reach: issuer.example.org" in notices(
        report, "component"
    )
    assert report.summary.seconds < 60


CHART = """
class Chart(pulumi.ComponentResource):
    resources: pulumi.Output[list]
    def __init__(self, name, props, opts=None):
        super().__init__("kubernetes:helm.sh/v4:Chart", name, {"resources": None, **props}, opts, True)
chart = Chart("mesh", {"chart": "mesh"})
Chart("gate", {"chart": "gate"}, pulumi.ResourceOptions(depends_on=[chart]))
"""


def test_a_chart_of_kubernetes_is_made_with_nothing_in_it(tmp_path: Path, home: Path) -> None:
    report = rehearsed(write_program(tmp_path, CHART))
    assert report.failure is None
    assert (report.summary.resources, report.summary.components) == (0, 2)
