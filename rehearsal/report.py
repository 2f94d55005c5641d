"""What a rehearsal found, as data. Its JSON form is documented in docs/rehearsal.md and has a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from preflight import PACK_NAME, PACK_VERSION
from preflight.finding import Level
from rehearsal.source import Component, Place

VERSION = 1
"""Grows when a reader of the JSON form has to change; a new member is no such change."""

Outcome = Literal["clean", "refused", "failed"]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What AWS says to a mistake, and where that can be read."""

    introduction: str
    text: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """One mistake at one place of one resource, and the lines of the program that made the resource."""

    policy: str
    level: Level
    title: str
    urn: str
    type: str
    name: str
    path: str
    says: str
    shows: str
    secret: bool
    """Whether the value is secret, so that `shows` is left out."""

    exemption: str
    """Who answers for the finding, and until when; empty where nobody does."""

    answer: Answer
    fix: Mapping[str, str]
    """The same lines by language: `typescript` and `python`."""

    page: str
    missing: str
    """The URN of a resource that this one ought to wait for, and does not; or empty."""

    message: str
    """Everything above in the words that the engine shows."""

    source: Place | None = None
    components: Sequence[Component] = ()
    """The components around the resource, from the inside out."""

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: the order of the program's lines, the same on every run."""
        place = self.source or Place("", 0)
        return (place.file, place.line, place.column or 0, self.urn, self.policy, _natural(self.path), self.says)


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
    """A value of a resource that stayed unknown, so that no policy could judge it."""

    urn: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Node:
    """A resource in the graph of the stack."""

    urn: str
    type: str
    name: str
    waits_for: Sequence[str] = ()
    """The URNs of the resources that have to be there before."""


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
    findings: Sequence[Found] = ()
    notices: Sequence[Notice] = ()
    failure: Failure | None = None
    summary: Summary = field(default_factory=Summary)
    graph: Sequence[Node] = ()
    output: Sequence[str] = ()
    """The lines that the program printed and logged."""

    @property
    def made_nothing(self) -> bool:
        """Whether the program came to its end and had made no resource: then nothing was judged."""
        return self.failure is None and not self.summary.resources and not self.summary.components

    @property
    def outcome(self) -> Outcome:
        """Refused where something mandatory was found, even where the rehearsal came to no end."""
        if any(found.level == "mandatory" for found in self.findings):
            return "refused"
        return "failed" if self.failure else "clean"

    @property
    def exit_code(self) -> int:
        """0 nothing refused, 1 refused, 2 could not rehearse."""
        return {"clean": 0, "refused": 1, "failed": 2}[self.outcome]

    def to_json(self) -> dict[str, Any]:
        """The report as data of JSON."""
        data = asdict(self)
        return {
            "version": VERSION,
            "kind": "rehearsal",
            "pack": {"name": PACK_NAME, "version": PACK_VERSION},
            "outcome": self.outcome,
            "exitCode": self.exit_code,
            **{name: data[name] for name in ("program", "project", "runtime", "stack")},
            **{name: data[name] for name in ("findings", "notices", "failure", "summary", "output")},
            "graph": [
                {"urn": one.urn, "type": one.type, "name": one.name, "waitsFor": list(one.waits_for)}
                for one in self.graph
            ],
        }


def _natural(path: str) -> tuple[tuple[int, str], ...]:
    """A path in pieces, so that `[10]` comes after `[9]`."""
    pieces = path.replace("[", ".").replace("]", "").split(".")
    return tuple((int(piece), "") if piece.isdecimal() else (-1, piece) for piece in pieces)
