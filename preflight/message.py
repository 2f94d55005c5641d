"""What people read: the only module that words a finding."""

from __future__ import annotations

from textwrap import indent

from preflight.finding import Finding
from preflight.policy import Policy
from preflight.values import format_path


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
    if text.replace("\n", "").isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else f"\\u{ord(c):04x}" for c in text)
