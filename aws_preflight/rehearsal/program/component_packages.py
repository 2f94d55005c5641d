"""The packages of components that a program uses: where their code is installed, and what helps where it is not.

The code of a packaged component is a program like the user's own: it only registers resources with the engine. So a
rehearsal runs it, where a plugin with it lies in a place that Pulumi itself would take it from.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aws_preflight.rehearsal.program.project import Project, ProjectError, read_yaml

KNOWN = ("aws-apigateway", "aws-quickstart-aurora-postgres", "aws-quickstart-vpc", "awsx", "eks", "synced-folder")
"""Published packages that hold components, and no resources of a cloud's own."""

_FILE = "PulumiPlugin.yaml"
_FOLDER = re.compile(r"resource-(?P<name>.+?)-v(?P<version>\d.*)")


@dataclass(frozen=True)
class ComponentPackage:
    """The code of a package, installed."""

    name: str
    folder: Path
    version: str = ""
    command: Path | None = None
    """What runs it; without, the language host of `runtime` does."""

    runtime: str = ""

    @property
    def holds_only_components(self) -> bool:
        """Whether nothing but components is in it, as far as that can be known without running it."""
        return not self.command or self.name in KNOWN

    def __str__(self) -> str:
        return f"{self.name} {self.version}".rstrip()


def home() -> Path:
    """The user's own home of Pulumi."""
    return Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")


def find(name: str, project: Project, program: Path) -> ComponentPackage | None:
    """The installed code of a package: what the project brings along, on PATH, or in the folder of plugins."""
    folder = program.resolve()
    if (path := project.paths.get(name)) and (brought := _at(name, folder / path)):
        return brought
    for place in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if place and (own := _at(name, Path(place), of_its_own=False)):
            return own
    source = project.sources.get(name, "")
    installed = [package for each in filter(None, (name, _as_folder(source))) for package in _installed(each)]
    wanted = sdk_version(name, program)
    return max(installed, key=lambda package: _fitting(package.version, wanted), default=None)


def how_to_install(name: str, program: Path) -> str:
    """What a user types to have the code of a package."""
    version = sdk_version(name, program)
    return f"pulumi plugin install resource {name}{f' {version}' if version else ''}"


def sdk_version(name: str, program: Path) -> str:
    """The version of the SDK of a package that a program has, where that can be seen in its folders."""
    folders = [program.resolve(), *program.resolve().parents]
    places = [folder / "node_modules" / "@pulumi" / name / "package.json" for folder in folders]
    python = f"*/lib/python3*/site-packages/pulumi_{name.replace('-', '_')}/pulumi-plugin.json"
    for place in (*places, *program.resolve().glob(python)):
        try:
            version = json.loads(place.read_text(encoding="utf-8")).get("version")
        except (OSError, ValueError, AttributeError):
            continue
        if isinstance(version, str):
            return version.removeprefix("v")
    # Older SDKs for Python keep it only where pip does.
    installed = f"*/lib/python3*/site-packages/pulumi_{name.replace('-', '_')}-*.dist-info"
    folders_of_pip = (place.name.removesuffix(".dist-info").rpartition("-")[2] for place in program.glob(installed))
    return next(folders_of_pip, "")


def _installed(name: str) -> Iterator[ComponentPackage]:
    for folder in sorted((home() / "plugins").glob(f"resource-{name}-v*")):
        match = _FOLDER.fullmatch(folder.name)
        # Pulumi marks what it has not installed to the end.
        if match and match["name"] == name and not folder.with_name(f"{folder.name}.partial").exists():
            package = _at(name, folder, match["version"])
            if package is not None:
                yield package


def _at(name: str, folder: Path, version: str = "", of_its_own: bool = True) -> ComponentPackage | None:
    """The package in a folder, or the one whose plugin is that very file."""
    command = folder if folder.is_file() else folder / f"pulumi-resource-{name}"
    if command.is_file() and os.access(command, os.X_OK):
        return ComponentPackage(name, command.parent, version, command)
    if not of_its_own or not (folder / _FILE).is_file():
        return None
    try:
        content = read_yaml(folder / _FILE)
    except ProjectError:
        return None
    runtime = content.get("runtime")
    runtime = runtime.get("name") if isinstance(runtime, dict) else runtime
    if not isinstance(runtime, str):
        return None
    return ComponentPackage(name, folder, version or str(content.get("version") or ""), runtime=runtime)


def _as_folder(source: str) -> str:
    """The name in Pulumi's folder of a package from a repository: `github.com/acme/it` is `github.com_acme_it.git`."""
    path = re.sub(r"^(https?|git)://|@[^/]*$", "", source).removesuffix(".git")
    return f"{path.replace('/', '_')}.git" if "/" in path and not path.startswith(".") else ""


def _fitting(version: str, wanted: str) -> tuple[bool, bool, tuple[int, ...]]:
    """Sort key: best the very version of the SDK, then one that begins like it, then the newest."""
    numbers = tuple(map(int, re.findall(r"\d+", version)[:3]))
    major = wanted.partition(".")[0]
    return version == wanted, bool(major) and version.partition(".")[0] == major, numbers
