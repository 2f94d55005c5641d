"""`aws-preflight`: all commands."""

from __future__ import annotations

import io
import sys

import click

from aws_preflight.cli.about import check_config, explain, list_policies
from aws_preflight.cli.audit_command import command as audit
from aws_preflight.cli.gate_command import command as gate
from aws_preflight.cli.pack_command import command as pack
from aws_preflight.cli.preview_command import command as preview
from aws_preflight.cli.rehearse_command import command as rehearse
from aws_preflight.cli.report_command import command as report
from aws_preflight.preflight import PACK_VERSION


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(PACK_VERSION, prog_name="aws-preflight")
def main() -> None:
    """Find what AWS would refuse, before anything is deployed."""
    for stream in (sys.stdout, sys.stderr):
        # Names may hold any character, and the terminal of a CI job may know few.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


for _command in (audit, check_config, explain, gate, list_policies, pack, preview, rehearse, report):
    main.add_command(_command)
