"""Findings in words: what is written is read again by field, and nothing in it acts on a terminal or a runner."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aws_preflight.policies.acm_domain_too_long import acm_domain_too_long
from aws_preflight.preflight.exemptions import Exemption
from aws_preflight.preflight.finding import NOT_RECORDED, Answer, Finding, Fix
from aws_preflight.preflight.message import (
    HOLDS_SECRET,
    MOST_LINES,
    SECRET,
    for_log,
    message_of,
    one_line,
    parse,
    render,
)
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Path

TODAY = date(2027, 1, 10)
anything = st.one_of(
    st.text(st.characters(codec=None), max_size=30),
    st.sampled_from(
        [
            "::error::x",
            "<{%fg 1%}>",
            ":<{%reset%}>:error::x",
            "##[add-mask]y",
            "##vso[task]z",
            "a\n::warning::b",
            "a: b (c)",
            "\u0085",
            "\u2028",
            " (x)",
            "",
        ]
    ),
)
paths = st.lists(st.integers(0, 99) | anything, max_size=4).map(tuple)
POLICY = replace(acm_domain_too_long, title="A title: with (brackets)")


def resource(secrets: frozenset[Path] = frozenset()) -> Resource:
    return Resource(urn="urn:pulumi:dev::p::a:b/c:D::x", type="a:b/c:D", name="x", properties={}, secrets=secrets)


@st.composite
def fixes(draw: st.DrawFn) -> Fix:
    code = st.just("") | anything.map(lambda line: f"x{line}") | anything.map(lambda line: f"{line}\n\n  indented();")
    return Fix(words=draw(anything), typescript=draw(code), python=draw(code))


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    secrets = draw(st.frozensets(paths.filter(bool), max_size=2))
    operation = draw(st.sampled_from(["", "acm:RequestCertificate"]))
    basis: Any = draw(st.sampled_from(["recorded", "documented"]))
    return Finding(
        resource=resource(secrets),
        at=draw(paths),
        message=draw(anything),
        evidence=draw(anything),
        answer=draw(
            st.just(NOT_RECORDED)
            | st.just(Answer(text=draw(anything), operation=operation, source="https://example.com", basis=basis))
        ),
        fix=draw(fixes()),
        also=draw(st.sampled_from([(), (resource(),), (resource(),) * 9])),
        missing=draw(st.just("") | anything.map(lambda name: f"urn:pulumi:dev::p::a:b/c:D::{name}")),
    )


@st.composite
def exemptions(draw: st.DrawFn) -> Exemption | None:
    if draw(st.booleans()):
        return None
    return Exemption(
        key=draw(st.sampled_from(["exemptions.exemptions[0]", "aws-preflight:exemptions[12]"])),
        own=False,
        policy="p",
        resource="*",
        reason=draw(anything),
        owner=draw(anything),
        expires=TODAY + timedelta(days=draw(st.integers(-3, 3))),
    )


@given(findings(), exemptions(), st.booleans(), st.sampled_from(["", "nodejs", "python", "go"]))
def test_what_is_written_is_read_again(
    finding: Finding, exemption: Exemption | None, exists: bool, runtime: str
) -> None:
    message = message_of(POLICY, finding, exemption, TODAY, exists, runtime)
    text = render(message)
    assert parse(text) == message
    text.encode()
    assert len(text.split("\n")) <= MOST_LINES + 1 + (message.exemption is not None)
    for line in text.split("\n"):
        assert line.isprintable() or line == ""
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert "##vso[" not in line
        assert "<{%" not in line, "the engine takes its marks for colours out of a message, or follows them"


@pytest.mark.parametrize("key", ["cost center", 'a"b', "a.b", "a]b", "", "ü", "x" * 200, '"' * 100, "\\" * 90, "a: b"])
def test_a_key_of_any_form_is_a_part_of_the_path(key: str) -> None:
    message = message_of(POLICY, Finding(resource=resource(), at=("tags", key, 3), message="wrong: here"))
    read = parse(render(message))
    assert read is not None
    assert (read.path, read.summary) == (message.path, "wrong: here")
    assert read.path.startswith("tags")
    assert read.path.endswith("[3]")


def test_the_path_ends_where_a_secret_begins() -> None:
    secret = resource(frozenset({("options", "credentials")}))
    inside = message_of(
        POLICY, Finding(resource=secret, at=("options", "credentials", "s3cr3t", 0), message="x", evidence="y")
    )
    assert (inside.path, inside.evidence) == ("options.credentials", SECRET)
    around = message_of(POLICY, Finding(resource=secret, at=("options",), message="x", evidence="y"))
    assert (around.path, around.evidence) == ("options", HOLDS_SECRET)
    beside = message_of(POLICY, Finding(resource=secret, at=("options", "name"), message="x", evidence="y"))
    assert (beside.path, beside.evidence) == ("options.name", "y")


@pytest.mark.parametrize(
    ("days", "begins"),
    [
        (-1, "The exemption expired on 2027-01-09 by team"),
        (0, "Exempted until 2027-01-10 (last day) by team"),
        (1, "Exempted until 2027-01-11 (1 day left) by team"),
        (2, "Exempted until 2027-01-12 (2 days left) by team"),
    ],
)
def test_how_an_exemption_is_worded(days: int, begins: str) -> None:
    exemption = Exemption(
        key="k", own=False, policy="p", resource="*", reason="why", owner="team", expires=TODAY + timedelta(days=days)
    )
    text = render(message_of(POLICY, Finding(resource=resource(), at=(), message="x"), exemption, TODAY))
    assert text.startswith(f"{begins}: why (k)\n{POLICY.title}\n")


@given(st.text(st.characters(codec=None)))
@example("Exempted until 2027-01-31 (21 days left) by team: why (key)\nThe rule\nat a: wrong")
@example("The rule\nat a: wrong\nAWS answers: no")
def test_another_text_is_not_taken_for_a_message(text: str) -> None:
    assert parse(text) is None


def test_a_part_of_a_message_or_more_than_one_is_none() -> None:
    text = render(message_of(POLICY, Finding(resource=resource(), at=("a",), message="x", evidence="y")))
    lines = text.split("\n")
    assert parse(text) is not None
    for i in range(len(lines)):
        assert parse("\n".join(lines[:i])) is None
    assert parse(f"{text}\nmore") is None
    assert parse(f"{text}\n{text}") is None


def test_names_cannot_break_a_line_or_command_a_runner() -> None:
    assert one_line("a\n::error::b\r\x1b[31m\u2028") == "a\\n::error::b\\u000d\\u001b[31m\\u2028"
    assert one_line("::error::b") == "\\u003a:error::b"
    assert for_log("a\n  ::set-output name=x::y\nb ::c") == "a\n  \\u003a:set-output name=x::y\nb ::c"
    assert re.search(r"##(vso)?\[", for_log("x ##[error]y ##vso[task.z]")) is None


ONE_LINE = Fix(words="wait", typescript="{ dependsOn: [a] }", python="depends_on=[a]")
TWO_LINES = Fix(words="wait", typescript="one\ntwo", python="one\ntwo")
ONE_LANGUAGE = Fix(words="wait", typescript="one\ntwo\nthree")


@pytest.mark.parametrize(
    ("fix", "runtime", "lines"),
    [
        (ONE_LINE, "nodejs", ["Fix in TypeScript: { dependsOn: [a] }"]),
        (ONE_LINE, "python", ["Fix in Python: depends_on=[a]"]),
        (ONE_LINE, "", ["Fix in TypeScript: { dependsOn: [a] }", "Fix in Python: depends_on=[a]"]),
        *((ONE_LINE, runtime, ["Fix: wait"]) for runtime in ("go", "yaml", "dotnet", "java")),
        (TWO_LINES, "nodejs", ["Fix in TypeScript:", "    one", "    two"]),
        (TWO_LINES, "", ["Fix: wait"]),
        (ONE_LANGUAGE, "", ["Fix in TypeScript:", "    one", "    two", "    three"]),
        (ONE_LANGUAGE, "python", ["Fix: wait"]),
        (Fix(words="wait"), "nodejs", ["Fix: wait"]),
    ],
)
def test_the_fix_is_in_the_language_of_the_program(fix: Fix, runtime: str, lines: list[str]) -> None:
    finding = Finding(resource=resource(), at=("a",), message="x", fix=fix)
    text = render(message_of(POLICY, finding, runtime=runtime)).split("\n")
    assert text[3:-1] == lines


def test_an_answer_that_nobody_recorded_is_called_so() -> None:
    message = message_of(POLICY, Finding(resource=resource(), at=("a",), message="x", answer=NOT_RECORDED))
    assert "AWS's answer here is not recorded." in render(message).split("\n")
    assert (message.introduction, message.answer) == ("", "")
