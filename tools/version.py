"""The version of the project. It lives in `aws_preflight/preflight/__init__.py`; everything else that states it
follows.

`python -m tools.version` prints it, `python -m tools.version 0.2.0` writes another one everywhere, and
`python -m tools.version --released v0.2.0` prints what the changelog says of a release, or why it is none yet.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PLACE: Final = "aws_preflight/preflight/__init__.py"
FOLLOWING: Final = ("PulumiPolicy.yaml", "ci/gitlab.yml", "docs/ci.md", "docs/organization.md")
CHANGELOG: Final = "CHANGELOG.md"

_VERSION: Final = r"[0-9]+\.[0-9]+\.[0-9]+"


class VersionError(Exception):
    """A version that cannot be, or that is not released yet; the message says why."""


def current(root: Path = ROOT) -> str:
    """The version in its one place."""
    found = re.search(rf'PACK_VERSION = "({_VERSION})"', _read(root / PLACE))
    if found is None:
        raise VersionError(f"{PLACE} states no PACK_VERSION")
    return found[1]


def write(new: str, root: Path = ROOT) -> None:
    """Writes another version wherever the current one is stated, and a heading for it in the changelog."""
    if not re.fullmatch(_VERSION, new):
        raise VersionError(f"{new} is no version: three numbers are, such as 0.2.0")
    old = re.compile(rf"(?<![0-9.]){re.escape(current(root))}(?![0-9.])")
    for name in (PLACE, *FOLLOWING):
        (root / name).write_text(old.sub(new, _read(root / name)), encoding="utf-8")
    changes = _read(root / CHANGELOG)
    if f"\n## {new} " not in changes:
        before, _, after = changes.partition("\n## ")
        (root / CHANGELOG).write_text(f"{before}\n## {new} (unreleased)\n\n## {after}", encoding="utf-8")


def released(tag: str, root: Path = ROOT) -> str:
    """What the changelog says of the version that the tag names, which has to be the current one with a date."""
    version = current(root)
    if tag != f"v{version}":
        raise VersionError(f"the tag is {tag}, and the version in {PLACE} is {version}: they have to be the same")
    heading = rf"^## {re.escape(version)} \(([^)\n]*)\)\n"
    section = re.search(rf"{heading}(.*?)(?=^## |\Z)", _read(root / CHANGELOG), re.M | re.S)
    if section is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", section[1]):
        raise VersionError(f"{CHANGELOG} has no heading `## {version} (YEAR-MONTH-DAY)`: set the day of the release")
    return section[2].strip() + "\n"


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Runs the command line; the exit code is 1 when a version cannot be, or is not released yet."""
    try:
        match arguments:
            case []:
                sys.stdout.write(f"{current()}\n")
            case ["--released", tag]:
                sys.stdout.write(released(tag))
            case [new]:
                write(new)
            case _:
                raise VersionError("one version is needed, or --released and a tag")
    except VersionError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
