"""Findings read from the engine's events, and written in every format."""

from __future__ import annotations

import contextlib
import json
import os
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from aws_preflight.cli.report_command import command, placed
from aws_preflight.policies import POLICIES, declared
from aws_preflight.preflight.crossguard import FAILED as FAILED_PACK
from aws_preflight.preflight.finding import Finding as Found
from aws_preflight.preflight.message import Exempted, Message, message_of, render
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.run import Run
from aws_preflight.report.data import finding_data, finding_of
from aws_preflight.report.formats import FORMATS
from aws_preflight.report.markdown import LIMIT
from aws_preflight.report.model import Component, Finding, Level, Place, Report, merged
from aws_preflight.report.reading import UnreadableError, read
from tests.conftest import ROOT, SAMPLES

FOLDER = ROOT / "tests" / "report"
INCOMPLETE = ["failover-broken", "failover-python-broken"]
"""The previews that the provider's own check ends early."""
LOGS = sorted((FOLDER / "events").glob("*.jsonl"))
SUFFIX = {
    "text": "txt",
    "json": "json",
    "sarif": "sarif",
    "junit": "xml",
    "github": "github",
    "gitlab": "json",
    "html": "json",
}
URN = "urn:pulumi:dev::shop::shop:web:Web$aws:ecs/service:Service::api"


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments], input=stdin)


def message(**fields: Any) -> Message:
    """What this pack says about a resource."""
    known = {
        "title": "The rule",
        "path": "a.b[0]",
        "summary": "what is wrong",
        "evidence": "",
        "documentation": "https://docs.aws.amazon.com/p",
        "explain": "some-policy",
    }
    code = {"introduction": "AWS answers (x:Y)", "answer": "no", "typescript": "right()", "python": "right()"}
    return Message(**{**known, **code, **fields})


EXEMPTED = Exempted(until="2027-01-31", days_left=21, owner="team", reason="why", key="exemptions.exemptions[0]")


def event(**fields: Any) -> str:
    """The event of a finding; of this pack, unless it says otherwise."""
    policy = {
        "resourceUrn": URN,
        "message": render(message()),
        "policyName": "some-policy",
        "policyPackName": "aws-preflight",
        "policyPackVersion": "1.2.3",
        "enforcementLevel": "mandatory",
        **fields,
    }
    return json.dumps({"sequence": 1, "timestamp": 1795878943, "policyEvent": policy})


def other_event(kind: str, **fields: Any) -> str:
    return json.dumps({"sequence": 2, "timestamp": 1795878943, kind: fields})


ASKED = other_event("policyAnalyzeStackSummaryEvent", policyPackName="aws-preflight", passed=[], failed=[])
SUMMARY = other_event(
    "summaryEvent", resourceChanges={"create": 3, "same": 4}, PolicyPacks={"aws-preflight|local|x": "1.2.3"}
)
CANCEL = other_event("cancelEvent")
END = f"{ASKED}\n{SUMMARY}\n{CANCEL}"
FAILED = other_event("diagnosticEvent", severity="error", message="preview failed\n")
RAISED = other_event("diagnosticEvent", severity="error", message="Program failed with an unhandled exception:\nboom\n")


