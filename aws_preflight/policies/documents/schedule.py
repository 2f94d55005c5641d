"""Schedule expressions: `rate(5 minutes)`, `cron(0 12 * * ? *)`, `at(2030-01-01T00:00:00)`, and the cron of Unix.

The same grammar stands in inputs of a dozen services, each of which takes a little more or less of it. This module
names the faults of an expression by their kinds; which kinds a service refuses is a fact about the service
(`policies/schedules/of_services.py`). What no kind describes is open: EventBridge was seen to take a comma after every
field (boto/boto3 #2876) and a year that its documentation forbids.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html,
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from aws_preflight.policies.documents.shape import may_be_stringified

Kind = Literal[
    "bare",
    "form",
    "rate",
    "number",
    "unit",
    "plural",
    "time",
    "few fields",
    "five fields",
    "seven fields",
    "many fields",
    "both days",
    "no day",
    "minute",
    "hour",
    "day of month",
    "month",
    "day of week",
    "step",
    "question mark",
]


class Fault(NamedTuple):
    """What is wrong with an expression: the kind of mistake, and our words for it, which quote nothing."""

    kind: Kind
    message: str


_WRAPPED: Final = re.compile(r"(rate|cron|at)\((.*)\)", re.IGNORECASE)
_RATE: Final = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?) *([A-Za-z]+)")
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_TIME_TEXT: Final = re.compile(r"[0-9TZtz:., +/-]+")
_CRON_TEXT: Final = re.compile(r"[A-Za-z0-9 *?,/#-]+")
_CRON_ALONE: Final = re.compile(r"(?=.*\*)[A-Za-z0-9*?,/#-]+( +[A-Za-z0-9*?,/#-]+){4,6}")
_UNITS: Final = ("minute", "hour", "day")
_NTH: Final = re.compile(r"([0-9]+|[A-Za-z]+)#([0-9]+)")

_FIELDS: Final[Sequence[tuple[Kind, int, int]]] = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day of month", 1, 31),
    ("month", 1, 12),
    ("day of week", 1, 7),
)
"""The fields of a cron expression but the year, whose bounds EventBridge does not enforce."""

_LEAST: Final = 5
_COUNTS: Final[Mapping[int, Kind | None]] = {5: "five fields", 6: None, 7: "seven fields"}
_UNIX_FIELDS: Final = (*_FIELDS[:4], ("day of week", 0, 7))


def faults_in(expression: str, forms: Sequence[str] = ("rate", "cron", "at")) -> Iterator[Fault]:
    """The faults of an expression of a service that takes these forms, the outermost first.

    Nothing for one with line breaks, or with spaces around it: services differ in what they make of those.
    """
    wrapped = _WRAPPED.fullmatch(expression)
    if wrapped is None:
        if _CRON_ALONE.fullmatch(expression):
            yield Fault("bare", f"an expression is one of: {', '.join(f'{form}(...)' for form in forms)}")
        return
    form, text = wrapped[1].lower(), wrapped[2]
    if form not in forms:
        yield Fault("form", f"{form}(...) is no form of this schedule, which takes: {', '.join(forms)}")
    elif form == "rate":
        yield from _in_rate(text)
    elif form == "at":
        yield from _in_time(text)
    else:
        yield from _in_cron(text)


def faults_in_recurrence(expression: str) -> Iterator[Fault]:
    """The faults of a cron expression as Unix has it: five fields, Sunday is 0 or 7, and no question mark."""
    fields = expression.split(" ")
    if not _CRON_TEXT.fullmatch(expression) or "" in fields or "*" not in expression:
        return
    if len(fields) != len(_UNIX_FIELDS):
        kind: Kind = "few fields" if len(fields) < len(_UNIX_FIELDS) else "many fields"
        yield Fault(kind, f"five fields belong here, and these are {len(fields)}")
    elif "?" in fields:
        yield Fault("question mark", "a question mark is none of the cron of Unix, which has * for any day")
    else:
        yield from _out_of_range(fields, _UNIX_FIELDS)


# --- rate and at ------------------------------------------------------------------------------------------------------


def _in_rate(text: str) -> Iterator[Fault]:
    parts = _RATE.fullmatch(text)
    if parts is None:
        if text == text.strip() and _CRON_TEXT.fullmatch(text) and not may_be_stringified(text):
            yield Fault("rate", "a rate is a number and a unit, as in rate(5 minutes)")
        return
    number, unit = parts[1], parts[2]
    if not number.isdigit() or not int(number):
        yield Fault("number", "the number of a rate is whole, and above 0")
    elif unit.lower().removesuffix("s") not in _UNITS:
        yield Fault("unit", "the units of a rate are minutes, hours and days")
    elif (int(number) == 1) is unit.endswith("s"):
        yield Fault("plural", "the unit of a rate is singular after 1, and plural after any other number")


def _in_time(text: str) -> Iterator[Fault]:
    if not _TIME.fullmatch(text):
        if _TIME_TEXT.fullmatch(text):
            yield Fault("time", "a time is written as 2030-01-31T08:00:00, without fractions and without a zone")
        return
    try:
        datetime.fromisoformat(text)
    except ValueError:
        yield Fault("time", "there is no such day or time")


# --- cron -------------------------------------------------------------------------------------------------------------


def _in_cron(text: str) -> Iterator[Fault]:
    """Six fields; the year is left alone. With seven, Systems Manager takes the first for seconds."""
    fields = [field.rstrip(",") for field in text.split()]
    if not _CRON_TEXT.fullmatch(text) or "" in fields:
        return
    if kind := _COUNTS.get(len(fields), "few fields" if len(fields) < _LEAST else "many fields"):
        yield Fault(kind, f"six fields belong here, from the minutes to the year, and {_count(len(fields))}")
        if kind != "seven fields":
            return
        fields = fields[1:]
    yield from _days(fields[2], fields[4])
    yield from _out_of_range(fields, _FIELDS)
    step = fields[0].rpartition("/")[2]
    if "/" in fields[0] and step.isdigit() and int(step) > 59:
        yield Fault("step", "a step of minutes is at most 59")


def _days(of_month: str, of_week: str) -> Iterator[Fault]:
    if of_month != "?" and of_week != "?":
        yield Fault("both days", "one of the two days, of the month and of the week, has to be a question mark")
    elif of_month == of_week:
        yield Fault("no day", "only one of the two days, of the month and of the week, may be a question mark")


def _out_of_range(fields: Sequence[str], bounds: Sequence[tuple[Kind, int, int]]) -> Iterator[Fault]:
    for field, (kind, least, most) in zip(fields, bounds, strict=False):
        if not all(map(_Bounds(kind, least, most).hold, field.split(","))):
            yield Fault(kind, f"a {kind} lies between {least} and {most}" + _beside(kind))


def _beside(kind: Kind) -> str:
    return ", and n in #n between 1 and 5" if kind == "day of week" else ""


class _Bounds(NamedTuple):
    """What the numbers of one field lie between."""

    kind: Kind
    least: int
    most: int

    def hold(self, item: str) -> bool:
        """Whether an item of the field may be right: `*`, `5`, `MON-FRI`, `0/15`, `L`, `15W`, `6L`, `MON#2`."""
        base = item.partition("/")[0]
        if nth := _NTH.fullmatch(base):
            return self.kind == "day of week" and 1 <= int(nth[2]) <= 5 and self._is_inside(nth[1])
        if base.startswith("-"):
            return False
        return all(map(self._is_inside, base.split("-")))

    def _is_inside(self, text: str) -> bool:
        number = text.rstrip("LWlw") if self.kind.startswith("day") else text
        return not number.isdigit() or self.least <= int(number) <= self.most


def _count(fields: int) -> str:
    return "this is one" if fields == 1 else f"these are {fields}"
