"""What people read: the only module that words a finding, and that reads such words again.

A finding reaches a report as the engine's event, which has a text and no structure. So what `render` writes, `parse`
reads back, field by field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from aws_preflight.preflight.exemptions import Exemption
from aws_preflight.preflight.finding import Finding, Fix
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Path, format_path, quote

SECRET: Final = "(the value is secret and not shown)"
HOLDS_SECRET: Final = "(the value holds a secret and is not shown)"
DEFECT: Final = "This is a defect of the pack, not of your program, and nothing is blocked by it."
"""Part of what is told of the run where the pack itself failed, so that something was not evaluated."""
MOST_LINES: Final = 8
"""Of a message, below its title: people read no more. `explain` has the rest."""
FAILED: Final = "failed and evaluated nothing here"
"""Part of the one advisory that tells of a policy that failed."""
EXISTS: Final = "This resource exists already, so nothing is refused now: AWS refuses it when it is created anew."

UNRECORDED: Final = "AWS's answer here is not recorded."
"""What stands in place of an answer that nobody has seen."""
_LANGUAGES: Final = {"typescript": "Fix in TypeScript", "python": "Fix in Python"}
_RUNTIMES: Final = {"nodejs": "typescript", "python": "python"}
_NAMED: Final = 5
"""How many of several resources with the same mistake a message names."""
_INDENT: Final = "    "
_COMMAND: Final = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
_PATH: Final = r'(?:[\w-]+|\[\d+\]|\["(?:[^"\\]|\\.)*"\])(?:\.[\w-]+|\[\d+\]|\["(?:[^"\\]|\\.)*"\])*'
_PLACE: Final = re.compile(rf"at (?P<path>{_PATH}|): (?P<summary>.*)", re.ASCII)
_ANSWER: Final = re.compile(r"(?P<introduction>[^:(]+(?: \([^)]*\))?): (?P<text>.*)")
_MORE: Final = re.compile(r"More: (?P<documentation>\S*) and `aws-preflight explain (?P<explain>\S+)`")
_EXEMPTED: Final = re.compile(
    r"(?:Exempted until (?P<until>\S+) \((?:last day|(?P<left>\d+) days? left)\)"
    r"|The exemption expired on (?P<ended>\S+))"
    r" by (?P<owner>.*?): (?P<reason>.*) \((?P<key>[^()]*)\)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempted:
    """Who answers for a finding: `until` is the last day (ISO), `days_left` is `None` when that day has passed."""

    until: str
    days_left: int | None
    owner: str
    reason: str
    key: str
    """Where the exemption stands."""

    @property
    def valid(self) -> bool:
        """Whether it still holds, so that the finding fails nothing."""
        return self.days_left is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A finding in words, by field. Nothing in it breaks a line but the code, nor acts on a terminal.

    `path` is "" where the whole resource is meant. `evidence` is the value, or `SECRET` or `HOLDS_SECRET` in its place.
    `missing` is the URN of the resource that this one should wait for. `exists` says that the resource is there
    already, and is refused only when it is created anew. The fix is `typescript`, `python` or both, or else `fix` in
    one sentence. `documentation` is a URL, `explain` the id of the policy, which `explain` takes.
    """

    title: str
    path: str
    summary: str
    evidence: str = ""
    exists: bool = False
    introduction: str = ""
    """`AWS answers (acm:RequestCertificate)`; "" as the answer where nobody has recorded one."""
    answer: str = ""
    fix: str = ""
    typescript: str = ""
    python: str = ""
    documentation: str
    explain: str
    missing: str = ""
    exemption: Exempted | None = None

    @property
    def answered(self) -> str:
        """What AWS says, in one line."""
        return f"{self.introduction}: {self.answer}" if self.answer else UNRECORDED

    @property
    def fixes(self) -> list[tuple[str, str]]:
        """What mends it, each with a heading: code in a language, or a sentence."""
        headings = {"Fix": self.fix, _LANGUAGES["typescript"]: self.typescript, _LANGUAGES["python"]: self.python}
        return [(heading, fix) for heading, fix in headings.items() if fix]

    @property
    def more(self) -> str:
        """Where more is to be read, in one line."""
        return f"More: {self.documentation} and `aws-preflight explain {self.explain}`"

    @property
    def secret(self) -> bool:
        """Whether the value is not shown because it is secret, or holds something secret."""
        return self.evidence in (SECRET, HOLDS_SECRET)


