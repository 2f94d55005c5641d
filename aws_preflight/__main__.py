"""The command `aws-preflight`, also as `python -m aws_preflight`."""

from __future__ import annotations

from aws_preflight.cli.main import main as command_line


def main() -> None:
    """Runs the command line with the arguments of the process, and ends it."""
    command_line(prog_name="aws-preflight")


if __name__ == "__main__":
    main()
