"""A rehearsal in a log: whole lines, no colours, and nothing that sounds better than it is."""

from __future__ import annotations

import io

from preflight.message import Message
from rehearsal.display import console, show
from rehearsal.report import Failure, Report, Summary
from report.model import Finding, Level, Place

SAYS = "the load balancer waits for nothing " * 20
NAME = "a-name-" * 30


def shown(report: Report) -> str:
    page = io.StringIO()
    show(report, console(file=page))
    return page.getvalue()


def report(level: Level, failure: Failure | None = None) -> Report:
    details = Message(
        title="A title",
        path="subnets",
        says=SAYS,
        introduction="AWS answers",
        answer="no",
        typescript="right()",
        python="right()",
        page="docs/policies/p.md",
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
