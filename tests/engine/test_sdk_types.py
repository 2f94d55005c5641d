"""Resources of packages that nobody has simulated: their outputs are those that the program's SDK declares."""

from __future__ import annotations

from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.sdk_types import SdkTypes
from aws_preflight.rehearsal.program.workspace import Workspace
from aws_preflight.report.model import name_of
from tests.engine.test_failures import program_in

pytestmark = pytest.mark.engine

NODE_CODE = """
const pulumi = require("@pulumi/pulumi");
class Paint extends pulumi.CustomResource {
    constructor(name, args, opts) {
        super(Paint.__pulumiType, name, { size: args.size, fullName: undefined, wells: undefined }, opts);
    }
}
Paint.__pulumiType = 'colour:index/paint:Paint';
exports.Paint = Paint;
"""
NODE_TYPES = """
export declare class Paint extends pulumi.CustomResource {
    readonly size: pulumi.Output<number>;
    readonly fullName: pulumi.Output<string>;
    readonly wells: pulumi.Output<string[]>;
    readonly dry: pulumi.Output<boolean>;
    readonly more: pulumi.Output<string | undefined>;
    readonly parts: pulumi.Output<outputs.Part[]>;
    readonly labels: pulumi.Output<{
        [key: string]: string;
    }>;
}
"""
PYTHON_CODE = '''
import builtins as _builtins
from typing import Optional, Sequence

import pulumi


class Paint(pulumi.CustomResource):
    def __init__(self, name, size):
        super().__init__(
            "colour:index/paint:Paint", name, {"size": size, "fullName": None, "wells": None, "dry": None})

    @property
    @pulumi.getter
    def size(self) -> pulumi.Output[int]:
        """How much."""
        return pulumi.get(self, "size")

    @property
    @pulumi.getter(name="fullName")
    def full_name(self) -> pulumi.Output[str]:
        return pulumi.get(self, "fullName")

    @property
    @pulumi.getter
    def wells(self) -> pulumi.Output[Sequence[_builtins.str]]:
        return pulumi.get(self, "wells")

    @property
    @pulumi.getter
    def dry(self) -> pulumi.Output[_builtins.bool]:
        return pulumi.get(self, "dry")

    @property
    @pulumi.getter
    def more(self) -> pulumi.Output[Optional[str]]:
        return pulumi.get(self, "more")
'''
PROGRAMS = {
    "typescript": """
const { Paint } = require("../node_modules/@acme/colour/paint");
const paint = new Paint("wall", { size: 7 });
const text = pulumi.interpolate`${paint.fullName.apply((one: string) => one.toUpperCase())} ${paint.wells[1]}`;
new aws.ssm.Parameter("note", { type: "String", value: "x", description: text });
""",
    "python": """
import sys
sys.path.insert(0, sys.path[0] + "/venv/lib/python3.11/site-packages")
from pulumi_colour.paint import Paint
paint = Paint("wall", 7)
text = pulumi.Output.concat(paint.full_name.apply(lambda one: one.upper()), " ", paint.wells[1])
aws.ssm.Parameter("note", type="String", value="x", description=text)
""",
}


def written(root: Path) -> Path:
    """A folder for a program, with SDKs of the package `colour` for both languages."""
    node = root / "node_modules" / "@acme" / "colour"
    python = root / "program" / "venv" / "lib" / "python3.11" / "site-packages" / "pulumi_colour"
    for folder in (node, python):
        folder.mkdir(parents=True)
    (node / "paint.js").write_text(NODE_CODE.replace("@pulumi/pulumi", "../../../program/node_modules/@pulumi/pulumi"))
    (node / "paint.d.ts").write_text(NODE_TYPES)
    (root / "program" / "venv" / "pyvenv.cfg").write_text("")
    (python / "__init__.py").write_text("")
    (python / "paint.py").write_text(PYTHON_CODE)
    return root / "program"


def test_both_sdks_declare_the_same(tmp_path: Path) -> None:
    program = written(tmp_path)
    always = {"size": "number", "fullName": "text", "wells": "texts", "dry": "boolean"}
    in_node = SdkTypes(program).outputs("colour:index/paint:Paint")
    assert in_node == {**always, "parts": "list"}
    (tmp_path / "node_modules" / "@acme" / "colour" / "paint.d.ts").unlink()
    assert SdkTypes(program).outputs("colour:index/paint:Paint") == always
    assert SdkTypes(program).outputs("colour:index/brush:Brush") == {}


@pytest.mark.parametrize("language", PROGRAMS)
def test_outputs_are_there_for_the_program_to_compute_with(tmp_path: Path, language: str) -> None:
    program = program_in(language, written(tmp_path), PROGRAMS[language])
    with Workspace(program, packages=["aws", "colour"], refusals=False) as stack:
        result = stack.up()
        assert result.exit_code == 0, result.output
        made = {name_of(one["urn"]): one for one in stack.export()["deployment"]["resources"]}
    assert made["note"]["inputs"]["description"] == "REHEARSAL-FULL-NAME rehearsal-wel1"
    assert made["wall"]["outputs"]["size"] == 7
