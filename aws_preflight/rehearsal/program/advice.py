"""What helps a program that ended because something is missing: a package, or a file that is built first."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aws_preflight.rehearsal.program import environment_calls
from aws_preflight.rehearsal.program.project import Project
from aws_preflight.report.data import object_in

_NO_MODULE = re.compile(
    r"Cannot find (?:module|package) '([^'\n]+)'|ModuleNotFoundError: No module named '([^'\n]+)'"
    r"|(@pulumi/pulumi) is not installed|It looks like (the Pulumi SDK) has not been installed"
)
_NO_FILE = re.compile(
    r"ENOENT: no such file or directory, \w+ '([^'\n]+)'|FileNotFoundError: \[Errno 2\][^'\n]*'([^'\n]+)'"
    r"|open ([^\s:]+): no such file or directory"
)
_NO_ENTRY = re.compile(
    r"'main' file \(([^)\n]+)\) does not exist|project 'main' could not be read: stat ([^\n]+): no such file"
)
_NOTHING_THERE = re.compile(r"Missing required property|\bundefined\b|KeyError|NoneType")
_OLD_NODE = re.compile(r"The gRPC binary module was not installed")
_OLD_SDK = (
    "Its @pulumi/pulumi is of version 1 or 2, which needs a module that is built for Node.js 14 or older: take such a "
    "Node.js, or version 3. "
)
# The lock file says which package manager a program is installed with.
_INSTALLERS = {
    "nodejs": {
        "pnpm-lock.yaml": "pnpm install",
        "yarn.lock": "yarn install",
        "bun.lock": "bun install",
        "bun.lockb": "bun install",
        "package-lock.json": "npm install",
    },
    "python": {
        "poetry.lock": "poetry install",
        "uv.lock": "uv sync",
        "requirements.txt": "pip install -r requirements.txt",
    },
}
_REQUIREMENTS = "requirements.txt"
_ANY_INSTALLER = "pulumi install"


def of(details: Sequence[str], program: Path, what: Project) -> str:
    """Advice on what a program said at its end; nothing where there is none."""
    text = "\n".join(details)
    if _OLD_NODE.search(text):
        return _OLD_SDK
    if found := _NO_ENTRY.search(text):
        return _on_entry(next(filter(None, found.groups())), program.resolve())
    for detail in details:
        if found := _NO_MODULE.search(detail):
            return _on_module(next(filter(None, found.groups())), program.resolve(), what)
        if found := _NO_FILE.search(detail):
            return _on_file(next(filter(None, found.groups())), program.resolve())
    return _on_environment(text, program)


def _on_environment(text: str, program: Path) -> str:
    """What a variable that is not set leaves behind is an `undefined` or a `KeyError` somewhere."""
    if not _NOTHING_THERE.search(text):
        return ""
    names = environment_calls.required(program)
    asked = [name for name in names if f"KeyError: '{name}'" in text] or names
    if not asked:
        return ""
    listed = ", ".join(asked)
    return f"The sources take {listed} from the environment, where it is not set: set it, or add --fill-config. "


def _on_entry(name: str, program: Path) -> str:
    """The file that a program begins with is what a build makes of it, or is not named."""
    return (
        f"The program begins with {_short(name, program)}, which is not there: build it first{_build(program)}, or "
        "name the right file as `main` in Pulumi.yaml. "
    )


def _on_module(name: str, program: Path, what: Project) -> str:
    if name.startswith((".", "/")):
        return f"The program imports {_short(name, program)}, which is not there: build or generate it first. "
    declared = _declared(name, program)
    if declared.startswith(("workspace:", "file:", "link:", "portal:")):
        command, folder = _installer(program, what)
        return (
            f"{name} is a package of the same repository, and is not there: run `{command}` in "
            f"{_folder(folder, program)}, and build it. "
        )
    command, folder = _installer(program, what)
    either = "" if command == _ANY_INSTALLER else f" (or `{_ANY_INSTALLER}`)"
    advised = f"{name} is not installed: run `{command}`{either} in {_folder(folder, program)}. "
    # A package may have another name than its module, so this is no more than a hint.
    unnamed = command.endswith(_REQUIREMENTS) and not _requires(folder / _REQUIREMENTS, name)
    return f"{advised}{_REQUIREMENTS} does not name it. " if unnamed else advised


def _on_file(name: str, program: Path) -> str:
    return f"The program reads {_short(name, program)}, which is not there: make or build it first{_build(program)}. "


def _build(program: Path) -> str:
    scripts = object_in(_package(program).get("scripts"))
    return " (here `npm run build` builds the program's own files)" if "build" in scripts else ""


def _installer(program: Path, what: Project) -> tuple[str, Path]:
    """What installs the packages of a program, and where."""
    installers = _INSTALLERS.get(what.runtime, {})
    manager = what.options.get("packagemanager") or what.options.get("toolchain")
    for command in installers.values():
        if isinstance(manager, str) and command.startswith(f"{manager} "):
            return command, program
    for folder in (program, *program.parents):
        for file, command in installers.items():
            if (folder / file).is_file():
                return command, folder
        if (folder / ".git").exists():
            break
    return "npm install" if (program / "package.json").is_file() else _ANY_INSTALLER, program


def _requires(file: Path, module: str) -> bool:
    """Whether a package is named like a module, or is got from somewhere else under any name."""
    try:
        text = re.sub(r"[-_.]+", "-", file.read_text(encoding="utf-8").lower())
    except (OSError, UnicodeDecodeError):
        return True
    return re.sub(r"[-_.]+", "-", module.partition(".")[0].lower()) in text or "-r " in text


def _declared(name: str, program: Path) -> str:
    """What a program's package.json says of a package; of `@acme/tools/dist` that is `@acme/tools`."""
    parts = name.split("/")
    package = "/".join(parts[: 2 if name.startswith("@") else 1])
    groups = ("dependencies", "devDependencies")
    content = _package(program)
    return next((str(v) for group in groups if (v := object_in(content.get(group)).get(package))), "")


def _package(program: Path) -> dict[str, Any]:
    try:
        return dict(object_in(json.loads((program / "package.json").read_text(encoding="utf-8"))))
    except (OSError, ValueError):
        return {}


def _short(name: str, program: Path) -> str:
    return name.removeprefix(f"{program}/")


def _folder(folder: Path, program: Path) -> str:
    return "the folder of the program" if folder == program else str(folder)
