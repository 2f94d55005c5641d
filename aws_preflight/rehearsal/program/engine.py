"""The Pulumi CLI that is installed: what a rehearsal runs programs with."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_INSTALL = "Install Pulumi (https://www.pulumi.com/docs/install/) or put its folder on PATH"

OLDEST = (3, 230, 0)
"""The oldest release that is supported: every test run has the examples previewed and one rehearsed by it."""


class EngineUnavailableError(RuntimeError):
    """There is no Pulumi engine to run, and the message says what would make one available."""


@dataclass(frozen=True)
class Engine:
    """A Pulumi CLI that finds its language hosts."""

    pulumi: Path
    version: str
    built: bool = False
    """Whether this project built it, as opposed to a Pulumi installation."""

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """`base`, changed so that the CLI finds its language hosts.

        The hosts that this project brings find this Python too. The PATH of an installed Pulumi stays the user's: its
        Python host looks there for the Python of a program that names no virtual environment.
        """
        folders = [str(self.pulumi.parent)]
        if self.built:
            folders.append(str(Path(sys.executable).parent))
        return {**base, "PATH": os.pathsep.join([*folders, base.get("PATH", os.defpath)])}


def find(*languages: str) -> Engine:
    """The Pulumi that is installed, of a release that is supported and with the hosts of `languages`."""
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        raise EngineUnavailableError(f"`pulumi` was not found on PATH. {_INSTALL}.")
    path = os.environ.get("PATH", os.defpath)
    missing = [name for name in map(_host, languages) if beside(pulumi, name, path) is None]
    if missing:
        raise EngineUnavailableError(
            f"{' and '.join(f'`{name}`' for name in missing)} was found neither beside {pulumi} nor on PATH: it "
            f"belongs to a full Pulumi installation. {_INSTALL}."
        )
    version = _version(pulumi)
    if _is_too_old(version):
        raise EngineUnavailableError(
            f"Pulumi {version} at {pulumi} is too old: AWS preflight supports v{'.'.join(map(str, OLDEST))} and newer. "
            "Upgrade it: https://www.pulumi.com/docs/install/"
        )
    # Never the resolved path: a version manager's shim decides by its own name what to run.
    return Engine(Path(pulumi).absolute(), version)


def _is_too_old(version: str) -> bool:
    """Whether a version is known to be older; one that nobody can read is given a chance."""
    match = re.match(r"v?(\d+)\.(\d+)\.(\d+)", version)
    return match is not None and tuple(map(int, match.groups())) < OLDEST


def _host(language: str) -> str:
    return f"pulumi-language-{language}"


def beside(pulumi: str, name: str, path: str) -> str | None:
    """The language host `name` that belongs to a CLI, or else the one on PATH."""
    return shutil.which(name, path=os.pathsep.join([str(Path(pulumi).resolve().parent), path]))


@cache
def _version(pulumi: str) -> str:
    try:
        done = subprocess.run([pulumi, "version"], capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineUnavailableError(f"`{pulumi} version` failed: {error}. {_INSTALL}.") from error
    return done.stdout.strip()