# --- golden files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("log", LOGS, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_of_every_example(log: Path, name: str) -> None:
    """`UPDATE_GOLDEN=1` writes the files anew: read what changed before it is committed."""
    golden = FOLDER / "golden" / f"{log.stem}.{name}.{SUFFIX.get(name, name)}"
    text = FORMATS[name](read(log.read_text(encoding="utf-8")))
    if name == "html":
        text = data_of(text)
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def data_of(page: str) -> str:
    """What a page shows, without the page around it."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page)
    assert found is not None
    return json.dumps(json.loads(found[1]), indent=1) + "\n"


# --- reading ----------------------------------------------------------------------------------------------------------


def test_an_event() -> None:
    report = read(f"{event(severity='high')}\n{END}\n")
    (finding,) = report.findings
    assert (finding.policy, finding.pack, finding.pack_version) == ("some-policy", "aws-preflight", "1.2.3")
    assert (finding.type, finding.name) == ("aws:ecs/service:Service", "api")
    assert (finding.path, finding.summary, finding.title) == ("a.b[0]", "what is wrong", "The rule")
    assert report.resources == 7
    assert report.complete
    assert not report.notes


def test_a_message_without_our_form() -> None:
    (finding,) = read(event(message="just a string") + "\n" + END).findings
    assert (finding.path, finding.summary, finding.title, finding.exemption) == (
        "",
        "just a string",
        "just a string",
        "",
    )


def test_another_pack_has_texts_only() -> None:
    log = event(policyPackName="other", message="What it wants.\nWhat is wrong")
    (finding,) = read(f"{log}\n{END}").findings
    assert (finding.title, finding.summary, finding.details) == ("What it wants.", "What is wrong", None)


def test_an_exemption_is_recognised() -> None:
    log = event(message=render(message(exemption=EXEMPTED)), enforcementLevel="advisory")
    (finding,) = read(log + "\n" + END).findings
    assert finding.exemption == "until 2027-01-31 by team: why (exemptions.exemptions[0])"
    assert finding.title == "The rule"


@pytest.mark.parametrize(
    "fields",
    [
        {"policyPackName": "other", "enforcementLevel": "advisory"},
        {"enforcementLevel": "mandatory"},
        {
            "message": "Exempted until 2999-01-01 (9 days left) by x: y (z)\nfree",
            "enforcementLevel": "advisory",
        },
    ],
)
def test_nothing_but_an_advisory_of_this_pack_is_exempted(fields: dict[str, str]) -> None:
    (finding,) = read(event(**{"message": render(message(exemption=EXEMPTED)), **fields}) + "\n" + END).findings
    assert finding.exemption == ""


# --- a run that did not finish ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("log", "failure"),
    [
        (event(), "the events end before the run does"),
        (f"{event()}\n{ASKED}\n{SUMMARY}", "the events end before the run does"),
        (f"{event()}\n{SUMMARY}\n{CANCEL}", "the pack aws-preflight was not asked about the whole stack"),
        (CANCEL, "no policy pack was asked about the stack"),
        (other_event("policyLoadEvent") + "\n" + CANCEL, "no policy pack was asked about the stack"),
        (f"{RAISED}\n{END}", "the run failed: Program failed with an unhandled exception: boom"),
        (f'{event()}\n{{"half": \n{END}', "line 2 is not an event: what it said is lost"),
        (f"Previewing update\n{event()[:90]}\n{END}", "2 lines are not events, line 1 first: what they said is lost"),
        (f"{END}\n{event()}", "the events end before the run does"),
        (f"{RAISED}\n{END}\n{END}", "the run failed: Program failed"),
    ],
)
def test_a_run_that_did_not_finish_is_never_clean(log: str, failure: str) -> None:
    report = read(log)
    assert any(one.startswith(failure) for one in report.failures), report.failures
    assert_not_clean(report)
    assert run(stdin=log).exit_code in (1, 2)
    assert run("--fail-on", "never", stdin=log).exit_code == 2


def assert_not_clean(report: Report) -> None:
    """No format takes the report for that of a good run."""
    assert not report.complete
    assert report.headline.startswith("The run did not finish")
    for each in json.loads(FORMATS["sarif"](report))["runs"]:
        (invocation,) = each["invocations"]
        assert invocation["executionSuccessful"] is False
        assert {"error"} <= {note["level"] for note in invocation["toolExecutionNotifications"]}
    suite = ElementTree.fromstring(FORMATS["junit"](report))[0]
    assert len(suite.findall("testcase/error")) == int(suite.attrib["errors"]) == 1
    for name in ("markdown", "html"):
        text = FORMATS[name](report)
        assert "The run did not finish" in text
        assert "Nothing that AWS would refuse" not in text
    assert "::error title=AWS preflight: the run did not finish::" in FORMATS["github"](report)
    assert json.loads(FORMATS["gitlab"](report))[0]["severity"] == "blocker"
    assert json.loads(FORMATS["json"](report))["summary"]["complete"] is False
    assert "; the run did not finish" in FORMATS["text"](report)


@pytest.mark.parametrize("name", ["badpack", "crash", "program-raised"])
def test_logs_of_failed_runs(name: str) -> None:
    log = SAMPLES / "events" / f"{name}.jsonl"
    assert_not_clean(read(log.read_text(encoding="utf-8")))
    assert run(log).exit_code == 2


@pytest.mark.parametrize("log", [path for path in LOGS if path.stem not in INCOMPLETE], ids=lambda path: path.stem)
def test_a_preview_that_finished_is_complete_whether_it_was_refused_or_not(log: Path) -> None:
    report = read(log.read_text(encoding="utf-8"))
    assert report.complete, report.failures
    assert run(log).exit_code == ("broken" in log.stem)
    lines = log.read_text(encoding="utf-8").split("\n")
    for cut in range(len(lines) - 2):
        with contextlib.suppress(UnreadableError):
            assert not read("\n".join(lines[:cut])).complete, cut


@pytest.mark.parametrize("name", INCOMPLETE)
def test_a_preview_that_the_provider_ended_is_not(name: str) -> None:
    """The provider's own check refuses a resource, and the engine stops before it asks about the stack."""
    assert_not_clean(read((FOLDER / "events" / f"{name}.jsonl").read_text(encoding="utf-8")))


