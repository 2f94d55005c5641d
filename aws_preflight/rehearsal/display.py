"""A rehearsal on the screen: how it comes along, and its report as text.

Names, values and messages come from a program, so they are made harmless and never read as markup.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from aws_preflight.preflight.message import for_log, one_line
from aws_preflight.rehearsal.program.outcome import Report, Summary
from aws_preflight.report.model import Finding, Place, name_of, type_of

_WIDTH = 100_000
"""Columns where the output is no terminal: a log is searched and copied from, so no line is broken or cut there."""

_SPINNER = 4
"""Columns of what turns in front of the line."""

_TOLD = frozenset(("resourcePreEvent", "resOutputsEvent", "resOpFailedEvent", "policyEvent"))
_LEVEL_STYLES = {"mandatory": "bold red", "advisory": "yellow"}


def console(**options: Any) -> Console:
    """A console that leaves text alone: no markup, no emoji codes, no colours for what looks like a number."""
    made = Console(highlight=False, markup=False, emoji=False, **options)
    if not made.is_terminal:
        made.width = _WIDTH
    return made


class Ticker:
    """Shows how a rehearsal comes along: on a terminal in one changing line, elsewhere a line for each step."""

    def __init__(self, screen: Console) -> None:
        self._screen = screen
        self._status = screen.status("")
        self._step = ""
        self._resources = 0
        self._findings = 0
        self._at_hand: dict[str, str] = {}
        """The names of the resources that are being made, by URN, in the order in which that began."""

        self.left_behind: list[str] = []

    def __enter__(self) -> Ticker:
        if self._screen.is_terminal:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def step(self, text: str) -> None:
        """Something begins that takes a while."""
        self._step, self._resources, self._findings = one_line(text), 0, 0
        self._at_hand.clear()
        if self._screen.is_terminal:
            self._show()
        else:
            self._screen.print(f"{self._step} ...")

    def event(self, event: Mapping[str, Any]) -> None:
        """The engine reports something."""
        if not _TOLD.intersection(event):
            return
        self._notice(event)
        self._resources += "resOutputsEvent" in event
        self._findings += "policyEvent" in event
        if self._screen.is_terminal:
            self._show()

    def _notice(self, event: Mapping[str, Any]) -> None:
        """Takes note of what is being made."""
        if (begun := event.get("resourcePreEvent")) and not type_of(begun["metadata"]["urn"]).startswith("pulumi:"):
            self._at_hand[begun["metadata"]["urn"]] = one_line(name_of(begun["metadata"]["urn"]))
        elif ended := event.get("resOutputsEvent") or event.get("resOpFailedEvent"):
            self._at_hand.pop(ended["metadata"]["urn"], None)

    def left(self, what: Sequence[str]) -> None:
        """Something could not be put away."""
        self.left_behind += what

    @property
    def line(self) -> Text:
        """How far it has come, in one line: one that is broken would be drawn over the one before."""
        line = f"{self._step}: {self._resources} resources, {_count(self._findings, 'finding')}"
        # The last one that began is what it comes to wait for, once nothing else is on its way.
        at_hand = next(reversed(self._at_hand.values()), "")
        text = Text(f"{line}, now {at_hand}" if at_hand else line)
        text.truncate(self._screen.width - _SPINNER, overflow="ellipsis")
        return text

    def _show(self) -> None:
        self._status.update(self.line)


def show(report: Report, screen: Console) -> None:
    """Prints a report."""
    if screen.is_terminal:
        screen.print(*_parts(report), sep="\n")
        return
    with screen.capture() as captured:
        for part in _parts(report):
            # A log is searched and copied from: only the table breaks its lines there.
            screen.print(part, soft_wrap=not isinstance(part, Table))
    screen.file.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def _parts(report: Report) -> Iterator[RenderableType]:
    if report.findings:
        yield _table(report)
        for _, group in groupby(sorted(report.findings, key=lambda found: found.policy), lambda found: found.policy):
            yield _policy(list(group), report)
    if report.failure:
        yield _failure(report)
    if report.notices:
        yield Group("", *(Text(f"Note: {for_log(notice.text)}", style="cyan") for notice in report.notices))
    if report.summary.resources and not (report.failure and report.failure.kind == "config"):
        yield _summary(report.summary)
    if report.made_nothing:
        yield _nothing(report)
    elif report.failure is None or report.findings:
        yield _verdict(report)


def _table(report: Report) -> Table:
    """One row for each finding. Names and paths are long, so what belongs together stands one below the other."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    table.add_column("level", no_wrap=True)
    table.add_column("policy, resource", overflow="fold")
    table.add_column("line, path, what", overflow="fold")
    for found in report.findings:
        rule = Text(found.policy, style="bold").append(f"\n{_cell(found.name)}", style="not bold")
        where = Text(_cell(_line(found.source, report)), style="bold")
        where.append(f"\n{_cell(found.path)}", style="not bold cyan")
        where.append(f"\n{_cell(found.summary)}", style="not bold")
        table.add_row(Text(found.level, style=_LEVEL_STYLES[found.level]), rule, where)
    return table


