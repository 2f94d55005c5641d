"""The files that a program's code is in: what it asks for is written there, and the engine is told nothing of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from aws_preflight.rehearsal.program.project import FILES

YAML = (".yaml", ".yml")

_ENDINGS = (".ts", ".js", ".mts", ".mjs", ".py", ".go", ".cs", ".java", *YAML)
_LIBRARIES = ("node_modules", "site-packages", "__pycache__")
_MOST_BYTES = 1_000_000
_COMMENT = re.compile(r"^\s*(?://|#|\*).*$", re.MULTILINE)


def files(folder: Path) -> Iterator[Path]:
    """The files of the program in `folder`; those of libraries, and of other programs inside it, are left out."""
    for path in sorted(folder.iterdir()):
        if path.is_symlink() or path.name.startswith(".") or path.name in _LIBRARIES:
            continue
        if (path / "pyvenv.cfg").exists() or any((path / name).is_file() for name in FILES):
            continue
        if path.is_dir():
            yield from files(path)
        elif path.suffix in _ENDINGS:
            yield path


def codes(folder: Path) -> Iterator[str]:
    """What stands in the files of the program that are no YAML, less the lines that are nothing but a comment."""
    for file in files(folder):
        if file.suffix not in YAML:
            yield _COMMENT.sub("", text(file))


def text(file: Path) -> str:
    """What stands in a file, as far as anybody reads."""
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            return stream.read(_MOST_BYTES)
    except OSError:
        return ""
