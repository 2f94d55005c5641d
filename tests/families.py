"""The policies as tests go through them: those with code one by one, and the many that are data as families.

A policy for each row of the ordering would try the same mechanism hundreds of times. The two families stand for all
rows that are reported at one level; their names are those of folders in `tests/cases`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aws_preflight.policies import POLICIES
from aws_preflight.policies.ordering import ORDERING, missing
from aws_preflight.policies.rules import RULES
from aws_preflight.preflight.finding import Finding, Level
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.wording import findings
from aws_preflight.preflight.policy import Policy

REFUSED = "ordering-refused"
WARNED = "ordering-warned"
OF_RULES = {rule.id for rule in RULES}
OF_ROWS = {policy.id for policy in ORDERING}
WITH_CODE = [policy for policy in POLICIES if not policy.section_of]


def _family(id_: str, level: Level) -> Policy:
    def check(stack: Stack) -> Iterator[Finding]:
        return findings(stack, (one for one in missing(stack) if one.level == level))

    types = sorted({type_ for policy in ORDERING for type_ in policy.types})
    return replace(ORDERING[0], id=id_, types=tuple(types), level=level, check=check)


ONE_BY_ONE = [*WITH_CODE, _family(REFUSED, "mandatory"), _family(WARNED, "advisory")]
"""Every policy with code, and two that say what all policies of rows say."""


def family_of(policy: str, *, mandatory: bool) -> str:
    """The name under which cases know a policy: its family, where it has one."""
    if policy not in OF_ROWS:
        return policy
    return REFUSED if mandatory else WARNED
