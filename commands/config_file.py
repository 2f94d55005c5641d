"""Checks a file of configuration before it does nothing, silently: with the line of each mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import yaml

from policies import POLICIES
from preflight.config import EXEMPTIONS, EXEMPTIONS_SCHEMA, LEVELS, STACK_KEY, problems, suggestion
from preflight.exemptions import problem_of
from preflight.run import today_utc
from preflight.values import Path, Value, dig, format_path, items_of, kind_of, quote

IDS: Final = frozenset(policy.id for policy in POLICIES)
SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    **{policy.id: policy.properties for policy in POLICIES},
    EXEMPTIONS: EXEMPTIONS_SCHEMA,
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a file. `line` counts from 1."""

    line: int
    place: str
    message: str


class UnreadableError(Exception):
    """The file is neither JSON nor YAML; the message says where."""


def check(text: str) -> list[Mistake]:
    """The mistakes in a file of levels and properties, or in the settings of a stack, in the order of their lines.

    The first is the file of `--policy-pack-config`: levels, or objects with `enforcementLevel` and properties, by
    policy. The second is a `Pulumi.<stack>.yaml`: its `aws-preflight:exemptions` are checked. Raises `UnreadableError`.
    """
    value, lines = _read(text)
    if not isinstance(value, dict):
        return [Mistake(1, "", f"the file holds {kind_of(value)}, where an object with policies by name belongs")]
    settings = value.get("config")
    if isinstance(settings, dict):
        found = list(_exemptions(("config", STACK_KEY), settings.get(STACK_KEY)))
    else:
        found = list(_configuration(value))
    return sorted(
        (Mistake(_line(path, lines), format_path(path), message) for path, message in found),
        key=lambda mistake: (mistake.line, mistake.place, mistake.message),
    )


def _configuration(value: dict[str, Value]) -> Iterator[tuple[Path, str]]:
    properties: dict[str, Value] = {}
    for name, setting in value.items():
        own = {} if isinstance(setting, str) else setting
        if not isinstance(own, dict):
            yield (name,), f"{kind_of(setting)} stands where a level or an object belongs"
            continue
        level = setting if isinstance(setting, str) else own.get("enforcementLevel", LEVELS[0])
        if level not in LEVELS:
            at = (name,) if isinstance(setting, str) else (name, "enforcementLevel")
            close = suggestion(level, LEVELS) if isinstance(level, str) else ""
            yield at, f"{quote(level)} is no level; the levels are {', '.join(LEVELS)}{close}"
        properties[name] = {key: item for key, item in own.items() if key != "enforcementLevel"}
    for place, message in problems(properties, SCHEMAS):
        yield tuple(place.split(".", 1)), message
    own_settings = properties.get(EXEMPTIONS, {})
    yield from _exemptions((EXEMPTIONS, "exemptions"), own_settings.get("exemptions"))
    for i, name in items_of(own_settings.get("notExemptible")):
        if name not in IDS:
            close = suggestion(name, IDS) if isinstance(name, str) else ""
            yield (EXEMPTIONS, "notExemptible", i), f"there is no policy {quote(name)}{close}"


def _exemptions(path: Path, value: Value) -> Iterator[tuple[Path, str]]:
    if value is not None and not isinstance(value, list):
        yield path, f"{kind_of(value)} stands where a list of exemptions belongs"
    for i, item in items_of(value):
        problem = problem_of(item, IDS)
        if problem:
            field, message = problem
            close = suggestion(item["policy"], IDS) if field == "policy" and dig(item, "policy") else ""
            below = (i, field) if field else (i,)
            yield path + below, message + close
        elif date.fromisoformat(item["expires"]) < today_utc():
            yield (*path, i, "expires"), f"the exemption expired on {item['expires']}"


def _read(text: str) -> tuple[Value, dict[Path, int]]:
    """The value in the text, and the line of each part of it. JSON is YAML."""
    lines: dict[Path, int] = {}
    try:
        node = yaml.compose(text, yaml.SafeLoader)
        value = None if node is None else _value(node, (), lines)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise UnreadableError(f"{where}{getattr(error, 'problem', None) or error}") from None
    except RecursionError:
        raise UnreadableError("the file is nested too deeply") from None
    return value, lines


def _value(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Value:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        answer = {}
        for key, item in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            here: Path = (*path, name)
            answer[name] = _value(item, here, lines)
            lines[here] = key.start_mark.line + 1
        return answer
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, i), lines) for i, item in enumerate(node.value)]
    value = yaml.SafeLoader("").construct_object(node)
    # A bare 2027-01-31 is a date in YAML; Pulumi hands it to a pack as text.
    return node.value if isinstance(value, date) else value


def _line(path: Path, lines: Mapping[Path, int]) -> int:
    """The line of a place, or of the nearest thing around it that is in the file."""
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path, 1)
