"""Compiles `aws_preflight/policies/rules/<service>.yaml` into `aws_preflight/policies/rules/compiled.jsonl`, which the
pack reads, and with them the rules of order, the joins, and the list of all policies.

`python -m tools.generate.rules` (`make rules`) writes it, `python -m tools.generate.rules --check` says whether it is
stale (exit code 1). A mistake is told with its file and line, and nothing is written then.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from aws_preflight.preflight.rules.paths import RuleError, Steps
from aws_preflight.preflight.rules.rule import Check, Form
from aws_preflight.preflight.values import Path as Place
from tools.generate import join_rules, ordering_rules, twins, types_table
from tools.generate.provider_paths import follow
from tools.generate.rule_checks import check_form, check_patterns
from tools.generate.rule_code import code_of
from tools.generate.rule_files import FOLDER, MistakeError, RuleSource, all_in, refreshed
from tools.generate.rule_needs import needs

COMPILED: Final = FOLDER / "compiled.jsonl"
SCHEMA: Final = FOLDER / "schema.json"


def sources(folder: Path = FOLDER) -> list[RuleSource]:
    """All rules as they stand in the files, in the order of their ids. Raises `MistakeError`."""
    return sorted(all_in(folder, RuleSource), key=lambda source: source.id)


def compiled(source: RuleSource) -> dict[str, Any]:
    """What the pack reads of a rule. Raises `MistakeError`."""
    check_form(source, SCHEMA)
    facts = source.facts
    other = twins.forms(source.id, facts, source.scopes)
    forms = {token: [Form(**form) for form in own] for token, own in other.items()}
    check = Check(source.scopes, facts["refuse"], facts["point"], facts["fix"], False, forms)
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
        **source.evidence,
        "provider": provider(facts),
        "reads": sorted({steps[0].name for _, steps in used}),
        "needs": needs({path for paths in source.scopes.values() for path in paths}, facts["refuse"]),
        **({"twins": {one: _of_twin(check, one, own) for one, own in forms.items()}, "forms": other} if other else {}),
        "wrong": asdict(code_of(first[0].type, first[0].inputs)),
        "right": asdict(code_of(first[1].type, first[1].inputs)),
    }


def _of_twin(check: Check, token: str, forms: Sequence[Form]) -> dict[str, list[str]]:
    """The properties that the rule reads of a twin, and those without which it refuses nothing there."""
    return {
        "reads": sorted({steps[0].name for one in check.compiled(token) for steps in one.used if steps}),
        "needs": sorted(frozenset.intersection(*(frozenset(needs(form.scopes, form.refuse)) for form in forms))),
    }


def level(facts: Mapping[str, Any]) -> str:
    """The level that the evidence bears: AWS's answer is on record, the provider lets it pass, there is no doubt."""
    proven = "seen" in facts and facts["provider"].startswith("accepts") and "doubt" not in facts
    return "mandatory" if proven else "advisory"


def provider(facts: Mapping[str, Any]) -> str:
    """Why a preview does not see the mistake."""
    version = facts["provider"].removeprefix("accepts ")
    if version == "untested":
        return "Nobody has tried yet whether the provider accepts it at preview."
    return f"The provider accepts it: seen in a plan of Terraform's AWS provider {version}, which Pulumi's is built on."


def text(folder: Path = FOLDER) -> str:
    """The content of the compiled file: an index in one line, and a rule in each other one. Raises `MistakeError`.

    The index has what every run needs; the rest of a rule is read where a stack has a resource of its types.
    """
    rules = [compiled(source) for source in sources(folder)]
    index = [
        {name: rule.pop(name) for name in ("id", "service", "level", "reads", "needs", "twins") if name in rule}
        | {"types": [*rule["scopes"]]}
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
                    follow(type_, steps)
                    yield type_, steps
    except RuleError as error:
        raise source.mistake(error.at, str(error)) from None
    except ValueError as error:
        raise source.mistake(at, str(error)) from None


def _ends_in_secret(token: str, steps: Steps) -> bool:
    property_ = follow(token, steps)
    return property_ is not None and property_.secret


_COMPILED: Final = (
    (types_table.ALIASES, types_table.aliases),
    (COMPILED, text),
    (ordering_rules.COMPILED, ordering_rules.text),
    (join_rules.COMPILED, join_rules.text),
)


def main(arguments: list[str]) -> int:
    """Runs the command line; the exit code is 1 for a mistake or a stale file."""
    code = 0
    for file, content in _COMPILED:
        folder = file.parent.relative_to(FOLDER.parents[2])
        try:
            fresh = content()
        except MistakeError as error:
            sys.stderr.write(f"{folder}/{error}\n")
            return 1
        if not refreshed(file, fresh, check="--check" in arguments):
            code = 1
    # Another process, as this one may hold policies of before.
    return (
        code or subprocess.run([sys.executable, "-m", "tools.generate.policy_list", *arguments], check=False).returncode
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
