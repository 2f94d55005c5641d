"""The tables of what is on offer: each with its values, and the day of its source."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import quote


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `date` is the day (ISO) of the package that its `values` come from."""

    values: Any
    date: str

    @property
    def as_of(self) -> str:
        """`as of 2026-10`: for messages, which say from when the knowledge is."""
        return f"as of {self.date[:7]}"


@cache
def table(name: str) -> Table:
    """The table `name`: read when the first resource is there that it is about."""
    data = json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
    return Table(data["values"], data["date"])


def string_at(resource: Resource, name: str) -> str:
    """The string that the property `name` is sent as; "" where it is not set, not known or something else."""
    value = resource.get(name)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)


def is_made_from_another(resource: Resource, properties: Iterable[str]) -> bool:
    """Whether the program gave one of the `properties` that name another thing, whose value this one then has."""
    return any(map(resource.was_given, properties))


def finding(resource: Resource, name: str, message: str, *, advisory: bool = False) -> Finding:
    """A finding about the value of the property `name`."""
    level = "advisory" if advisory else "mandatory"
    return Finding(
        resource=resource,
        at=(name,),
        message=message,
        evidence=quote(resource.get(name)),
        level=level,  # type: ignore[arg-type]
    )
