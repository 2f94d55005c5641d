"""Stands in for the command `docker`, which older libraries call from within a program to build and push images.

A rehearsal builds nothing, and there is no registry that an image could be pushed to: its address is made up. Any other
use of the command is the program's own affair, and done.
"""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path

# Whoever writes to a command that does not read is told of a broken pipe.
_SCRIPT = """\
#!/bin/sh
case "$*" in *--password-stdin*|*" -") cat > /dev/null ;; esac
asked() {{ printf '%s\\n' "$*" >> {log}; }}
case "$1 $2" in
version\\ *) echo '{{"Client":{{"Version":"27.0.0"}},"Server":{{"Version":"27.0.0"}}}}' ;;
"image inspect"|inspect\\ *) echo sha256:{digest} ;;
build\\ *|"image build"|"buildx build"|"buildx bake") asked "$@" ;;
login\\ *|logout\\ *|pull\\ *|push\\ *|tag\\ *|"image pull"|"image push"|"image tag"|"buildx version") ;;
*) {other} ;;
esac
"""


def write(folder: Path, log: Path) -> None:
    """Puts the command into a folder of PATH; what it is asked to build goes to `log`, one a line."""
    if os.name != "posix":
        return
    real = shutil.which("docker")
    other = f'exec {shlex.quote(real)} "$@"' if real else "echo 'docker: not installed' >&2; exit 127"
    file = folder / "docker"
    file.write_text(_SCRIPT.format(log=shlex.quote(str(log)), digest="0" * 64, other=other), encoding="utf-8")
    file.chmod(0o755)