def test_stored_state_that_was_analyzed() -> None:
    """`pulumi policy analyze --json` tells findings and a summary and nothing else, as it did with v3.230.0."""
    report = read(f"{event()}\n{other_event('summaryEvent', resourceChanges={}, PolicyPacks={'aws-preflight': '1'})}")
    assert report.complete
    assert report.resources is None, "it does not say how many there are"
    assert report.notes == [
        "these are events of `pulumi policy analyze`, which are the same whether it failed or not: its exit code tells"
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"outcome": "failed", "failure": {"kind": "program", "message": "boom"}},
        {"outcome": "failed", "failure": None},
        {"outcome": "refused", "failure": {"kind": "timeout", "message": "boom"}},
        {},
    ],
)
def test_a_rehearsal_that_failed(data: dict[str, Any]) -> None:
    text = json.dumps({"kind": "rehearsal", "version": 2, "summary": {"resources": 3}, **data})
    assert_not_clean(read(text))
    assert run(stdin=text).exit_code == 2


def test_why_a_rehearsal_failed_is_told() -> None:
    failure = {"kind": "program", "message": "The program ended with an error", "details": ["ValueError: no such\n", 3]}
    report = read(json.dumps({"kind": "rehearsal", "version": 2, "outcome": "failed", "failure": failure}))
    assert report.failures == ["the rehearsal did not finish: The program ended with an error: ValueError: no such"]


def test_a_rehearsal_in_another_form_is_not_read() -> None:
    with pytest.raises(UnreadableError, match="version 1 of its form, and version 2 can be read"):
        read(json.dumps({"kind": "rehearsal", "version": 1, "outcome": "clean", "findings": []}))


@pytest.mark.parametrize("character", ["\u0085", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\r"])
def test_only_a_line_feed_ends_an_event(character: str) -> None:
    """Go leaves these characters as they are in JSON, and Python takes each for the end of a line."""
    log = json.loads(event())
    log["policyEvent"]["resourceUrn"] += character
    text = json.dumps(log, ensure_ascii=False) if character > " " else json.dumps(log)
    report = read(f"{text}\n{END}")
    assert (len(report.findings), report.complete) == (1, True)
    result = run(stdin=f"{text}\n{END}")
    assert result.exit_code == 1


def test_the_same_finding_twice_is_one() -> None:
    assert len(read(f"{event()}\n{event()}\n{END}").findings) == 1


def test_colours_and_terminal_escapes_are_taken_out() -> None:
    coloured = event(message="<{%fg 1%}>The rule<{%reset%}>\n\x1b[31mred\x1b[0m \x1b]0;title\x07done")
    (finding,) = read(f"{coloured}\n{END}").findings
    assert finding.message == "The rule\nred done"


def test_marks_for_colours_in_a_value_are_a_part_of_it() -> None:
    """The engine takes its marks out of the messages in its log: two keys must not become one."""
    policy = next(policy for policy in POLICIES if policy.id == "output-stringified")
    resource = Resource(urn=URN, type="a:b/c:D", name="api", properties={})
    events = [
        event(
            message=re.sub(r"<\{%.*?%\}>", "", render(message_of(policy, Found(resource=resource, at=at, message="x"))))
        )
        for at in (("tags", "<{%reset%}>a"), ("tags", "<{%bold%}>a"))
    ]
    report = read("\n".join([*events, END]))
    assert len({one.path for one in report.findings}) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the input is empty"),
        ("\n\n", "the input is empty"),
        ("hello\n", 'line 1 is not an event of a Pulumi run, and no other line is: "hello"'),
        ("[]", "line 1 is not an event"),
    ],
)
def test_what_cannot_be_read(text: str, message: str) -> None:
    with pytest.raises(UnreadableError, match=re.escape(message)):
        read(text)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=12), inner, max_size=4)),
    max_leaves=12,
)
FIELDS = ["resourceUrn", "message", "policyName", "policyPackName", "policyPackVersion", "enforcementLevel"]


