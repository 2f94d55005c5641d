"""The formats that CI systems read: SARIF, JUnit, GitHub annotations, GitLab code quality."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote as percent

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from aws_preflight.preflight import PACK_NAME
from aws_preflight.preflight.message import one_line, printable
from aws_preflight.report.descriptions import rules_of
from aws_preflight.report.model import Finding, Place, Report

SARIF_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_SARIF_LEVELS: Final = {"mandatory": "error", "advisory": "warning"}


def sarif(report: Report) -> str:
    """SARIF 2.1.0 as GitHub code scanning takes it: a run for each pack, fingerprints that outlive line moves."""
    # A pack that finds nothing any more has its run, too: that closes the alerts of the runs before.
    found: dict[str, list[Finding]] = {name: [] for name in report.packs}
    for finding in report.findings:
        found.setdefault(finding.pack, []).append(finding)
    runs = [_run(name, findings, report) for name, findings in sorted(found.items() or [(PACK_NAME, [])])]
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": runs}, indent=2) + "\n"


def _run(pack: str, findings: list[Finding], report: Report) -> dict[str, Any]:
    # Two reports that were merged may name two versions of one pack.
    version = report.versions.get(pack, "") or max((finding.pack_version for finding in findings), default="")
    rules = rules_of(findings)
    index = {rule.id: i for i, rule in enumerate(rules)}
    driver: dict[str, Any] = {
        "name": printable(pack) or "policies",
        "rules": [
            {
                "id": rule.id,
                "shortDescription": {"text": rule.title},
                "fullDescription": {"text": rule.description},
                "help": {"text": rule.help_text} | ({"markdown": rule.help_markdown} if rule.help_markdown else {}),
                "defaultConfiguration": {"level": _SARIF_LEVELS[rule.level]},
                "properties": {"tags": ["aws", "pulumi"]},
            }
            | ({"helpUri": rule.url} if rule.url else {})
            for rule in rules
        ],
    }
    if version:
        driver["version"] = version
    invocation: dict[str, Any] = {"executionSuccessful": report.complete}
    said = [("error", failure) for failure in report.failures] + [("note", note) for note in report.notes]
    if said:
        invocation["toolExecutionNotifications"] = [
            {"level": level, "message": {"text": printable(text)}} for level, text in said
        ]
    return {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "results": [_result(finding, index, report) for finding in findings],
    }


def _result(finding: Finding, index: dict[str, int], report: Report) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.policy,
        "ruleIndex": index[finding.policy],
        "level": _SARIF_LEVELS[finding.level],
        "message": {"text": printable(finding.message)},
        "locations": [_location(finding, report)],
        "partialFingerprints": {"awsPreflightFinding/v1": finding.fingerprint},
    }
    if finding.exemption:
        result["suppressions"] = [{"kind": "external", "justification": printable(finding.exemption)}]
    return result


def _location(finding: Finding, report: Report) -> dict[str, Any]:
    place = finding.source or Place(report.project_file)
    physical: dict[str, Any] = {"artifactLocation": {"uri": percent(printable(place.file))}}
    column = {"startColumn": place.column} if place.line and place.column else {}
    physical["region"] = {"startLine": place.line or 1} | column
    logical = {"fullyQualifiedName": printable(finding.urn), "name": printable(finding.name), "kind": "resource"}
    return {"physicalLocation": physical, "logicalLocations": [logical]}


def junit(report: Report) -> str:
    """JUnit XML: a test case for each policy and resource; what is exempted counts as skipped."""
    document = JUnitXml("policies")
    suites: dict[str, dict[tuple[str, str], list[Finding]]] = {}
    for finding in report.findings:
        suites.setdefault(finding.pack, {}).setdefault((finding.policy, finding.urn), []).append(finding)
    for pack, cases in sorted(suites.items()) or [(PACK_NAME, {})]:
        suite = TestSuite(printable(pack))
        for _, findings in sorted(cases.items()):
            suite.append(_test_case(findings))
        if not report.complete:
            suite.append(_broken_run(report, pack))
        elif not cases:
            suite.append(TestCase("no findings", pack))
        suite.update_statistics()
        document.append(suite)
    document.update_statistics()
    text: bytes = document.tostring()
    return text.decode("utf-8") + "\n"


def _test_case(findings: list[Finding]) -> TestCase:
    first = findings[0]
    case = TestCase(one_line(f"{first.type} {first.name}"), one_line(first.policy))
    mandatory = [finding for finding in findings if finding.level == "mandatory"]
    if mandatory:
        failure = Failure(printable(mandatory[0].summary), "mandatory")
        failure.text = _messages(mandatory)
        case.result = [failure]
    elif all(finding.exemption for finding in findings):
        exemptions = dict.fromkeys(finding.exemption for finding in findings)
        case.result = [Skipped(printable(f"exempted {'; '.join(exemptions)}"))]
    others = [finding for finding in findings if finding.level != "mandatory"]
    if others:
        case.system_out = _messages(others)
    return case


def _messages(findings: list[Finding]) -> str:
    return printable("\n\n".join(finding.message for finding in findings))


def _broken_run(report: Report, pack: str) -> TestCase:
    case = TestCase("the run", printable(pack))
    error = Error(printable(report.headline), "incomplete")
    error.text = printable("\n".join(report.failures))
    case.result = [error]
    return case


def github(report: Report) -> str:
    """Annotations for GitHub Actions, as workflow commands, one line each."""
    lines = [f"::error title=AWS preflight: the run did not finish::{_data(failure)}" for failure in report.failures]
    lines += [_command(finding) for finding in report.findings]
    lines += [f"::notice title=AWS preflight::{_data(note)}" for note in report.notes]
    return "".join(f"{line}\n" for line in [*lines, one_line(report.summary)])


def _command(finding: Finding) -> str:
    kind = {"mandatory": "error", "advisory": "notice" if finding.exemption else "warning"}[finding.level]
    properties = []
    if finding.source:
        properties.append(f"file={_property(finding.source.file)}")
        properties += [f"line={finding.source.line}"] if finding.source.line else []
        properties += [f"col={finding.source.column}"] if finding.source.column else []
    properties.append(f"title={_property(f'{finding.policy}: {finding.name}')}")
    return f"::{kind} {','.join(properties)}::{_data(finding.message)}"


def _data(text: str) -> str:
    # The runner's own escaping: actions/toolkit, packages/core/src/command.ts.
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def gitlab(report: Report) -> str:
    """GitLab's code quality report. It knows issues only, so a run that did not finish is one."""
    issues = [_issue_of_run(failure, report) for failure in report.failures] + list(_issues(report))
    return json.dumps(issues, indent=2) + "\n"


def _issue_of_run(failure: str, report: Report) -> dict[str, Any]:
    return {
        "type": "issue",
        "check_name": PACK_NAME,
        "description": one_line(f"The run did not finish: {failure}"),
        "content": {"body": printable(failure)},
        "categories": ["Bug Risk"],
        "fingerprint": hashlib.sha256(printable(failure).encode()).hexdigest()[:32],
        "severity": "blocker",
        "location": {"path": printable(report.project_file), "lines": {"begin": 1}},
    }


def _issues(report: Report) -> Iterator[dict[str, Any]]:
    for finding in report.findings:
        severity = {"mandatory": "critical", "advisory": "info" if finding.exemption else "minor"}[finding.level]
        place = finding.source or Place(report.project_file)
        yield {
            "type": "issue",
            "check_name": printable(finding.policy),
            "description": one_line(f"{finding.title}: {finding.name}: {finding.summary}"),
            "content": {"body": printable(finding.message)},
            "categories": ["Bug Risk"],
            "fingerprint": finding.fingerprint,
            "severity": severity,
            "location": {
                "path": printable(place.file),
                "lines": {"begin": place.line or 1},
            },
        }
