"""`aws-preflight report`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Final, Literal, NoReturn

import click

from aws_preflight.preflight.message import one_line
from aws_preflight.report.formats import FORMATS
from aws_preflight.report.model import Finding, Level, Place, Report, merged
from aws_preflight.report.reading import UnreadableError, read

FailOn = Literal["mandatory", "advisory", "never"]
FAILING: Final[dict[FailOn, tuple[Level, ...]]] = {
    "mandatory": ("mandatory",),
    "advisory": ("mandatory", "advisory"),
    "never": (),
}


@dataclass(frozen=True)
class Target:
    """A format, and the file that its report goes to: `-` is standard output, and None is not said yet."""

    format: str
    file: Path | None = None


def _target(value: str | Target) -> Target:
    """`sarif` or `sarif=out.sarif`."""
    if isinstance(value, Target):
        return value
    format_, equals, file = value.partition("=")
    if format_ not in FORMATS:
        raise click.BadParameter(f"{one_line(format_)!r} is not one of {', '.join(FORMATS)}")
    if equals and not file:
        raise click.BadParameter(f"the file behind `{format_}=` has no name; `{format_}=-` is standard output")
    return Target(format_, Path(file) if file else None)


# The options that `gate` has, too.
FORMAT: Final = click.option(
    "--format",
    "formats",
    multiple=True,
    type=_target,
    metavar="NAME[=FILE]",
    help=f"The form of the report, and its file; repeat for several. {', '.join(FORMATS)}.",
)
OUTPUT: Final = click.option(
    "--output",
    "outputs",
    multiple=True,
    type=click.Path(path_type=Path, allow_dash=True),
    help="A file for each format that names none, in the same order; - and what is left out is standard output.",
)
PATH_PREFIX: Final = click.option(
    "--path-prefix", default="", help="The program's folder in the repository, put before file names."
)
FAIL_ON: Final = click.option(
    "--fail-on", type=click.Choice(list(FAILING)), default="mandatory", show_default=True, help="What fails the job."
)


@click.command("report")
@click.argument("events", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@FORMAT
@OUTPUT
@FAIL_ON
@PATH_PREFIX
@click.option(
    "--source",
    type=click.Path(path_type=Path),
    help="The program's folder here, for the lines of code that the format html shows.",
)
def command(
    events: Sequence[Path],
    formats: Sequence[Target],
    outputs: Sequence[Path],
    fail_on: FailOn,
    path_prefix: str,
    source: Path | None,
) -> None:
    """Report what policies found, in the formats of CI systems.

    EVENTS are files of `pulumi --event-log`, of `pulumi preview --json` with PULUMI_ENABLE_STREAMING_JSON_PREVIEW=1, of
    `pulumi policy analyze --json`, or of a rehearsal; - or nothing is standard input. Several are merged.

    The exit code is 0 when nothing fails, 1 when a finding does (--fail-on), and 2 when the run did not finish, or when
    something cannot be read or written.
    """
    targets = tried(formats, outputs)
    report = placed(merged([_read(path) for path in events or [Path("-")]]), source, path_prefix)
    written = write(report, targets)
    sys.exit(exit_code(report, fail_on) if written else 2)


def exit_code(report: Report, fail_on: FailOn) -> int:
    """1 where the report has a finding that has to fail the job, else 2 where the run did not finish, else 0.

    An exempted finding fails no job.
    """
    if any(finding.level in FAILING[fail_on] and not finding.exemption for finding in report.findings):
        return 1
    return 0 if report.complete else 2


def tried(formats: Sequence[Target], outputs: Sequence[Path]) -> list[Target]:
    """Each format with its file; text where no format is named.

    Ends the command with 2 where a file could not be written, before anything was run; leaves no file behind.
    """
    rest = list(outputs)
    targets = [
        target if target.file else replace(target, file=rest.pop(0) if rest else Path("-"))
        for target in formats or [Target("text")]
    ]
    if rest:
        raise click.UsageError("there are more --output than --format without a file")
    files = [target.file for target in targets if target.file and str(target.file) != "-"]
    if len({file.absolute() for file in files}) < len(files):
        raise click.UsageError("each report needs a file of its own, and two of them name the same one")
    for file in files:
        _try(file)
    return targets


def _try(file: Path) -> None:
    try:
        new = not file.exists()
        with file.open("ab"):
            pass
        if new:
            file.unlink()
    except OSError as error:
        stop(f"{file}: cannot be written: {error.strerror}")


def write(report: Report, targets: Sequence[Target]) -> bool:
    """Writes each format to its file. Whether all could be written.

    In a job of GitHub Actions the annotations come with a summary of the job.
    """
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    written = [_written(FORMATS[target.format](report), str(target.file or "-"), "w") for target in targets]
    if summary and any(target.format == "github" for target in targets):
        written.append(_written(FORMATS["markdown"](report), summary, "a"))
    return all(written)


def _written(text: str, output: str, mode: Literal["w", "a"]) -> bool:
    try:
        if output == "-":
            sys.stdout.write(text)
            sys.stdout.flush()
        else:
            with Path(output).open(mode, encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        name = "standard output" if output == "-" else one_line(output)
        sys.stderr.write(f"error: {name}: cannot be written: {error.strerror}\n")
        return False
    return True


def placed(report: Report, program: Path | None, prefix: str) -> Report:
    """The report with file names as seen from the root of the repository, in which `prefix` leads to `program`."""
    root = program.resolve() if program else None
    if not PurePosixPath(prefix).parts:
        return replace(report, root=root)
    if root is not None:
        root = root.parents[len(PurePosixPath(prefix).parts) - 1] if root.match(f"*/{prefix}") else None

    def moved(place: Place) -> Place:
        return replace(place, file=str(PurePosixPath(prefix) / place.file))

    def of(finding: Finding) -> Finding:
        # What is shown for want of a line is a file of the program, too.
        source = moved(finding.source or Place(report.project_file))
        components = (replace(one, source=one.source and moved(one.source)) for one in finding.components)
        return replace(finding, source=source, components=tuple(components))

    return replace(
        report,
        root=root,
        findings=[of(finding) for finding in report.findings],
        project_file=moved(Place(report.project_file)).file,
    )


def stop(message: str) -> NoReturn:
    """Ends the command with a line for people and the exit code 2."""
    sys.stderr.write(f"error: {one_line(message)}\n")
    sys.exit(2)


def _read(path: Path) -> Report:
    try:
        data = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        stop(f"{path}: cannot be read: {error.strerror}")
    try:
        return read(data.decode("utf-8-sig", "replace"))
    except UnreadableError as error:
        stop(f"{'standard input' if str(path) == '-' else path}: {error}")
