"""A service refuses a schedule that its grammar does not have.

The same three forms stand in inputs of many services: `rate(...)`, `cron(...)` with six fields, `at(...)`. Who knows
the cron of Unix writes five fields or two stars for the days, and Sunday as 0; who knows one service takes what it
allows for what all allow: EventBridge refuses `rate(1 minutes)`, its Scheduler does not; Auto Scaling has the cron of
Unix.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.documents.schedule import Fault, faults_in, faults_in_recurrence
from aws_preflight.policies.schedules.of_services import DOCUMENTED, DOCUMENTED_OF_UNIX, ENTRIES, Recorded, Schedule
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Path, Value, items_of, quote, snake_case


def _policy_of(entry: Schedule) -> Policy:
    """The policy that finds what the entry says."""

    def check(resource: Resource) -> Iterator[Finding]:
        for path, expression in _values(resource, entry.places[resource.type]):
            if isinstance(expression, str):
                yield from _findings(resource, path, expression, entry)

    properties = sorted({place[0] for place in entry.places.values()})
    first = entry.recorded[0]
    return Policy(
        id=entry.id,
        types=tuple(entry.places),
        reads=tuple(properties),
        needs=tuple(properties) if len(properties) == 1 else (),
        title=entry.title,
        refuses=entry.refuses,
        why_not_preview="The expression is a string to Pulumi and the provider; only the service reads what is in it.",
        answer=Answer(text=first.text, operation=entry.operation, source=first.source),
        wrong=_code(*entry.example, entry.bad),
        right=_code(*entry.example, entry.good),
        fix=Fix(words=entry.fix),
        sources=tuple(dict.fromkeys((entry.documentation, *(one.source for one in entry.recorded)))),
        scope="resource",
        check=check,
        doc=(__doc__ or "").strip(),
    )


def _code(class_: str, property_: str, expression: str) -> Code:
    return Code(
        typescript=f'new aws.{class_}("nightly", {{\n    {property_}: "{expression}",\n    // ...\n}});',
        python=f'aws.{class_}("nightly",\n    {snake_case(property_)}="{expression}",\n    # ...\n)',
    )


def _values(resource: Resource, place: tuple[str, ...]) -> list[tuple[Path, Value]]:
    """What stands at a place, with its path; several values where the place is in a list."""
    found: list[tuple[Path, Value]] = [((place[0],), resource.get(place[0]))]
    for step in place[1:]:
        if step == "[]":
            found = [((*path, i), item) for path, value in found for i, item in items_of(value)]
        else:
            found = [((*path, step), value.get(step)) for path, value in found if isinstance(value, dict)]
    return found


def _findings(resource: Resource, path: Path, expression: str, entry: Schedule) -> Iterator[Finding]:
    """One finding for an expression: its first fault that the service is known to refuse."""
    faults = faults_in_recurrence(expression) if entry.of_unix else faults_in(expression, entry.forms)
    known = {kind: one for one in entry.recorded for kind in one.kinds}
    fault = next((one for one in faults if one.kind in known or one.kind in entry.documented), None)
    if fault:
        recorded = known.get(fault.kind)
        yield Finding(
            resource=resource,
            at=path,
            message=fault.message,
            evidence=quote(expression),
            answer=_answer(fault, recorded, entry),
            level="mandatory" if recorded else "advisory",
        )


def _answer(fault: Fault, recorded: Recorded | None, entry: Schedule) -> Answer:
    if recorded:
        return Answer(text=recorded.text, operation=entry.operation, source=recorded.source)
    text = DOCUMENTED_OF_UNIX if entry.of_unix else DOCUMENTED[fault.kind]
    return Answer(text=text, operation="", source=entry.documentation, basis="documented")


SCHEDULES: Final[tuple[Policy, ...]] = tuple(sorted(map(_policy_of, ENTRIES), key=lambda policy: policy.id))
"""A policy for each entry of the table."""
