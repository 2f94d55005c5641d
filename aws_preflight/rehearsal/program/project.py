"""A Pulumi project: what its `Pulumi.yaml` says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from aws_preflight.report.data import object_in

FILES = ("Pulumi.yaml", "Pulumi.yml")


class ProjectError(RuntimeError):
    """A folder holds no project that could be run; the message is for its author."""


@dataclass(frozen=True)
class Project:
    """What a rehearsal needs to know of a project before the engine reads it."""

    file: Path
    name: str
    runtime: str
    settings_folder: Path
    """Where the files `Pulumi.<stack>.yaml` lie."""

    config: Mapping[str, Any] = field(default_factory=dict)
    """The configuration that the project declares or sets, by key."""

    options: Mapping[str, Any] = field(default_factory=dict)
    """The options of the runtime."""

    plugins: tuple[str, ...] = ()
    """The packages whose plugins the project brings along."""

    paths: Mapping[str, str] = field(default_factory=dict)
    """Of those whose plugin lies in a folder, that folder, as the project names it."""

    sources: Mapping[str, str] = field(default_factory=dict)
    """Of the packages that the project names, where they come from."""


def read(folder: Path) -> Project:
    """The project in `folder`."""
    file = next((folder / name for name in FILES if (folder / name).is_file()), None)
    if file is None:
        raise ProjectError(f"there is no Pulumi.yaml in {folder}: name the folder of a Pulumi program")
    content = read_yaml(file)
    name, runtime = content.get("name"), content.get("runtime")
    options = object_in(object_in(runtime).get("options"))
    if isinstance(runtime, dict):
        runtime = runtime.get("name")
    if not isinstance(name, str) or not isinstance(runtime, str):
        raise ProjectError(f"{file} has no name or no runtime: it is not a Pulumi project")
    sources = dict(_sources(content))
    settings = content.get("stackConfigDir") or content.get("config")
    return Project(
        file=file,
        name=name,
        runtime=runtime,
        # Until it got a name of its own, the key `config` was the folder of the settings.
        settings_folder=folder / settings if isinstance(settings, str) else folder,
        config=object_in(content.get("config")),
        options=options,
        plugins=(*_plugins(content), *object_in(content.get("packages"))),
        paths={**_local(sources), **_plugins(content)},
        sources=sources,
    )


def read_yaml(file: Path) -> dict[str, Any]:
    """The content of a YAML or JSON file that holds an object; an empty file holds an empty one."""
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), _Loader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProjectError(f"{file} cannot be read: {error}") from error
    if content is not None and not isinstance(content, dict):
        raise ProjectError(f"{file} holds no mapping of names to values")
    return content or {}


class _Loader(yaml.SafeLoader):
    """Reads scalars as Pulumi does: no dates, no `yes` for true, no `12:30` for a number."""


_KEPT_TAGS = ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag in _KEPT_TAGS]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _kind, _pattern, _first in (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", "[-+]?(0|[1-9][0-9]*|0o[0-7]+|0x[0-9a-fA-F]+)", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+\.[0-9]*)([eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(f"^({_pattern})$"), list(_first))


def _plugins(content: Mapping[str, Any]) -> dict[str, str]:
    """The plugins of a project by the package, with their folders."""
    providers = object_in(content.get("plugins")).get("providers")
    entries = [object_in(provider) for provider in providers] if isinstance(providers, list) else []
    return {name: str(entry.get("path") or "") for entry in entries if isinstance(name := entry.get("name"), str)}


def _sources(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The packages of a project, each with its source: text, or an object that holds it."""
    for name, package in object_in(content.get("packages")).items():
        source = object_in(package).get("source", package)
        if isinstance(source, str):
            yield str(name), source


def _local(sources: Mapping[str, str]) -> dict[str, str]:
    return {name: source for name, source in sources.items() if source.startswith((".", "/"))}
