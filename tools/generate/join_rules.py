"""Compiles `policies/joins/<service>.yaml` into `policies/joins/compiled.jsonl`, which the pack reads.

`make rules` runs this with the other rules. A case is a stack: resources by name, the first of which is reported where
the case is bad. `!from NAME` is a value that was made from the resource of that name and is not known yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from aws_preflight.policies.type_aliases import with_aliases
from aws_preflight.preflight.finding import Code
from aws_preflight.preflight.joins.join import check_of
from aws_preflight.preflight.ordering.dependency import class_of
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.rules.paths import RuleError
from aws_preflight.preflight.values import UNKNOWN, Value
from tools.generate import rule_files
from tools.generate.rule_checks import check_form, check_patterns
from tools.generate.rule_code import Expression, code_of
from tools.generate.rule_files import Source, all_in, sent

FOLDER: Final = rule_files.FOLDER.parent / "joins"
COMPILED: Final = FOLDER / "compiled.jsonl"
SCHEMA: Final = FOLDER / "schema.json"


@dataclass(frozen=True)
class From:
    """A value that was made from a resource of the case."""

    name: str


rule_files.add_tag("from", lambda _loader, node: From(node.value) if isinstance(node, yaml.ScalarNode) else None)


class JoinSource(Source):
    """A join as it stands in its file."""

    def cases(self, kind: str) -> list[list[Resource]]:
        """The stacks of a kind, "bad" or "good". Raises `MistakeError`."""
        return [self._resources(self.stack(kind, i), (kind, i)) for i in range(len(self.facts[kind]))]

    def stack(self, kind: str, number: int) -> dict[str, Mapping[str, Any]]:
        """A case as it stands: by name the type and the inputs of each resource."""
        (name, inputs), *others = self.facts[kind][number].items()
        return {name: {"type": self.facts["types"][0], "inputs": inputs}, **dict(others)}

    def _resources(self, stack: Mapping[str, Mapping[str, Any]], at: tuple[Any, ...]) -> list[Resource]:
        types = {name: one["type"] for name, one in stack.items()}
        return [self._resource(name, one, types, (*at, name)) for name, one in stack.items()]

    def _resource(self, name: str, one: Mapping[str, Any], types: Mapping[str, str], at: tuple[Any, ...]) -> Resource:
        sources = {key: tuple(_urn(types, other) for other in _names(value)) for key, value in one["inputs"].items()}
        try:
            properties = sent(one["type"], {key: _plain(value) for key, value in one["inputs"].items()})
        except RuleError as error:
            raise self.mistake((*at, *error.at), str(error)) from None
        return Resource(
            urn=_urn(types, name),
            type=one["type"],
            name=name,
            properties=properties,
            property_dependencies={key: urns for key, urns in sources.items() if urns},
        )


def _urn(types: Mapping[str, str], name: str) -> str:
    return f"urn:pulumi:dev::join::{types[name]}::{name}"


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, From):
        yield value.name
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _names(item)


def _plain(value: Any) -> Value:
    if isinstance(value, From):
        return UNKNOWN
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def sources(folder: Path = FOLDER) -> list[JoinSource]:
    """All joins as they stand in the files, in the order of their ids. Raises `MistakeError`."""
    return sorted(all_in(folder, JoinSource), key=lambda source: source.id)


def compiled(source: JoinSource) -> dict[str, Any]:
    """What the pack reads of a join. Raises `MistakeError`."""
    check_form(source, SCHEMA)
    for name in {"refuse", "other"} & source.facts.keys():
        check_patterns(source, source.facts[name], (name,))
    facts = source.facts
    try:
        _ = check_of(facts, facts["types"], with_aliases).compiled
    except RuleError as error:
        raise source.mistake(error.at, str(error)) from None
    for kind in ("bad", "good"):
        source.cases(kind)
    return {
        "id": source.id,
        "types": facts["types"],
        "level": "mandatory" if "seen" in facts and "doubt" not in facts else "advisory",
        "title": facts["title"],
        **{name: facts[name] for name in ("refuse", "twice", "other", "absent") if name in facts},
        "point": facts["point"],
        "fix": facts["fix"],
        **source.evidence,
        "wrong": asdict(_code(source.stack("bad", 0))),
        "right": asdict(_code(source.stack("good", 0))),
    }


def _code(stack: Mapping[str, Mapping[str, Any]]) -> Code:
    """A program that makes the resources of a case, the one that is reported last."""
    first, *others = stack.items()
    lines = [_statement(name, one["type"], one["inputs"]) for name, one in [*others, first]]
    return Code(typescript="\n".join(line for line, _ in lines), python="\n".join(line for _, line in lines))


def _statement(name: str, type_: str, inputs: Mapping[str, Any]) -> tuple[str, str]:
    code = code_of(type_, {key: _written(value, key) for key, value in inputs.items()})
    typescript, python = class_of(type_)
    return (
        f'const {name} = new {typescript}("{name}", {{ {code.typescript} }});',
        f'{name} = {python}("{name}", {code.python})',
    )


def _written(value: Any, key: str) -> Any:
    """The value with an expression for each resource that a part of it was made from; `key` tells what it takes."""
    if isinstance(value, From):
        output = next((one for one in ("id", "name") if key.removesuffix("s").lower().endswith(one)), "arn")
        return Expression(f"{value.name}.{output}")
    if isinstance(value, dict):
        return {name: _written(item, name) for name, item in value.items()}
    return [_written(item, key) for item in value] if isinstance(value, list) else value


def text(folder: Path = FOLDER) -> str:
    """The content of the compiled file: an index in one line, and a join in each other one. Raises `MistakeError`."""
    joins = [compiled(source) for source in sources(folder)]
    index = [{name: join.pop(name) for name in ("id", "types", "level")} for join in joins]
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in [index, *joins])
