"""The configuration of the pack: levels, the organization's exemptions, and what is wrong with either.

CrossGuard passes on whatever stands in a configuration, unknown policies and properties included. This module says
which keys there are, and what is wrong with the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from preflight.exemptions import FIELDS, Register, Rules
from preflight.values import Value, kind_of, quote

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
}

_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "array": list,
    "boolean": bool,
    "string": str,
    "object": dict,
    "number": (int, float),
}


def register(own: Value, stack: Value, policies: Iterable[str]) -> Register:
    """The exemptions of a run: `own` are the pack's settings under `EXEMPTIONS`, `stack` the list of the stack."""
    ids = list(policies)
    settings = own if isinstance(own, dict) else {}
    names = settings.get("notExemptible")
    allowed = settings.get("stackExemptions")
    rules = Rules(
        stack_exemptions=allowed is not False,
        not_exemptible=frozenset(name for name in names if isinstance(name, str))
        if isinstance(names, list)
        else frozenset(),
    )
    answer = Register(rules=rules)
    answer.add(settings.get("exemptions"), f"{EXEMPTIONS}.exemptions", ids, own=False)
    answer.add(stack, STACK_KEY, ids, own=True)
    return answer


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
    return {name: value for name, value in given.items() if name in schema and _is_a(schema[name]["type"], value)}


def for_engine(schema: Mapping[str, Any]) -> dict[str, Any]:
    """`schema` without the words that lists may hold.

    The engine ends the whole run where a configuration has another word; a row that a new version of the pack no longer
    has must not do that. The pack reports such words itself.
    """
    return {name: {**own, "items": {"type": "string"}} if _words(own) else own for name, own in schema.items()}


def _problem(name: str, value: Value, schema: Mapping[str, Any]) -> str:
    if name not in schema:
        return f"there is no property {quote(name)}{suggestion(name, schema)}"
    wanted = schema[name]["type"]
    if not _is_a(wanted, value):
        return f"{kind_of(value)} stands where {wanted} belongs"
    words = _words(schema[name])
    strange = [item for item in value if item not in words] if words else []
    return f"there is no {quote(strange[0])}{suggestion(str(strange[0]), words)}" if strange else ""


def _is_a(type_: str, value: Value) -> bool:
    return isinstance(value, _TYPES[type_]) and not (type_ == "number" and isinstance(value, bool))


def _words(schema: Mapping[str, Any]) -> Sequence[str]:
    """The words that a list may hold; none where it may hold anything."""
    words: Sequence[str] = schema.get("items", {}).get("enum", ())
    return words


def suggestion(word: str, words: Iterable[str]) -> str:
    """`; did you mean "..."?`, or nothing."""
    close = get_close_matches(word, list(words), n=1)
    return f'; did you mean "{close[0]}"?' if close else ""