@given(st.dictionaries(st.sampled_from(FIELDS), json_values), json_values, st.text(max_size=40))
def test_no_log_causes_a_traceback(policy: dict[str, Any], summary: Any, garbage: str) -> None:
    lines = [
        json.dumps({"sequence": 1, "policyEvent": {**json.loads(event())["policyEvent"], **policy}}),
        json.dumps({"sequence": 2, "summaryEvent": summary}),
        json.dumps({"sequence": 3, "policyEvent": summary}),
        garbage,
    ]
    report = read("\n".join(lines))
    for write in FORMATS.values():
        write(report).encode()


@given(json_values)
def test_no_rehearsal_causes_a_traceback(value: Any) -> None:
    names = ["findings", "failure", "summary", "pack", "graph", "outcome"]
    for name in names:
        report = read(json.dumps({"kind": "rehearsal", "version": 2, name: value}))
        for write in FORMATS.values():
            write(report).encode()


def test_a_run_that_made_nothing_says_so() -> None:
    only_the_stack = other_event("summaryEvent", resourceChanges={"create": 1}, PolicyPacks={"aws-preflight": "1"})
    report = read(f"{ASKED}\n{only_the_stack}\n{CANCEL}")
    assert (report.complete, report.notes) == (True, ["the program made no resource: nothing was evaluated"])
    not_even_the_stack = other_event("summaryEvent", resourceChanges={}, PolicyPacks={"aws-preflight": "1"})
    assert read(f"{ASKED}\n{not_even_the_stack}\n{CANCEL}").notes == report.notes
    assert not read(f"{RAISED}\n{only_the_stack}\n{CANCEL}").notes, "who knows what it would have made"
    report = read(json.dumps({"kind": "rehearsal", "version": 2, "outcome": "clean", "summary": {"resources": 0}}))
    assert (report.complete, report.notes) == (True, ["the rehearsal made no resource: nothing was evaluated"])


UNKNOWN_VALUES = "aws-preflight: 1 resource(s) not evaluated in full, because values are unknown in this preview."


def test_what_the_pack_tells_of_the_run_is_in_the_report() -> None:
    told = other_event("diagnosticEvent", severity="info", message=f"{UNKNOWN_VALUES}\n")
    report = read(f"{told}\n{END}")
    assert (report.complete, report.notes) == (True, [UNKNOWN_VALUES])


def test_a_pack_that_failed_has_not_evaluated_everything() -> None:
    """Its guard answers the engine that nothing was found, and the preview ends well."""
    text = FAILED_PACK.format("AnalyzeStack", "OSError at watch.py:58")
    log = "\n".join([other_event("diagnosticEvent", severity="info", message=f"{text}\n"), END])
    assert_not_clean(read(log))
    assert read(log).failures == [text]
    assert run(stdin=log).exit_code == 2


def test_the_notices_of_a_rehearsal_are_notes() -> None:
    notices = [{"kind": "provider", "text": "The provider itself would refuse x"}, {"kind": "pack"}, "?"]
    data = {"outcome": "clean", "summary": {"resources": 1}, "notices": notices}
    report = read(json.dumps({"kind": "rehearsal", "version": 2, **data}))
    assert report.notes == ["The provider itself would refuse x"]
    # What a preview has a finding of is not said again.
    preview = read(f"{event(message='The provider itself would refuse x')}\n{END}")
    assert not merged([preview, report]).notes


# --- merging ----------------------------------------------------------------------------------------------------------


def finding(level: Level = "mandatory", line: int | None = None, **fields: Any) -> Finding:
    one = message(**fields)
    source = Place("index.ts", line) if line else None
    return Finding(
        policy="p", pack="aws-preflight", level=level, urn=URN, message=render(one), details=one, source=source
    )


def both_ways(*findings: Finding) -> list[Finding]:
    """What two reports, of the first finding and of the others, are merged to, whatever their order."""
    reports = [Report(findings=findings[:1]), Report(findings=findings[1:])]
    one, other = merged(reports), merged(reports[::-1])
    assert one.findings == other.findings
    return list(one.findings)


def test_a_merged_finding_has_the_line_of_the_one_and_the_stricter_level_of_either() -> None:
    for plain, with_line in (("mandatory", "advisory"), ("advisory", "mandatory"), ("mandatory", "mandatory")):
        (one,) = both_ways(finding(plain), finding(with_line, line=7))  # type: ignore[arg-type]
        assert (one.level, one.source) == ("mandatory", Place("index.ts", 7))


