"""Who is created first where nothing says so: the race between a resource and what it needs.

Pulumi creates a resource as soon as all that it waits for is there. Where X needs S and does not wait for it, what the
two wait for decides who starts first:

- both wait for the same: they start together, and AWS mostly gets X before S is done;
- S waits for something that X does not wait for, or is slow itself: X comes too early;
- X waits for something that S does not wait for: S has a head start and mostly wins, and surely where it is long;
- each waits for something that the other does not wait for: nobody can tell, unless one of the two waits for something
  long, which is a fact about what is created: `takes_long` tells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NamedTuple, TypeAlias

from aws_preflight.preflight.graph import Some, Stack, Waiting
from aws_preflight.preflight.resource import Resource

Timing = Literal["won", "head start", "open", "tie", "slow", "later"]
"""When S starts, seen from X. What is won ends well, a head start mostly, an open race may; the others do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`consumer` needs one of `needed`, or `each` of them. `slow` are the types that take long to create.

    Of those that are `doubtful` nobody can tell whether they serve: none of them is missing, and who waits for one of
    them and needs one only may have it. Many consumers need the same: they should share one sequence, which is then
    looked at once. A consumer never needs itself.
    """

    consumer: Resource
    needed: Sequence[Resource]
    doubtful: Sequence[Resource] = ()
    each: bool = False
    slow: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A need that is not met.

    `missing` are the resources that the consumer could wait for and does not, in the order of their URNs; `behind` are
    those that wait for the consumer themselves, so that they can never come first. `partly`: the consumer waits for
    some of what it needs each of. `timing` is that of what is missing.
    """

    need: Need
    missing: Some
    behind: Some
    partly: bool
    timing: Timing = "tie"

    @property
    def lost(self) -> bool:
        """Whether the consumer comes first on every day: AWS meets it without what it needs."""
        return self.timing == "slow" or (self.timing in ("tie", "later") and not self.partly)


TakesLong: TypeAlias = Callable[[Resource], bool]
"""Whether a resource surely takes ten seconds or more to create."""


def late(stack: Stack, needs: Sequence[Need], takes_long: TakesLong) -> list[Late | None]:
    """For each of `needs` what is missing, `None` where it is met. Takes a fixed number of passes over the graph."""
    waiting = stack.waiting_for(one for needed in _shared(needs).values() for one in needed)
    shared = _shared(needs) | {id(need.doubtful): need.doubtful for need in needs}
    masks = {id_: waiting.mask_of(some) for id_, some in shared.items()}
    found: list[Late | None] = []
    for need in needs:
        wanted = masks[id(need.needed)] & ~waiting.mask_of([need.consumer])
        open_ = wanted & ~waiting.mask(need.consumer.urn)
        if not open_ or (not need.each and open_ != wanted):
            found.append(None)
            continue
        behind = open_ & waiting.behind(need.consumer.urn)
        missing = Some(waiting.targets, open_ & ~behind & ~masks[id(need.doubtful)])
        found.append(Late(need=need, missing=missing, behind=Some(waiting.targets, behind), partly=open_ != wanted))
    return _timed(stack, found, waiting, takes_long)


def _shared(needs: Iterable[Need]) -> dict[int, Sequence[Resource]]:
    """What is needed, once where several share it."""
    return {id(need.needed): need.needed for need in needs}


def _timed(stack: Stack, found: list[Late | None], numbers: Waiting, takes_long: TakesLong) -> list[Late | None]:
    racing = [one for one in found if one is not None and one.missing]
    needed = _shared(race.need for race in racing).values()
    racers = {one.urn: one for group in (*needed, [race.need.consumer for race in racing]) for one in group}
    # Who waits for all that is directly behind another resource waits for everything behind it.
    waiting = stack.waiting_for(stack.directly_behind(racers.values()))
    long = stack.waiting_for(one for one in stack.resources if takes_long(one)) if racers else waiting
    groups: dict[tuple[int, frozenset[str]], _Group] = {}

    def timed(race: Late) -> Late:
        key = (id(race.need.needed), race.need.slow)
        if key not in groups:
            groups[key] = _Group(race.need, numbers, waiting, long, takes_long)
        consumer = race.need.consumer.urn
        timing = groups[key].timing(race.missing, waiting.mask(consumer), long.mask(consumer), each=race.need.each)
        return replace(race, timing=timing)

    return [timed(one) if one is not None and one.missing else one for one in found]


class _Group:
    """What several consumers need, with what each of it waits for: looked at once for all of these consumers.

    Sets of needed resources have the bits of `numbers`, sets of what somebody waits for those of `waiting`, and of what
    takes long those of `long`.
    """

    def __init__(self, need: Need, numbers: Waiting, waiting: Waiting, long: Waiting, takes_long: TakesLong) -> None:
        alike: dict[tuple[int, int], list[Resource]] = defaultdict(list)
        for one in need.needed:
            alike[waiting.mask(one.urn), long.mask(one.urn)].append(one)
        self._classes = [(*behind, numbers.mask_of(members)) for behind, members in alike.items()]
        self._slow = numbers.mask_of(one for one in need.needed if one.type in need.slow)
        self._long = numbers.mask_of(one for one in need.needed if takes_long(one))
        self._all = self._all_long = 0
        for behind, long_behind in alike:
            self._all |= behind
            self._all_long |= long_behind
        self._known: dict[tuple[_Behind, _Behind], tuple[_Compared, _Compared]] = {}

    def timing(self, missing: Some, behind: int, long_behind: int, *, each: bool) -> Timing:
        """When `missing` starts, seen from a consumer that waits for `behind`, and for `long_behind` that take long."""
        key = (_Behind.of(behind, self._all), _Behind.of(long_behind, self._all_long))
        if key not in self._known:
            self._known[key] = self._compared(*key)
        (late_, early), (long_late, long_early) = self._known[key]
        slow = missing.mask & self._slow
        rest = missing.mask & ~slow
        won = rest & early & ~late_ & long_early & ~self._long
        lost = rest & early & late_ & long_late & ~long_early
        found: dict[Timing, int] = {
            "won": won,
            "head start": rest & early & ~late_ & ~won,
            "open": rest & early & late_ & ~lost,
            "tie": rest & ~early & ~late_,
            "slow": slow,
            "later": rest & late_ & ~early | lost,
        }
        timings = [timing for timing in _FROM_GOOD_TO_BAD if found[timing]]
        # Where one is enough, the first to be there decides; where each is needed, the last.
        return timings[-1 if each else 0]

    def _compared(self, consumer: _Behind, long: _Behind) -> tuple[_Compared, _Compared]:
        """The needed resources beside a consumer, by all that each waits for, and by what of it takes long."""
        sides = [(consumer, [(behind, members) for behind, _, members in self._classes])]
        sides.append((long, [(behind, members) for _, behind, members in self._classes]))
        answer = []
        for (common, more), classes in sides:
            late_ = early = 0
            for behind, members in classes:
                if behind & ~common:
                    late_ |= members
                if more or common & ~behind:
                    early |= members
            answer.append(_Compared(late_, early))
        return answer[0], answer[1]


class _Behind(NamedTuple):
    """What a consumer waits for: what some of the needed resources wait for, too, and whether there is more."""

    common: int
    more: bool

    @classmethod
    def of(cls, behind: int, known: int) -> _Behind:
        return cls(behind & known, bool(behind & ~known))


class _Compared(NamedTuple):
    """Which of the needed resources wait for more than a consumer, and for which it waits for more than they do."""

    late: int
    early: int


_FROM_GOOD_TO_BAD: Final[tuple[Timing, ...]] = ("won", "head start", "open", "tie", "slow", "later")
