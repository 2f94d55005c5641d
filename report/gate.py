"""`python -m preflight gate`: a preview that a CI job can stop on, with its results where people look."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from report.command import FAIL_ON, FORMAT, OUTPUT, PATH_PREFIX, FailOn, exit_code, placed, stop, write
from report.model import Report
from report.reading import UnreadableError, merged, read

PACK: Final = Path(__file__).resolve().parent.parent
_PULUMI_ARGUMENTS: Final = "preflight.pulumi_arguments"


class _WithPulumiArguments(click.Command):
    """A command whose arguments after `--` are another program's."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own, _, rest = (list(part) for part in _split(args))
        ctx.meta[_PULUMI_ARGUMENTS] = rest
        return super().parse_args(ctx, own)


def _split(args: list[str]) -> tuple[list[str], list[str], list[str]]:
    at = args.index("--") if "--" in args else len(args)
    return args[:at], args[at : at + 1], args[at + 1 :]


@click.command("gate", cls=_WithPulumiArguments)
@click.argument("program", default=".", type=click.Path(path_type=Path))
@FORMAT
@OUTPUT
@PATH_PREFIX
@click.option("--policy-pack", default=PACK, type=click.Path(path_type=Path), help="The pack; this one by default.")
@click.option("--rehearse", is_flag=True, help="Rehearse first, and merge what that finds.")
@FAIL_ON
@click.pass_context
def command(
    context: click.Context,
    program: Path,
    formats: Sequence[str],
    outputs: Sequence[Path],
    path_prefix: str,
    policy_pack: Path,
    rehearse: bool,
    fail_on: FailOn,
) -> None:
    """Preview PROGRAM with the pack and write reports: `gate infra --format sarif --output out.sarif -- --stack prod`.

    What follows `--` goes to `pulumi preview`, whose output is shown as it is. The exit code is that of the preview; 1
    where a rehearsal found something that has to fail the job; 2 where nothing could be run.
    """
    pulumi_arguments: list[str] = context.meta[_PULUMI_ARGUMENTS]
    if not program.is_dir():
        stop(f"{program}: there is no such folder")
    pulumi = shutil.which("pulumi")
    if pulumi is None:
        stop("`pulumi` was not found on PATH; install it: https://www.pulumi.com/docs/install/")
    reports = []
    with tempfile.TemporaryDirectory(prefix="aws-preflight-") as folder:
        if rehearse:
            reports.append(_rehearsed(program, pulumi_arguments, Path(folder) / "rehearsal.json"))
        log = Path(folder) / "events.jsonl"
        code = _previewed(pulumi, program, policy_pack, pulumi_arguments, log)
        reports.append(_read(log, f"`pulumi preview` ended with exit code {code} and wrote no events"))
    report = placed(merged(reports), program, path_prefix)
    write(report, formats, outputs)
    sys.exit(code or exit_code(report, fail_on))


def _previewed(pulumi: str, program: Path, pack: Path, arguments: list[str], log: Path) -> int:
    # `--event-log` is one of the flags that the CLI hides behind this variable; it changes nothing else that is seen.
    environment = {**os.environ, "PULUMI_DEBUG_COMMANDS": "true"}
    command_line = [pulumi, "preview", "--policy-pack", str(pack), "--event-log", str(log), *arguments]
    return subprocess.run(command_line, cwd=program, env=environment, check=False).returncode


def _rehearsed(program: Path, arguments: list[str], output: Path) -> Report:
    command_line = [sys.executable, "-m", "preflight", "rehearse", str(program.resolve())]
    command_line += ["--format", "json", "--output", str(output)]
    for i, argument in enumerate(arguments):
        if argument in ("--stack", "-s") and i + 1 < len(arguments):
            command_line += ["--stack", arguments[i + 1]]
        elif argument.startswith("--stack="):
            command_line.append(argument)
    code = subprocess.run(command_line, cwd=PACK, check=False, stdout=sys.stderr).returncode
    return _read(output, f"the rehearsal ended with exit code {code} and wrote no report")


def _read(path: Path, otherwise: str) -> Report:
    """The report in a file; one with a note where there is none, since the preview's own result still counts."""
    try:
        return read(path.read_text(encoding="utf-8", errors="replace"))
    except (OSError, UnreadableError):
        return Report(notes=[otherwise], complete=False)
