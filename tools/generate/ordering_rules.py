"""Compiles `policies/ordering/<service>.yaml` into `policies/ordering/compiled.json`, which the pack reads.

`make rules` runs this with the rules about one resource. What is for maintainers alone stays in the YAML files.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from aws_preflight.policies.type_aliases import with_aliases
from aws_preflight.preflight.ordering.stack_conditions import StackCompiler
from aws_preflight.preflight.policy import documentation_among
from aws_preflight.preflight.resource import module_of
from aws_preflight.preflight.rules.paths import RuleError
from aws_preflight.preflight.values import Path as Place
from aws_preflight.preflight.values import Value, suggestion
from tools.generate import rule_files
from tools.generate.rule_checks import check_form, check_patterns
from tools.generate.rule_files import Source, all_in, parsed

FOLDER: Final = rule_files.FOLDER.parent / "ordering"
COMPILED: Final = FOLDER / "compiled.json"
SCHEMA: Final = FOLDER / "schema.json"
SETS: Final = "sets.yaml"
_GROUPS: Final = ("all", "any", "not", "where")
"""The keys of a condition below which other conditions stand."""

Conditions: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True)
class Sets:
    """What rules share by name: lists of what is needed, and conditions."""

    needed: Mapping[str, list[dict[str, Any]]]
    conditions: Conditions


def sets(folder: Path = FOLDER) -> Sets:
    """The sets of a folder, with their conditions written out. Raises `MistakeError`."""
    value, lines = parsed(folder / SETS)
    source = Source(id="sets", service="", file=folder / SETS, facts=value, lines=lines)
    check_form(source, SCHEMA, "sets")
    conditions: dict[str, Value] = {}
    for name, condition in value["conditions"].items():
        # A condition that names another stands after that one.
        conditions[name] = _checked(condition, conditions, source, ("conditions", name), has_hub=True)
    needed = {name: _needed(serving, conditions, source, ("needed", name)) for name, serving in value["needed"].items()}
    return Sets(needed, conditions)


def sources(folder: Path = FOLDER) -> list[Source]:
    """All rules as they stand in the files, service by service: of two for the same the first wins.

    Raises `MistakeError`.
    """
    return all_in(folder, Source, but=SETS)


def is_policy(source: Source) -> bool:
    """Whether a rule is a policy of its own: not where it is silent, or another policy evaluates it."""
    return source.facts["level"] != "silent" and "policy" not in source.facts


def compiled(source: Source, shared: Sets) -> dict[str, Any]:
    """A rule as the pack reads it, with its conditions written out. Raises `MistakeError`."""
    check_form(source, SCHEMA)
    facts = source.facts
    consumers = _listed(facts["consumer"])
    if (service := module_of(consumers[0])) != source.service:
        raise source.mistake(("consumer",), f"a rule about {consumers[0]} belongs into {service}.yaml")
    serving = facts["needed"]
    if isinstance(serving, str) and serving not in shared.needed:
        raise source.mistake(("needed",), f"{SETS} has no such list{suggestion(serving, shared.needed)}")
    return {
        "id": source.id,
        "consumer": consumers,
        **{name: _listed(facts[name]) for name in ("via", "hub") if name in facts},
        **_when(facts, shared.conditions, source, (), has_hub="hub" in facts),
        "needed": serving if isinstance(serving, str) else _needed(serving, shared.conditions, source, ("needed",)),
        **({"each": True} if "enough" in facts else {}),
        **({"parallel": True} if "parallel" in facts else {}),
        **{name: facts[name] for name in ("level", "absent", "retries", "effect") if name in facts},
        **({"answer": facts["aws"]} if "aws" in facts else {}),
        **({"documented": True} if "basis" in facts else {}),
        "sources": _told(facts["sources"]),
    }


def _told(sources: list[str]) -> list[str]:
    """The sources that a finding may name: the best, and the page of documentation where that is another one."""
    page = documentation_among(sources)
    return sources[:1] if sources[0].partition(" ")[0] == page else [sources[0], page]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _needed(serving: list[dict[str, Any]], conditions: Conditions, source: Source, at: Place) -> list[dict[str, Any]]:
    """A list of what is needed, with its conditions written out."""
    return [
        {
            **one,
            **({"via": _listed(one["via"])} if "via" in one else {}),
            **_when(one, conditions, source, (*at, i), has_hub=False),
        }
        for i, one in enumerate(serving)
    ]


def _when(
    facts: Mapping[str, Any], conditions: Conditions, source: Source, at: Place, *, has_hub: bool
) -> dict[str, Value]:
    """The condition of a rule, or of what it needs, if there is one."""
    if "when" not in facts:
        return {}
    return {"when": _checked(facts["when"], conditions, source, (*at, "when"), has_hub=has_hub)}


def _checked(condition: Value, conditions: Conditions, source: Source, at: Place, *, has_hub: bool) -> Value:
    """A condition written out; it compiles."""
    condition = _written_out(condition, conditions, source, at)
    check_patterns(source, condition, at)
    try:
        StackCompiler(with_aliases, has_hub=has_hub).condition(condition, at)
    except RuleError as error:
        raise source.mistake(error.at, str(error)) from None
    return condition


def _written_out(condition: Value, conditions: Conditions, source: Source, at: Place) -> Value:
    """A condition in which no other is named; a list in a list becomes one with it, as both stand for all."""
    if isinstance(condition, str):
        if condition not in conditions:
            raise source.mistake(at, f"{SETS} has no such condition{suggestion(condition, conditions)}")
        return conditions[condition]
    if isinstance(condition, list):
        parts = [_written_out(one, conditions, source, (*at, i)) for i, one in enumerate(condition)]
        is_all = at[-1:] != ("any",)
        return [one for part in parts for one in (part if is_all and isinstance(part, list) else [part])]
    if not isinstance(condition, dict):
        return condition
    return {
        key: _written_out(value, conditions, source, (*at, key)) if key in _GROUPS else value
        for key, value in condition.items()
    }


def content(folder: Path = FOLDER) -> dict[str, Any]:
    """What the pack reads: the lists that rules share, the rules that are policies, and by id the services of the
    others, which are silent or are evaluated by another policy. Raises `MistakeError`.
    """
    shared = sets(folder)
    rules = [(source, compiled(source, shared)) for source in sources(folder)]
    return {
        "sets": shared.needed,
        "rules": [rule for source, rule in rules if is_policy(source)],
        "others": {source.id: source.service for source, _ in rules if not is_policy(source)},
    }


def text(folder: Path = FOLDER) -> str:
    """The content of the compiled file: a line for each rule. Raises `MistakeError`."""
    whole = content(folder)
    rules = ",\n".join(json.dumps(rule, ensure_ascii=False, separators=(",", ":")) for rule in whole.pop("rules"))
    rest = ",\n".join(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in whole.items())
    return f'{{\n"rules": [\n{rules}\n],\n{rest}\n}}\n'
