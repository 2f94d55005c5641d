"""What a rehearsal found, as data. docs/rehearsal.md describes its JSON form, whose version is that of all reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from aws_preflight.preflight import PACK_NAME, PACK_VERSION
from aws_preflight.report.data import VERSION, finding_data
from aws_preflight.report.model import Finding, Node, Place

Outcome = Literal["clean", "refused", "failed"]


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Something that a reader of the findings should know: a value that was made up, or a check that was not made."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a program could not be rehearsed to its end."""

    kind: str
    message: str
    advice: str = ""
    details: Sequence[str] = ()
    """What the engine and the program say."""


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """A type of resource, and how well it was simulated."""

    type: str
    count: int
    fidelity: str


@dataclass(frozen=True, kw_only=True)
class Unresolved:
    """A value of a resource that stayed unknown, so that no policy could evaluate it."""

    urn: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What was rehearsed, and with what."""

    resources: int = 0
    components: int = 0
    types: Sequence[Simulated] = ()
    packages: Sequence[str] = ()
    secrets: Sequence[str] = ()
    """The keys of the configuration whose secret values were replaced by dummies."""

    unknown: Sequence[Unresolved] = ()
    engine: str = ""
    seconds: float = 0


@dataclass(frozen=True, kw_only=True)
class Report:
    """The answer to a rehearsal."""

    program: str
    project: str = ""
    runtime: str = ""
    stack: str = ""
    date: str = ""
    """When the rehearsal was, in UTC, as ISO 8601 to the minute."""
    findings: Sequence[Finding] = ()
    """In the order of the program's lines."""
    notices: Sequence[Notice] = ()
    failure: Failure | None = None
    summary: Summary = field(default_factory=Summary)
    graph: Sequence[Node] = ()
    output: Sequence[str] = ()
    """The lines that the program printed and logged."""

    @property
    def made_nothing(self) -> bool:
        """Whether the program came to its end and had made no resource: then nothing was evaluated."""
        return self.failure is None and not self.summary.resources and not self.summary.components

    @property
    def outcome(self) -> Outcome:
        """Refused where something mandatory was found, even where the rehearsal did not finish."""
        if any(found.level == "mandatory" for found in self.findings):
            return "refused"
        return "failed" if self.failure else "clean"

    @property
    def exit_code(self) -> int:
        """0 nothing refused, 1 refused, 2 could not rehearse."""
        return {"clean": 0, "refused": 1, "failed": 2}[self.outcome]

    def to_json(self) -> dict[str, Any]:
        """The report as data of JSON."""
        data = asdict(replace(self, findings=(), graph=()))
        return {
            "version": VERSION,
            "kind": "rehearsal",
            "pack": {"name": PACK_NAME, "version": PACK_VERSION},
            "outcome": self.outcome,
            "exitCode": self.exit_code,
            **{name: data[name] for name in ("program", "project", "runtime", "stack", "date")},
            "findings": [finding_data(finding) for finding in self.findings],
            **{name: data[name] for name in ("notices", "failure", "summary", "output")},
            "graph": [
                {"urn": one.urn, "type": one.type, "name": one.name, "waitsFor": list(one.waits_for)}
                for one in self.graph
            ],
        }


def by_line(finding: Finding) -> tuple[object, ...]:
    """Sort key: the order of the program's lines, the same on every run."""
    place = finding.source or Place("")
    return (
        *(place.file, place.line or 0, place.column or 0, finding.urn, finding.policy),
        *(_natural(finding.path), finding.summary, finding.ordinal),
    )


def _natural(path: str) -> tuple[tuple[int, str], ...]:
    """A path in pieces, so that `[10]` comes after `[9]`."""
    pieces = path.replace("[", ".").replace("]", "").split(".")
    return tuple((int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces)