def test_what_exists_is_not_refused_because_a_rehearsal_made_it_anew() -> None:
    """A rehearsal evaluates as if all were new; the preview has asked the stack."""
    (one,) = both_ways(finding("advisory", exists=True), finding("mandatory", line=7))
    assert (one.level, one.source) == ("advisory", Place("index.ts", 7))
    assert one.details is not None
    assert one.details.exists


def test_a_finding_of_both_runs_in_a_log_is_one() -> None:
    """A preview, and the update after it, which knows that the resource exists."""
    strings = [
        render(message(evidence=evidence, exists=exists)) for evidence, exists in (("", False), ("a value", True))
    ]
    log = "\n".join(f"{event(message=text, enforcementLevel='advisory')}\n{END}" for text in strings)
    (one,) = read(log).findings
    assert one.details is not None
    assert one.details.exists


def test_of_two_at_one_place_that_say_the_same_none_takes_the_place_of_the_other() -> None:
    a, b, with_line = (finding(evidence="a"), finding(evidence="b"), finding(evidence="b", line=7))
    found = merged([Report(findings=[a, b]), Report(findings=[with_line])]).findings
    assert [(one.evidence, one.source) for one in found] == [("a", None), ("b", Place("index.ts", 7))]


def test_an_exemption_in_one_report_hides_nothing_of_the_other() -> None:
    (one,) = both_ways(finding("advisory", exemption=EXEMPTED), finding("mandatory"))
    assert (one.level, one.exemption) == ("mandatory", "")


def test_the_same_place_in_other_words_is_one_finding() -> None:
    (one,) = both_ways(finding(summary="the first name has 72 octets"), finding(summary="it has 75 octets", line=3))
    assert one.source == Place("index.ts", 3)


@pytest.mark.parametrize(
    "others",
    [
        [{"path": 'tags["cost center"]'}, {"path": 'tags["cost centre"]'}],
        [{"missing": f"{URN}-{i}"} for i in range(3)],
        [{"explain": "a-needs-b"}, {"explain": "a-needs-c"}],
        [{"summary": "one thing"}, {"summary": "another"}, {"summary": "a third"}],
    ],
)
def test_findings_that_differ_stay_apart(others: list[dict[str, str]]) -> None:
    events = [event(message=render(message(**fields))) for fields in others]
    report = read("\n".join([*events, END]))
    assert len(report.findings) == len(others)
    assert len({one.fingerprint for one in report.findings}) == len(others)
    assert merged([report, report]).findings == report.findings
    assert len(merged([report, Report()]).findings) == len(others)
    assert len(json.loads(FORMATS["gitlab"](report))) == len(others)


def test_notes_and_violations_of_other_packs_stay_apart() -> None:
    strings = ["The exemptions are in order\nfirst: wrong", "The exemptions are in order\nsecond: wrong"]
    for pack in ("aws-preflight", "other"):
        report = read("\n".join([*(event(policyPackName=pack, message=text) for text in strings), END]))
        assert len(merged([report, report]).findings) == 2


def test_a_run_in_which_a_policy_failed_is_not_called_clean() -> None:
    def broken(_subject: Resource) -> Iterator[Found]:
        raise ValueError

    policy = next(p for p in declared() if p.scope == "resource" and not p.first_look)
    (type_, *_) = policy.types
    resource = Resource(urn=URN, type=type_, name="api", properties={})
    (verdict,) = Run([replace(policy, check=broken)]).evaluate_resource(type_, URN, lambda: resource)
    ours, others = (
        read("\n".join([event(policyPackName=pack, message=verdict.note, enforcementLevel="advisory"), END]))
        for pack in ("aws-preflight", "other")
    )
    assert ours.headline == "Nothing refused, but a policy failed and did not evaluate everything"
    refused = replace(ours, findings=[*ours.findings, finding()])
    assert refused.headline.startswith("1 mistake that AWS would refuse, but")
    assert others.headline == "Nothing that AWS would refuse"


def test_a_merged_report_is_as_broken_as_any_of_its_parts() -> None:
    good, bad = read(END), Report(failures=["the rehearsal did not finish: boom"])
    for reports in ([good, bad], [bad, good]):
        assert_not_clean(merged(reports))


