"""`aws-preflight gate`: a preview that a CI job can stop on, with its results where people look."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import click

from aws_preflight.cli.interruption import Interrupted, interruptible, run
from aws_preflight.cli.pack_command import pack_folder, this_program
from aws_preflight.cli.report_command import (
    FAIL_ON,
    FORMAT,
    OUTPUT,
    PATH_PREFIX,
    FailOn,
    Target,
    exit_code,
    placed,
    stop,
    tried,
    write,
)
from aws_preflight.rehearsal.program.engine import Engine, EngineUnavailableError, find
from aws_preflight.report.model import PULUMI, Report, merged
from aws_preflight.report.reading import UnreadableError, read

_PULUMI_ARGUMENTS: Final = "preflight.pulumi_arguments"


class _WithPulumiArguments(click.Command):
    """A command whose arguments after `--` are another program's."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        at = args.index("--") if "--" in args else len(args)
        ctx.meta[_PULUMI_ARGUMENTS] = args[at + 1 :]
        return super().parse_args(ctx, args[:at])


@click.command("gate", cls=_WithPulumiArguments)
@click.argument("program", default=".", type=click.Path(path_type=Path))
@FORMAT
@OUTPUT
@PATH_PREFIX
@click.option("--policy-pack", type=click.Path(path_type=Path), help="The pack; this one by default.")
@click.option("--rehearse", is_flag=True, help="Rehearse first, and merge what that finds.")
@click.option(
    "--stack-outputs",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="For --rehearse: outputs of the stacks that the program refers to.",
)
@FAIL_ON
@click.pass_context
def command(
    context: click.Context,
    program: Path,
    formats: Sequence[Target],
    outputs: Sequence[Path],
    path_prefix: str,
    policy_pack: Path | None,
    rehearse: bool,
    stack_outputs: Path | None,
    fail_on: FailOn,
) -> None:
    """Preview PROGRAM with the pack and write reports: `gate infra --format sarif=out.sarif -- --stack prod`.

    What follows `--` goes to `pulumi preview`, whose output is shown as it is. The exit code is 0 when nothing fails, 1
    when a finding does (--fail-on), and 2 when the preview or the rehearsal did not finish, or could not be started.
    """
    pulumi_arguments = tuple(context.meta[_PULUMI_ARGUMENTS])
    if not program.is_dir():
        stop(f"{program}: there is no such folder")
    arguments = _Arguments(program.resolve(), pulumi_arguments)
    if arguments.logs_elsewhere:
        stop("`--event-log` is given by the gate itself, which reads the log; save one with `pulumi preview` alone")
    targets = tried(formats, outputs)
    try:
        engine = find()
    except EngineUnavailableError as error:
        stop(str(error))
    pack = policy_pack.resolve() if policy_pack else pack_folder()
    reports = []
    try:
        with interruptible(), tempfile.TemporaryDirectory(prefix="aws-preflight-") as folder:
            if rehearse:
                reports.append(_rehearsed(arguments, stack_outputs, Path(folder) / "rehearsal.json"))
            reports.append(_previewed(engine, arguments, pack, Path(folder) / "events.jsonl"))
    except Interrupted as interrupted:
        sys.stderr.write("Interrupted; no report was written.\n")
        sys.exit(interrupted.exit_code)
    report = placed(merged(reports), arguments.program, path_prefix)
    written = write(report, targets)
    sys.exit(exit_code(report, fail_on) if written else 2)


@dataclass(frozen=True)
class _Arguments:
    """What `pulumi preview` is given, and what of it a rehearsal has to know as well."""

    folder: Path
    """Where Pulumi is started."""
    given: tuple[str, ...]

    @property
    def program(self) -> Path:
        """The folder of the program: `--cwd` has Pulumi go there first."""
        return self.folder / next(self._values("--cwd", "-C"), "")

    @property
    def logs_elsewhere(self) -> bool:
        """Whether the events would go to a file that nobody here reads."""
        return any(True for _ in self._values("--event-log"))

    def for_rehearsal(self) -> Iterator[str]:
        """The same stack, settings and levels, as options of the rehearsal."""
        stack = next(self._values("--stack", "-s"), "") or os.environ.get("PULUMI_STACK", "")
        yield from ("--stack", stack) if stack else ()
        for setting in self._values("--config", "-c"):
            yield from ("--config", setting)
        # One configuration for each pack, in their order; the first pack is this one.
        for option in ("--config-file", "--policy-pack-config"):
            file = next(self._values(option), "")
            yield from (option, str(self.program / file)) if file else ()

    def _values(self, *names: str) -> Iterator[str]:
        """The values of an option, as pflag reads them: `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE`."""
        rest = iter(self.given)
        for argument in rest:
            for name in names:
                if argument == name:
                    yield next(rest, "")
                elif argument.startswith(f"{name}=") or (len(name) == 2 and argument.startswith(name)):
                    yield argument.removeprefix(name).removeprefix("=")


def _previewed(engine: Engine, arguments: _Arguments, pack: Path, log: Path) -> Report:
    # `--event-log` is one of the flags that the CLI hides behind this variable; it changes nothing else that is seen.
    # The pack looks for the program, and so for its language, in the folder where Pulumi was started.
    environment = {**os.environ, "PULUMI_DEBUG_COMMANDS": "true", "PWD": str(arguments.program)}
    command_line = [
        str(engine.pulumi),
        "preview",
        "--policy-pack",
        str(pack),
        "--event-log",
        str(log),
        *arguments.given,
    ]
    sys.stdout.flush()
    code = run(command_line, cwd=arguments.folder, env=environment)
    report = _read(log, f"`pulumi preview` ended with exit code {code} and wrote no events that can be read")
    if code and report.complete and not report.of_level("mandatory"):
        failure = f"`pulumi preview` ended with exit code {code}, and no policy is the reason: see its output"
        report = replace(report, failures=[failure])
    return replace(report, versions={**report.versions, PULUMI: engine.version})


def _rehearsed(arguments: _Arguments, stack_outputs: Path | None, output: Path) -> Report:
    command_line = [*this_program(), "rehearse", str(arguments.program)]
    command_line += ["--format", "json", "--output", str(output), *arguments.for_rehearsal()]
    if stack_outputs is not None:
        command_line += ["--stack-outputs", str(stack_outputs.resolve())]
    code = run(command_line, stdout=sys.stderr)
    report = _read(output, f"the rehearsal ended with exit code {code} and wrote no report")
    if code > 1 and report.complete:
        report = replace(report, failures=[f"the rehearsal ended with exit code {code}"])
    return report


def _read(path: Path, otherwise: str) -> Report:
    """The report in a file; one that says `otherwise` where there is none."""
    try:
        return read(path.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return Report(failures=[otherwise])
    except UnreadableError as error:
        return Report(failures=[f"{otherwise}: {error}"])
