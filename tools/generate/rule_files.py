"""Reads the rules that people write, `aws_preflight/policies/rules/<service>.yaml`, with the line of each part, and
their cases.

The files are YAML without its traps: `on`, `no` and dates are strings, and no key may stand twice. Tags: `!unknown` is
a value that the engine does not know yet, `!text [N, a]` the text `aaa...` of N characters, `!times [N, VALUE]` a list
of N copies in which `%d` is 0, 1, 2, ...
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

from aws_preflight.preflight.rules.paths import RuleError
from aws_preflight.preflight.values import UNKNOWN, Value, format_path
from aws_preflight.preflight.values import Path as Place
from aws_preflight.rehearsal.cloud import schema
from tools.yaml_loader import SafeLoader

FOLDER: Final = Path(__file__).parents[2] / "aws_preflight" / "policies" / "rules"
_PLAIN: Final = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:null")
_CASE_KEYS: Final = {"inputs", "at", "type", "region", "note"}


class MistakeError(Exception):
    """A mistake in a file of rules, in words for people, with the file and the line."""


@dataclass(frozen=True, kw_only=True)
class RuleCase:
    """Inputs that a rule refuses, or lets pass. `at` is where it points at, "" where `point` says it all."""

    type: str
    inputs: dict[str, Value]
    at: str = ""
    region: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A rule of any kind as it stands in its file."""

    id: str
    service: str
    file: Path
    facts: Mapping[str, Any]
    lines: Mapping[Place, int]

    def mistake(self, at: Place, message: str) -> MistakeError:
        """The mistake at a place in the rule; the line is that of the nearest part around it."""
        inside = at
        while inside and inside not in self.lines:
            inside = inside[:-1]
        place = f"{format_path(at)}: " if at else ""
        return MistakeError(f"{self.file.name}:{self.lines.get(inside, 1)}: {self.id}: {place}{message}")

    @property
    def evidence(self) -> dict[str, Any]:
        """AWS's answer and the sources, as the pack reads them: what was seen goes before what is documented."""
        facts = self.facts
        return {
            "answer": {
                "text": facts["aws"],
                "operation": facts["call"],
                "source": facts["seen"] if "seen" in facts else facts["docs"],
                "basis": "recorded" if "seen" in facts else "documented",
                **({"who": facts["who"]} if "who" in facts else {}),
            },
            "sources": [facts[name] for name in ("docs", "seen") if name in facts],
        }


Rule = TypeVar("Rule", bound=Source)


class RuleSource(Source):
    """A rule about the inputs of one resource."""

    @property
    def scopes(self) -> dict[str, list[str]]:
        """By type, the paths to the elements that the rule is evaluated for."""
        types = self.facts["types"]
        paths = types if isinstance(types, dict) else dict.fromkeys(types, self.facts.get("each", ""))
        return {type_: [path] if isinstance(path, str) else path for type_, path in paths.items()}

    def cases(self, kind: str) -> list[RuleCase]:
        """The cases of a kind, "bad" or "good". Raises `MistakeError`."""
        return [self._case(case, (kind, i)) for i, case in enumerate(self.facts[kind])]

    def _case(self, case: dict[str, Any], at: Place) -> RuleCase:
        options = case if "inputs" in case and case.keys() <= _CASE_KEYS else {"inputs": case}
        type_ = options.get("type") or next(iter(self.scopes))
        if type_ not in self.scopes:
            raise self.mistake((*at, "type"), f"{type_} is none of the types of the rule")
        try:
            inputs = sent(type_, options["inputs"])
        except RuleError as error:
            raise self.mistake((*at, *error.at), str(error)) from None
        return RuleCase(**{**options, "type": type_, "inputs": inputs})


