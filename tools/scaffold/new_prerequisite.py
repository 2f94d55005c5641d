"""Adds a row to the prerequisites, with a case that breaks it and one that keeps it: `make new-prerequisite`.

`python -m tools.scaffold.new_prerequisite --format` writes the table in its one form.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.scaffold.new_policy import check_id

ROOT = Path(__file__).parents[2]
TABLE = Path("aws_preflight/policies/ordering/rows.json")
CASES = Path("tests/cases/ordering-warned")
WIDTH = 140
KEYS = (
    *("id", "pattern", "consumer", "via", "hub", "when", "needed", "enough", "parallel", "level", "absent", "retries"),
    *("answer", "basis", "effect", "why", "note", "sources", "policy"),
)
NEEDED_KEYS = ("type", "via", "same", "mentions", "mentioned", "contains", "when", "slow")

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


def formatted(table: Mapping[str, Any]) -> str:
    """The table as JSON: a line for each key of a row, more where one would be too long.

    Raises `ValueError` where a row has a key that is none.
    """
    sections = [f'"sets": {_object(table["sets"], 1)}']
    rows = ",\n".join(f"    {_object(_ordered(row), 2)}" for row in table["rows"])
    return "{\n  " + ",\n  ".join(sections) + f',\n  "rows": [\n{rows}\n  ]\n}}\n'


def _ordered(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its keys in order."""
    needed = row["needed"] if isinstance(row["needed"], list) else []
    strange = [*(row.keys() - set(KEYS)), *(key for one in needed for key in one.keys() - set(NEEDED_KEYS))]
    if strange:
        raise ValueError(f'{row["id"]}: "{strange[0]}" is not a key of a row; docs/ordering.md lists them')
    return {key: row[key] for key in KEYS if key in row}


def _object(value: Mapping[str, Any], depth: int) -> str:
    indent = "  " * (depth + 1)
    lines = ",\n".join(f"{indent}{json.dumps(key)}: {_value(item, depth + 1)}" for key, item in value.items())
    return "{\n" + lines + "\n" + "  " * depth + "}"


def _value(value: Any, depth: int) -> str:
    line = json.dumps(value, ensure_ascii=False)
    if len(line) <= WIDTH or not isinstance(value, list):
        return line
    indent = "  " * (depth + 1)
    return "[\n" + ",\n".join(f"{indent}{_value(item, depth + 1)}" for item in value) + "\n" + "  " * depth + "]"


def create(root: Path, id_: str, consumer: str, needed: str, hub: str = "") -> list[Path]:
    """Adds the row `id_` and its two cases below `root`; the changed files.

    Raises `ValueError` with a message for people when the id is none or is taken, or a type is no Pulumi token. Then
    nothing was written.
    """
    check_id(id_, "nat-gateway-before-igw")
    for token in filter(None, (consumer, needed, hub)):
        if not re.fullmatch(r"[a-z-]+:[\w/-]+:\w+", token):
            raise ValueError(f'"{token}" is not a type: use a Pulumi token such as aws:lambda/function:Function')
    table = json.loads((root / TABLE).read_text(encoding="utf-8"))
    if any(row["id"] == id_ for row in table["rows"]):
        raise ValueError(f"the row {id_} exists already: choose another id, or change that row")
    table["rows"].append(_row(id_, consumer, needed, hub))
    files = {root / TABLE: formatted(table)}
    for name, text in _cases(id_, consumer, needed, hub).items():
        file = root / CASES / f"{name}.yaml"
        files[file] = file.read_text(encoding="utf-8") + text
    for file, content in files.items():
        file.write_text(content, encoding="utf-8")
    return list(files)


def _cases(id_: str, consumer: str, needed: str, hub: str) -> dict[str, str]:
    """A case that breaks the row, and one that keeps it, by file."""
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


def _row(id_: str, consumer: str, needed: str, hub: str) -> dict[str, Any]:
    serving: dict[str, Any] = {"type": needed}
    serving |= {"via": ["NEEDED_PROPERTY"]} if hub else {"same": {"NEEDED_PROPERTY": "PROPERTY"}}
    return {
        "id": id_,
        "pattern": "misc",
        "consumer": [consumer],
        **({"via": ["PROPERTY"], "hub": [hub]} if hub else {}),
        "needed": [serving],
        "level": "advisory",
        "retries": "",
        "answer": "WHAT AWS ANSWERS",
        "basis": "recorded",
        "sources": ["https://WHERE-IT-WAS-SEEN"],
    }


def main(arguments: list[str]) -> int:
    """Runs the command line."""
    if arguments == ["--format"]:
        table = ROOT / TABLE
        table.write_text(formatted(json.loads(table.read_text(encoding="utf-8"))), encoding="utf-8")
        return 0
    if len(arguments) not in (3, 4):
        sys.stderr.write(
            "usage: make new-prerequisite ID=a-before-b CONSUMER=aws:m/a:A NEEDED=aws:m/b:B HUB=aws:m/h:H\n"
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
        "\nReplace what stands in capitals (docs/ordering.md describes the language), then:"
        f" venv/bin/python -m pytest tests/test_cases.py tests/test_prerequisites.py -k {arguments[0]}\n"
        "When it passes: make docs\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
