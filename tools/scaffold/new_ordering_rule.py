"""Adds a rule of order, with a case that breaks it and one that keeps it: `make new-ordering-rule`.

What stands in capitals is to be replaced; `make rules` tells what is still wrong, with the line.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from aws_preflight.preflight.resource import module_of
from aws_preflight.preflight.values import suggestion
from aws_preflight.rehearsal.cloud import schema
from tools.generate.ordering_rules import FOLDER, sources
from tools.scaffold.new_policy import check_id
from tools.scaffold.new_rule import HEAD

ROOT: Final = Path(__file__).parents[2]
RULES: Final = FOLDER.relative_to(ROOT)
CASES: Final = Path("tests/cases/ordering-warned")

RULE = """\
{id}:
  pattern: misc
  consumer: {consumer}
{hub}  needed:
    - {{type: {needed}, {link}}}
  level: advisory
  aws: "WHAT AWS ANSWERS"
  sources:
    - https://WHERE-IT-WAS-SEEN
"""
CASE = """
- title: "{id}: the {consumer_kind} {waits} for the {needed_kind}"
  resources:
{hub}    - name: needed
      type: {needed}
      properties: {{NEEDED_PROPERTY: {value}}}{needed_sources}
    - name: consumer
      type: {consumer}
      properties: {{PROPERTY: {value}}}{consumer_sources}
"""
WAITS = "      dependencies: [needed]\n"
FOUND = """\
  findings:
    - {{resource: consumer, at: PROPERTY, rule: {id}, answer: WHAT AWS ANSWERS}}
"""


def create(root: Path, id_: str, consumer: str, needed: str, hub: str = "") -> list[Path]:
    """Adds the rule `id_` and its two cases below `root`; the changed files.

    Raises `ValueError` with a message for people when the id is none or is taken, or there is no such type. Then
    nothing was written.
    """
    check_id(id_, "nat-gateway-before-igw")
    for token in filter(None, (consumer, needed, hub)):
        if schema.resource(token) is None:
            close = suggestion(token, (name for name, _ in schema.resources()))
            raise ValueError(f"the provider has no type {token}{close}")
    if any(source.id == id_ for source in sources(root / RULES)):
        raise ValueError(f"{id_} exists already: choose another id, or change that rule")
    path = root / RULES / f"{module_of(consumer)}.yaml"
    before = path.read_text(encoding="utf-8") if path.exists() else HEAD
    files = {path: before + ("" if before == HEAD else "\n") + _rule(id_, consumer, needed, hub)}
    for name, text in _cases(id_, consumer, needed, hub).items():
        file = root / CASES / f"{name}.yaml"
        files[file] = file.read_text(encoding="utf-8") + text
    for file, content in files.items():
        file.write_text(content, encoding="utf-8")
    return list(files)


def _rule(id_: str, consumer: str, needed: str, hub: str) -> str:
    return RULE.format(
        id=id_,
        consumer=consumer,
        needed=needed,
        hub=f"  via: PROPERTY\n  hub: {hub}\n" if hub else "",
        link="via: NEEDED_PROPERTY" if hub else "same: {NEEDED_PROPERTY: PROPERTY}",
    )


def _cases(id_: str, consumer: str, needed: str, hub: str) -> dict[str, str]:
    """A case that breaks the rule, and one that keeps it, by file."""
    words = {
        "id": id_,
        "consumer": consumer,
        "consumer_kind": consumer.rpartition(":")[2],
        "needed": needed,
        "needed_kind": needed.rpartition(":")[2],
        "hub": f"    - {{name: hub, type: {hub}, properties: {{}}}}\n" if hub else "",
        "value": "!unknown " if hub else "NAME",
        "needed_sources": "\n      propertyDependencies: {NEEDED_PROPERTY: [hub]}" if hub else "",
        "consumer_sources": "\n      propertyDependencies: {PROPERTY: [hub]}" if hub else "",
    }
    return {
        "bad": (CASE + FOUND).format(**words, waits="does not wait"),
        "good": (CASE + WAITS).format(**words, waits="waits"),
    }


def main(arguments: list[str]) -> int:
    """Runs the command line."""
    if len(arguments) not in (3, 4):
        sys.stderr.write(
            "usage: make new-ordering-rule ID=a-before-b CONSUMER=aws:m/a:A NEEDED=aws:m/b:B HUB=aws:m/h:H\n"
        )
        return 2
    try:
        files = create(ROOT, *arguments)
    except ValueError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    for file in files:
        sys.stdout.write(f"{file.relative_to(ROOT)}\n")
    sys.stdout.write(
        "\nReplace what stands in capitals (docs/ordering.md describes the language), then: make rules &&"
        " venv/bin/python -m pytest tests/test_cases.py tests/test_ordering_names.py tests/test_ordering_rules.py\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
