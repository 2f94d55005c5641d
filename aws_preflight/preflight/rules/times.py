"""Times of every day or of every week, such as 03:00-06:00 and mon:05:00-mon:06:30: whether two of them overlap."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from aws_preflight.preflight.rules.compare import Answer
from aws_preflight.preflight.values import Value

Minutes: TypeAlias = tuple[int, int]
"""The first minute of a week, and the first one that is no longer part of it."""

_DAY: Final = 24 * 60
_WEEK: Final = 7 * _DAY
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME: Final = r"(?:(mon|tue|wed|thu|fri|sat|sun):)?([01]?[0-9]|2[0-3]):([0-5][0-9])"
_WINDOW: Final = re.compile(f"{_TIME}-{_TIME}", re.IGNORECASE)


def overlap(one: Value, other: Value) -> Answer:
    """Whether two windows have a minute in common; cannot tell where one of the two is none."""
    first, second = _windows(one), _windows(other)
    if not first or not second:
        return None
    return any(a < d and c < b for a, b in first for c, d in second)


def _windows(value: Value) -> list[Minutes]:
    """The minutes of a week that a window covers; nothing for what is none, or takes no time."""
    found = _WINDOW.fullmatch(value) if isinstance(value, str) else None
    if found is None or (found[1] is None) != (found[4] is None):
        return []
    begin, end = _minute(*found.groups()[:3]), _minute(*found.groups()[3:])
    if begin == end:
        return []
    if found[1] is not None:
        return _in_a_week(begin, end + (_WEEK if end < begin else 0))
    length = (end - begin) % _DAY
    return [one for day in range(7) for one in _in_a_week(day * _DAY + begin, day * _DAY + begin + length)]


def _minute(day: str | None, hour: str, minute: str) -> int:
    return (_DAYS.index(day.lower()) * _DAY if day else 0) + int(hour) * 60 + int(minute)


def _in_a_week(begin: int, end: int) -> list[Minutes]:
    return [(begin, end)] if end <= _WEEK else [(begin, _WEEK), (0, end - _WEEK)]
