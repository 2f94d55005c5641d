"""The cases of a policy: data in `tests/cases/<id>/*.yaml`, from which tests and pages are made.

A file is a list of cases. A case of a resource policy has `title`, `type` and `properties`; one of a stack policy has
`title` and `resources`, each with `name`, `type`, `properties` and, where they matter, `dependencies`,
`propertyDependencies` and `parent` (by name) and `component: true`. `findings` lists what has to be found, and nothing
else may be; without it the case has to pass. A finding has `at` (the path), `answer` (a part of AWS's answer), and
optionally `says` (a part of the message), `level`, `shown` (the path in the message, where it ends at a secret) and, in
a stack, `resource`. `also` lists the other policies that find something in the same case; no others may.

Tags in the YAML: `!unknown` is a value that the engine does not know yet, `!secret VALUE` one that the program marked
(a text, a list or an object),
`!json VALUE` the JSON text of a value, `!times [N, VALUE]` a list of N copies with `%d` replaced by 0, 1, 2, ...
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from preflight.values import UNKNOWN, Value

CASES = Path(__file__).parent.parent / "tests" / "cases"


@dataclass(frozen=True)
class Secret:
    """A value that the program marked secret."""

    value: Value


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A finding that a case has to give; the texts are parts of what is said."""

    resource: str
    at: str
    answer: str
    says: str = ""
    level: str = "mandatory"
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

    @property
    def label(self) -> str:
        """What a test report calls the case."""
        return f"{self.policy}/{self.file}: {self.title}"


class _Loader(yaml.SafeLoader):
    pass


def _construct(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


def _times(loader: yaml.SafeLoader, node: yaml.Node) -> list[Any]:
    number, value = _construct(loader, node)
    return [_numbered(value, i) for i in range(number)]


def _numbered(value: Any, i: int) -> Any:
    if isinstance(value, dict):
        return {key: _numbered(item, i) for key, item in value.items()}
    return value % i if isinstance(value, str) and "%" in value else value


def _unknown(_loader: yaml.SafeLoader, _node: yaml.Node) -> Value:
    return UNKNOWN


def _secret(loader: yaml.SafeLoader, node: yaml.Node) -> Secret:
    return Secret(_construct(loader, node))


def _json(loader: yaml.SafeLoader, node: yaml.Node) -> str:
    return json.dumps(_construct(loader, node))


_Loader.add_constructor("!unknown", _unknown)
_Loader.add_constructor("!secret", _secret)
_Loader.add_constructor("!json", _json)
_Loader.add_constructor("!times", _times)


def cases_of(policy: str) -> Iterator[Case]:
    """The cases of a policy, file by file: `bad` first."""
    folder = CASES / policy
    for path in sorted(folder.glob("*.yaml"), key=lambda path: (path.stem != "bad", path.stem)):
        for case in yaml.load(path.read_text(encoding="utf-8"), _Loader):
            single = {"name": "example", "type": case.get("type"), "properties": case.get("properties", {})}
            yield Case(
                policy=policy,
                file=path.stem,
                title=case["title"],
                resources=case.get("resources", [single]),
                findings=[Expected(**{"resource": "example", **finding}) for finding in case.get("findings", ())],
                also=frozenset(case.get("also", ())),
            )


def urn_of(resource: dict[str, Any]) -> str:
    """The URN that the engine would give to a resource of a case."""
    return f"urn:pulumi:dev::cases::{resource['type']}::{resource['name']}"