strings = st.text(st.characters(codec=None), max_size=12)
places = st.builds(Place, strings.filter(bool), st.none() | st.integers(1))


@given(
    st.builds(
        message,
        **dict.fromkeys(
            ("title", "path", "summary", "evidence", "answer", "fix", "explain", "missing", "documentation"), strings
        ),
        exists=st.booleans(),
        exemption=st.none()
        | st.builds(
            Exempted,
            until=strings,
            days_left=st.none() | st.integers(0, 99),
            owner=strings,
            reason=strings,
            key=strings,
        ),
    ),
    st.lists(
        st.builds(Component, strings, st.none() | st.builds(Place, strings.filter(bool), st.none() | st.integers(1))),
        max_size=3,
    ),
)
def test_a_finding_survives_json(details: Message, components: list[Component]) -> None:
    one = Finding(
        policy="p", pack="q", level="advisory", urn="u", message="m", details=details, components=tuple(components)
    )
    assert finding_of(json.loads(json.dumps(finding_data(one)))) == one


# --- formats ----------------------------------------------------------------------------------------------------------

NASTY = [
    "</td><script>alert(1)</script>",
    "| cell | [link](javascript:alert(1)) ![img](http://x/y.png)",
    "``` \n# heading\n@everyone <!-- -->",
    "\n::set-output name=x::y\n::error::z",
    "::error::z",
    "##[add-mask]x\n##vso[task.complete]",
    "%0A::warning::w",
    "\x1b]8;;http://evil\x07click\x1b]8;;\x07 \x1b[2J",
    "]]> <!ENTITY x> &amp; \x00\x0b",
    "\u202egnirts",
    "\ud800",
    "<details><summary>x</summary>",
    "a" * 5000,
]


def nasty_report(text: str, *, failed: bool = False) -> Report:
    finding = Finding(
        policy=f"policy-{text}",
        pack=f"pack {text}",
        level="mandatory",
        urn=f"urn:pulumi:dev::shop::aws:x/y:Z::name {text}",
        message=f"Title {text}\nsays {text}\nmore {text}",
        source=Place(f"dir {text}/index.ts", 3, 2),
        components=(Component("urn", Place(f"dir {text}/index.ts", 1)),),
    )
    return Report(
        findings=[finding],
        notes=[f"note {text}"],
        failures=[f"failure {text}"] if failed else [],
        program=f"program {text}",
        stack=text,
        versions={text: text},
    )


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nothing_from_a_program_is_read_as_markup(text: str) -> None:
    report = nasty_report(text, failed=True)
    for name, write in FORMATS.items():
        output = write(report)
        output.encode()
        assert "\x1b" not in output, name
    for line in FORMATS["text"](report).split("\n"):
        assert not line.lstrip().startswith("::"), line
        assert "##[" not in line
    lines = FORMATS["github"](report).splitlines()
    assert [line.split(" ", 1)[0] for line in lines if line.startswith("::")] == ["::error", "::error", "::notice"]
    assert len(lines) == 4
    ElementTree.fromstring(FORMATS["junit"](report))
    assert sum(len(each["results"]) for each in json.loads(FORMATS["sarif"](report))["runs"]) == 1
    assert json.loads(FORMATS["gitlab"](report))
    markdown = outside_of_fences(FORMATS["markdown"](report))
    assert "<script" not in markdown
    assert "](javascript" not in markdown
    assert "@everyone" not in markdown
    assert markdown.count("<details>") == 1
    table = [line for line in markdown.splitlines() if line.startswith("| mandatory")]
    assert len(table) == 1
    assert len(re.findall(r"(?<!\\)\|", table[0])) == 6


def outside_of_fences(markdown: str) -> str:
    return re.sub(r"^(`{3,})text\n.*?^\1$", "", markdown, flags=re.DOTALL | re.MULTILINE)


def test_an_exempted_finding_fails_nothing_in_any_format() -> None:
    text = render(message(exemption=EXEMPTED))
    who = "until 2027-01-31 by team: why (exemptions.exemptions[0])"
    report = read(f"{event(message=text, enforcementLevel='advisory')}\n{END}")
    (result,) = json.loads(FORMATS["sarif"](report))["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": who}]
    assert "<skipped" in FORMATS["junit"](report)
    assert FORMATS["github"](report).startswith("::notice ")
    assert json.loads(FORMATS["gitlab"](report))[0]["severity"] == "info"
    assert "1 exempted" in FORMATS["text"](report)


