"""The command line: `python -m preflight`. Not part of the published pack."""

from __future__ import annotations

import io
import sys

try:
    import click

    from commands.about import check_config, explain, list_policies
    from rehearsal.command import command as rehearse
    from report.command import command as report
    from report.gate import command as gate
except ModuleNotFoundError as missing:
    sys.stderr.write(f"{missing}: the command line needs `pip install -r requirements-cli.txt`\n")
    sys.exit(2)


@click.group()
def main() -> None:
    """Find what AWS would refuse, before anything is deployed."""
    for stream in (sys.stdout, sys.stderr):
        # Names may hold any character, and the terminal of a CI job may know few.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


for command in (check_config, explain, gate, list_policies, rehearse, report):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="python -m preflight")
