"""What must exist before which resource: facts about AWS, as data.

`<service>.yaml` hold the rules, docs/ordering.md describes them; `make rules` compiles what the pack reads of them. The
mechanism that finds where a stack breaks a rule is `preflight.ordering`. Each rule that is not silent is a policy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aws_preflight.policies.ordering.creation_times import takes_long
from aws_preflight.policies.type_aliases import with_aliases
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.ordering_policy import OrderingPolicy
from aws_preflight.preflight.ordering.ordering_rule import OrderingRule, Shared
from aws_preflight.preflight.policy import Policy

if TYPE_CHECKING:
    from aws_preflight.preflight.ordering.broken import Missing

COMPILED: Final = Path(__file__).with_name("compiled.json")
PACKAGED: Final = frozenset({"aws-apigateway", "awsx", "eks", "synced-folder"})
"""The packages of components whose code is not the user's.

https://www.pulumi.com/registry/ lists them as components.
"""


def rules_of(compiled: Mapping[str, Any]) -> tuple[OrderingRule, ...]:
    """The rules in what `make rules` compiles, in its order."""
    shared = Shared(compiled["sets"], with_aliases)
    return tuple(OrderingRule(declared, shared) for declared in compiled["rules"])


_COMPILED: Final = json.loads(COMPILED.read_text(encoding="utf-8"))
RULES: Final = rules_of(_COMPILED)
"""The rules that are policies of their own, in the order in which they win where two are broken by the same."""


@lru_cache(maxsize=1)
def missing(stack: Stack) -> tuple[Missing, ...]:
    """Every broken rule of a stack; the answer is kept, as many policies ask about the same stack."""
    # The search is loaded with the first stack: it is a third of what the rules of order cost at the start.
    from aws_preflight.preflight.ordering import broken

    return broken.missing(stack, broken.Facts(rules=RULES, takes_long=takes_long, packaged=PACKAGED))


@lru_cache(maxsize=1)
def _by_rule(stack: Stack) -> Mapping[str, Sequence[Missing]]:
    by_rule: dict[str, list[Missing]] = {}
    for one in missing(stack):
        by_rule.setdefault(one.rule.id, []).append(one)
    return by_rule


def _of_rule(stack: Stack, id_: str) -> Sequence[Missing]:
    return _by_rule(stack).get(id_, ())


def page_of(service: str) -> str:
    """The page about the rules of a service."""
    return f"docs/ordering/{service}.md"


ORDERING: Final[tuple[Policy, ...]] = tuple(
    OrderingPolicy(rule, _of_rule, page_of(rule.service)) for rule in sorted(RULES, key=lambda rule: rule.id)
)
"""A policy for each of the rules."""

OTHER_PAGES: Final[Mapping[str, str]] = {id_: page_of(service) for id_, service in _COMPILED["others"].items()}
"""By id, the pages of the rules that are silent, or that a policy with code reports."""
