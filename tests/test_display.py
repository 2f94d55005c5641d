"""A rehearsal on the screen: no text of a program acts on the CI runner that reads the log."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from aws_preflight.preflight.message import Message, render
from aws_preflight.rehearsal.display import Ticker, console, show
from aws_preflight.rehearsal.program.outcome import Failure, Notice, Report, Simulated, Summary, Unresolved
from aws_preflight.report.model import Finding, Level, Place

COMMAND = "::error::pwned ##[error]x"


def shown(report: Report) -> str:
    page = io.StringIO()
    show(report, console(file=page))
    return page.getvalue()


def finding(name: str, path: str, summary: str) -> Finding:
    code = {"introduction": "AWS answers", "answer": "no", "documentation": "https://a.b", "explain": "p"}
    details = Message(title="t", path=path, summary=summary, **code)
    urn = f"urn:pulumi:dev::p::a:b/c:D::{name}"
    text = render(details)
    return Finding(policy="p", pack="q", level="mandatory", urn=urn, message=text, details=details, source=Place("x"))


@pytest.mark.parametrize("before", ["\n", " ", *("y" * width for width in range(20, 160))])
def test_no_text_of_a_program_commands_a_runner(before: str) -> None:
    """The columns of a table are folded, so that any part of a string may come to stand at the start of a line."""
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


SAYS = "the load balancer waits for nothing " * 20
NAME = "a-name-" * 30


def report(level: Level, failure: Failure | None = None) -> Report:
    details = Message(
        title="A title",
        path="subnets",
        summary=SAYS,
        introduction="AWS answers",
        answer="no",
        typescript="right()",
        documentation="https://docs.aws.amazon.com/x",
        explain="p",
    )
    urn = f"urn:pulumi:dev::shop::aws:lb/loadBalancer:LoadBalancer::{NAME}"
    finding = Finding(
        policy="p",
        pack="aws-preflight",
        level=level,
        urn=urn,
        message="m",
        details=details,
        source=Place("index.ts", 3, 1),
    )
    return Report(program=".", findings=[finding], failure=failure, summary=Summary(resources=1))


def test_no_line_of_a_log_is_broken_or_cut() -> None:
    lines = shown(report("mandatory")).split("\n")
    assert any(line.endswith(SAYS.rstrip()) for line in lines)
    assert any(NAME in line for line in lines)
    assert "\x1b" not in "".join(lines)


def test_a_rehearsal_that_did_not_finish_is_not_called_clean() -> None:
    failed = report("advisory", Failure(kind="program", message="it raised"))
    assert "The rehearsal did not finish. 1 advisory finding." in shown(failed)
    assert "Nothing refused" not in shown(failed)
    assert "Nothing refused. 1 advisory finding." in shown(report("advisory"))
    assert "Refused: 1 finding" in shown(report("mandatory", failed.failure))


def told(ticker: Ticker, kind: str, name: str, type_: str = "aws:sqs/queue:Queue") -> None:
    ticker.event({kind: {"metadata": {"urn": f"urn:pulumi:dev::shop::{type_}::{name}"}}})


@pytest.mark.parametrize("terminal", [True, False])
def test_the_resource_at_hand_is_shown_on_a_terminal_only(terminal: bool) -> None:
    screen = console(file=io.StringIO(), force_terminal=terminal, width=80)
    with Ticker(screen) as ticker:
        ticker.step("Deploying shop")
        told(ticker, "resourcePreEvent", "shop-dev", "pulumi:pulumi:Stack")
        told(ticker, "resourcePreEvent", "jobs")
        told(ticker, "resourcePreEvent", "x" * 200)
        told(ticker, "resOutputsEvent", "x" * 200)
        said = str(ticker.line)
        told(ticker, "resourcePreEvent", "y" * 200)
        assert not terminal or len(str(ticker.line)) < 80
        told(ticker, "resOpFailedEvent", "y" * 200)
        told(ticker, "resOutputsEvent", "jobs")
        done = str(ticker.line)
    assert said == "Deploying shop: 1 resources, 0 findings, now jobs"
    assert done == "Deploying shop: 2 resources, 0 findings"
    assert isinstance(screen.file, io.StringIO)
    if not terminal:
        assert screen.file.getvalue() == "Deploying shop ...\n"
