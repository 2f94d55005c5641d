"""Which versions of a database engine a new database may have, as a table knows them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# How many numbers name a line, in which patches appear: 15 of 15.4, 8.0 of 8.0.35, 8.0 and 3.04 of Aurora MySQL 3.04.0.
_LINES: Final = {"postgres": 1, "aurora-postgresql": 1, "mysql": 2, "aurora-mysql": 4}
# A version of an engine in full, without what AWS builds for some customers only: 16.8-limitless, 5.7.44-rds.20250213.
_FORMS: Final = {
    "postgres": re.compile(r"[0-9]{1,3}\.[0-9]{1,3}(\.[0-9]{1,3})?"),
    "aurora-postgresql": re.compile(r"[0-9]{1,3}\.[0-9]{1,3}(\.[0-9]{1,3})?"),
    "mysql": re.compile(r"[0-9]\.[0-9]{1,2}\.[0-9]{1,3}"),
    "aurora-mysql": re.compile(r"[0-9]\.[0-9]{1,2}\.mysql_aurora\.[0-9]{1,2}\.[0-9]{1,3}\.[0-9]{1,3}"),
}
_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Line:
    """The versions of one engine: those `offered`, and those `withdrawn`."""

    engine: str
    offered: Sequence[str]
    withdrawn: Sequence[str]

    def refused(self, version: str) -> bool:
        """Whether no new database can have `version`: it was withdrawn, or a gap in a line that never was filled.

        A prefix of a version on offer stands for that, as AWS completes it. What is newer than all of its line, or of
        a line that nobody knows, is not judged.
        """
        if version in self.offered or any(_completes(one, version) for one in self.offered):
            return False
        if version in self.withdrawn:
            return True
        return self._is_a_gap(version)

    def _is_a_gap(self, version: str) -> bool:
        form = _FORMS[self.engine]
        if not form.fullmatch(version):
            return False
        number, line = _number(version), _number(version)[: _LINES[self.engine]]
        known = [_number(one) for one in (*self.offered, *self.withdrawn) if form.fullmatch(one)]
        own = [one for one in known if one[: len(line)] == line and len(one) == len(number)]
        return bool(own) and min(own) < number < max(own)

    def nearest(self, version: str) -> str:
        """The next versions on offer, in words: of the same line, else the newest of all; "" where there are none."""
        number = _number(version)
        line = number[: _LINES[self.engine]]
        plain = sorted((one for one in self.offered if _FORMS[self.engine].fullmatch(one)), key=_number)
        same = [one for one in plain if _number(one)[: len(line)] == line]
        newer = [one for one in same if _number(one) > number] or same
        return ", ".join(newer[-_SHOWN:] if newer else plain[-1:])


def _completes(offered: str, prefix: str) -> bool:
    return offered.startswith((f"{prefix}.", f"{prefix}-"))


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]{1,9}", version))
