"""A program in YAML, as far as it has to be read beside the engine: what it uses, and at which line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from aws_preflight.rehearsal.program.project import ProjectError, read_yaml
from aws_preflight.report.data import object_in
from aws_preflight.report.model import Place


def files(folder: Path) -> Iterator[tuple[Path, Mapping[Any, Any]]]:
    """The files of the program whose project is in `folder`, with their content; what cannot be read is left out."""
    main = next((object_in(content).get("main") for _, content in _read(folder) if "main" in content), None)
    yield from _read(folder)
    if isinstance(main, str) and (folder / main).resolve() != folder.resolve():
        yield from _read(folder / main)


def documents(folder: Path) -> list[Mapping[Any, Any]]:
    """What the files of the program say, without the files."""
    return [content for _, content in files(folder)]


def places(folder: Path) -> dict[str, Place]:
    """The lines at which the resources of a program are declared, by name."""
    found: dict[str, Place] = {}
    for file, _ in files(folder):
        root = yaml.compose(file.read_text(encoding="utf-8"), yaml.SafeLoader)
        for key, resource in _pairs(_member(root, "resources")):
            place = Place(file.relative_to(folder).as_posix(), key.start_mark.line + 1, key.start_mark.column + 1)
            own_name = _member(resource, "name")
            found[str(own_name.value if isinstance(own_name, yaml.ScalarNode) else key.value)] = place
    return found


def _read(folder: Path) -> Iterator[tuple[Path, Mapping[Any, Any]]]:
    for file in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        if content := _content(file):
            yield file, content


def _content(file: Path) -> Mapping[Any, Any]:
    try:
        return read_yaml(file)
    except ProjectError:
        return {}  # The engine says it better, if the file is one of its own.


def _member(node: yaml.Node | None, name: str) -> yaml.Node | None:
    return next((value for key, value in _pairs(node) if key.value == name), None)


def _pairs(node: yaml.Node | None) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if isinstance(key, yaml.ScalarNode):
            yield key, value
