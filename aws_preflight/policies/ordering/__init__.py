"""What must exist before which resource: facts about AWS, as data.

`rows.json` is the table, docs/ordering.md describes its language. The mechanism that reads it and finds where a stack
breaks a row is `preflight.ordering`. Each row that is not silent is a policy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from aws_preflight.policies.ordering.creation_times import takes_long
from aws_preflight.policies.ordering.public_policies import KINDS
from aws_preflight.policies.type_aliases import with_aliases
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering import broken
from aws_preflight.preflight.ordering.broken import Facts, Missing
from aws_preflight.preflight.ordering.row_policy import policy_of
from aws_preflight.preflight.ordering.table import Row, read
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.resource import module_of

TABLE: Final = Path(__file__).with_name("rows.json")
PACKAGED: Final = frozenset({"aws-apigateway", "awsx", "eks", "synced-folder"})
"""The packages of components whose code is not the user's.

https://www.pulumi.com/registry/ lists them as components.
"""


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """All rows, in the order of the table."""
    return rows_of(json.loads(TABLE.read_text(encoding="utf-8")))


def rows_of(table: Mapping[str, Any]) -> tuple[Row, ...]:
    """The rows of a table in the form of `rows.json`. Raises `ValueError` or `KeyError` where it has another form."""
    return read(table, with_aliases, KINDS)


@lru_cache(maxsize=1)
def missing(stack: Stack) -> tuple[Missing, ...]:
    """Every broken row of a stack; the answer is kept, as many policies ask about the same stack."""
    return broken.missing(stack, Facts(rows=rows(), takes_long=takes_long, packaged=PACKAGED))


@lru_cache(maxsize=1)
def _by_row(stack: Stack) -> Mapping[str, Sequence[Missing]]:
    by_row: dict[str, list[Missing]] = {}
    for one in missing(stack):
        by_row.setdefault(one.row.id, []).append(one)
    return by_row


def _of_row(stack: Stack, id_: str) -> Sequence[Missing]:
    return _by_row(stack).get(id_, ())


def page_of(row: Row) -> str:
    """The page of a row: one for each service."""
    return f"docs/ordering/{module_of(row.first_consumer)}.md"


ORDERING: Final[tuple[Policy, ...]] = tuple(
    sorted(
        (policy_of(row, _of_row, page_of(row)) for row in rows() if row.level != "silent" and not row.reported_by),
        key=lambda policy: policy.id,
    )
)
"""A policy for each row that is not silent, and that no policy with code reports."""
