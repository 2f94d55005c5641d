"""Values whose last day AWS tells beforehand: runtimes and versions with which nothing can be created after it.

A day that had passed when the table was made is a fact. A later one is an announcement, and AWS moves those.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone

from aws_preflight.policies.offers.tables import Table, finding, string_at
from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.resource import Resource


def today_utc() -> str:
    """The day (ISO), the same on every machine of an organization."""
    return datetime.now(timezone.utc).date().isoformat()


def ended(resource: Resource, name: str, known: Table, what: str, today: str) -> Iterator[Finding]:
    """The finding where the value of the property `name` has come to its end on the day `today` (ISO).

    `what` is created with the value, in the plural: "functions with this runtime". Where the table has no day, it is
    long past.
    """
    entry = known.values.get(string_at(resource, name))
    if entry is None or entry["create"] > today:
        return
    announced = entry["create"] > known.date
    since = f"{'was to end' if announced else 'ended'} on {entry['create']}" if entry["create"] else "has ended"
    newer = f"; newer: {entry['newer']}" if entry["newer"] else ""
    message = f"creating {what} {since} ({known.as_of}){newer}"
    yield finding(resource, name, message, advisory=announced)
