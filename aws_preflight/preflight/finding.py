"""What a check answers: one finding for each mistake."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Path, path_order

Level = Literal["mandatory", "advisory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What AWS says to the mistake.

    `text` are AWS's own words: those of its API where `basis` is "recorded" (seen in a real deployment), those of its
    documentation where it is "documented". They are about the service and the property at hand: where nobody has
    recorded any, `NOT_RECORDED` is the answer. `source` says where they can be read: a URL, and after a space what to
    look for there. `operation` names the call, "" where that is not recorded, `who` the speaker where it is not AWS.
    """

    text: str
    operation: str
    source: str
    basis: Literal["recorded", "documented"] = "recorded"
    who: str = "AWS"

    @property
    def introduction(self) -> str:
        """`AWS answers (acm:RequestCertificate)`."""
        verb = "answers" if self.basis == "recorded" else "documents"
        return f"{self.who} {verb} ({self.operation})" if self.operation else f"{self.who} {verb}"


NOT_RECORDED: Final = Answer(text="", operation="", source="", basis="documented")
"""The answer where nobody has recorded what AWS says, and no documentation does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The same lines in the two languages that every page shows."""

    typescript: str
    python: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What mends a mistake: in one sentence, for programs of any language, and as a few lines in two of them.

    A message shows the lines only where they are few, and there are none where a sentence says it all.
    """

    words: str
    typescript: str = ""
    python: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One mistake at one place.

    `message` states the mistake and quotes no value of the program, `evidence` quotes one: it is left out where that
    value is secret. `answer` and `fix` default to those of the policy. `level` is "advisory" where AWS accepts the
    value, or where its answer is not on record: no configuration makes such a finding block. `missing` is the URN of
    the resource that this one should wait for, where that is the mistake. `also` are other resources with the same
    mistake, where one finding tells of all.
    """

    resource: Resource
    at: Path
    message: str
    evidence: str = ""
    answer: Answer | None = None
    fix: Fix | None = None
    level: Level = "mandatory"
    missing: str = ""
    also: tuple[Resource, ...] = ()

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: findings come in the same order on every run."""
        return (self.resource.urn, path_order(self.at), self.message, self.evidence)
