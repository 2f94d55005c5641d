"""A finding and a report: one model, whatever they were read from and whatever they are written as."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from pathlib import Path
from typing import Final, Literal

from aws_preflight.preflight import PACK_NAME
from aws_preflight.preflight.message import FAILED, Message, for_log, one_line, parse

Level = Literal["mandatory", "advisory"]

PULUMI: Final = "Pulumi"
"""The name of the engine among the versions of a report."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the user's program; `line` and `column` count from 1, and are absent where the engine tells none."""

    file: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Component:
    """A component around a resource, and the line that made it."""

    urn: str
    source: Place | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one policy said about one resource. All texts are untrusted: they come from a program.

    `details` are the fields of `message` where this pack wrote it; the messages of other packs, and notes of this one
    about the run, are texts only.
    """

    policy: str
    pack: str
    pack_version: str = ""
    level: Level
    urn: str
    message: str
    details: Message | None = None
    severity: str = ""
    source: Place | None = None
    components: Sequence[Component] = ()
    """The components around the resource, from the inside out."""
    ordinal: int = 0
    """Tells findings apart that are alike in everything that identifies one; see `distinct`."""

    @classmethod
    def of_text(cls, *, policy: str, pack: str, level: Level, urn: str, message: str, **more: str) -> Finding:
        """A finding of which only the text is known; that of this pack is read."""
        details = parse(message) if pack == PACK_NAME else None
        return cls(policy=policy, pack=pack, level=level, urn=urn, message=message, details=details, **more)  # type: ignore[arg-type]

    @property
    def type(self) -> str:
        """The type of the resource: `aws:acm/certificate:Certificate`."""
        return type_of(self.urn)

    @property
    def name(self) -> str:
        """The logical name of the resource, or the whole URN where it has no form of one."""
        return name_of(self.urn)

    @property
    def path(self) -> str:
        """The place in the inputs of the resource, or ""."""
        return self.details.path if self.details else ""

    @property
    def title(self) -> str:
        """What is wrong, in one line."""
        return self.details.title if self.details else self._line(0) or self.policy

    @property
    def summary(self) -> str:
        """What is wrong, in one line."""
        return self.details.summary if self.details else self._line(1) or self.title

    @property
    def evidence(self) -> str:
        """The value that is wrong, or what stands in its place; or ""."""
        return self.details.evidence if self.details else ""

    @property
    def missing(self) -> str:
        """The URN of the resource that this one should wait for, where that is the mistake; or ""."""
        return self.details.missing if self.details else ""

    @property
    def exemption(self) -> str:
        """Who answers for the finding and until when; "" where nobody does."""
        one = self.details.exemption if self.details else None
        if one is None or not one.valid or self.level == "mandatory":
            return ""
        return f"until {one.until} by {one.owner}: {one.reason} ({one.key})"

    @property
    def is_failure(self) -> bool:
        """Whether it tells of a policy of this pack that failed, and so did not evaluate everything."""
        return self.pack == PACK_NAME and self.details is None and FAILED in self.message.partition("\n")[0]

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes it this finding in every run, also when lines move or values change."""
        one = self.details
        what = (one.path, one.explain, one.missing) if one else (self.message,)
        return (self.pack, self.policy, self.urn, *what)

    @property
    def fingerprint(self) -> str:
        """The identity as a short text."""
        parts = "\n".join((*self.identity, *([str(self.ordinal)] if self.ordinal else [])))
        return hashlib.sha256(parts.encode("utf-8", "replace")).hexdigest()[:32]

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: what blocks first, then by resource, policy and place."""
        return (self.level != "mandatory", self.urn, self.policy, self.path, self.message)

    def _line(self, number: int) -> str:
        lines = [line.strip() for line in self.message.split("\n") if line.strip()]
        return lines[number] if number < len(lines) else ""


def type_of(urn: str) -> str:
    """The type in a URN, without those of its parents; "" where there is none."""
    return _parts(urn)[2].rpartition("$")[2]


def parent_types_of(urn: str) -> list[str]:
    """The types of the components around a resource, outermost first, as its URN has them."""
    return _parts(urn)[2].split("$")[:-1]


def name_of(urn: str) -> str:
    """The name in a URN, which may hold anything; the whole of it where it has no form of a URN."""
    return _parts(urn)[3]


def project_and_stack_of(urn: str) -> tuple[str, str]:
    """The project and the stack in a URN; "" where there is none."""
    stack, project, _, _ = _parts(urn)
    return project, stack.removeprefix("urn:pulumi:")


def _parts(urn: str) -> tuple[str, str, str, str]:
    """What stands between the colons of `urn:pulumi:STACK::PROJECT::TYPE::NAME`; anything else is a name alone."""
    parts = urn.split("::", 3)
    return (parts[0], parts[1], parts[2], parts[3]) if len(parts) > 3 else ("", "", "", urn)


@dataclass(frozen=True, kw_only=True)
class Node:
    """A resource of the stack, with the URNs of what it waits for."""

    urn: str
    type: str
    name: str
    waits_for: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """All findings of a run, and what a reader has to know about it."""

    findings: Sequence[Finding] = ()
    failures: Sequence[str] = ()
    """Why not everything was evaluated, in words for people: what was found is not all there is."""
    notes: Sequence[str] = ()
    """What else a reader should know."""
    resources: int | None = None
    """How many resources the run was about, where it says so."""
    program: str = ""
    """The name of the project."""
    stack: str = ""
    date: str = ""
    """When the run was, in UTC, as ISO 8601 to the minute."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """The versions of the packs, and of Pulumi where they are known, by name."""
    resources_of_stack: Sequence[Node] = ()
    """The graph of the stack, where the input has it: a rehearsal does."""
    project_file: str = "Pulumi.yaml"
    """Where something is shown whose line is not known: code scanning shows nothing without a file."""
    root: Path | None = None
    """The folder that the names of files begin in, for excerpts of them; only a command line sets it."""

    @property
    def packs(self) -> list[str]:
        """The packs that were asked, as far as it is known."""
        return [name for name in self.versions if name != PULUMI]

    @property
    def complete(self) -> bool:
        """Whether every policy was asked about everything."""
        return not self.failures

    def of_level(self, level: Level) -> list[Finding]:
        """The findings of one level."""
        return [finding for finding in self.findings if finding.level == level]

    @property
    def headline(self) -> str:
        """The result in one line; a run that did not finish is never called clean."""
        mandatory = len(self.of_level("mandatory"))
        found = f"{mandatory} {'mistake' if mandatory == 1 else 'mistakes'} that AWS would refuse"
        if not self.complete:
            return f"The run did not finish; {found} so far" if mandatory else "The run did not finish"
        if any(finding.is_failure for finding in self.findings):
            return f"{found if mandatory else 'Nothing refused'}, but a policy failed and did not evaluate everything"
        return found if mandatory else "Nothing that AWS would refuse"

    @property
    def summary(self) -> str:
        """`2 mandatory, 1 advisory (1 exempted) in 41 resources`."""
        exempted = sum(bool(finding.exemption) for finding in self.findings)
        text = f"{len(self.of_level('mandatory'))} mandatory, {len(self.of_level('advisory'))} advisory"
        text += f" ({exempted} exempted)" if exempted else ""
        text += f" in {self.resources} resources" if self.resources is not None else ""
        return text if self.complete else f"{text}; the run did not finish"

    @property
    def about(self) -> str:
        """`shop, stack dev, 2026-11-28 17:02 UTC, aws-preflight 0.1.0, Pulumi v3.274.1`, as far as it is known."""
        parts = [self.program, f"stack {self.stack}" if self.stack else "", self.date]
        parts += [f"{name} {version}".strip() for name, version in sorted(self.versions.items())]
        return one_line(", ".join(part for part in parts if part))


def distinct(findings: Iterable[Finding]) -> list[Finding]:
    """The findings in order, each once.

    Two that say different things about the same place stay two: the second and later ones get an `ordinal`, so that
    no reader of fingerprints takes them for one.
    """
    seen: dict[tuple[str, ...], int] = {}
    answer = []
    unique = dict.fromkeys(replace(finding, ordinal=0, components=tuple(finding.components)) for finding in findings)
    for finding in sorted(unique, key=lambda finding: finding.order):
        ordinal = seen[finding.identity] = seen.get(finding.identity, -1) + 1
        answer.append(replace(finding, ordinal=ordinal) if ordinal else finding)
    return answer


def merged(reports: Iterable[Report]) -> Report:
    """Several reports about one program as one, the same whatever their order.

    The same finding in two reports becomes one: with the stricter level, and with the line of the program where one of
    them has it. Two that have the place in common and not the words are the same where each report has just one.
    """
    reports = list(reports)
    findings = joined(report.findings for report in reports)
    said = {for_log(finding.message) for finding in findings}
    return Report(
        findings=findings,
        failures=_each_once(failure for report in reports for failure in report.failures),
        # A rehearsal has notes of what a preview has findings of: the exemptions that nothing needed.
        notes=[note for note in _each_once(n for report in reports for n in report.notes) if note not in said],
        resources=max((report.resources for report in reports if report.resources is not None), default=None),
        program=next((report.program for report in reports if report.program), ""),
        stack=next((report.stack for report in reports if report.stack), ""),
        date=max((report.date for report in reports), default=""),
        versions={name: version for report in reports for name, version in report.versions.items()},
        resources_of_stack=max((report.resources_of_stack for report in reports), key=len, default=()),
    )


def joined(runs: Iterable[Iterable[Finding]]) -> list[Finding]:
    """The findings of several runs in order, each once, as `merged` says."""
    findings: list[Finding] = []
    for run in runs:
        findings = _joined(findings, list(run))
    return distinct(findings)


def _joined(known: list[Finding], more: list[Finding]) -> list[Finding]:
    groups: dict[tuple[str, ...], tuple[list[Finding], list[Finding]]] = {}
    for side, findings in enumerate((known, more)):
        for finding in findings:
            groups.setdefault(finding.identity, ([], []))[side].append(finding)
    return [finding for ours, theirs in groups.values() for finding in _paired(ours, theirs)]


def _paired(ours: list[Finding], theirs: list[Finding]) -> list[Finding]:
    """Findings of one identity, those that belong together as one: of the same text, else of the same words."""
    paired = []
    for words in (attrgetter("message"), attrgetter("summary")):
        pairs, ours, theirs = _alike(ours, theirs, words)
        paired += pairs
    if len(ours) == len(theirs) == 1:
        paired.append((ours.pop(), theirs.pop()))
    return [*(_combined(one, other) for one, other in paired), *ours, *theirs]


def _alike(
    ours: list[Finding], theirs: list[Finding], words: Callable[[Finding], str]
) -> tuple[list[tuple[Finding, Finding]], list[Finding], list[Finding]]:
    """The pairs that have these words in common, and what is left on both sides."""
    open_: dict[str, list[Finding]] = {}
    for finding in reversed(theirs):
        open_.setdefault(words(finding), []).append(finding)
    pairs, left = [], []
    for one in ours:
        same = open_.get(words(one))
        if same:
            pairs.append((one, same.pop()))
        else:
            left.append(one)
    return pairs, left, [finding for findings in open_.values() for finding in findings]


def _combined(one: Finding, other: Finding) -> Finding:
    """The stricter of two tellings of one finding, of equals the one with a line, with what only the other knows.

    What says that the resource exists goes first: a rehearsal evaluates as if all were new, and cannot know.
    """
    first, second = sorted(
        (one, other),
        key=lambda f: (not (f.details and f.details.exists), f.level != "mandatory", f.source is None, f.message),
    )
    return replace(first, source=first.source or second.source, components=first.components or second.components)


def _each_once(strings: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(for_log(text) for text in strings))
