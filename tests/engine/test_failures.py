"""Rehearsals that do not come to their end: how fast that is told, and what."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program import workspace
from aws_preflight.rehearsal.program.simulated_hosts import with_preload
from tests.engine.conftest import NODE_MODULES
from tests.engine.test_rehearse import rehearsed, write_program

pytestmark = pytest.mark.engine

PATIENCE_SECONDS = 60
"""What any rehearsal of a hundred resources may take, on two processors and with others at work."""


def node_program(folder: Path, code: str, **project: object) -> Path:
    """A program in TypeScript that finds the installed packages."""
    content = {"name": "shop", "runtime": "nodejs", "config": {"aws:region": "us-east-1"}, **project}
    (folder / "Pulumi.yaml").write_text(json.dumps(content))
    (folder / "index.ts").write_text(
        f"import * as pulumi from '@pulumi/pulumi';\nimport * as aws from '@pulumi/aws';\n{code}"
    )
    (folder / "node_modules").symlink_to(NODE_MODULES)
    return folder


LINE_WITHOUT_END = r"""
const error = new Error("boom");
error.stack = "Error: boom\n    at require (/a/node_modules/@pulumi/config.ts:1:2)\n";
console.log(inspect(error, { colors: true }), typeof inspect.custom, inspect(undefined), inspect("x", false, 1, true));
"""


@pytest.mark.parametrize("load", ["const { inspect } = require('util');", "import { inspect } from 'node:util';"])
def test_no_line_of_a_stack_keeps_node_from_printing_an_error(load: str) -> None:
    kind = "commonjs" if "require" in load else "module"
    done = subprocess.run(
        ["node", f"--input-type={kind}", "-e", load + LINE_WITHOUT_END],
        env={**os.environ, "NODE_OPTIONS": with_preload("plain-errors.cjs", "--no-warnings")},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stdout.startswith("Error: boom\n    at require (/a/node_modules/@pulumi/config.ts:1:2)\n symbol ")


MANY = "for (let i = 0; i < 100; i++) new aws.sqs.Queue(`jobs-${i}`);\n"


def test_a_program_in_typescript_that_throws_inside_the_sdk_is_told_at_once(tmp_path: Path) -> None:
    """The stack has a line of `node_modules/@pulumi/config.ts`, on which Node.js 20 spends minutes."""
    started = time.monotonic()
    report = rehearsed(node_program(tmp_path, f"{MANY}new pulumi.Config().requireNumber('size');\n"))
    assert time.monotonic() - started < PATIENCE_SECONDS
    assert report.failure is not None
    assert (report.failure.kind, report.exit_code) == ("config", 2)
    assert "shop:size" in report.failure.message


NOT_BUILT = {
    "typescript": """
new aws.s3.BucketObjectv2("page", { bucket: "site", source: new pulumi.asset.FileAsset("dist/index.html") });
new aws.lambda.Function("api", { role: "arn:aws:iam::123456789012:role/api", runtime: "nodejs22.x", handler: "a.b",
    code: new pulumi.asset.AssetArchive({ lib: new pulumi.asset.FileArchive("./dist/lib"),
                                          readme: new pulumi.asset.StringAsset("x") }) });
""",
    "python": """
aws.s3.BucketObjectv2("page", bucket="site", source=pulumi.FileAsset("dist/index.html"))
aws.lambda_.Function("api", role="arn:aws:iam::123456789012:role/api", runtime="python3.13", handler="a.b",
    code=pulumi.AssetArchive({"lib": pulumi.FileArchive("./dist/lib"), "readme": pulumi.StringAsset("x")}))
""",
}
READS = {
    "typescript": """
import * as fs from "fs";
new aws.s3.BucketObjectv2("page", { bucket: "site", content: fs.readFileSync("dist/index.html").toString() });
""",
    "python": """
def page():
    return open("dist/index.html").read()