def test_sarif_has_each_finding_once_and_a_run_for_each_pack_that_was_asked() -> None:
    """A note of the pack in one version, a finding in another; and a pack that finds nothing any more."""
    logs = [event(policyPackVersion=version, resourceUrn=f"{URN}-{version}") for version in ("1", "2")]
    summary = other_event("summaryEvent", PolicyPacks={"aws-preflight|local|x": "2", "fine|local|y": "3"})
    report = read("\n".join([*logs, ASKED, summary, CANCEL]))
    runs = json.loads(FORMATS["sarif"](report))["runs"]
    about = [(each["tool"]["driver"]["name"], each["tool"]["driver"]["version"], len(each["results"])) for each in runs]
    assert about == [("aws-preflight", "2", 2), ("fine", "3", 0)]


def test_junit_has_the_message_of_each_finding_of_a_resource() -> None:
    """One policy says three things of one resource, which is one test case."""
    levels: list[Level] = ["mandatory", "advisory", "advisory"]
    found = [finding(level, path=f"p[{i}]", summary=f"says {i}") for i, level in enumerate(levels)]
    text = FORMATS["junit"](Report(findings=found))
    assert all(text.count(f"at p[{i}]: says {i}") == 1 for i in range(3))
    exempted = [finding("advisory", path=f"p[{i}]", exemption=replace(EXEMPTED, owner=f"o{i}")) for i in range(2)]
    text = FORMATS["junit"](Report(findings=exempted))
    assert "<skipped" in text
    assert all(text.count(f"at p[{i}]: ") == 1 for i in range(2))
    assert "by o0: why" in text
    assert "by o1: why" in text


def test_the_page_reads_a_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index.ts").write_text("line\n" * 20)
    read_text, files = Path.read_text, []

    def counted(path: Path, **options: Any) -> str:
        files.append(path.name)
        return read_text(path, **options)

    monkeypatch.setattr(Path, "read_text", counted)
    found = [finding(line=i + 1, path=f"p[{i}]") for i in range(9)]
    assert FORMATS["html"](Report(findings=found, root=tmp_path)).count('"file": "index.ts"') == 18
    assert files.count("index.ts") == 1


def test_fingerprints_outlive_values_and_lines() -> None:
    one = finding()
    assert one.fingerprint == finding(summary="another value", line=99).fingerprint
    assert one.fingerprint != finding(path="a.b[1]").fingerprint


def many(number: int) -> str:
    events = [event(resourceUrn=f"{URN}-{i}", message=f"The rule\nwrong {i}\n{'detail ' * 60}") for i in range(number)]
    return "\n".join([*events, END])


def test_a_comment_stays_under_its_limit_and_says_what_is_left_out() -> None:
    text = ":" * 500
    talkative = Report(failures=[f"{text}{i}" for i in range(99)], notes=[f"{text}{i}" for i in range(99)])
    assert len(FORMATS["markdown"](talkative).encode()) <= LIMIT
    assert FORMATS["markdown"](talkative).count("and 91 more") == 2
    few, some, lots = (FORMATS["markdown"](read(many(number))) for number in (5, 150, 5000))
    assert all(len(text.encode()) <= LIMIT for text in (few, some, lots))
    assert "do not fit" not in few
    assert re.search(r"The messages of \d+ finding\(s\) do not fit here; the table has all", some)
    left = int(re.search(r"\*\*(\d+) more finding\(s\) do not fit here", lots)[1])  # type: ignore[index]
    assert lots.count("| mandatory |") + left == 5000


# --- the command ------------------------------------------------------------------------------------------------------


def test_exit_codes(tmp_path: Path) -> None:
    log = tmp_path / "events"
    log.write_text(f"{event()}\n{END}")
    assert run(log).exit_code == 1
    assert run(log, "--fail-on", "never").exit_code == 0
    log.write_text(f"{event(enforcementLevel='advisory')}\n{END}")
    assert run(log).exit_code == 0
    assert run(log, "--fail-on", "advisory").exit_code == 1
    log.write_text(END)
    assert run(log, "--fail-on", "advisory").exit_code == 0
    log.write_text("nothing")
    result = run(log)
    assert result.exit_code == 2
    assert f"error: {log}: line 1 is not an event" in result.stderr
    assert run(tmp_path / "none").exit_code == 2


