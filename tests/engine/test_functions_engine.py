"""Functions as programs call them: arguments of other types, files, and what the program has made itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from aws_preflight.rehearsal.program.workspace import Workspace
from aws_preflight.report.model import name_of
from tests.engine.test_failures import program_in

pytestmark = pytest.mark.engine

PROGRAMS = {
    "python": """
image = aws.ec2.get_ami(most_recent="true", owners=["amazon"])
vpc = aws.ec2.Vpc("vpc", cidr_block="10.7.0.0/16", tags={"Name": "main"})
again = aws.ec2.get_vpc_output(id=vpc.id)
def subnet(cidr):
    return pulumi.runtime.invoke("std:index:cidrsubnet", {"input": cidr, "newbits": 8, "netnum": 2}).value["result"]
aws.ec2.Subnet("subnet", vpc_id=again.id, cidr_block=again.cidr_block.apply(subnet))
text = pulumi.runtime.invoke("std:index:file", {"input": "note.txt"}).value["result"]
aws.ssm.Parameter("note", type="String", value="x", description=f"{text} {image.most_recent}")
""",
    "typescript": """
const image = aws.ec2.getAmiOutput({ mostRecent: "true" as any, owners: ["amazon"] });
const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.7.0.0/16", tags: { Name: "main" } });
const again = aws.ec2.getVpcOutput({ id: vpc.id });
const subnet = (cidr: string) => pulumi.runtime.invoke("std:index:cidrsubnet", { input: cidr, newbits: 8, netnum: 2 });
const cidr = again.cidrBlock.apply(subnet).apply((answer: any) => answer.result);
new aws.ec2.Subnet("subnet", { vpcId: again.id, cidrBlock: cidr });
const text = pulumi.output(pulumi.runtime.invoke("std:index:file", { input: "note.txt" })).apply(one => one.result);
const python = image.mostRecent.apply(recent => recent === true ? "True" : "?");
new aws.ssm.Parameter("note", { type: "String", value: "x", description: pulumi.interpolate`${text} ${python}` });
""",
}


@pytest.mark.parametrize("language", PROGRAMS)
def test_functions_answer_with_what_is_there(tmp_path: Path, language: str) -> None:
    program = program_in(language, tmp_path, PROGRAMS[language])
    (program / "note.txt").write_text("note")
    with Workspace(program, packages=["aws", "std"], refusals=False) as stack:
        result = stack.up()
        assert result.exit_code == 0, result.output
        made = {name_of(one["urn"]): one for one in stack.export()["deployment"]["resources"]}
    assert made["subnet"]["inputs"]["cidrBlock"] == "10.7.2.0/24"
    assert made["subnet"]["inputs"]["vpcId"] == made["vpc"]["id"]
    assert made["note"]["inputs"]["description"] == "note True"
