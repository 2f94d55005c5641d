"""What the formats say about a rule: its declaration where it is a policy of this pack, else what the findings tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aws_preflight.policies import POLICIES
from aws_preflight.preflight import PACK_NAME
from aws_preflight.preflight.message import UNRECORDED
from aws_preflight.report.model import Finding, Level


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One policy as a reader of findings meets it."""

    id: str
    pack: str
    title: str
    description: str
    level: Level
    help_text: str
    help_markdown: str
    url: str = ""


def rules_of(findings: Iterable[Finding]) -> list[Rule]:
    """The rules of some findings, in the order of their packs and ids."""
    first: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        first.setdefault((finding.pack, finding.policy), finding)
    return [_rule(finding) for _, finding in sorted(first.items())]


def _rule(finding: Finding) -> Rule:
    policy = next((p for p in POLICIES if finding.pack == PACK_NAME and p.id == finding.policy), None)
    if policy is None:
        return Rule(
            id=finding.policy,
            pack=finding.pack,
            title=finding.title,
            description=finding.title,
            level=finding.level,
            help_text=finding.title,
            help_markdown="",
        )
    answer = policy.answer
    quoted = f"{answer.introduction}:\n\n> {answer.text}" if answer.text else UNRECORDED
    help_text = f"{policy.doc}\n\n{answer.introduction}: {answer.text}" if answer.text else f"{policy.doc}\n\n{quoted}"
    return Rule(
        id=policy.id,
        pack=PACK_NAME,
        title=policy.title,
        description=policy.refuses,
        level=policy.level,
        help_text=help_text,
        help_markdown=(
            f"{policy.doc}\n\n{quoted}\n\n"
            f"```typescript\n{policy.right.typescript}\n```\n\n```python\n{policy.right.python}\n```\n"
        ),
        url=policy.documentation,
    )
