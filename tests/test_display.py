"""A rehearsal on the screen: no text of a program acts on the CI runner that reads the log."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from preflight.message import Message, render
from rehearsal.display import console, show
from rehearsal.report import Failure, Notice, Report, Simulated, Summary, Unresolved
from report.model import Finding, Place

COMMAND = "::error::pwned ##[error]x"


def shown(report: Report) -> str:
    page = io.StringIO()
    show(report, console(file=page))
    return page.getvalue()


def finding(name: str, path: str, says: str) -> Finding:
    code = {"introduction": "AWS answers", "answer": "no", "typescript": "", "python": "", "page": "p.md"}
    details = Message(title="t", path=path, says=says, **code)
    urn = f"urn:pulumi:dev::p::a:b/c:D::{name}"
    text = render(details)
    return Finding(policy="p", pack="q", level="mandatory", urn=urn, message=text, details=details, source=Place("x"))


@pytest.mark.parametrize("before", ["\n", " ", *("y" * width for width in range(20, 160))])
def test_no_text_of_a_program_commands_a_runner(before: str) -> None:
    """The columns of a table are folded, so that any part of a text may come to stand at the start of a line."""
    text = before + COMMAND
    report = Report(
        program=str(Path.cwd()),
        findings=[finding(text, text.strip(), text.strip())],
        notices=[Notice(kind="provider", text=f"The provider itself would refuse {text}")],
        failure=Failure(kind="program", message=text, advice=text, details=[text]),
        summary=Summary(
            resources=1,
            types=[Simulated(type="a:b:C", count=1, fidelity="a schema")],
            packages=[text],
            unknown=[Unresolved(urn="u", path=text)],
            engine="v3",
        ),
    )
    lines = shown(report).split("\n")
    assert len(lines) > 10
    for line in lines:
        assert not line.lstrip().startswith("::"), line
        assert "##[" not in line
