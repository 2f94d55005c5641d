"""What a check answers: one finding for each mistake. This module is the only one that words a finding for people."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent
from typing import TYPE_CHECKING, Literal

from preflight.resource import Resource
from preflight.values import Path, format_path, path_order

if TYPE_CHECKING:
    from preflight.policy import Policy

Level = Literal["mandatory", "advisory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What AWS says to the mistake.

    `text` are AWS's own words: those of its API where `basis` is "recorded" (seen in a real deployment), those of its
    documentation where it is "documented". `source` says where they can be read: a URL, and after a space what to look
    for there. `operation` names the call, `who` the speaker where it is not AWS itself.
    """

    text: str
    operation: str
    source: str
    basis: Literal["recorded", "documented"] = "recorded"
    who: str = "AWS"

    @property
    def introduction(self) -> str:
        """`AWS answers (acm:RequestCertificate)`."""
        return f"{self.who} {'answers' if self.basis == 'recorded' else 'documents'} ({self.operation})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The same lines in the two languages that every message and page shows."""

    typescript: str
    python: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One mistake at one place.

    `says` states the mistake without quoting any value of the program, `shows` quotes: it is left out where the value
    is secret. `answer` and `fix` default to those of the policy. `level` is "advisory" where AWS accepts the value, or
    where its answer is not on record: no configuration makes such a finding block.
    """

    resource: Resource
    at: Path
    says: str
    shows: str = ""
    answer: Answer | None = None
    fix: Code | None = None
    level: Level = "mandatory"

    @property
    def order(self) -> tuple[object, ...]:
        """Sort key: findings come in the same order on every run."""
        return (self.resource.urn, path_order(self.at), self.says, self.shows)


def render(policy: Policy, finding: Finding) -> str:
    """The message of `finding`, without the title of the policy, which the engine shows above it.

    The text holds no control character but line breaks, and can always be encoded as UTF-8.
    """
    answer = finding.answer or policy.answer
    fix = finding.fix or policy.right
    secret = finding.resource.is_secret(finding.at)
    lines = [f"at {format_path(finding.at)}: {finding.says}"]
    if finding.shows:
        lines.append(indent("(the value is secret and not shown)" if secret else finding.shows, "    "))
    lines += [
        f"{answer.introduction}: {answer.text}",
        "Fix in TypeScript:",
        indent(fix.typescript, "    "),
        "Fix in Python:",
        indent(fix.python, "    "),
        f"More: {policy.page}",
    ]
    return printable("\n".join(lines))


def printable(text: str) -> str:
    """`text` with everything escaped that a terminal would act on or that UTF-8 cannot hold; line breaks stay."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)
