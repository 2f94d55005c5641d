"""A row as a policy: with an id, a level, exemptions and a place in the docs of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from aws_preflight.preflight.finding import Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.broken import Missing
from aws_preflight.preflight.ordering.dependency import class_of
from aws_preflight.preflight.ordering.table import Row
from aws_preflight.preflight.ordering.wording import answer_of, findings
from aws_preflight.preflight.policy import Policy

_MOST_KINDS = 3


def policy_of(row: Row, missing: Callable[[Stack, str], Sequence[Missing]], page: str) -> Policy:
    """The policy that reports where `row` is broken, as `missing` tells by the id of the row.

    `page` is the page that has a section about it. The row is not silent.
    """

    def check(stack: Stack) -> Iterator[Finding]:
        return findings(stack, missing(stack, row.id))

    consumer, needed = _kinds(row.consumer_kinds), _kinds(row.needed_kinds)
    wrong, right = _example(class_of(row.first_consumer), class_of(row.needed[0].token))
    return Policy(
        id=row.id,
        types=tuple(sorted(row.consumers)),
        title=f"{_capital(consumer)} does not wait for {needed}",
        refuses=f"{_capital(consumer)} that may come before {needed}: {row.effect or 'AWS wants that first'}.",
        why_not_preview=(
            "Every resource is valid alone. Only the order of creation is left to chance, and Pulumi takes the order"
            " from the inputs, which do not name what is needed."
        ),
        answer=answer_of(row),
        wrong=wrong,
        right=right,
        fix=Fix(words=f"give {consumer} the option dependsOn with {needed}"),
        sources=row.sources,
        level="mandatory" if row.level == "mandatory" else "advisory",
        creation=("id",),
        together=True,
        scope="stack",
        check=check,
        doc=f"{_capital(consumer)} needs {needed} to be there first.",
        section_of=page,
    )


def _kinds(kinds: Sequence[str]) -> str:
    """`a Role or Policy`, with no more names than people read."""
    named = " or ".join(kinds[:_MOST_KINDS]) + (" or others" if len(kinds) > _MOST_KINDS else "")
    return f"{'an' if named[:1] in 'AEIO' else 'a'} {named}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _example(consumer: tuple[str, str], needed: tuple[str, str]) -> tuple[Code, Code]:
    """What is wrong, and what is right."""
    typescript = f"const needed = new {needed[0]}(name, args);\nnew {consumer[0]}(name, args"
    python = f"needed = {needed[1]}(name, ...)\n{consumer[1]}(name, ..."
    return (
        Code(typescript=f"{typescript});", python=f"{python})"),
        Code(
            typescript=f"{typescript}, {{ dependsOn: [needed] }});",
            python=f"{python}, opts=pulumi.ResourceOptions(depends_on=[needed]))",
        ),
    )
