"""Which versions of an engine something new may have, as a table knows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from aws_preflight.policies.offers.tables import Table, finding
from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.resource import Resource

_TWO: Final = r"[0-9]{1,3}\.[0-9]{1,3}"
_THREE: Final = rf"{_TWO}\.[0-9]{{1,3}}"


@dataclass(frozen=True, slots=True)
class _Scheme:
    """How the versions of an engine are written and go on."""

    form: str
    """A version in full, without what AWS builds for some customers only: 16.8-limitless, 5.7.44-rds.20250213."""
    line: int
    """How many numbers name a line, in which patches appear: 1 for 15 of 15.4, 2 for 8.0 of 8.0.35."""
    complete: bool = False
    """Whether the table has all that are on offer: then what is older than the newest of its line is not."""
    closed: bool = False
    """Whether no version will ever be added."""
    bare: bool = False
    """Whether AWS takes the line alone, and chooses the patch itself."""


_SCHEMES: Final = {
    "postgres": _Scheme(rf"{_TWO}|{_THREE}", 1),
    "aurora-postgresql": _Scheme(rf"{_TWO}|{_THREE}", 1),
    "mysql": _Scheme(_THREE, 2),
    # 8.0 and 3.04 of Aurora MySQL 3.04.0.
    "aurora-mysql": _Scheme(rf"{_TWO}\.mysql_aurora\.{_THREE}", 4),
    # From version 6 on ElastiCache chooses the patch of Redis, and the provider refuses one.
    "redis": _Scheme(r"[1-5]\.[0-9]{1,2}\.[0-9]{1,2}|[6-9]\.[0-9]{1,2}", 1, complete=True),
    "valkey": _Scheme(_TWO, 1, complete=True),
    "memcached": _Scheme(_THREE, 2, complete=True),
    "docdb": _Scheme(_THREE, 2, complete=True),
    "ActiveMQ": _Scheme(rf"{_TWO}|{_THREE}", 2, complete=True, bare=True),
    "RabbitMQ": _Scheme(rf"{_TWO}|{_THREE}", 2, complete=True, bare=True),
    # From 3.7 on MSK chooses the patch: 3.7.x. Of version 4 it has the ones with KRaft alone.
    "kafka": _Scheme(rf"{_THREE}(\.[0-9])?|{_TWO}\.x(\.kraft)?", 2, complete=True, bare=True),
    "OpenSearch": _Scheme(_TWO, 1, complete=True),
    # The last version that its licence lets AWS offer is 7.10.
    "Elasticsearch": _Scheme(_TWO, 1, complete=True, closed=True),
}


@dataclass(frozen=True, slots=True)
class Line:
    """The versions of one engine: those `offered`, and those `withdrawn`."""

    engine: str
    offered: Sequence[str]
    withdrawn: Sequence[str] = ()

    def refused(self, version: str) -> bool:
        """Whether nothing new can have `version`: it was withdrawn, or a gap in a line that never was filled.

        A prefix of a version on offer stands for that, as AWS completes it. What is newer than all of its line, or of
        a line that nobody knows, is not judged.
        """
        if version in self.offered or any(_completes(one, version) for one in self.offered):
            return False
        if version in self.withdrawn:
            return True
        return bool(self._form.fullmatch(version)) and self._is_a_gap(_number(version))

    def _is_a_gap(self, number: tuple[int, ...]) -> bool:
        scheme, line = _SCHEMES[self.engine], self._line(number)
        # Of a line that has gone as a whole no newer patch will come.
        listed = self.offered if scheme.complete else (*self.offered, *self.withdrawn)
        known = [_number(one) for one in listed if self._form.fullmatch(one)]
        own = [one for one in known if self._line(one) == line and len(one) == len(number)]
        if scheme.closed or (scheme.bare and len(number) > len(line) and line in known):
            return True
        if scheme.complete:
            return number < max(own) if own else line < max(map(self._line, known))
        return bool(own) and min(own) < number < max(own)

    def nearest(self, version: str) -> str:
        """What is on offer next, in words: of the same line, else the newest of all; "" where there is nothing."""
        number = _number(version)
        plain = sorted((one for one in self.offered if self._form.fullmatch(one)), key=_number)
        same = [one for one in plain if self._line(_number(one)) == self._line(number)]
        newer = [one for one in same if _number(one) > number] or same
        if not newer:
            return "".join(plain[-1:])
        return f"{newer[0]} and newer" if len(newer) > 1 else newer[0]

    def _line(self, number: tuple[int, ...]) -> tuple[int, ...]:
        return number[: _SCHEMES[self.engine].line]

    @property
    def _form(self) -> re.Pattern[str]:
        return re.compile(_SCHEMES[self.engine].form)


def not_offered(
    resource: Resource, name: str, engine: str, version: str, known: Table, what: str, *, advisory: bool = False
) -> Iterator[Finding]:
    """The finding where nothing new can have the `version` of an `engine`, which the property `name` gives.

    `what` says who offers what not: "RDS does not offer this version of mysql for a new database".
    """
    if engine not in known.values or not version:
        return
    line = Line(engine, **known.values[engine])
    if line.refused(version):
        message = f"{what} ({known.as_of}); on offer: {line.nearest(version)}"
        yield finding(resource, name, message, advisory=advisory)


def _completes(offered: str, prefix: str) -> bool:
    return offered.startswith((f"{prefix}.", f"{prefix}-"))


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]{1,9}", version))
