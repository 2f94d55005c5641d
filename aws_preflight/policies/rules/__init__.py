"""The rules of the pack: facts about AWS as data, by service. `make rules` compiles the YAML files into one file."""

from __future__ import annotations

from pathlib import Path

from aws_preflight.policies.type_aliases import with_aliases
from aws_preflight.preflight.rules.rule import load

RULES = load(Path(__file__).with_name("compiled.jsonl"), with_aliases)
