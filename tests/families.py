"""The policies as tests go through them: those with code one by one, and the many that are data as families.

A policy for each rule of order would try the same mechanism hundreds of times. The two families stand for all
rules that are reported at one level; their names are those of folders in `tests/cases`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from aws_preflight.policies import declared
from aws_preflight.policies.ordering import ORDERING, missing
from aws_preflight.policies.rules import RULES
from aws_preflight.preflight.finding import Finding, Level
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.wording import findings
from aws_preflight.preflight.policy import Policy

REFUSED = "ordering-refused"
WARNED = "ordering-warned"
OF_RULES = {rule.id for rule in RULES}
OF_ORDER = {policy.id for policy in ORDERING}
WITH_CODE = [policy for policy in declared() if not policy.section_of]


def _family(id_: str, level: Level) -> Policy:
    def check(stack: Stack) -> Iterator[Finding]:
        return findings(stack, (one for one in missing(stack) if one.level == level))

    types = sorted({type_ for policy in ORDERING for type_ in policy.types})
    facts = {one.name: getattr(ORDERING[0], one.name) for one in fields(Policy)}
    return Policy(**facts | {"id": id_, "types": tuple(types), "level": level, "check": check})


ONE_BY_ONE = [*WITH_CODE, _family(REFUSED, "mandatory"), _family(WARNED, "advisory")]
"""Every policy with code, and two that say what all policies of order say."""


def family_of(policy: str, *, mandatory: bool) -> str:
    """The name under which cases know a policy: its family, where it has one."""
    if policy not in OF_ORDER:
        return policy
    return REFUSED if mandatory else WARNED
