"""Finds the Pulumi CLI, or builds it where none is installed.

The CLI is an ordinary Go program, so a machine that has Go and a module proxy can build it. The language hosts of a
Pulumi installation are not available that way; `language_host.py` takes their place.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from rehearsal.engine import Engine, EngineUnavailableError, find

BUILD_ALWAYS = "AWS_PREFLIGHT_BUILD_PULUMI"
"""Set this environment variable to ignore an installed Pulumi."""

_MODULE = Path(__file__).parent / "pulumi-cli"
_HOST = Path(__file__).parent / "language_host.py"
_SDK = "github.com/pulumi/pulumi/sdk/v3"
_CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_EXECUTOR = "pulumi-language-python-exec"
_LANGUAGES = ("python", "nodejs")
_BUILD_MINUTES = 30


def find_or_build() -> Engine:
    """The installed Pulumi where there is one, otherwise one built from its Go modules and kept for the next time."""
    installed = None if os.environ.get(BUILD_ALWAYS) else _installed()
    return installed or _built()


def _installed() -> Engine | None:
    try:
        return find(*_LANGUAGES)
    except EngineUnavailableError:
        return None


def _built() -> Engine:
    version = _wanted_version()
    folder = _cache() / f"pulumi-{version}"
    if not (folder / "pulumi").is_file() or not (folder / _EXECUTOR).is_file():
        _build(version, folder)
    return Engine(_launchers(folder) / "pulumi", version, built=True)


def _wanted_version() -> str:
    found = re.search(rf"{re.escape(_SDK)} (v[\w.+-]+)", (_MODULE / "go.mod").read_text(encoding="utf-8"))
    if found is None:
        raise EngineUnavailableError(f"{_MODULE / 'go.mod'} requires no {_SDK}: it should name the version to build")
    return found.group(1)


def _cache() -> Path:
    # The XDG specification has an empty or relative value ignored.
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (configured if configured.is_absolute() else Path.home() / ".cache") / "aws-preflight"


def _build(version: str, folder: Path) -> None:
    go = shutil.which("go")
    if go is None:
        raise EngineUnavailableError(
            "Neither Pulumi nor Go was found. Expected `pulumi` with `pulumi-language-python` and "
            f"`pulumi-language-nodejs` on PATH, or `go` (1.21 or newer) to build Pulumi {version} with. "
            "Install one of them: https://www.pulumi.com/docs/install/ or https://go.dev/doc/install"
        )
    folder.mkdir(parents=True, exist_ok=True)
    print(
        f"Building Pulumi {version} from its Go modules, once: a few minutes. It is kept in {folder}",
        file=sys.stderr,
        flush=True,
    )
    stamp = f"-s -w -X {_SDK}/go/common/version.Version={version}"
    unfinished = folder / f"pulumi.{os.getpid()}"
    try:
        _output(
            [go, "build", "-mod=readonly", "-trimpath", "-ldflags", stamp, "-o", str(unfinished), _CLI], cwd=_MODULE
        )
        sdk = _output([go, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", _SDK], cwd=_MODULE)
        _put(folder / _EXECUTOR, (Path(sdk) / "python" / "cmd" / _EXECUTOR).read_text(encoding="utf-8"))
        unfinished.replace(folder / "pulumi")
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


def _launchers(folder: Path) -> Path:
    """A folder for PATH: the CLI, and its language hosts run by this very Python and checkout.

    Several virtual environments and checkouts share one cache, hence a folder for each of them.
    """
    executor = folder / _EXECUTOR
    key = hashlib.sha256(f"{sys.executable}\n{_HOST}".encode()).hexdigest()[:8]
    launchers = folder / f"bin-{key}"
    launchers.mkdir(exist_ok=True)
    for language in _LANGUAGES:
        command = shlex.join([sys.executable, str(_HOST), "--language", language, "--python-executor", str(executor)])
        _put(launchers / f"pulumi-language-{language}", f'#!/bin/sh\nexec {command} "$@"\n')
    pulumi = launchers / "pulumi"
    if not pulumi.exists():
        # A hard link: the CLI takes hosts that lie beside its real path for its own, and warns of any others.
        unfinished = launchers / f"pulumi.{os.getpid()}"
        unfinished.hardlink_to(folder / "pulumi")
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


if __name__ == "__main__":
    try:
        print(find_or_build().pulumi)
    except EngineUnavailableError as problem:
        sys.exit(f"error: {problem}")
