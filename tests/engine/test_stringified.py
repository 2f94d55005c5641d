"""Outputs turned into text, by programs that the real engine previews: every place is named, and their repaired twins
pass, in the preview and when they are deployed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT

pytestmark = pytest.mark.engine

EXPECTED = {
    "stringified": {
        "template": "tags.Source: the program turned an Output into text with a template literal",
        "json": "policy.Statement[1].Resource: the program gave an object with an Output in it to JSON.stringify",
        "joined": "value: the program turned an Output into text",
        "resource": "value: the program put a resource, a promise or another object into an ARN or a URL",
        "key": "value: in a key: the program turned an Output into text",
        "cut": "value: the program turned an Output into text",
        "encoded": "userData: in the base64 text: the program turned an Output into text",
        "enumerated": "value: these are the members of an Output object",
        "named": ": in the logical name of the resource: the program turned an Output into text",
    },
    "stringified-python": {
        "f-string": "tags.Source: the program turned an Output into text with an f-string",
        "json": "policy.Statement[1].Resource[0]: the program turned an Output into text with an f-string",
        "default": "policy.Statement[0].Resource: the program turned an Output into text with an f-string",
        "list": "value: the program printed an Output, or a list, dict or resource with one, into a string",
        "resource": "value: the program printed an Output, or a list, dict or resource with one, into a string",
        "bytes": "value: the program put bytes into a string",
        "encoded": "userData: in the base64 text: the program turned an Output into text with an f-string",
        "named": ": in the logical name of the resource: the program turned an Output into text with an f-string",
        "forgotten": "bucket: a placeholder was never replaced: the f before the text is missing",
    },
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_stringified_output_is_refused_at_its_place(program: Callable[[str], Path], name: str) -> None:
    with Workspace(program(name)) as workspace:
        result = workspace.preview(policy_pack=ROOT)
    own = [v for v in result.violations if v.policy == "output-stringified"]
    found = {v.urn.rpartition("::")[2].partition("-Calling ")[0]: v.message for v in own}
    assert len(own) == len(found) == len(EXPECTED[name]), result.output
    for resource, place in EXPECTED[name].items():
        assert f"at {place}" in found[resource], found[resource]
    assert {v.level for v in own} == {"mandatory"}
    assert result.exit_code != 0


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_its_repaired_twin_passes(program: Callable[[str], Path], name: str) -> None:
    with Workspace(program(name), config={f"engine-{name}:mended": "true"}) as workspace:
        for result in (workspace.preview(policy_pack=ROOT), workspace.up(policy_pack=ROOT)):
            assert not result.violations, result.output
            assert result.exit_code == 0, result.output