def _cell(text: str) -> str:
    """`text` for a cell, which is folded anywhere: what follows may stand at the start of a line."""
    return one_line(text).replace("::", ":\\u003a")


def _policy(findings: list[Finding], report: Report) -> RenderableType:
    """What the findings of one policy have in common, once, and each of them in full."""
    first = findings[0]
    heading = Text(f"\n{first.policy}", style="bold").append(f": {one_line(first.title)}", style="not bold")
    parts: list[RenderableType] = [heading, *(_detail(found, report) for found in findings)]
    messages = [found.details for found in findings if found.details]
    for name, code in dict.fromkeys(fix for message in messages for fix in message.fixes):
        parts += [_indented(f"{name}:", 2), _indented(code, 6, "green")]
    for more in dict.fromkeys(message.more for message in messages):
        parts.append(_indented(more, 2))
    return Group(*parts)


def _detail(found: Finding, report: Report) -> RenderableType:
    lines: list[RenderableType] = [_where(found, report)]
    if found.exemption:
        lines.append(_indented(f"Exempted {found.exemption}", 6, "yellow"))
    lines.append(_indented(f"{found.path}: {found.summary}", 6))
    message = found.details
    if message:
        lines += [_indented(message.evidence, 10, "magenta")] if message.evidence else []
        lines.append(_indented(message.answered, 6))
    return Group(*lines)


def _where(found: Finding, report: Report) -> RenderableType:
    line = Text(_line(found.source, report) or "(the line is not known)", style="bold")
    line.append(f"  {one_line(found.name)} ({one_line(found.type)})", style="not bold")
    lines: list[RenderableType] = [Padding(line, (0, 0, 0, 2), expand=False)]
    for component in found.components:
        name = one_line(name_of(component.urn))
        made = _line(component.source, report)
        lines.append(_indented(f"in the component {name}" + (f", made at {made}" if made else ""), 6, "dim"))
    return Group(*lines)


def _failure(report: Report) -> RenderableType:
    assert report.failure is not None
    failure = report.failure
    parts: list[RenderableType] = [Text(f"The rehearsal did not finish: {for_log(failure.message)}", style="bold red")]
    parts += [_indented(detail, 4) for detail in failure.details]
    if failure.advice:
        parts.append(Text(for_log(failure.advice)))
    return Group("", *parts) if report.findings else Group(*parts)


def _summary(summary: Summary) -> RenderableType:
    lines = [
        f"Rehearsed {_count(summary.resources, 'resource')} of {_count(len(summary.types), 'type')}"
        f" in {_count(summary.components, 'component')}, with Pulumi {summary.engine}, in {summary.seconds:.1f} s."
    ]
    fidelities = Counter(type_.fidelity for type_ in summary.types)
    if fidelities:
        how = "; ".join(f"{_count(count, 'type')} with {fidelity}" for fidelity, count in sorted(fidelities.items()))
        lines.append(f"Simulated packages: {', '.join(summary.packages)}. {how}.")
    if summary.unknown:
        places = [f"{name_of(one.urn)}.{one.path}" for one in summary.unknown]
        more = f" and {len(places) - 5} more" if len(places) > 5 else ""
        lines.append(f"Values that stayed unknown: {', '.join(places[:5])}{more}.")
    else:
        lines.append("Every value was known to the policies.")
    return Group("", *(Text(one_line(line), style="dim") for line in lines))


def _nothing(report: Report) -> RenderableType:
    """A program without a resource is mostly one that looked at the wrong settings: what it says may tell."""
    parts: list[RenderableType] = [
        Text("Nothing was rehearsed: the program made no resource.", style="bold yellow"),
        Text("It printed and logged:" if report.output else "It printed and logged nothing."),
    ]
    return Group(*parts, *(_indented(line, 4) for line in report.output))


def _verdict(report: Report) -> Text:
    levels = Counter(found.level for found in report.findings)
    counts = f"{levels['mandatory']} mandatory, {levels['advisory']} advisory"
    if report.outcome == "refused":
        return Text(f"Refused: {_count(len(report.findings), 'finding')} ({counts}).", style="bold red")
    found = f" {_count(len(report.findings), 'advisory finding')}." if report.findings else ""
    if report.failure:
        return Text(f"The rehearsal did not finish.{found}", style="bold red")
    return Text(f"Nothing refused.{found}", style="bold green")


def _line(place: Place | None, report: Report) -> str:
    """A place as the reader can open it from here."""
    if place is None:
        return ""
    file = os.path.relpath(Path(report.program) / place.file)
    return one_line(f"{file}:{place.line}")


def _indented(text: str, columns: int, style: str = "") -> RenderableType:
    lines = for_log(text.expandtabs(4)).split("\n")
    return Group(*(Padding(Text(line, style=style), (0, 0, 0, columns), expand=False) for line in lines))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun if number == 1 else f'{noun}s'}"
