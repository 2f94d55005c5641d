"""Rehearsals that do not come to their end: how fast that is told, and what."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program import isolation
from tests.engine.conftest import NODE_MODULES
from tests.engine.test_rehearse import rehearsed

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
        env={**os.environ, "NODE_OPTIONS": isolation.node_options("--no-warnings")},
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
