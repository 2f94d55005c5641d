"""The language of the program, so that a message shows the fix in that language only.

The protocol of the engine does not tell it. But the pack is started with the environment of the one who started Pulumi,
and so with the folder in which that was (`PWD`): the project file there, or above it, names the runtime. It is taken
only where it is the file of the project that is being analyzed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

_FILES: Final = ("Pulumi.yaml", "Pulumi.yml")
_LONGEST_FILE: Final = 100_000
_NAME: Final = re.compile(r"""^name:[ \t]*["']?([^\s"'#]+)""", re.MULTILINE)
_RUNTIME: Final = re.compile(
    r"""^runtime:(?:[ \t]*|[ \t]*(?:\#.*)?\n(?:[ \t]+.*\n)*?[ \t]+name:[ \t]*)["']?([a-z][a-z0-9-]*)""", re.MULTILINE
)


def runtime_of(project: str, folder: str | None = None) -> str:
    """The runtime of `project` as its file names it, such as `nodejs`, `python`, `yaml`; "" where it cannot be told.

    `folder` is where Pulumi was started; by default that of the environment.
    """
    start = folder if folder is not None else os.environ.get("PWD", "")
    if not project or not os.path.isabs(start):
        return ""
    for place in (Path(start), *Path(start).parents):
        for name in _FILES:
            text = _read(place / name)
            if text is not None:
                return _runtime_in(text, project)
    return ""


def _runtime_in(text: str, project: str) -> str:
    name, runtime = _NAME.search(text), _RUNTIME.search(text)
    return runtime[1] if name and runtime and name[1] == project else ""


def _read(file: Path) -> str | None:
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            return stream.read(_LONGEST_FILE)
    except (OSError, ValueError):
        return None
