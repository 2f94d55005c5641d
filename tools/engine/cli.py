"""Finds the Pulumi CLI, or builds it where none is installed.

The CLI is an ordinary Go program, and so is the language host for YAML: a machine that has Go and a module proxy can
build them. The hosts for Python and Node.js are not available that way; `language_host.py` takes their place.

`modules` holds a Go module for each: the newest release of the CLI, which the tests run with; the oldest that is
supported; and the host for YAML. `python -m tools.engine.cli [newest|oldest|yaml ...]` builds them and prints where
they are.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aws_preflight.preflight.pack_folder import cache_folder
from aws_preflight.rehearsal.program.engine import Engine, EngineUnavailableError, find

BUILD_ALWAYS = "AWS_PREFLIGHT_BUILD_PULUMI"
"""Set this environment variable to `newest` or `oldest`, and that release is built even where a Pulumi is installed."""

RELEASES = ("newest", "oldest")

MODULES = Path(__file__).parent / "modules"
_HOST = Path(__file__).parent / "language_host.py"
_SDK = "github.com/pulumi/pulumi/sdk/v3"
_EXECUTOR = "pulumi-language-python-exec"
_LANGUAGES = ("python", "nodejs")
_BUILD_MINUTES = 30


@dataclass(frozen=True)
class Tool:
    """A command of a Go module in `modules`."""

    module: str
    name: str
    command: str
    versioned: str
    """The required module whose version the command has."""

    stamp: str
    """The variable in the command that holds its version."""

    @property
    def folder(self) -> Path:
        """Where its Go module lies."""
        return MODULES / self.module

    @property
    def version(self) -> str:
        """The version that the Go module pins."""
        file = self.folder / "go.mod"
        found = re.search(rf"\s{re.escape(self.versioned)} (v[\w.+-]+)", file.read_text(encoding="utf-8"))
        if found is None:
            raise EngineUnavailableError(f"{file} requires no {self.versioned}: it should name the version to build")
        return found.group(1)


def _cli(release: str) -> Tool:
    command = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
    return Tool(release, "pulumi", command, versioned=_SDK, stamp=f"{_SDK}/go/common/version.Version")


_YAML_MODULE = "github.com/pulumi/pulumi-yaml"
_YAML = Tool(
    "yaml",
    "pulumi-language-yaml",
    f"{_YAML_MODULE}/cmd/pulumi-language-yaml",
    versioned=_YAML_MODULE,
    stamp=f"{_YAML_MODULE}/pkg/version.Version",
)


def find_or_build() -> Engine:
    """The installed Pulumi where there is one, otherwise the newest that is pinned, built once and then kept."""
    wanted = os.environ.get(BUILD_ALWAYS)
    return built(wanted) if wanted else _installed() or built("newest")


def built(release: str) -> Engine:
    """The release `newest` or `oldest`, built from its Go modules and kept for the next time."""
    if release not in RELEASES:
        raise EngineUnavailableError(f"{BUILD_ALWAYS} is {release!r}: expected {' or '.join(RELEASES)}")
    tool = _cli(release)
    pulumi = _kept(tool)
    executor = pulumi.with_name(_EXECUTOR)
    if not executor.is_file():
        sdk = Path(_output(["go", "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", _SDK], cwd=tool.folder))
        _put(executor, (sdk / "python" / "cmd" / _EXECUTOR).read_text(encoding="utf-8"))
    return Engine(_launchers(pulumi, executor) / "pulumi", tool.version, built=True)


def yaml_host() -> Path:
    """The language host for YAML programs, built and kept as the CLI is. On PATH, any CLI without one uses it."""
    return _kept(_YAML)


def _installed() -> Engine | None:
    try:
        return find(*_LANGUAGES)
    except EngineUnavailableError:
        return None


def _kept(tool: Tool) -> Path:
    """A tool in the cache, built where it is not there yet."""
    target = cache_folder() / f"{tool.name}-{tool.version}" / tool.name
    if not target.is_file():
        _build(tool, target)
    return target


def _build(tool: Tool, target: Path) -> None:
    if shutil.which("go") is None:
        raise EngineUnavailableError(
            "Neither Pulumi nor Go was found. Expected `pulumi` with `pulumi-language-python` and "
            f"`pulumi-language-nodejs` on PATH, or `go` (1.21 or newer) to build {tool.name} {tool.version} with. "
            "Install one of them: https://www.pulumi.com/docs/install/ or https://go.dev/doc/install"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    print(
        f"Building {tool.name} {tool.version} from its Go modules, once: a few minutes. It is kept in {target.parent}",
        file=sys.stderr,
        flush=True,
    )
    # What is half done never has the name of the whole.
    unfinished = target.with_name(f"{tool.name}.{os.getpid()}")
    flags = ["-mod=readonly", "-trimpath", "-ldflags", f"-s -w -X {tool.stamp}={tool.version}"]
    try:
        _output(["go", "build", *flags, "-o", str(unfinished), tool.command], cwd=tool.folder)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _output(command: list[str], cwd: Path) -> str:
    try:
        done = subprocess.run(
            command, cwd=cwd, capture_output=True, text=True, check=False, timeout=_BUILD_MINUTES * 60
        )
    except subprocess.TimeoutExpired as error:
        raise EngineUnavailableError(f"`{shlex.join(command)}` was not done after {_BUILD_MINUTES} minutes") from error
    if done.returncode != 0:
        raise EngineUnavailableError(f"`{shlex.join(command)}` failed:\n{done.stderr.strip()}")
    return done.stdout.strip()


def _launchers(built: Path, executor: Path) -> Path:
    """A folder for PATH: the CLI, and its language hosts run by this very Python and checkout.

    Several virtual environments and checkouts share one cache, hence a folder for each of them.
    """
    key = hashlib.sha256(f"{sys.executable}\n{_HOST}".encode()).hexdigest()[:8]
    launchers = built.parent / f"bin-{key}"
    launchers.mkdir(exist_ok=True)
    for language in _LANGUAGES:
        command = shlex.join([sys.executable, str(_HOST), "--language", language, "--python-executor", str(executor)])
        _put(launchers / f"pulumi-language-{language}", f'#!/bin/sh\nexec {command} "$@"\n')
    pulumi = launchers / "pulumi"
    if not pulumi.exists():
        # A hard link: the CLI takes hosts that lie beside its real path for its own, and warns of any others.
        unfinished = launchers / f"pulumi.{os.getpid()}"
        unfinished.hardlink_to(built)
        unfinished.replace(pulumi)
    return launchers


def _put(path: Path, text: str) -> None:
    """Writes an executable; another process that is about to run it never sees half of it."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.chmod(0o755)
    unfinished.replace(path)


def main(names: Sequence[str]) -> None:
    """Prints where each of them is, or else the CLI that would be used here."""
    for name in names:
        print(yaml_host() if name == _YAML.module else built(name).pulumi)
    if not names:
        print(find_or_build().pulumi)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except EngineUnavailableError as problem:
        sys.exit(f"error: {problem}")
