"""`aws-preflight audit`: the deployed stacks of a backend, each with a report of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import click

from aws_preflight.cli.interruption import Interrupted, interruptible
from aws_preflight.cli.pack_command import pack_folder
from aws_preflight.cli.report_command import FAIL_ON, FailOn, exit_code, stop
from aws_preflight.preflight.message import one_line
from aws_preflight.rehearsal.program.engine import Engine, EngineUnavailableError, find
from aws_preflight.report.formats import FORMATS
from aws_preflight.report.model import Report
from aws_preflight.report.reading import UnreadableError, read

_SUFFIXES: Final = {"sarif": "sarif", "junit": "xml", "html": "html", "markdown": "md", "text": "txt"}
_ODD: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class _Audited:
    """One stack, with what was found there and the exit code that this means."""

    stack: str
    report: Report
    code: int


@click.command("audit")
@click.argument("stacks", nargs=-1)
@click.option("--program", default=".", type=click.Path(path_type=Path), help="A folder that Pulumi is started in.")
@click.option("--project", help="Only stacks of this project, where no stack is named.")
@click.option("--tag", help="Only stacks with this tag (name or name=value), where no stack is named.")
@click.option("--format", "formats", multiple=True, type=click.Choice(list(FORMATS)), help="Repeat for several.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default="aws-preflight-audit",
    show_default=True,
    help="The folder of the reports.",
)
@FAIL_ON
def command(
    stacks: Sequence[str],
    program: Path,
    project: str | None,
    tag: str | None,
    formats: Sequence[str],
    output: Path,
    fail_on: FailOn,
) -> None:
    """Report on deployed STACKS, or on all that the backend lists: no program runs and nothing is changed.

    It asks `pulumi policy analyze` about the state of each stack, one after the other, and writes one report for each
    into a folder. The exit code is the highest of all: 0 nothing fails, 1 a finding does, 2 a stack could not be read.
    """
    if not program.is_dir():
        stop(f"{program}: there is no such folder")
    try:
        engine = find()
        output.mkdir(parents=True, exist_ok=True)
    except EngineUnavailableError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{output}: cannot be written: {error.strerror}")
    audited: list[_Audited] = []
    try:
        with interruptible():
            names = list(stacks) or _listed(engine, program, project, tag)
            for i, name in enumerate(names):
                click.echo(f"{i + 1} of {len(names)}: {one_line(name)} ...", err=True)
                audited.append(_audited(engine, program, name, fail_on))
                _write(audited[-1], formats or ["json"], output)
    except Interrupted as interrupted:
        sys.exit(interrupted.exit_code)
    click.echo("\n".join(_table(audited)))
    sys.exit(max((one.code for one in audited), default=0))


def _listed(engine: Engine, program: Path, project: str | None, tag: str | None) -> list[str]:
    """The stacks of the backend that were deployed."""
    arguments = ["stack", "ls", "--json"] + (["--project", project] if project else ["--all"])
    arguments += ["--tag", tag] if tag else []
    done = _pulumi(engine, program, arguments)
    try:
        listed: Any = json.loads(done.stdout)
    except ValueError:
        listed = None
    if done.returncode or not isinstance(listed, list):
        stop(f"`pulumi {' '.join(arguments)}` ended with exit code {done.returncode}: {done.stderr.strip()}")
    return [one["name"] for one in listed if isinstance(one, dict) and one.get("resourceCount")]


def _audited(engine: Engine, program: Path, stack: str, fail_on: FailOn) -> _Audited:
    done = _pulumi(
        engine, program, ["policy", "analyze", "--policy-pack", str(pack_folder()), "--stack", stack, "--json"]
    )
    try:
        report = read(done.stdout)
    except UnreadableError:
        report = Report(failures=["`pulumi policy analyze` wrote no events that can be read"])
    # It ends with another code where a mandatory finding was made, too.
    if done.returncode and not report.of_level("mandatory"):
        reason = done.stderr.strip().rpartition("\n")[2]
        failure = f"`pulumi policy analyze` ended with exit code {done.returncode}: {one_line(reason)}"
        report = replace(report, failures=[*report.failures, failure])
    return _Audited(stack, report, exit_code(report, fail_on))


def _pulumi(engine: Engine, program: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    command_line = [str(engine.pulumi), *arguments, "--non-interactive"]
    return subprocess.run(
        command_line, cwd=program, capture_output=True, encoding="utf-8", errors="replace", check=False
    )


def _write(one: _Audited, formats: Sequence[str], folder: Path) -> None:
    for name in formats:
        file = folder / f"{_ODD.sub('-', one.stack)}.{_SUFFIXES.get(name, name)}"
        try:
            file.write_text(FORMATS[name](one.report), encoding="utf-8")
        except OSError as error:
            stop(f"{file}: cannot be written: {error.strerror}")


def _table(audited: Sequence[_Audited]) -> Iterator[str]:
    width = max((len(one_line(one.stack)) for one in audited), default=0)
    for one in audited:
        counts = f"{len(one.report.of_level('mandatory'))} mandatory, {len(one.report.of_level('advisory'))} advisory"
        failed = "" if one.report.complete else "; could not be read to the end"
        yield f"{one_line(one.stack):{width}}  {counts}{failed}"
    fine = sum(one.code == 0 for one in audited)
    yield f"{len(audited)} stack{'s' * (len(audited) != 1)}, {fine} of them without a finding that fails"