def message_of(
    policy: Policy,
    finding: Finding,
    exemption: Exemption | None = None,
    today: date | None = None,
    exists: bool = False,
    runtime: str = "",
) -> Message:
    """The words for a finding of `policy`; `exemption` covers it, be it valid on the day `today` or not.

    `runtime` is that of the program, "" where it is not known: the fix is shown in its language.
    """
    answer = finding.answer or policy.answer
    path, hidden = _shown_path(finding)
    # The lines for the path, the answer and "More", and those that only some messages have.
    others = 3 + sum(map(bool, (hidden or finding.evidence, exists, finding.missing)))
    return Message(
        title=one_line(policy.title),
        path=one_line(format_path(path)),
        summary=one_line(finding.message + _also(finding.also)),
        evidence=hidden or one_line(finding.evidence),
        exists=exists,
        introduction=one_line(answer.introduction) if answer.text else "",
        answer=one_line(answer.text),
        documentation=one_line(policy.documentation),
        explain=one_line(policy.id),
        missing=one_line(finding.missing),
        exemption=_exempted(exemption, today) if exemption and today else None,
        **_shown_fix(finding.fix or policy.fix, runtime, MOST_LINES - others),
    )


def _also(others: Sequence[Resource]) -> str:
    """The first of the `others` with the same mistake, by name, and how many there are."""
    names = ", ".join(quote(one.name, 80) for one in others[:_NAMED])
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    return f". The same at {names}{more}" if others else ""


def _shown_fix(fix: Fix, runtime: str, room: int) -> dict[str, str]:
    """The fix in the language of the program, as code where that needs at most `room` lines.

    Where the language is not known, in those that there is code for; else in words.
    """
    code = {"typescript": _block(fix.typescript), "python": _block(fix.python)}
    shown = {name: lines for name, lines in code.items() if lines and (not runtime or name == _RUNTIMES.get(runtime))}
    # Code of more than one line stands below its heading.
    needed = sum(1 + lines.count("\n") + ("\n" in lines) for lines in shown.values())
    return shown if shown and needed <= room else {"fix": one_line(fix.words)}


def render(message: Message) -> str:
    """The text of a message: the title first, one field below the other.

    As the fields are, it can always be encoded as UTF-8, and has no line that a terminal or a CI runner acts on.
    """
    return "\n".join(_lines(message))


def parse(text: str) -> Message | None:
    """The message that `render` made `text` of; `None` for any other text."""
    reader = _Reader(text.split("\n"))
    exemption = _read_exemption(reader)
    title = reader.next()
    place = _PLACE.fullmatch(reader.next())
    evidence = reader.block()
    exists = reader.skip(EXISTS)
    recorded = not reader.skip(UNRECORDED)
    answer = _ANSWER.fullmatch(reader.next()) if recorded else None
    fix = {"fix": reader.field("Fix: ")} | {name: reader.code(heading) for name, heading in _LANGUAGES.items()}
    missing = reader.field("Missing dependency: ")
    more = _MORE.fullmatch(reader.next())
    if not place or (recorded and not answer) or not more or not reader.at_end:
        return None
    return Message(
        title=title,
        path=place["path"],
        summary=place["summary"],
        evidence=evidence,
        exists=exists,
        introduction=answer["introduction"] if answer else "",
        answer=answer["text"] if answer else "",
        documentation=more["documentation"],
        explain=more["explain"],
        missing=missing,
        exemption=exemption,
        **fix,
    )


def printable(text: str) -> str:
    """`text` with everything escaped that a terminal would act on or that UTF-8 cannot hold; line breaks stay.

    The engine makes colours of its own marks, `<{%fg 1%}>`, wherever they stand, or takes them out.
    """
    text = text.replace("<{%", "\\u003c{%")
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)


