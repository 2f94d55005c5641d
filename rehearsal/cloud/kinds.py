"""What the tables say of one resource type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Template = Any
"""Text that names facts, a function of the facts, or data with either inside: see `facts.py`."""


@dataclass(frozen=True)
class Kind:
    """One resource type. An output that the program set itself is left as it is."""

    id: Template
    outputs: Mapping[str, Template] = field(default_factory=dict)
    named: str | None = None
    """The property that gets a made-up name where the program leaves it out."""

    seconds: float = 0
    """How long AWS takes to create one, roughly: what makes a race in a program come out as it does for real."""
