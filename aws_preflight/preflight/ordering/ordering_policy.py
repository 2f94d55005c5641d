"""A rule of order as a policy: with an id, a level, exemptions and a place in the docs of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.dependency import class_of
from aws_preflight.preflight.ordering.ordering_rule import OrderingRule
from aws_preflight.preflight.ordering.wording import answer_of, findings
from aws_preflight.preflight.policy import Policy

if TYPE_CHECKING:
    from aws_preflight.preflight.ordering.broken import Missing

_MOST_KINDS: Final = 3


class OrderingPolicy(Policy):
    """The policy of a rule that is not silent. Its texts are made when somebody asks for them."""

    def __init__(self, rule: OrderingRule, missing: Callable[[Stack, str], Sequence[Missing]], page: str) -> None:
        """It reports where `rule` is broken, as `missing` tells by the id of a rule; `page` has a section about it."""
        self._rule: OrderingRule

        def check(stack: Stack) -> Iterator[Finding]:
            return findings(stack, missing(stack, rule.id))

        # A policy cannot be changed, so that its fields are set as those of any frozen dataclass.
        vars(self).update(
            id=rule.id,
            types=tuple(sorted(rule.consumers)),
            level=rule.level,
            properties={},
            creation=("id",),
            together=True,
            scope="stack",
            check=check,
            section_of=page,
            _rule=rule,
        )

    @cached_property
    def title(self) -> str:
        """What is wrong."""
        return f"{_capital(self._consumer)} does not wait for {self._needed}"

    @cached_property
    def refuses(self) -> str:
        """What is refused."""
        effect = self._rule.effect or "AWS wants that first"
        return f"{_capital(self._consumer)} that may come before {self._needed}: {effect}."

    @property
    def why_not_preview(self) -> str:
        """Why Pulumi and the provider do not see it."""
        return (
            "Every resource is valid alone. Only the order of creation is left to chance, and Pulumi takes the order"
            " from the inputs, which do not name what is needed."
        )

    @cached_property
    def answer(self) -> Answer:
        """AWS's answer."""
        return answer_of(self._rule)

    @cached_property
    def wrong(self) -> Code:
        """The mistake."""
        return _example(self._rule, typescript=");", python=")")

    @cached_property
    def right(self) -> Code:
        """The mistake, mended."""
        return _example(
            self._rule,
            typescript=", { dependsOn: [needed] });",
            python=", opts=pulumi.ResourceOptions(depends_on=[needed]))",
        )

    @cached_property
    def fix(self) -> Fix:
        """What to do."""
        return Fix(words=f"give {self._consumer} the option dependsOn with {self._needed}")

    @property
    def sources(self) -> tuple[str, ...]:
        """Where it can be read."""
        return self._rule.sources

    @cached_property
    def doc(self) -> str:
        """What it is about."""
        return f"{_capital(self._consumer)} needs {self._needed} to be there first."

    @property
    def _consumer(self) -> str:
        return _kinds(self._rule.consumer_kinds)

    @property
    def _needed(self) -> str:
        return _kinds(self._rule.needed_kinds)


def _kinds(kinds: Sequence[str]) -> str:
    """`a Role or Policy`, with no more names than people read."""
    named = " or ".join(kinds[:_MOST_KINDS]) + (" or others" if len(kinds) > _MOST_KINDS else "")
    return f"{'an' if named[:1] in 'AEIO' else 'a'} {named}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _example(rule: OrderingRule, *, typescript: str, python: str) -> Code:
    """The two resources, the consumer with an end of its own."""
    consumer, needed = class_of(rule.first_consumer), class_of(rule.first_needed)
    return Code(
        typescript=f"const needed = new {needed[0]}(name, args);\nnew {consumer[0]}(name, args{typescript}",
        python=f"needed = {needed[1]}(name, ...)\n{consumer[1]}(name, ...{python}",
    )
