"""`aws-preflight rehearse`."""

from __future__ import annotations

import io
import json
import os
import sys
import traceback
from pathlib import Path

import click

from aws_preflight.cli.interruption import Interrupted, interruptible
from aws_preflight.preflight.message import one_line
from aws_preflight.rehearsal import display
from aws_preflight.rehearsal.program.outcome import Report
from aws_preflight.rehearsal.program.rehearse import Request, rehearse


@click.command(
    "rehearse",
    epilog="Exit codes: 0 nothing refused, 1 refused, 2 could not rehearse. The program's own code does run.",
)
@click.argument("program", default=".", type=click.Path(path_type=Path), metavar="[PROGRAM_DIR]")
@click.option("--stack", metavar="NAME", help="The stack whose settings to use. [default: the one at hand, or dev]")
@click.option("--config", multiple=True, metavar="KEY=VALUE", help="A setting, over those of the stack. Repeatable.")
@click.option(
    "--config-file", type=click.Path(path_type=Path), metavar="FILE", help="The settings, if not Pulumi.<stack>.yaml."
)
@click.option("--fill-config", is_flag=True, help="Make up the configuration that is required and missing.")
@click.option(
    "--stack-outputs",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Outputs of the stacks that the program refers to, in YAML or JSON: {org/project/stack: {output: value}}.",
)
@click.option(
    "--policy-pack-config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Levels and settings of the policies, as for `pulumi preview`.",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="[default: text]")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Where the report goes.")
def command(
    program: Path,
    stack: str | None,
    config: tuple[str, ...],
    config_file: Path | None,
    fill_config: bool,
    stack_outputs: Path | None,
    policy_pack_config: Path | None,
    format_: str,
    output: Path | None,
) -> None:
    """Deploy the program in PROGRAM_DIR onto a simulated AWS, and report what AWS would refuse.

    Nothing reaches a cloud, and no credentials are needed.
    """
    # Threads and grpc report what becomes of their connections; none of it is news to the user.
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    request = Request(
        program=program,
        stack=stack,
        config=config,
        config_file=config_file,
        fill_config=fill_config,
        stack_outputs=stack_outputs,
        policy_config=policy_pack_config,
    )
    # A long line is not broken: what follows could be a command to a CI runner.
    errors = display.console(stderr=True, soft_wrap=True)
    ticker = display.Ticker(errors)
    try:
        with interruptible(), ticker:
            report = rehearse(request, ticker)
        _write(report, format_, output)
    except Interrupted as interrupted:
        left = "; ".join(map(one_line, ticker.left_behind))
        errors.print(f"Interrupted; left behind: {left}" if left else "Interrupted; nothing is left behind.")
        sys.exit(interrupted.exit_code)
    except OSError as error:
        errors.print(f"error: {one_line(str(error))}")
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 - a traceback says nothing to the author of a program
        errors.print(f"error: {_defect(error)}")
        sys.exit(2)
    sys.exit(report.exit_code)


def _defect(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
    return (
        f"the rehearsal itself failed: {type(error).__name__} at {place}. This is a defect of AWS preflight, not of "
        "your program; please report this line to the maintainers"
    )


def _write(report: Report, format_: str, output: Path | None) -> None:
    if format_ == "json":
        text = json.dumps(report.to_json(), indent=2) + "\n"
    elif output is None:
        display.show(report, display.console())
        return
    else:
        page = io.StringIO()
        display.show(report, display.console(file=page))
        text = page.getvalue()
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
