"""`aws-preflight preview`: `pulumi preview` with the pack."""

from __future__ import annotations

import sys

import click

from aws_preflight.cli.interruption import Interrupted, interruptible, run
from aws_preflight.cli.pack_command import pack_folder
from aws_preflight.cli.report_command import stop
from aws_preflight.rehearsal.program.engine import EngineUnavailableError, find


@click.command("preview", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[ARGUMENTS OF PULUMI PREVIEW]...")
def command(arguments: tuple[str, ...]) -> None:
    """Run `pulumi preview` with the pack: arguments and exit code are those of Pulumi."""
    try:
        engine = find()
    except EngineUnavailableError as error:
        stop(str(error))
    try:
        with interruptible():
            code = run([str(engine.pulumi), "preview", "--policy-pack", str(pack_folder()), *arguments])
    except Interrupted as interrupted:
        sys.exit(interrupted.exit_code)
    sys.exit(code)
