"""What the tables say of one resource type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from aws_preflight.rehearsal.cloud.facts import Facts

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


def arn_named(service: str, noun: str, named: str = "name", id_: Template = "{arn}", **outputs: Template) -> Kind:
    """A resource with a name of its own at the end of its ARN, known by that ARN unless another id is given."""
    return Kind(
        id=id_,
        named=named,
        outputs={
            "arn": f"arn:aws:{service}:{{region}}:{{account}}:{noun}{{{named}}}",
            **outputs,
        },
    )


def any_arn(facts: Facts) -> Any:
    """An ARN for a resource of any type."""
    module, _, name = facts.type.partition(":")[2].partition("/")
    service = module.partition(":")[0]
    kind = name.partition(":")[0] or facts.type.rpartition(":")[2]
    return facts.fill(f"arn:aws:{service}:{{region}}:{{account}}:{kind[:1].lower()}{kind[1:]}/{{logical}}-{{hex:7}}")


def slow(kind: Kind, seconds: float) -> Kind:
    """The same resource, with the time that AWS takes to create one."""
    return replace(kind, seconds=seconds)
