"""Adds a rule to the file of its service. `make new-rule ID=some-bad-pattern TYPE=aws:sqs/queue:Queue` runs this.

What stands in capitals is to be replaced; `make rules` tells what is still wrong, with the line.
"""

from __future__ import annotations

import sys
from pathlib import Path

from aws_preflight.preflight.resource import module_of
from aws_preflight.preflight.values import suggestion
from aws_preflight.rehearsal.cloud import schema
from tools.generate.rule_files import FOLDER, files, rules_in
from tools.scaffold.new_policy import check_id

HEAD = "# yaml-language-server: $schema=schema.json\n"
RULE = """\
{id}:
  title: WHAT IS WRONG
  types: [{type}]
  refuse:
    - {{at: PROPERTY, equals: VALUE}}
  point: PROPERTY
  fix: WHAT TO DO
  aws: "AWS'S OWN WORDS"
  call: {service}:OPERATION
  seen: https://WHERE-THE-WORDS-CAN-BE-READ
  docs: https://docs.aws.amazon.com/PAGE
  provider: untested
  bad:
    - {{PROPERTY: VALUE}}
  good:
    - {{PROPERTY: OTHER}}
"""


def create(id_: str, token: str, folder: Path = FOLDER) -> Path:
    """Writes the rule `id_` for the type `token` into the file of the type's service; that file.

    Raises `ValueError` with a message for people when the id is none or is taken, or there is no such type.
    """
    check_id(id_, "sqs-delay-too-long")
    if any(rule.id == id_ for file in files(folder) for rule in rules_in(file)):
        raise ValueError(f"{id_} exists already: choose another id")
    if schema.resource(token) is None:
        close = suggestion(token, (name for name, _ in schema.resources()))
        raise ValueError(f"the provider has no type {token}{close}")
    service = module_of(token)
    path = folder / f"{service}.yaml"
    before = path.read_text(encoding="utf-8") if path.exists() else HEAD
    separator = "" if before == HEAD else "\n"
    path.write_text(before + separator + RULE.format(id=id_, type=token, service=service), encoding="utf-8")
    return path


def main(arguments: list[str]) -> int:
    """Runs the command line."""
    if len(arguments) != 2:
        sys.stderr.write("usage: make new-rule ID=some-bad-pattern TYPE=aws:sqs/queue:Queue\n")
        return 2
    try:
        path = create(arguments[0], arguments[1])
    except ValueError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    sys.stdout.write(
        f"aws_preflight/policies/rules/{path.name}\n\nReplace what stands in capitals, then: make rules && "
        f"venv/bin/python -m pytest tests/test_rules.py -k {arguments[0]}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
