"""The cases of a policy: data in `tests/cases/<id>/*.yaml`, from which tests and pages are made.

A file is a list of cases. A case of a resource policy has `title`, `type` and `properties`; one of a stack policy has
`title` and `resources`, each with `name`, `type`, `properties` and, where they matter, `dependencies`,
`propertyDependencies` and `parent` (by name) and `component: true`. `findings` lists what has to be found, and nothing
else may be; without it the case has to pass. A finding has `at` (the path), `answer` (a part of AWS's answer), and
optionally `message` (a part of it), `level`, `rule`, `shown` (the path in the message, where it ends at a secret) and,
in a stack, `resource`. `also` lists the other policies that find something in the same case; no others may.

`waits` says how the program is mended: by name of a resource, those that it has to wait for. Such a case is there
twice, the second time mended and without findings.

Tags in the YAML: `!from NAME` is a value that is made from another resource of the case (or a list of names): the
preview does not know it, and the engine tells its source. `!unknown` is a value that the engine does not know yet,
`!secret VALUE` one that the program marked (a string, a list or an object),
`!json VALUE` the JSON text of a value, `!times [N, VALUE]` a list of N copies with `%d` replaced by 0, 1, 2, ...
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from aws_preflight.preflight.values import UNKNOWN, Value
from tools.yaml_loader import SafeLoader

CASES = Path(__file__).parent.parent / "tests" / "cases"


@dataclass(frozen=True)
class Secret:
    """A value that the program marked secret."""

    value: Value


@dataclass(frozen=True)
class From:
    """A value that is made from these resources of the case."""

    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A finding that a case has to give; the strings are parts of what is said."""

    resource: str
    at: str
    answer: str
    message: str = ""
    level: str = "mandatory"
    rule: str = ""
    shown: str = ""
    """The part of the path that a message may show, where not all of it: a secret begins there."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case: resources as a program would make them, and what has to be found."""

    policy: str
    file: str
    title: str
    resources: list[dict[str, Any]]
    findings: list[Expected]
    also: frozenset[str] = frozenset()
    """The other policies that find something."""
    mended: bool = False
    """Whether this is the twin of another case, in which the program waits as it should."""

    @property
    def label(self) -> str:
        """What a test report calls the case."""
        return f"{self.policy}/{self.file}: {self.title}"


class _Loader(SafeLoader):
    pass


def _construct(loader: SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


def _times(loader: SafeLoader, node: yaml.Node) -> list[Any]:
    number, value = _construct(loader, node)
    return [_numbered(value, i) for i in range(number)]


def _numbered(value: Any, i: int) -> Any:
    if isinstance(value, dict):
        return {key: _numbered(item, i) for key, item in value.items()}
    return value % i if isinstance(value, str) and "%" in value else value


def _unknown(_loader: SafeLoader, _node: yaml.Node) -> Value:
    return UNKNOWN


def _from(loader: SafeLoader, node: yaml.Node) -> From:
    names = _construct(loader, node)
    return From(tuple(names) if isinstance(names, list) else (names,))


def _secret(loader: SafeLoader, node: yaml.Node) -> Secret:
    return Secret(_construct(loader, node))


def _json(loader: SafeLoader, node: yaml.Node) -> str:
    return json.dumps(_construct(loader, node))


_Loader.add_constructor("!from", _from)
_Loader.add_constructor("!unknown", _unknown)
_Loader.add_constructor("!secret", _secret)
_Loader.add_constructor("!json", _json)
_Loader.add_constructor("!times", _times)


@cache
def cases_of(policy: str) -> tuple[Case, ...]:
    """The cases of a policy, file by file: `bad` first."""
    files = sorted((CASES / policy).glob("*.yaml"), key=lambda path: (path.stem != "bad", path.stem))
    return tuple(
        case
        for path in files
        for data in yaml.load(path.read_text(encoding="utf-8"), _Loader)
        for case in _twins(policy, path.stem, data)
    )


def _twins(policy: str, file: str, data: dict[str, Any]) -> Iterator[Case]:
    """The case, and the same program mended where the data says how."""
    single = {"name": "example", "type": data.get("type"), "properties": data.get("properties", {})}
    case = Case(
        policy=policy,
        file=file,
        title=data["title"],
        resources=[_linked(resource) for resource in data.get("resources", [single])],
        findings=[Expected(**{"resource": "example", **finding}) for finding in data.get("findings", ())],
        also=frozenset(data.get("also", ())),
    )
    yield case
    if waits := data.get("waits"):
        mended = [{**one, "dependencies": _waiting(one, waits.pop(one["name"], []))} for one in case.resources]
        if waits:
            raise ValueError(f"{case.label}: no {', '.join(waits)} could wait")
        yield replace(case, title=f"{case.title}; mended", resources=mended, findings=[], also=frozenset(), mended=True)


def _waiting(resource: dict[str, Any], names: list[str]) -> list[str]:
    return [*resource.get("dependencies", ()), *names]


def _linked(resource: dict[str, Any]) -> dict[str, Any]:
    """The resource with what its properties are made from where the engine tells it."""
    sources = {key: names for key, value in resource["properties"].items() if (names := list(_sources(value)))}
    properties = {key: _unlinked(value) for key, value in resource["properties"].items()}
    return {
        **resource,
        "properties": properties,
        "propertyDependencies": {**sources, **resource.get("propertyDependencies", {})},
    }


def _sources(value: Any) -> Iterator[str]:
    if isinstance(value, From):
        yield from value.names
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for member in members:
        yield from _sources(member)


def _unlinked(value: Any) -> Any:
    if isinstance(value, From):
        return UNKNOWN
    if isinstance(value, dict):
        return {key: _unlinked(item) for key, item in value.items()}
    return [_unlinked(item) for item in value] if isinstance(value, list) else value


def urn_of(resource: dict[str, Any]) -> str:
    """The URN that the engine would give to a resource of a case."""
    return f"urn:pulumi:dev::cases::{resource['type']}::{resource['name']}"