aws.s3.BucketObjectv2("page", bucket="site", content=page())
""",
}


def program_in(language: str, folder: Path, code: str) -> Path:
    return node_program(folder, code) if language == "typescript" else write_program(folder, code)


@pytest.mark.parametrize("language", NOT_BUILT)
def test_what_is_only_handed_on_need_not_be_built(tmp_path: Path, language: str) -> None:
    report = rehearsed(program_in(language, tmp_path, NOT_BUILT[language]))
    assert report.failure is None
    assert report.summary.resources == 2
    assert [notice.text for notice in report.notices if notice.kind == "file"] == [
        "Not built, and replaced by stand-ins, which nothing reads: ./dist/lib, dist/index.html"
    ]
    assert not (tmp_path / "dist").exists()


DOCKER = """
import subprocess
def docker(*arguments, **options):
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True, **options)
    return done.stdout.strip()
docker("login", "-u", "AWS", "--password-stdin", "registry", input="x" * 200000)
docker("build", "-t", "shop", "../app")
digest = docker("image", "inspect", "-f", "{{.Id}}", "shop")
docker("push", "registry/shop")
aws.ssm.Parameter("digest", type="String", value=digest)
"""


def test_an_image_that_the_program_has_built_is_made_up(tmp_path: Path) -> None:
    report = rehearsed(write_program(tmp_path, DOCKER))
    assert report.failure is None
    assert [notice.text for notice in report.notices if notice.kind == "file"] == [
        "Images that were not built, their digests are made up: docker build -t shop ../app"
    ]


@pytest.mark.parametrize("language", READS)
def test_what_the_program_reads_has_to_be_built(tmp_path: Path, language: str) -> None:
    report = rehearsed(program_in(language, tmp_path, READS[language]))
    assert report.failure is not None
    assert report.exit_code == 2
    assert report.failure.advice.startswith("The program reads dist/index.html, which is not there: make or build it")
    details = "\n".join(report.failure.details)
    assert ("index.ts:5" if language == "typescript" else "__main__.py") in details
    assert "node_modules/" not in details
    assert "site-packages" not in details


LOOKED_AT = """
subnets = [aws.ec2.Subnet.get(name, f"subnet-0123456789abcde{digit}0") for name, digit in (("a", 1), ("b", 2))]
aws.lb.LoadBalancer("public", subnets=[subnet.id for subnet in subnets])
raise ValueError("later")
"""


def test_what_is_only_looked_at_is_nothing_to_judge(tmp_path: Path) -> None:
    """Its values are made up; here both subnets happen to be in one zone."""
    report = rehearsed(write_program(tmp_path, LOOKED_AT))
    assert report.failure is not None
    assert report.findings == []


def test_a_variable_that_is_required_is_made_up(tmp_path: Path) -> None:
    code = 'import os\naws.ssm.Parameter("one", type="String", value=os.environ["SHOP_NAME"])\n'
    report = rehearsed(write_program(tmp_path, code))
    assert report.failure is not None
    assert report.failure.advice.startswith("The sources take SHOP_NAME from the environment, where it is not set: ")
    report = rehearsed(tmp_path, fill_config=True)
    assert report.failure is None
    assert "Made-up environment variables: SHOP_NAME = rehearsal-shop-name" in report.notices[0].text


def test_a_program_that_waits_for_what_has_failed_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "SILENT_SECONDS", 2)
    waits = "import time\naws.sqs.Queue('jobs')\npulumi.log.error('the answer has failed')\ntime.sleep(600)\n"
    started = time.monotonic()
    report = rehearsed(write_program(tmp_path, waits))
    assert time.monotonic() - started < PATIENCE_SECONDS
    assert report.failure
    assert report.failure.details == ["the answer has failed"]
    assert report.failure.advice.startswith("After this error nothing came")


def test_a_program_that_only_takes_its_time_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "SILENT_SECONDS", 1)
    assert rehearsed(write_program(tmp_path, "import time\ntime.sleep(4)\naws.sqs.Queue('jobs')\n")).failure is None
