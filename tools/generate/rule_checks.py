"""What is checked of rules of any kind before they are compiled; a mistake is told with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import jsonschema

from aws_preflight.preflight.values import Path as Place
from aws_preflight.preflight.values import Value, suggestion
from tools.generate.linear import problem
from tools.generate.rule_files import Source

ANYTHING: Final[Mapping[str, Any]] = {}


@cache
def _validator(schema: Path, part: str) -> jsonschema.Draft202012Validator:
    content = json.loads(schema.read_text(encoding="utf-8"))
    # The compiler of conditions tells better what is wrong with one.
    content["$defs"]["condition"] = ANYTHING
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{part}", "$defs": content["$defs"]})


def check_form(source: Source, schema: Path, part: str = "rule") -> None:
    """Raises `MistakeError` where a rule has not the form that a part of the JSON Schema gives it, conditions apart."""
    for error in _validator(schema, part).iter_errors(source.facts):
        at: Place = tuple(error.absolute_path)
        known = error.schema.get("properties", {}) if isinstance(error.schema, dict) else {}
        extra = error.instance.keys() - known.keys() if error.validator == "additionalProperties" else ()
        close = suggestion(min(extra), known) if extra else ""
        raise source.mistake((*at, min(extra)) if extra else at, f"{error.message}{close}")


def check_patterns(source: Source, condition: Value, at: Place) -> None:
    """Raises `MistakeError` where a condition has a regular expression that may take long to match."""
    for path, pattern in _patterns(condition, at):
        if why := problem(pattern):
            raise source.mistake(path, f"{why} (docs/rules-language.md, Regular expressions)")


def _patterns(value: Value, at: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from _patterns(item, (*at, i))
    elif isinstance(value, dict):
        for name, item in value.items():
            if name in ("matches", "mismatches") and isinstance(item, str):
                try:
                    re.compile(item)
                except re.error:
                    continue  # the compiler of conditions tells
                yield (*at, name), item
            else:
                yield from _patterns(item, (*at, name))
