"""The document that `aws.iam.getPolicyDocument` composes, as the provider does it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aws_preflight.rehearsal.cloud.facts import Facts

Answer = dict[str, Any]


def answer(facts: Facts) -> Answer:
    """Composes the document: programs hand it on, and policies read it."""
    statements = [
        statement
        for source in facts["sourcePolicyDocuments"] or []
        for statement in _as_list(json.loads(source).get("Statement"))
    ]
    statements += [_statement(statement) for statement in facts["statements"] or []]
    for source in facts["overridePolicyDocuments"] or []:
        statements = _overridden(statements, _as_list(json.loads(source).get("Statement")))
    document: Answer = {"Version": facts["version"] or "2012-10-17"}
    if facts["policyId"]:
        document["Id"] = facts["policyId"]
    document["Statement"] = statements
    text = json.dumps(document, indent=2)
    return {"id": facts.fill("{digits:10}"), "json": text, "minifiedJson": json.dumps(document, separators=(",", ":"))}


def _statement(statement: Mapping[str, Any]) -> Answer:
    written: Answer = {}
    if statement.get("sid"):
        written["Sid"] = statement["sid"]
    written["Effect"] = statement.get("effect") or "Allow"
    for name in ("actions", "notActions", "resources", "notResources"):
        if statement.get(name):
            written[f"{name[0].upper()}{name[1:-1]}"] = _one_or_list(statement[name])
    for name in ("principals", "notPrincipals"):
        if statement.get(name):
            written[f"{name[0].upper()}{name[1:-1]}"] = _principals(statement[name])
    for condition in statement.get("conditions") or []:
        tests = written.setdefault("Condition", {}).setdefault(condition["test"], {})
        tests[condition["variable"]] = _one_or_list(condition["values"], in_order=True)
    return written


def _principals(principals: list[Mapping[str, Any]]) -> Any:
    if [principal for principal in principals if (principal["type"], principal["identifiers"]) == ("*", ["*"])]:
        return "*"
    by_type: dict[str, list[Any]] = {}
    for principal in principals:
        by_type.setdefault(principal["type"], []).extend(principal["identifiers"])
    return {type_: _one_or_list(identifiers) for type_, identifiers in by_type.items()}


def _overridden(statements: list[Any], others: list[Any]) -> list[Any]:
    names = {other["Sid"] for other in others if other.get("Sid")}
    return [statement for statement in statements if statement.get("Sid") not in names] + others


def _one_or_list(values: list[Any], in_order: bool = False) -> Any:
    if len(values) == 1:
        return values[0]
    return values if in_order else sorted(values, reverse=True)  # the provider's own order


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
