"""The one name that `pip install` puts among the packages of a Python: everything else lies in a folder below it.

The rooms of the project (`cli`, `policies`, ...) have names that others use as well, so the wheel keeps them in
`aws_preflight/rooms`, where only this module finds them.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    """The command `aws-preflight`."""
    # First of all places: nothing else that is called `cli` or `policies` may be run.
    sys.path.insert(0, str(Path(__file__).parent / "rooms"))
    from cli.main import main as command_line

    command_line(prog_name="aws-preflight")