def one_line(text: str) -> str:
    """`text` as `for_log` makes it, with its line breaks escaped too: for names, reasons and other short texts."""
    return for_log(text.replace("\n", "\\n"))


def for_log(text: str) -> str:
    """`text` as `printable` makes it, with nothing in it that a CI runner takes for a command.

    GitHub reads lines that begin with `::`, and `##[` anywhere in a line (actions/runner,
    src/Runner.Common/ActionCommand.cs); Azure Pipelines `##[` and `##vso[`.
    """
    text = printable(text).replace("##[", "#\\u0023[").replace("##vso[", "#\\u0023vso[")
    return _COMMAND.sub(r"\1\\u003a", text)


def _lines(message: Message) -> Iterator[str]:
    if message.exemption:
        yield _wording(message.exemption)
    yield message.title
    yield f"at {message.path}: {message.summary}"
    if message.evidence:
        yield _indented(message.evidence)
    if message.exists:
        yield EXISTS
    yield message.answered
    for heading, fix in message.fixes:
        yield f"{heading}:\n{_indented(fix)}" if "\n" in fix else f"{heading}: {fix}"
    if message.missing:
        yield f"Missing dependency: {message.missing}"
    yield message.more


def _wording(exemption: Exempted) -> str:
    who = f"by {exemption.owner}: {exemption.reason} ({exemption.key})"
    if exemption.days_left is None:
        return f"The exemption expired on {exemption.until} {who}"
    days = {0: "last day", 1: "1 day left"}.get(exemption.days_left, f"{exemption.days_left} days left")
    return f"Exempted until {exemption.until} ({days}) {who}"


def _exempted(exemption: Exemption, today: date) -> Exempted:
    left = (exemption.expires - today).days
    return Exempted(
        until=exemption.expires.isoformat(),
        days_left=left if left >= 0 else None,
        # The first ": " ends the owner, when the line is read again.
        owner=one_line(exemption.owner).replace(": ", ":"),
        reason=one_line(exemption.reason),
        key=exemption.key,
    )


def _read_exemption(reader: _Reader) -> Exempted | None:
    found = _EXEMPTED.fullmatch(reader.peek())
    if found is None:
        return None
    reader.next()
    left = None if found["ended"] else int(found["left"] or 0)
    return Exempted(
        until=found["until"] or found["ended"],
        days_left=left,
        owner=found["owner"],
        reason=found["reason"],
        key=found["key"],
    )


def _shown_path(finding: Finding) -> tuple[Path, str]:
    """The part of the path that may be shown, and what stands in place of a value that may not.

    A key inside a secret is as secret as the value beside it.
    """
    resource, path = finding.resource, finding.at
    inside = [secret for secret in resource.secrets if path[: len(secret)] == secret]
    if inside:
        return min(inside, key=len), SECRET
    return path, HOLDS_SECRET if finding.evidence and resource.is_secret(path) else ""


def _block(text: str) -> str:
    return for_log(text).strip("\n")


def _indented(text: str) -> str:
    return "\n".join(f"{_INDENT}{line}" for line in text.split("\n"))


class _Reader:
    """The lines of a message, one after the other; past the end there are empty ones."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._at = 0

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._lines)

    def peek(self) -> str:
        return "" if self.at_end else self._lines[self._at]

    def next(self) -> str:
        line = self.peek()
        self._at += 1
        return line

    def skip(self, line: str) -> bool:
        """Whether the next line is this one, which is passed then."""
        found = not self.at_end and self.peek() == line
        self._at += found
        return found

    def field(self, name: str) -> str:
        """What follows `name` in the next line; "" where that line is another."""
        return self.next().removeprefix(name) if self.peek().startswith(name) else ""

    def code(self, heading: str) -> str:
        """The code below `heading`, or behind it where it is one line; "" where there is none."""
        return self.block() if self.skip(f"{heading}:") else self.field(f"{heading}: ")

    def block(self) -> str:
        """The indented lines that follow, without their indentation."""
        lines = []
        while not self.at_end and self.peek().startswith(_INDENT):
            lines.append(self.next().removeprefix(_INDENT))
        return "\n".join(lines)
