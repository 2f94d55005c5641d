"""`aws-preflight pack`: the folder to give to `pulumi preview --policy-pack`."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

import click

from aws_preflight.preflight import PACK_VERSION
from aws_preflight.preflight.message import one_line
from aws_preflight.preflight.pack_folder import cache_folder, write_pack

ROOT: Final = Path(__file__).resolve().parents[2]
_CODE: Final = """\
import sys
sys.path.insert(0, {root!r})
from aws_preflight.policies import POLICIES
from aws_preflight.preflight.crossguard import serve
serve(POLICIES)
"""


@click.command("pack")
def command() -> None:
    """Print the folder of the policy pack, for `pulumi preview --policy-pack "$(aws-preflight pack)"`."""
    click.echo(pack_folder())


def pack_folder() -> Path:
    """The pack that runs in this Python: a clone with its `venv` is one, else a small folder in the user's cache.

    Ends the command with 2 where that folder cannot be written.
    """
    if (ROOT / "PulumiPolicy.yaml").exists() and (ROOT / "venv").exists():
        return ROOT
    key = hashlib.sha256(f"{ROOT}\n{sys.prefix}".encode()).hexdigest()[:12]
    folder = cache_folder() / f"pack-{PACK_VERSION}-{key}"
    if not folder.exists():
        try:
            _write(folder)
        except OSError as error:
            sys.stderr.write(f"error: {one_line(str(folder))}: cannot be written: {error.strerror}\n")
            sys.exit(2)
    return folder


def _write(folder: Path) -> None:
    """Writes the pack beside its place first: two commands may do so at the same time."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        new = Path(beside) / "pack"
        write_pack(new, _CODE.format(root=str(ROOT)))
        try:
            new.rename(folder)
        except OSError:
            if not folder.exists():
                shutil.copytree(new, folder)


def this_program() -> list[str]:
    """The command that starts this program again, whatever lies in the current folder."""
    # The first place to look for modules would be the current folder.
    code = f"import sys; sys.path[0] = {str(ROOT)!r}; from aws_preflight.__main__ import main; main()"
    return [sys.executable, "-c", code]
