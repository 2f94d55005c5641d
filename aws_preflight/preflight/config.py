"""The configuration of the pack: levels, the organization's exemptions, and what is wrong with either.

CrossGuard passes on whatever stands in a configuration, unknown policies and properties included. This module says
which keys there are, and what is wrong with the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from aws_preflight.preflight.exemptions import FIELDS, Exemptions, Rules
from aws_preflight.preflight.values import Value, items_of, kind_of, quote, suggestion

EXEMPTIONS: Final = "exemptions"
"""The name under which the pack's own settings stand in a configuration, beside those of the policies."""

ALL: Final = "all"
"""The engine takes a level for all policies under this name, and hands it on as if it were a policy."""

STACK_KEY: Final = "aws-preflight:exemptions"
"""The key of a stack's own exemptions in `Pulumi.<stack>.yaml`."""

LEVELS: Final = ("advisory", "mandatory", "remediate", "disabled")

EXEMPTIONS_SCHEMA: Final[Mapping[str, dict[str, Any]]] = {
    "exemptions": {
        "type": "array",
        "description": "Findings that somebody answers for until a date.",
        "items": {
            "type": "object",
            "required": list(FIELDS),
            "additionalProperties": False,
            "properties": {
                "policy": {"type": "string", "description": "The id of a policy."},
                "resource": {"type": "string", "description": "A URN, or a pattern over type::name, such as *::api-*."},
                "reason": {"type": "string", "description": "Why the finding is accepted."},
                "owner": {"type": "string", "description": "Who answers for it."},
                "expires": {"type": "string", "format": "date", "description": "The last day, such as 2027-01-31."},
            },
        },
    },
    "stackExemptions": {
        "type": "boolean",
        "description": "Whether stacks may bring exemptions of their own, in aws-preflight:exemptions.",
        "default": True,
    },
    "notExemptible": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Ids of policies from which nothing is exempt.",
    },
    "longestTermDays": {
        "type": "integer",
        "minimum": 1,
        "description": "For how many days from today an exemption may last.",
    },
    "allResources": {
        "type": "boolean",
        "description": "Whether an exemption may be for all resources, as `*` is.",
        "default": True,
    },
}

_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "array": list,
    "boolean": bool,
    "string": str,
    "object": dict,
    "number": (int, float),
    "integer": (int, float),
}


def register(own: Value, stack: Value, policies: Iterable[str], today: date) -> Exemptions:
    """The exemptions of a run: `own` are the pack's settings under `EXEMPTIONS`, `stack` the list of the stack."""
    ids = list(policies)
    settings = own if isinstance(own, dict) else {}
    answer = Exemptions(rules=rules(settings), today=today)
    for i, message in not_exemptible_problems(settings, ids):
        answer.problems.append(f"{EXEMPTIONS}.notExemptible[{i}]: {message}")
    answer.add(settings.get("exemptions"), f"{EXEMPTIONS}.exemptions", ids, own=False)
    answer.add(stack, STACK_KEY, ids, own=True)
    return answer


def rules(settings: Mapping[str, Value]) -> Rules:
    """What the pack's settings allow; those that are wrong allow everything, and are reported by `problems`."""
    known = valid(settings, EXEMPTIONS_SCHEMA)
    return Rules(
        stack_exemptions=known.get("stackExemptions", True),
        not_exemptible=frozenset(name for name in known.get("notExemptible", ()) if isinstance(name, str)),
        longest_term_days=known.get("longestTermDays"),
        all_resources=known.get("allResources", True),
    )


def not_exemptible_problems(settings: Mapping[str, Value], policies: Iterable[str]) -> list[tuple[int, str]]:
    """What is wrong with the policies from which nothing is exempt: their places in the list, and messages."""
    ids = list(policies)
    return [
        (i, f"there is no policy {quote(name)}{suggestion(name, ids) if isinstance(name, str) else ''}")
        for i, name in items_of(settings.get("notExemptible"))
        if not isinstance(name, str) or name not in ids
    ]


def problems(configuration: Mapping[str, Value], schemas: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What is wrong with the properties of each policy: places and messages, in the order of the places.

    `configuration` has the properties by policy, without levels; `schemas` the properties that each policy knows.
    """
    found = []
    for policy in sorted(configuration.keys() - {ALL}):
        if policy not in schemas:
            found.append((policy, f"there is no policy {quote(policy)}{suggestion(policy, schemas)}"))
            continue
        properties = configuration[policy]
        for name in sorted(properties) if isinstance(properties, dict) else ():
            message = _problem(name, properties[name], schemas[policy])
            if message:
                found.append((f"{policy}.{name}", message))
    return found


def valid(properties: Value, schema: Mapping[str, Any]) -> dict[str, Value]:
    """Those of the `properties` of a policy that `schema` knows and that have the right type."""
    given = properties if isinstance(properties, dict) else {}
    return {name: value for name, value in given.items() if name in schema and not _wrong_type(schema[name], value)}


def for_engine(schema: Mapping[str, Any]) -> dict[str, Any]:
    """`schema` without the words that lists may hold.

    The engine ends the whole run where a configuration has another word; one that a new version of the pack no longer
    has must not do that. The pack reports such words itself.
    """
    return {name: {**own, "items": {"type": "string"}} if _words(own) else own for name, own in schema.items()}


def _problem(name: str, value: Value, schema: Mapping[str, Any]) -> str:
    if name not in schema:
        return f"there is no property {quote(name)}{suggestion(name, schema)}"
    wrong = _wrong_type(schema[name], value)
    if wrong:
        return wrong
    words = _words(schema[name])
    strange = [item for item in value if item not in words] if words else []
    return f"there is no {quote(strange[0])}{suggestion(str(strange[0]), words)}" if strange else ""


def _wrong_type(schema: Mapping[str, Any], value: Value) -> str:
    type_ = schema["type"]
    numeric = type_ in ("number", "integer")
    whole = type_ != "integer" or (isinstance(value, (int, float)) and value % 1 == 0)
    if not isinstance(value, _TYPES[type_]) or (numeric and isinstance(value, bool)) or not whole:
        return f"{kind_of(value)} stands where {type_} belongs"
    if numeric and value < schema.get("minimum", value):
        return f"the least is {schema['minimum']}"
    return ""


def _words(schema: Mapping[str, Any]) -> Sequence[str]:
    """The words that a list may hold; none where it may hold anything."""
    words: Sequence[str] = schema.get("items", {}).get("enum", ())
    return words