def test_standard_input_and_several_formats(tmp_path: Path) -> None:
    one, other = tmp_path / "a.sarif", tmp_path / "b.xml"
    arguments = ["--format", "sarif", "--output", one, "--format", "junit", "--output", other, "--format", "text"]
    result = run(*arguments, stdin=f"{event()}\n{END}")
    assert result.exit_code == 1
    assert json.loads(one.read_text())["version"] == "2.1.0"
    ElementTree.fromstring(other.read_text())
    assert result.stdout.startswith("[mandatory] some-policy")


def test_a_format_may_name_its_file(tmp_path: Path) -> None:
    one, other, third = tmp_path / "a=1.sarif", tmp_path / "b.xml", tmp_path / "c.json"
    # Beside the older pair: an --output is for the next format without a file.
    arguments = ["--output", other, "--format", f"sarif={one}", "--format", "junit", "--format", f"json={third}"]
    result = run(*arguments, "--format", "text=-", stdin=f"{event()}\n{END}")
    assert result.exit_code == 1
    assert json.loads(one.read_text())["version"] == "2.1.0"
    ElementTree.fromstring(other.read_text())
    assert json.loads(third.read_text())["findings"]
    assert result.stdout.startswith("[mandatory] some-policy")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "sarf=out"], "'sarf' is not one of text, json, sarif"),
        (["--format", "sarif="], "the file behind `sarif=` has no name"),
        (["--format", "sarif=a", "--format", "json=./a"], "two of them name the same one"),
        (["--format", "sarif=a", "--output", "b"], "more --output than --format without a file"),
        (["--format", "sarif=no/folder"], "no/folder: cannot be written"),
    ],
)
def test_a_format_that_cannot_be_written_is_told_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*arguments, stdin=END)
    assert (result.exit_code, result.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert said in result.stderr


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    result = run("--output", tmp_path / "no" / "file", stdin=f"{event()}\n{END}")
    assert result.exit_code == 2
    assert "cannot be written: No such file or directory" in result.stderr
    twice = run("--output", tmp_path / "a", "--format", "json", "--format", "text", "--output", tmp_path / "a")
    assert (twice.exit_code, "a file of its own" in twice.stderr) == (2, True)
    assert result.stdout == "", "it is told before anything else is done"


def test_a_file_that_can_no_longer_be_written_does_not_lose_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "gone" / "summary"))
    arguments = ["--format", "github", "--output", tmp_path / "a", "--format", "text", "--output", tmp_path / "b"]
    result = run(*arguments, stdin=f"{event()}\n{END}")
    assert result.exit_code == 2
    assert "summary: cannot be written" in result.stderr
    assert (tmp_path / "a").read_text().startswith("::error")
    assert (tmp_path / "b").read_text().startswith("[mandatory]")


def test_trying_a_file_leaves_it_as_it_was(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text("kept")
    assert run("--output", old, stdin="nothing to read").exit_code == 2
    assert old.read_text() == "kept"
    assert run("--output", tmp_path / "new", stdin="nothing to read").exit_code == 2
    assert not (tmp_path / "new").exists()


def test_file_names_from_the_root_of_the_repository(tmp_path: Path) -> None:
    rehearsal = {
        "kind": "rehearsal",
        "version": 2,
        "outcome": "refused",
        "findings": [
            {
                "policy": "p",
                "level": "mandatory",
                "resource": {"urn": URN},
                "message": "m",
                "source": {"file": "index.ts", "line": 4},
            }
        ],
    }
    result = run("--format", "github", "--path-prefix", "infra/shop", stdin=json.dumps(rehearsal))
    assert "::error file=infra/shop/index.ts,line=4,title=" in result.stdout


@pytest.mark.parametrize("prefix", ["./", ".", "", ".//"])
def test_a_prefix_that_leads_nowhere_leaves_the_root_where_it_is(tmp_path: Path, prefix: str) -> None:
    """CI systems often name the folder of the repository `./`."""
    report = placed(Report(findings=[finding(line=1)]), tmp_path, prefix)
    assert report.root == tmp_path.resolve()
    assert report.findings[0].source == Place("index.ts", 1)


def test_a_mark_of_the_byte_order_is_no_part_of_the_first_event(tmp_path: Path) -> None:
    log = tmp_path / "events"
    log.write_text(END, encoding="utf-8-sig")
    assert run(log).exit_code == 0


# --- schemas ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("log", LOGS, ids=lambda path: path.stem)
def test_the_json_format_is_as_described(log: Path) -> None:
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(FORMATS["json"](read(log.read_text(encoding="utf-8")))), schema)
