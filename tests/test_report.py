"""Findings read from the engine's events, and written in every format."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from report.command import command
from report.formats import FORMATS
from report.markdown import LIMIT
from report.model import Finding, Place, Report
from report.reading import UnreadableError, merged, read
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "report"
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


def event(**fields: Any) -> str:
    policy = {
        "resourceUrn": URN,
        "message": "The rule\nat a.b[0]: what is wrong\nAWS answers (x:Y): no",
        "policyName": "some-policy",
        "policyPackName": "some-pack",
        "policyPackVersion": "1.2.3",
        "enforcementLevel": "mandatory",
        **fields,
    }
    return json.dumps({"sequence": 1, "timestamp": 0, "policyEvent": policy})


END = json.dumps({"sequence": 2, "timestamp": 0, "summaryEvent": {"resourceChanges": {"create": 3, "same": 4}}})


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


def test_an_event_of_any_pack() -> None:
    report = read(f"{event(severity='high')}\n{END}\n")
    (finding,) = report.findings
    assert (finding.policy, finding.pack, finding.pack_version) == ("some-policy", "some-pack", "1.2.3")
    assert (finding.type, finding.name) == ("aws:ecs/service:Service", "api")
    assert (finding.path, finding.says, finding.title) == ("a.b[0]", "what is wrong", "The rule")
    assert report.resources == 7
    assert report.complete
    assert not report.notes


def test_a_message_without_our_form() -> None:
    (finding,) = read(event(message="just a text") + "\n" + END).findings
    assert (finding.path, finding.says, finding.title, finding.exemption) == ("", "just a text", "just a text", "")


def test_an_exemption_is_recognised() -> None:
    message = "Exempted until 2027-01-31 (21 days left) by team: why (exemptions.exemptions[0])\nThe rule\nat a: wrong"
    (finding,) = read(event(message=message, enforcementLevel="advisory") + "\n" + END).findings
    assert finding.exemption == "until 2027-01-31 by team: why (exemptions.exemptions[0])"
    assert finding.title == "The rule"


def test_other_lines_are_passed_over_and_counted() -> None:
    report = read(f'Previewing update\n{event()}\n{{"half": \n{END}\n')
    assert len(report.findings) == 1
    assert report.notes == ["2 line(s) are no events and were passed over; the first is line 1"]


def test_a_log_that_ends_too_early_says_so() -> None:
    report = read(event())
    assert not report.complete
    assert report.notes == ["the events end before the run does: there may be more findings"]


def test_the_same_finding_twice_is_one() -> None:
    assert len(read(f"{event()}\n{event()}\n{END}").findings) == 1


def test_colours_and_terminal_escapes_are_taken_out() -> None:
    coloured = event(message="<{%fg 1%}>The rule<{%reset%}>\n\x1b[31mred\x1b[0m \x1b]0;title\x07done")
    (finding,) = read(f"{coloured}\n{END}").findings
    assert finding.message == "The rule\nred done"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the input is empty"),
        ("\n\n", "the input is empty"),
        ("hello\n", 'line 1 is no event of a Pulumi run, and no other line is: "hello"'),
        ("[]", "line 1 is no event"),
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
    for render in FORMATS.values():
        render(report).encode()


@given(json_values)
def test_no_rehearsal_causes_a_traceback(value: Any) -> None:
    names = ["findings", "failure", "summary", "pack"]
    for name in names:
        report = read(json.dumps({"kind": "rehearsal", name: value}))
        for render in FORMATS.values():
            render(report).encode()


def test_reports_are_merged_to_one_finding_for_each_place() -> None:
    plain = read(f"{event()}\n{END}")
    (finding,) = plain.findings
    located = Report(findings=[Finding(**{**vars_of(finding), "source": Place(file="index.ts", line=7)})])
    for reports in ([plain, located], [located, plain]):
        (one,) = merged(reports).findings
        assert one.source == Place(file="index.ts", line=7)


def vars_of(finding: Finding) -> dict[str, Any]:
    return {name: getattr(finding, name) for name in finding.__dataclass_fields__}


# --- formats ----------------------------------------------------------------------------------------------------------

NASTY = [
    "</td><script>alert(1)</script>",
    "| cell | [link](javascript:alert(1)) ![img](http://x/y.png)",
    "``` \n# heading\n@everyone <!-- -->",
    "\n::set-output name=x::y\n::error::z",
    "%0A::warning::w",
    "\x1b]8;;http://evil\x07click\x1b]8;;\x07 \x1b[2J",
    "]]> <!ENTITY x> &amp; \x00\x0b",
    "\u202egnirts",
    "\ud800",
    "<details><summary>x</summary>",
    "a" * 5000,
]


def nasty_report(text: str) -> Report:
    finding = Finding(
        policy=f"policy-{text}",
        pack=f"pack {text}",
        level="mandatory",
        urn=f"urn:pulumi:dev::shop::aws:x/y:Z::name {text}",
        message=f"Title {text}\nat a.b: says {text}\nmore {text}",
        source=Place(file=f"dir {text}/index.ts", line=3, column=2),
    )
    return Report(findings=[finding], notes=[f"note {text}"])


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nothing_from_a_program_is_read_as_markup(text: str) -> None:
    report = nasty_report(text)
    for name, render in FORMATS.items():
        output = render(report)
        output.encode()
        assert "\x1b" not in output, name
    lines = FORMATS["github"](report).splitlines()
    assert [line.split(" ", 1)[0] for line in lines if line.startswith("::")] == ["::error", "::notice"]
    assert len(lines) == 3
    ElementTree.fromstring(FORMATS["junit"](report))
    assert json.loads(FORMATS["sarif"](report))["runs"][0]["results"]
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
    message = "Exempted until 2027-01-31 (21 days left) by team: why (key)\nThe rule\nat a: wrong"
    report = read(f"{event(message=message, enforcementLevel='advisory')}\n{END}")
    (result,) = json.loads(FORMATS["sarif"](report))["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "until 2027-01-31 by team: why (key)"}]
    assert "<skipped" in FORMATS["junit"](report)
    assert FORMATS["github"](report).startswith("::notice ")
    assert json.loads(FORMATS["gitlab"](report))[0]["severity"] == "info"
    assert "1 exempted" in FORMATS["text"](report)


def test_fingerprints_outlive_values_and_lines() -> None:
    (one,) = read(f"{event()}\n{END}").findings
    (other,) = read(f"{event(message='The rule' + chr(10) + 'at a.b[0]: another value')}\n{END}").findings
    moved = Finding(**{**vars_of(one), "source": Place(file="index.ts", line=99)})
    assert one.fingerprint == other.fingerprint == moved.fingerprint
    (elsewhere,) = read(f"{event(message='The rule' + chr(10) + 'at a.b[1]: x')}\n{END}").findings
    assert elsewhere.fingerprint != one.fingerprint


def many(number: int) -> str:
    events = [
        event(resourceUrn=f"{URN}-{i}", message=f"The rule\nat a: wrong {i}\n{'detail ' * 60}") for i in range(number)
    ]
    return "\n".join([*events, END])


def test_a_comment_stays_under_its_limit_and_says_what_is_left_out() -> None:
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
    assert f"error: {log}: line 1 is no event" in result.stderr
    assert run(tmp_path / "none").exit_code == 2


def test_standard_input_and_several_formats(tmp_path: Path) -> None:
    one, other = tmp_path / "a.sarif", tmp_path / "b.xml"
    arguments = ["--format", "sarif", "--output", one, "--format", "junit", "--output", other, "--format", "text"]
    result = run(*arguments, stdin=f"{event()}\n{END}")
    assert result.exit_code == 1
    assert json.loads(one.read_text())["version"] == "2.1.0"
    ElementTree.fromstring(other.read_text())
    assert result.stdout.startswith("[mandatory] some-policy")


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    result = run("--output", tmp_path / "no" / "file", stdin=f"{event()}\n{END}")
    assert result.exit_code == 2
    assert "cannot be written: No such file or directory" in result.stderr


def test_file_names_from_the_root_of_the_repository(tmp_path: Path) -> None:
    rehearsal = {
        "kind": "rehearsal",
        "findings": [
            {"policy": "p", "level": "mandatory", "urn": URN, "message": "m", "source": {"file": "index.ts", "line": 4}}
        ],
    }
    result = run("--format", "github", "--path-prefix", "infra/shop", stdin=json.dumps(rehearsal))
    assert result.stdout.startswith("::error file=infra/shop/index.ts,line=4,title=")


# --- schemas ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("log", LOGS, ids=lambda path: path.stem)
def test_the_json_format_is_as_described(log: Path) -> None:
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(FORMATS["json"](read(log.read_text(encoding="utf-8")))), schema)
