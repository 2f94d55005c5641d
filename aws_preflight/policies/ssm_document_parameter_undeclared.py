"""Systems Manager refuses a document that uses a parameter which it does not declare.

`{{ Name }}` in a step stands for the parameter `Name`. What is meant for somebody else, a template of a script, is
taken for one as well. Outputs of steps (`{{ step.Output }}`), variables and parameters of the Parameter Store have a
dot or a colon in their name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.json_documents import document_of
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN, Path, Value, quote

_USE: Final = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_BUILT_IN: Final = {"platformType"}


@resource_policy(
    id="ssm-document-parameter-undeclared",
    types=("aws:ssm/document:Document", "aws-native:ssm:Document"),
    reads=("content",),
    needs=("content",),
    title="A document of Systems Manager uses a parameter that it does not declare",
    refuses="A `{{ Name }}` in a step of an Automation or Command document in JSON, without a parameter `Name`.",
    why_not_preview="The document is a string to Pulumi and the provider; only Systems Manager reads what is in it.",
    answer=Answer(
        text='InvalidDocumentContent: Parameter "PackageVersion" is not declared.',
        operation="ssm:CreateDocument",
        source="https://github.com/CrowdStrike/aws-ssm-distributor/issues/66 (error text)",
    ),
    wrong=Code(
        typescript="""\
new aws.ssm.Document("install", {
    documentType: "Automation",
    content: JSON.stringify({
        schemaVersion: "0.3",
        mainSteps: [{ name: "wait", action: "aws:sleep", inputs: { Duration: "{{ Pause }}" } }],
    }),
});""",
        python="""\
aws.ssm.Document("install",
    document_type="Automation",
    content=json.dumps({
        "schemaVersion": "0.3",
        "mainSteps": [{"name": "wait", "action": "aws:sleep", "inputs": {"Duration": "{{ Pause }}"}}],
    }))""",
    ),
    right=Code(
        typescript="""\
new aws.ssm.Document("install", {
    documentType: "Automation",
    content: JSON.stringify({
        schemaVersion: "0.3",
        parameters: { Pause: { type: "String", default: "PT1M" } },
        mainSteps: [{ name: "wait", action: "aws:sleep", inputs: { Duration: "{{ Pause }}" } }],
    }),
});""",
        python="""\
aws.ssm.Document("install",
    document_type="Automation",
    content=json.dumps({
        "schemaVersion": "0.3",
        "parameters": {"Pause": {"type": "String", "default": "PT1M"}},
        "mainSteps": [{"name": "wait", "action": "aws:sleep", "inputs": {"Duration": "{{ Pause }}"}}],
    }))""",
    ),
    fix=Fix(words="declare the parameter under parameters of the document, with a type"),
    sources=(
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/documents-syntax-data-elements-parameters.html",
        "https://github.com/CrowdStrike/aws-ssm-distributor/issues/66",
    ),
)
def ssm_document_parameter_undeclared(document: Resource) -> Iterator[Finding]:
    """Every use in the steps of a document in JSON; the answer was seen for the type Automation alone."""
    kind, parsed = document.get("documentType"), document_of(document.get("content"))
    if kind not in ("Automation", "Command") or not isinstance(parsed, dict):
        return
    declared = parsed.get("parameters", {})
    if not isinstance(declared, dict):
        return
    for path, text in _texts(("mainSteps",), parsed.get("mainSteps")):
        unknown = sorted(set(_USE.findall(text)) - declared.keys() - _BUILT_IN)
        if unknown:
            yield Finding(
                resource=document,
                at=("content", *path),
                message="a parameter is used here that the document does not declare",
                evidence=quote(unknown[0]),
                level="mandatory" if kind == "Automation" else "advisory",
            )


def _texts(path: Path, value: Value) -> Iterator[tuple[Path, str]]:
    """All strings below a value but for descriptions, with their places."""
    rest: list[tuple[Path, Value]] = [(path, value)]
    while rest:
        at, part = rest.pop()
        if isinstance(part, str):
            yield at, part
        elif part is not UNKNOWN and isinstance(part, (dict, list)):
            items = part.items() if isinstance(part, dict) else enumerate(part)
            rest += [((*at, step), below) for step, below in items if step != "description"]
