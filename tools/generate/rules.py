"""Compiles `aws_preflight/policies/rules/<service>.yaml` into `aws_preflight/policies/rules/compiled.jsonl`, which the
pack reads, and the rules of order with them (`tools/generate/ordering_rules.py`).

`python -m tools.generate.rules` (`make rules`) writes it, `python -m tools.generate.rules --check` says whether it is
stale (exit code 1). A mistake is told with its file and line, and nothing is written then.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from aws_preflight.preflight.rules.paths import RuleError, Step, Steps
from aws_preflight.preflight.rules.rule import Check
from aws_preflight.preflight.values import Path as Place
from aws_preflight.preflight.values import suggestion
from aws_preflight.rehearsal.cloud import schema
from tools.generate import join_rules, ordering_rules
from tools.generate.rule_checks import check_form, check_patterns
from tools.generate.rule_code import code_of
from tools.generate.rule_files import FOLDER, MistakeError, RuleSource, files, rules_in

COMPILED: Final = FOLDER / "compiled.jsonl"
SCHEMA: Final = FOLDER / "schema.json"


def sources(folder: Path = FOLDER) -> list[RuleSource]:
    """All rules as they stand in the files, in the order of their ids. Raises `MistakeError`."""
    found = [source for file in files(folder) for source in rules_in(file)]
    by_id: dict[str, RuleSource] = {}
    for source in found:
        if source.id in by_id:
            raise source.mistake((), f"this id is taken by a rule in {by_id[source.id].file.name}")
        by_id[source.id] = source
    return [by_id[id_] for id_ in sorted(by_id)]


def compiled(source: RuleSource) -> dict[str, Any]:
    """What the pack reads of a rule. Raises `MistakeError`."""
    check_form(source, SCHEMA)
    facts = source.facts
    check = Check(source.scopes, facts["refuse"], facts["point"], facts["fix"], False)
    used = list(_used(source, check))
    first = source.cases("bad")[0], source.cases("good")[0]
    return {
        "id": source.id,
        "service": source.service,
        "title": facts["title"],
        "level": level(facts),
        "scopes": source.scopes,
        "refuse": facts["refuse"],
        "point": facts["point"],
        "fix": facts["fix"],
        **({"hidden": True} if any(map(_ends_in_secret, *zip(*used, strict=True))) else {}),
        "answer": {
            "text": facts["aws"],
            "operation": facts["call"],
            "source": facts["seen"] if "seen" in facts else facts["docs"],
            "basis": "recorded" if "seen" in facts else "documented",
            **({"who": facts["who"]} if "who" in facts else {}),
        },
        "provider": provider(facts),
        "sources": [facts[name] for name in ("docs", "seen") if name in facts],
        "reads": sorted({steps[0].name for _, steps in used}),
        "wrong": asdict(code_of(first[0].type, first[0].inputs)),
        "right": asdict(code_of(first[1].type, first[1].inputs)),
    }


def level(facts: Mapping[str, Any]) -> str:
    """The level that the evidence bears: AWS's answer is on record, the provider lets it pass, there is no doubt."""
    proven = "seen" in facts and facts["provider"].startswith("accepts") and "doubt" not in facts
    return "mandatory" if proven else "advisory"


def provider(facts: Mapping[str, Any]) -> str:
    """Why a preview does not see the mistake."""
    version = facts["provider"].removeprefix("accepts").strip()
    if not version:
        return "Nobody has tried yet whether the provider accepts it at preview."
    return f"The provider accepts it: seen in a plan of Terraform's AWS provider {version}, which Pulumi's is built on."


def text(folder: Path = FOLDER) -> str:
    """The content of the compiled file: an index in one line, and a rule in each other one. Raises `MistakeError`.

    The index has what every run needs; the rest of a rule is read where a stack has a resource of its types.
    """
    rules = [compiled(source) for source in sources(folder)]
    index = [
        {name: rule.pop(name) for name in ("id", "service", "level", "reads")} | {"types": [*rule["scopes"]]}
        for rule in rules
    ]
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in [index, *rules])


def _used(source: RuleSource, check: Check) -> Iterator[tuple[str, Steps]]:
    """The paths that the rule reads, by type; all of them lead somewhere in the schema of the provider."""
    check_patterns(source, source.facts["refuse"], ("refuse",))
    at: Place = ("types",)
    try:
        for type_ in source.scopes:
            for one in check.compiled(type_):
                for steps in filter(None, one.used):
                    at = ("types",) if steps is one.scope.steps else ("refuse",)
                    _follow(type_, steps)
                    yield type_, steps
    except RuleError as error:
        raise source.mistake(error.at, str(error)) from None
    except ValueError as error:
        raise source.mistake(at, str(error)) from None


def _follow(token: str, steps: Steps) -> schema.Property | None:
    """The property at the end of the path, `None` inside a document. Raises `ValueError` where it leads nowhere."""
    shape = schema.resource(token)
    if shape is None:
        raise ValueError(
            f"the provider has no type {token}{suggestion(token, (name for name, _ in schema.resources()))}"
        )
    property_: schema.Property | None = None
    type_ = "@"
    for step in steps:
        if step.kind == "name" and type_[0] in "@":
            shape = schema.nested(type_) if property_ is not None else shape
            property_ = shape.get(step.name)
            if property_ is None or not property_.is_input:
                names = [name for name, one in shape.items() if one.is_input]
                raise ValueError(f"{token} has no input {step.name} there{suggestion(step.name, names)}")
            type_ = property_.type
        else:
            type_ = _below(token, type_, step)
        if type_ == "a":
            return None
    return property_


def _below(token: str, type_: str, step: Step) -> str:
    """The type of what a step leads to: "a", anything, inside a document."""
    if step.kind in ("open", "open folded") and type_[0] in "sj":
        return "a"
    if (step.kind == "each" and type_[0] == "[") or (step.kind in ("entries", "name") and type_[0] == "{"):
        return type_[1:]
    kinds = {"[": "a list", "{": "a map", "@": "an object", "s": "a string", "j": "a document"}
    found = kinds.get(type_[0], "a plain value")
    raise ValueError(f"{step.name or step.kind} leads nowhere in {token}: the provider's schema has {found} there")


def _ends_in_secret(token: str, steps: Steps) -> bool:
    property_ = _follow(token, steps)
    return property_ is not None and property_.secret


_COMPILED: Final = (
    (COMPILED, text),
    (ordering_rules.COMPILED, ordering_rules.text),
    (join_rules.COMPILED, join_rules.text),
)


def main(arguments: list[str]) -> int:
    """Runs the command line; the exit code is 1 for a mistake or a stale file."""
    code = 0
    for file, content in _COMPILED:
        folder = f"aws_preflight/policies/{file.parent.name}"
        try:
            fresh = content()
        except MistakeError as error:
            sys.stderr.write(f"{folder}/{error}\n")
            return 1
        if file.exists() and file.read_text(encoding="utf-8") == fresh:
            continue
        if "--check" in arguments:
            sys.stdout.write(f"stale: {folder}/{file.name}: run make rules\n")
            code = 1
        else:
            file.write_text(fresh, encoding="utf-8")
            sys.stdout.write(f"written: {folder}/{file.name}\n")
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
