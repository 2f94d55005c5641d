"""Checks a file of configuration before it does nothing, silently: with the line of each mistake."""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NoReturn

import yaml

from aws_preflight.policies import POLICIES
from aws_preflight.preflight.config import (
    EXEMPTIONS,
    EXEMPTIONS_SCHEMA,
    LEVELS,
    STACK_KEY,
    not_exemptible_problems,
    problems,
    rules,
)
from aws_preflight.preflight.exemptions import Rules, problems_of
from aws_preflight.preflight.json_documents import NOT_JSON, parse
from aws_preflight.preflight.run import today_utc
from aws_preflight.preflight.values import Path, Value, format_path, items_of, kind_of, quote, suggestion

_STACK_FILE: Final = re.compile(r"Pulumi\.(.+\.)?ya?ml")
_PROJECT_FILES: Final = ("Pulumi.yaml", "Pulumi.yml")
_TEXTS: Final = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")
_MAX_PARTS: Final = 100_000
_MAX_DIGITS: Final = 400
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


def check(text: str, name: str = "") -> list[Mistake]:
    """The mistakes in a file of levels and properties, or in the settings of a stack, in the order of their lines.

    The first is the file of `--policy-pack-config`, which the engine reads as JSON: levels, or objects with
    `enforcementLevel` and properties, by policy. The second is a `Pulumi.<stack>.yaml`, or the `Pulumi.yaml` of a
    project: its `aws-preflight:exemptions` are checked. `name` is that of the file. Raises `UnreadableError`.
    """
    value, lines, found = _read(text, name)
    if isinstance(value, dict) and _is_of_stack(value, name):
        settings = value.get("config")
        if isinstance(settings, dict):
            path, stated = _place_of_exemptions(settings, name)
            found += _exemptions(path, _stated(stated), Rules())
    elif isinstance(value, dict):
        found += _configuration(value)
    elif text.strip():
        found.append(((), f"the file holds {kind_of(value)}, where an object with policies by name belongs"))
    return sorted(
        (Mistake(_line(path, lines), format_path(path), message) for path, message in found),
        key=lambda mistake: (mistake.line, mistake.place, mistake.message),
    )


def _is_of_stack(value: Mapping[str, Value], name: str) -> bool:
    """Whether these are the settings of a stack: by the name of the file, or by what it holds."""
    return bool(_STACK_FILE.fullmatch(name)) or (not name.endswith(".json") and isinstance(value.get("config"), dict))


def _place_of_exemptions(settings: Mapping[str, Value], name: str) -> tuple[Path, Value]:
    """Where a list of exemptions stands: a project, unlike a stack, may state it as the `value` of its key."""
    stated = settings.get(STACK_KEY)
    if name in _PROJECT_FILES and isinstance(stated, dict) and "value" in stated:
        return ("config", STACK_KEY, "value"), stated["value"]
    return ("config", STACK_KEY), stated


def _stated(value: Value) -> Value:
    """A setting as the pack reads it: structured ones may stand there as a text of JSON."""
    document = parse(value) if isinstance(value, str) else value
    return value if document is NOT_JSON else document


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
            yield at, f"{quote(level)} is not a level; the levels are {', '.join(LEVELS)}{close}"
        properties[name] = {key: item for key, item in own.items() if key != "enforcementLevel"}
    for place, message in problems(properties, SCHEMAS):
        yield tuple(place.split(".", 1)), message
    own_settings = properties.get(EXEMPTIONS, {})
    yield from _exemptions((EXEMPTIONS, "exemptions"), own_settings.get("exemptions"), rules(own_settings))
    for i, message in not_exemptible_problems(own_settings, IDS):
        yield (EXEMPTIONS, "notExemptible", i), message


def _exemptions(path: Path, value: Value, allowed: Rules) -> Iterator[tuple[Path, str]]:
    if value is not None and not isinstance(value, list):
        yield path, f"{kind_of(value)} stands where a list of exemptions belongs"
    for i, item in items_of(value):
        problems_ = problems_of(item, IDS)
        if not problems_:
            problems_ = list(allowed.problems(item, today_utc()))
            if date.fromisoformat(item["expires"]) < today_utc():
                problems_.append(("expires", f"the exemption expired on {item['expires']}"))
        for field, message in problems_:
            yield (*path, i, *([field] if field else [])), message


def _read(text: str, name: str) -> tuple[Value, dict[Path, int], list[tuple[Path, str]]]:
    """The value in the text, the line of each part of it, and what the engine has against the text itself."""
    try:
        value = json.loads(text, parse_constant=_refuse, parse_float=_within_range, parse_int=_within_range)
    except RecursionError:
        raise UnreadableError("the file is nested too deeply") from None
    except ValueError as error:
        tree = _Tree(text)
        if not text.strip() or not isinstance(tree.value, dict) or _is_of_stack(tree.value, name):
            return tree.value, tree.lines, []
        lineno = getattr(error, "lineno", 1)
        problem = getattr(error, "msg", error)
        message = f"the engine reads this file as JSON, and it is not: {problem}"
        return tree.value, {**tree.lines, (): lineno}, [((), message)]
    # JSON is YAML but for a few letters, and only a reader of YAML tells the lines.
    with contextlib.suppress(UnreadableError):
        return value, _Tree(text.replace("\t", " ")).lines, []
    return value, {}, []


def _refuse(word: str) -> NoReturn:
    raise json.JSONDecodeError(f"{word} is not a JSON number", word, 0)


def _within_range(number: str) -> float | int:
    if math.isinf(float(number)):
        raise json.JSONDecodeError("a number is too large", number, 0)
    return float(number) if set(number) & set(".eE") or len(number) > _MAX_DIGITS else int(number)


class _Tree:
    """A text as YAML, read as Pulumi reads it: the value, and the line of each part of it.

    Raises `UnreadableError`, also for what a reader cannot hold: aliases that stand for more and more of each other.
    """

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._left = _MAX_PARTS
        try:
            node = yaml.compose(text, yaml.SafeLoader)
            self.value = None if node is None else self._value(node, ())
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise _unreadable(mark, str(getattr(error, "problem", None) or error)) from None
        except RecursionError:
            raise UnreadableError("the file is nested too deeply") from None

    def _value(self, node: yaml.Node, path: Path) -> Value:
        self._left -= 1
        if self._left < 0:
            raise _unreadable(
                node.start_mark, f"the file has more than {_MAX_PARTS:,} parts, those of aliases included"
            )
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            answer = {}
            for key, item in node.value:
                name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
                here: Path = (*path, name)
                answer[name] = self._value(item, here)
                self.lines[here] = key.start_mark.line + 1
            return answer
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, i)) for i, item in enumerate(node.value)]
        return _scalar(node)


def _scalar(node: yaml.Node) -> Value:
    # A bare 2027-01-31 is a date in YAML; Pulumi hands it to a pack as text.
    if node.tag in _TEXTS:
        return node.value
    try:
        value = yaml.SafeLoader("").construct_object(node)
    except Exception:  # noqa: BLE001 - its constructors raise whatever they meet in a text of another kind
        value = node
    if not isinstance(value, (bool, int, float, type(None))):
        raise _unreadable(node.start_mark, f"the tag {node.tag} does not fit to this value")
    return value


def _unreadable(mark: Any, problem: str) -> UnreadableError:
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return UnreadableError(f"{where}{problem}")


def _line(path: Path, lines: Mapping[Path, int]) -> int:
    """The line of a place, or of the nearest thing around it that is in the file."""
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path, 1)
