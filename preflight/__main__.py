"""The command line: `python -m preflight`. Not part of the published pack."""

from __future__ import annotations

import sys

try:
    import click

    from rehearsal.command import command as rehearse
except ModuleNotFoundError as missing:
    sys.stderr.write(f"{missing}: the command line needs `pip install -r requirements-cli.txt`\n")
    sys.exit(2)


@click.group()
def main() -> None:
    """Find what AWS would refuse, before anything is deployed."""


main.add_command(rehearse)

if __name__ == "__main__":
    main(prog_name="python -m preflight")
