"""Types of the AWS provider that have more than one token.

A program keeps the token of the SDK that it was written with, so a policy has to know all of them. `make rules` writes
them from the one table of types, `types.yaml`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_ALIASES: Final[Mapping[str, list[str]]] = json.loads(
    Path(__file__).with_name("type_aliases.json").read_text(encoding="utf-8")
)

CANONICAL: Final[Mapping[str, str]] = {alias: token for token, aliases in _ALIASES.items() for alias in aliases}
"""By alias, the token under which tables know the type."""


def canonical(token: str) -> str:
    """The token under which tables know the type of `token`: itself for most types."""
    return CANONICAL.get(token, token)


def with_aliases(*tokens: str) -> tuple[str, ...]:
    """The tokens, each followed by those that stand for it."""
    return tuple(one for token in tokens for one in (token, *_ALIASES.get(token, ())))
