"""The configuration of a stack, as far as it can be known without the keys to its secrets."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aws_preflight.rehearsal.cloud import account, plausible
from aws_preflight.rehearsal.program.project import Project, ProjectError, read_yaml

DEFAULT_STACK = "dev"


@dataclass(frozen=True)
class Settings:
    """What a stack's program is given, by full key (`project:name`)."""

    stack: str
    values: dict[str, Any] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    """The keys, with the path inside an object, whose secret values are replaced by dummies."""

    environments: tuple[str, ...] = ()
    """The environments of Pulumi ESC that the settings import, and that cannot be opened here."""

    file: Path | None = None


class NoStackError(ProjectError):
    """The stack is not named, and any of several may be meant."""


def read(
    project: Project, stack: str | None = None, overrides: Iterable[str] = (), file: Path | None = None
) -> Settings:
    """The settings of a stack of `project`, with `key=value` overrides; an unnamed stack is the one at hand.

    That is the one of the only settings file, or the selected one; without any settings a stack of our own will do.
    With `file` the settings are there, whatever the name of the stack.
    Raises `NoStackError` where there are several: what a program does without its settings tells nothing about it.
    """
    # The file is named after the last part of `organization/project/stack`.
    stack = stack or ((_selected(project) or DEFAULT_STACK) if file else _at_hand(project))
    stack = stack.rpartition("/")[2]
    file = file or _file(project, stack)
    content = read_yaml(file) if file else {}
    given = content.get("config") or {}
    if not isinstance(given, dict):
        raise ProjectError(f"{file}: `config` holds no mapping of keys to values")
    own = {_full(str(key), project): value for key, value in given.items()}
    # What the project itself sets stands; only a secret in it would keep the engine from starting.
    inherited = {key: value for key, value in _of_project(project).items() if _holds_secret(value) and key not in own}
    values, secrets = _without_secrets({**inherited, **own}, types(project))
    changed = dict(_pair(override, project) for override in overrides)
    return Settings(
        stack=stack,
        values={**values, **changed},
        secrets=tuple(secret for secret in secrets if not _is_under(secret, changed)),
        environments=_environments(content.get("environment")),
        file=file,
    )


def _file(project: Project, stack: str) -> Path | None:
    names = (f"Pulumi.{stack}.{ending}" for ending in ("yaml", "yml"))
    return next((file for name in names if (file := project.settings_folder / name).is_file()), None)


def _at_hand(project: Project) -> str:
    files = [*project.settings_folder.glob("Pulumi.*.yaml"), *project.settings_folder.glob("Pulumi.*.yml")]
    stacks = {file.name.removeprefix("Pulumi.").rpartition(".")[0]: file.name for file in files}
    if len(stacks) == 1:
        return next(iter(stacks))
    selected = _selected(project)
    if selected is None and stacks:
        raise NoStackError(
            f"no stack is named, and there are settings of several: {', '.join(sorted(stacks.values()))}. Add --stack"
            f" with one of {', '.join(sorted(stacks))}"
        )
    return selected or DEFAULT_STACK


def _selected(project: Project) -> str | None:
    """The stack that `pulumi stack select` chose for this folder, as the CLI notes it in its home."""
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    key = hashlib.sha1(str(project.file.resolve()).encode(), usedforsecurity=False).hexdigest()
    try:
        noted = json.loads((home / "workspaces" / f"{project.name}-{key}-workspace.json").read_text(encoding="utf-8"))
        return str(noted["stack"]) or None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _full(key: str, project: Project) -> str:
    """A key with its namespace; without one it is the project's. `project:config:name` is an old spelling."""
    namespace, _, name = key.rpartition(":")
    return f"{namespace.removesuffix(':config') or project.name}:{name}"


def _of_project(project: Project) -> dict[str, Any]:
    """What the project sets or declares: a plain value, or an object with `value`, `default` and `type`."""
    values = {}
    for key, entry in project.config.items():
        value = entry.get("value", entry.get("default")) if isinstance(entry, dict) else entry
        values[_full(str(key), project)] = value
    return values


def sets(project: Project, settings: Settings, key: str) -> bool:
    """Whether a setting has a value: the stack's, or the one that the project sets for all."""
    return key in settings.values or _of_project(project).get(key) is not None


def region(settings: Settings) -> str:
    """The region that a stack is in, where the settings or the environment say so."""
    told = (settings.values.get("aws:region"), os.environ.get("AWS_REGION"), os.environ.get("AWS_DEFAULT_REGION"))
    return next((one for one in told if isinstance(one, str) and one), "")


def account_of(settings: Settings) -> str:
    """The account that a stack is in."""
    return account.of({key.removeprefix("aws:"): value for key, value in settings.values.items()})


def secret_of_project(project: Project) -> dict[str, Any]:
    """The keys that a project declares secret, with their defaults, `None` where there is none."""
    declared = _of_project(project)
    secret = [key for key, entry in project.config.items() if isinstance(entry, dict) and entry.get("secret") is True]
    return {key: declared[key] for key in (_full(str(name), project) for name in secret)}


def types(project: Project) -> dict[str, str]:
    """The types of the settings that a project declares, by full key."""
    declared = {_full(str(key), project): entry for key, entry in project.config.items()}
    return {key: str(entry["type"]) for key, entry in declared.items() if isinstance(entry, dict) and "type" in entry}


def _pair(override: str, project: Project) -> tuple[str, str]:
    key, equals, value = override.partition("=")
    if not equals or not key:
        raise ProjectError(f"--config {override!r}: expected key=value")
    return _full(key, project), value


def _is_secret(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"secure"}


def _holds_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return _is_secret(value) or any(map(_holds_secret, value.values()))
    return isinstance(value, list) and any(map(_holds_secret, value))


def _without_secrets(values: Mapping[str, Any], types: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The values with a dummy for each secret, and where the secrets stood."""
    secrets: list[str] = []

    def plain(value: Any, at: str, name: str) -> Any:
        if _is_secret(value):
            secrets.append(at)
            return plausible.secret(name, types.get(at))
        if isinstance(value, dict):
            return {key: plain(member, f"{at}.{key}", str(key)) for key, member in value.items()}
        if isinstance(value, list):
            return [plain(item, f"{at}[{index}]", name) for index, item in enumerate(value)]
        return value

    answer = {key: plain(value, key, key.rpartition(":")[2]) for key, value in values.items()}
    return answer, secrets


def _is_under(secret: str, keys: Iterable[str]) -> bool:
    return any(secret == key or secret.startswith((f"{key}.", f"{key}[")) for key in keys)


def _environments(value: Any) -> tuple[str, ...]:
    """The names under `environment`: a list, of names or of objects with one key, or an object with `imports`."""
    if isinstance(value, dict):
        value = value.get("imports", ["(inline)"])
    if not isinstance(value, list):
        return ()
    return tuple(str(next(iter(item), "")) if isinstance(item, dict) else str(item) for item in value)
