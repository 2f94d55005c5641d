"""Resources that do not go together: facts about AWS as data, by service. `make rules` compiles the YAML files."""

from __future__ import annotations

from pathlib import Path

from aws_preflight.policies.type_aliases import with_aliases
from aws_preflight.preflight.joins.join import load

JOINS = load(Path(__file__).with_name("compiled.jsonl"), with_aliases)
"""The joins of the pack."""