class _Loader(SafeLoader):
    yaml_implicit_resolvers = {  # noqa: RUF012 - a table of the base class
        first: [(tag, pattern) for tag, pattern in resolvers if tag in _PLAIN]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _boolean(_loader: _Loader, node: yaml.Node) -> bool:
    return bool(node.value == "true")


def _listed(loader: _Loader, node: yaml.Node) -> tuple[int, Any]:
    number, value = loader.construct_sequence(node, deep=True)  # type: ignore[arg-type]
    return number, value


def _text(loader: _Loader, node: yaml.Node) -> str:
    number, part = _listed(loader, node)
    return str(part) * number


def _times(loader: _Loader, node: yaml.Node) -> list[Any]:
    number, value = _listed(loader, node)
    text = json.dumps(value)
    return [json.loads(text.replace("%d", str(i))) for i in range(number)]


def _unknown(_loader: _Loader, _node: yaml.Node) -> Value:
    return UNKNOWN


_Loader.add_implicit_resolver("!boolean", yaml.resolver.re.compile("true|false$"), list("tf"))  # type: ignore[attr-defined]
for _tag, _constructor in (("boolean", _boolean), ("text", _text), ("times", _times), ("unknown", _unknown)):
    _Loader.add_constructor(f"!{_tag}", _constructor)


def add_tag(name: str, constructor: Callable[[_Loader, yaml.Node], Any]) -> None:
    """Has `!name` stand for what `constructor` makes of a node, in all files that are read from now on."""
    _Loader.add_constructor(f"!{name}", constructor)


def refreshed(file: Path, fresh: str, *, check: bool) -> bool:
    """Whether a compiled file is as it should be. Writes it where it is not, or with `check` says so."""
    if file.exists() and file.read_text(encoding="utf-8") == fresh:
        return True
    name = file.relative_to(FOLDER.parents[2])
    if check:
        sys.stdout.write(f"stale: {name}: run make rules\n")
        return False
    file.write_text(fresh, encoding="utf-8")
    sys.stdout.write(f"written: {name}\n")
    return True


def files(folder: Path = FOLDER) -> list[Path]:
    """The files of rules, in order."""
    return sorted(folder.glob("*.yaml"))


def all_in(folder: Path, kind: type[Rule], but: str = "") -> list[Rule]:
    """What the files of a folder hold by id, file by file; `but` is one that holds something else.

    Raises `MistakeError`, also for an id that is taken.
    """
    found: dict[str, Rule] = {}
    for file in files(folder):
        for source in sources_in(file, kind) if file.name != but else ():
            if source.id in found:
                raise source.mistake((), f"this id is taken by a rule in {found[source.id].file.name}")
            found[source.id] = source
    return list(found.values())


def rules_in(file: Path) -> list[RuleSource]:
    """The rules of a file, in their order there. Raises `MistakeError`."""
    return sources_in(file, RuleSource)


def sources_in(file: Path, kind: type[Rule]) -> list[Rule]:
    """What a file holds by id, in its order there. Raises `MistakeError`."""
    value, lines = parsed(file)
    of_id: dict[str | int, dict[Place, int]] = {}
    for path, line in lines.items():
        if path:
            of_id.setdefault(path[0], {})[path[1:]] = line
    return [
        kind(id=str(id_), service=file.stem, file=file, facts=facts, lines=of_id[id_]) for id_, facts in value.items()
    ]


def parsed(file: Path) -> tuple[dict[str, Any], dict[Place, int]]:
    """The object in a file, and the line of each part of it. Raises `MistakeError`."""
    loader = _Loader(file.read_text(encoding="utf-8"))
    try:
        root = loader.get_single_node()
        if root is None:
            return {}, {}
        if not isinstance(root, yaml.MappingNode):
            raise MistakeError(f"{file.name}:1: rules by id belong here")
        lines = dict(_lines(root, (), file))
        return loader.construct_document(root), lines
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise MistakeError(f"{file.name}:{line}: this is no YAML: {error.problem}") from None
    finally:
        loader.dispose()


def _lines(node: yaml.Node, path: Place, file: Path) -> Iterator[tuple[Place, int]]:
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, item in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                raise MistakeError(f'{file.name}:{line}: "{key.value}" stands twice in one object')
            seen.add(key.value)
            yield from _lines(item, (*path, key.value), file)
            yield (*path, key.value), line
    elif isinstance(node, yaml.SequenceNode) and not node.tag.startswith("!"):
        for i, item in enumerate(node.value):
            yield from _lines(item, (*path, i), file)


def sent(token: str, inputs: Mapping[str, Value]) -> dict[str, Value]:
    """The inputs of a resource as a program sends them: what the schema has as a string, and is data here, is its JSON.

    Raises `RuleError` for a property that the provider does not have.
    """
    shape = schema.resource(token)
    if shape is None:
        raise RuleError((), f"the provider has no type {token}")
    return _object(shape, inputs, ())


def _object(shape: schema.Shape, value: Mapping[str, Value], at: Place) -> dict[str, Value]:
    for name in value:
        if name not in shape or not shape[name].is_input:
            raise RuleError((*at, name), f"the provider has no input {name} here")
    return {name: _sent(shape[name].type, item, (*at, name)) for name, item in value.items()}


def _sent(type_: str, value: Value, at: Place) -> Value:
    if type_[0] in "sj" and isinstance(value, (dict, list)):
        return json.dumps(value)
    if type_[0] == "[" and isinstance(value, list):
        return [_sent(type_[1:], item, (*at, i)) for i, item in enumerate(value)]
    if type_[0] == "{" and isinstance(value, dict):
        return {name: _sent(type_[1:], item, (*at, name)) for name, item in value.items()}
    if type_[0] == "@" and isinstance(value, dict):
        return _object(schema.nested(type_), value, at)
    return value
