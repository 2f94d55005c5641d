"""A finding and a report, whatever they were read from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Level = Literal["mandatory", "advisory"]

# How this project words a place and an exemption (preflight/message.py, preflight/run.py). The findings of other packs
# have neither, and are reported all the same.
_PLACE: Final = re.compile(r"^at (?P<path>\S+): (?P<says>.*)$", re.MULTILINE)
_EXEMPTION: Final = re.compile(r"\AExempted until (?P<until>\S+) \(\d+ days left\) by (?P<who>.*)\n")
_PAGE: Final = re.compile(r"^More: (?P<page>\S+)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A line of the user's program; `line` and `column` count from 1, and are absent where the engine tells none."""

    file: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one policy said about one resource. All texts are untrusted: they come from a program."""

    policy: str
    pack: str
    pack_version: str = ""
    level: Level
    urn: str
    message: str
    severity: str = ""
    source: Place | None = None
    components: Sequence[Place] = ()
    """The lines that made the components around the resource, from the inside out."""
    missing: str = ""
    """The URN of the resource that this one should wait for, where that is the mistake."""

    @property
    def type(self) -> str:
        """The type of the resource: `aws:acm/certificate:Certificate`."""
        parts = self.urn.split("::")
        return parts[2].rpartition("$")[2] if len(parts) > 3 else ""

    @property
    def name(self) -> str:
        """The logical name of the resource, or the whole URN where it has no form of one."""
        return self.urn.split("::", 3)[3] if self.urn.count("::") > 2 else self.urn

    @property
    def path(self) -> str:
        """The place in the inputs of the resource, or ""."""
        found = _PLACE.search(self.message)
        return found["path"] if found else ""

    @property
    def title(self) -> str:
        """The rule that was broken, in one line."""
        return self._without_exemption.partition("\n")[0].strip() or self.policy

    @property
    def says(self) -> str:
        """What is wrong, in one line."""
        found = _PLACE.search(self.message)
        return found["says"].strip() if found else self.title

    @property
    def page(self) -> str:
        """The page of the policy, or ""."""
        found = _PAGE.search(self.message)
        return found["page"] if found else ""

    @property
    def exemption(self) -> str:
        """Who answers for the finding and until when; "" where nobody does."""
        found = _EXEMPTION.match(self.message)
        return f"until {found['until']} by {found['who']}" if found else ""

    @property
    def fingerprint(self) -> str:
        """The same for the same finding in every run, also when lines move or values change."""
        parts = "\n".join((self.pack, self.policy, self.urn, self.path))
        return hashlib.sha256(parts.encode("utf-8", "replace")).hexdigest()[:32]

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: what blocks first, then by resource, policy and place."""
        return (self.level != "mandatory", self.urn, self.policy, self.path, self.message)

    @property
    def _without_exemption(self) -> str:
        return _EXEMPTION.sub("", self.message, count=1)


@dataclass(frozen=True, kw_only=True)
class Node:
    """A resource of the stack, with the URNs of what it waits for."""

    urn: str
    type: str
    name: str
    waits_for: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """All findings of a run, and what a reader has to know about how they were read."""

    findings: Sequence[Finding] = ()
    notes: Sequence[str] = ()
    """What could not be read, in words for people."""
    resources: int | None = None
    """How many resources the run was about, where it says so."""
    complete: bool = True
    """Whether the run came to its end."""
    resources_of_stack: Sequence[Node] = ()
    """The graph of the stack, where the input has it: a rehearsal does."""
    root: Path | None = None
    """The folder that the names of files begin in, for excerpts of them; only a command line sets it."""

    def of_level(self, level: Level) -> list[Finding]:
        """The findings of one level."""
        return [finding for finding in self.findings if finding.level == level]

    @property
    def summary(self) -> str:
        """`2 mandatory, 1 advisory (1 exempted) in 41 resources`."""
        exempted = sum(bool(finding.exemption) for finding in self.findings)
        text = f"{len(self.of_level('mandatory'))} mandatory, {len(self.of_level('advisory'))} advisory"
        text += f" ({exempted} exempted)" if exempted else ""
        text += f" in {self.resources} resources" if self.resources is not None else ""
        return text if self.complete else f"{text}; the run came to no end"
