"""Whether Python matches a pattern in linear time: its matcher goes back and tries again, at worst for years.

It never has to where the next character alone tells which part of the expression it belongs to: then there is one way
through. An expression may leave a choice in two ways: outside of repetitions, as often as it is written; and where one
set of characters is repeated and its end cannot be seen, when the repetition has a bound, or is the last open one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

if sys.version_info >= (3, 11):
    from re import _constants as sre
    from re import _parser as sre_parse
else:
    import sre_constants as sre
    import sre_parse

MAX_WAYS: Final = 1_000
_LATIN: Final = 256
_OTHER: Final = 256
"""Stands for all characters beyond Latin-1."""
_ALL: Final = frozenset(range(_LATIN + 1))


@dataclass(frozen=True)
class _Repeat:
    most: int
    """`sre.MAXREPEAT` for an open one."""
    single: bool
    """One set of characters is repeated, and nothing longer."""

    @property
    def is_open(self) -> bool:
        return self.most == int(sre.MAXREPEAT)


@dataclass(frozen=True)
class _Part:
    """What a part of the expression can be: empty, its first places, and its last ones."""

    nullable: bool = True
    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()


@dataclass
class _Places:
    """The characters of an expression: what may stand at each place, what may follow it, what repeats it."""

    letters: list[frozenset[int]] = field(default_factory=list)
    repeats: list[tuple[_Repeat, ...]] = field(default_factory=list)
    follows: list[set[int]] = field(default_factory=list)

    def add(self, letters: frozenset[int], repeats: tuple[_Repeat, ...]) -> _Part:
        self.letters.append(letters)
        self.repeats.append(repeats)
        self.follows.append(set())
        return _Part(False, (len(self.letters) - 1,), (len(self.letters) - 1,))

    def sequence(self, parts: Iterable[_Part]) -> _Part:
        whole = _Part()
        for part in parts:
            self.join(whole.last, part.first)
            whole = _Part(
                whole.nullable and part.nullable,
                whole.first + part.first if whole.nullable else whole.first,
                whole.last + part.last if part.nullable else part.last,
            )
        return whole

    def join(self, last: Iterable[int], first: tuple[int, ...]) -> None:
        """Notes that a place of `first` may follow each of `last`."""
        for place in last:
            if self.follows[place].intersection(first):
                raise _UnsupportedError("a repetition stands in another one, and either could go on: (a+)+")
            self.follows[place].update(first)

    def overlapping(self, places: Iterable[int]) -> int:
        """The largest number of these places at which one character may stand."""
        counts: dict[int, int] = {}
        for place in set(places):
            for letter in self.letters[place]:
                counts[letter] = counts.get(letter, 0) + 1
        return max(counts.values(), default=0)


def problem(pattern: str) -> str:
    """Why the pattern may take long, in words for people; "" for one that does not.

    Raises `re.error` for what is no pattern.
    """
    places = _Places()
    try:
        parsed = sre_parse.parse(pattern)
        if parsed.state.flags & ~sre.SRE_FLAG_UNICODE:
            return "flags are not supported"
        whole = _part(parsed, places, ())
    except _UnsupportedError as error:
        return str(error)
    ways = max(1, places.overlapping(whole.first))
    endless = 0
    for place, repeats in enumerate(places.repeats):
        choices = places.overlapping(places.follows[place])
        if choices < 2:
            continue
        if not repeats:
            ways *= choices
        elif len(repeats) > 1 or not repeats[0].single:
            return "inside a repeated group it is not clear from the next character how to go on"
        elif not repeats[0].is_open:
            ways *= repeats[0].most
        elif endless or any(one.is_open for later in places.repeats[place + 1 :] for one in later):
            return "two open repetitions (* or +) could share characters: use starts with, ends with or contains"
        else:
            endless += 1
    return "" if ways <= MAX_WAYS else f"there may be {ways:,} ways to read one text: use fewer or smaller repetitions"


class _UnsupportedError(Exception):
    pass


def _part(nodes: Any, places: _Places, repeats: tuple[_Repeat, ...]) -> _Part:
    return places.sequence(_node(kind, argument, places, repeats) for kind, argument in nodes)


def _node(kind: Any, argument: Any, places: _Places, repeats: tuple[_Repeat, ...]) -> _Part:
    if kind in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
        return places.add(_letters(kind, argument), repeats)
    if kind == sre.SUBPATTERN:
        _, added, removed, nodes = argument
        if added or removed:
            raise _UnsupportedError("flags inside a pattern are not supported")
        return _part(nodes, places, repeats)
    if kind == sre.BRANCH:
        parts = [_part(nodes, places, repeats) for nodes in argument[1]]
        return _Part(
            any(part.nullable for part in parts),
            tuple(place for part in parts for place in part.first),
            tuple(place for part in parts for place in part.last),
        )
    if kind == sre.MAX_REPEAT:
        least, most, repeated = argument
        return _repeat(least, most, repeated, places, repeats)
    raise _UnsupportedError(f"{str(kind).lower()} is not supported: a pattern is always matched against the whole text")


def _repeat(least: int, most: int, nodes: Any, places: _Places, repeats: tuple[_Repeat, ...]) -> _Part:
    if most == 1:
        part = _part(nodes, places, repeats)
        return _Part(True, part.first, part.last)
    single = len(nodes) == 1 and nodes[0][0] in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN)
    exact = single and least == most
    part = _part(nodes, places, (*repeats, _Repeat(int(most), single)))
    if not exact or repeats:
        places.join(part.last, part.first)
    return _Part(part.nullable or least == 0, part.first, part.last)


def _letters(kind: Any, argument: Any) -> frozenset[int]:
    if kind == sre.ANY:
        return _ALL - {ord("\n")}
    if kind == sre.NOT_LITERAL:
        return _ALL - _range(argument, argument) if argument < _LATIN else _ALL
    if kind == sre.LITERAL:
        return _range(argument, argument)
    inverted = bool(argument) and argument[0][0] == sre.NEGATE
    members = frozenset(letter for item in argument for letter in _members(*item))
    return _ALL - members if inverted else members


def _members(kind: Any, argument: Any) -> Iterator[int]:
    if kind == sre.LITERAL:
        yield from _range(argument, argument)
    elif kind == sre.RANGE:
        yield from _range(*argument)
    elif kind == sre.CATEGORY:
        yield from _category(argument)


def _range(low: int, high: int) -> frozenset[int]:
    return frozenset(range(low, min(high, _LATIN - 1) + 1)) | (frozenset({_OTHER}) if high >= _LATIN else frozenset())


def _category(name: Any) -> frozenset[int]:
    digits = frozenset(map(ord, "0123456789"))
    words = digits | frozenset(map(ord, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"))
    spaces = frozenset(map(ord, " \t\n\r\f\v"))
    kinds = {"DIGIT": digits, "WORD": words, "SPACE": spaces}
    text = str(name).removeprefix("CATEGORY_")
    return _ALL - kinds[text.removeprefix("NOT_")] if text.startswith("NOT_") else kinds[text]
