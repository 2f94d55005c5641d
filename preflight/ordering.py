"""Who is created first where nothing says so: the race between a resource and what it needs.

Pulumi creates a resource as soon as all that it waits for is there. Where X needs S and does not wait for it, what the
two wait for decides who starts first:

- both wait for the same: they start together, and AWS mostly gets X before S is done;
- S waits for something that X does not wait for, or is slow itself: X comes too early;
- X waits for something that S does not wait for: S has a head start and mostly wins;
- each waits for something that the other does not wait for: nobody can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from keyword import iskeyword
from typing import Final, Literal

from preflight.finding import Code
from preflight.graph import Stack, Waiting
from preflight.resource import Resource
from preflight.values import quote

Timing = Literal["head start", "open", "tie", "slow", "later"]
"""When S starts, seen from X. A head start mostly ends well, and an open race may; the others do not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`consumer` needs one of `needed`, or `each` of them. `slow` are the types that take long to create."""

    consumer: Resource
    needed: tuple[Resource, ...]
    each: bool = False
    slow: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A need that is not met.

    `missing` are the resources that the consumer could wait for and does not, in the order of their URNs; `behind` are
    those that wait for the consumer themselves, so that they can never come first. `timing` is that of what is missing.
    """

    need: Need
    missing: tuple[Resource, ...]
    behind: tuple[Resource, ...]
    timing: Timing = "tie"

    @property
    def partly(self) -> bool:
        """Whether the consumer waits for some of what it needs each of."""
        return len(self.missing) + len(self.behind) < len(self.need.needed)

    @property
    def lost(self) -> bool:
        """Whether the consumer comes first on every day: AWS meets it without what it needs."""
        return self.timing == "slow" or (self.timing in ("tie", "later") and not self.partly)


def late(stack: Stack, needs: Sequence[Need]) -> list[Late | None]:
    """For each of `needs` what is missing, `None` where it is met. Takes a fixed number of passes over the graph."""
    waiting = stack.waiting_for(_unique(one for need in needs for one in need.needed))
    unmet = {i: open_ for i, need in enumerate(needs) if (open_ := _unmet(need, waiting))}
    back = stack.waiting_for(_unique(needs[i].consumer for i in unmet))
    found: list[Late | None] = [None] * len(needs)
    for i, open_ in unmet.items():
        consumer = needs[i].consumer
        behind = {one.urn: one for one in open_ if back.on_any(one.urn, [consumer.urn])}
        missing = tuple(one for one in open_ if one.urn not in behind)
        found[i] = Late(need=needs[i], missing=missing, behind=tuple(behind.values()))
    return _timed(stack, found)


def _unmet(need: Need, waiting: Waiting) -> list[Resource]:
    open_ = [one for one in need.needed if not waiting.on_any(need.consumer.urn, [one.urn])]
    return sorted(open_, key=lambda one: one.urn) if need.each or len(open_) == len(need.needed) else []


def _timed(stack: Stack, found: list[Late | None]) -> list[Late | None]:
    racing = [one for one in found if one is not None and one.missing]
    direct = {one.urn: stack.directly_behind(one) for race in racing for one in (race.need.consumer, *race.missing)}
    waiting = stack.waiting_for(_unique(one for behind in direct.values() for one in behind))

    def waits_for_more(one: Resource, other: Resource) -> bool:
        return any(not waiting.on_any(other.urn, [it.urn]) for it in direct[one.urn] if it.urn != other.urn)

    def timing(race: Late, needed: Resource) -> Timing:
        if needed.type in race.need.slow:
            return "slow"
        late_, early = waits_for_more(needed, race.need.consumer), waits_for_more(race.need.consumer, needed)
        if late_ and early:
            return "open"
        return "later" if late_ else "head start" if early else "tie"

    def timed(race: Late) -> Late:
        timings: list[Timing] = sorted((timing(race, one) for one in race.missing), key=_FROM_GOOD_TO_BAD.index)
        # Where one is enough, the first to be there decides; where each is needed, the last.
        return replace(race, timing=timings[-1 if race.need.each else 0])

    return [timed(one) if one is not None and one.missing else one for one in found]


_FROM_GOOD_TO_BAD: Final[tuple[Timing, ...]] = ("head start", "open", "tie", "slow", "later")


def depends_on(consumer: Resource, missing: Sequence[Resource]) -> Code:
    """The line that makes `consumer` wait for `missing`, in both languages."""
    names = _variables(missing)
    camel = [name[0].lower() + name[1:] for name in names]
    snake = [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower() for name in names]
    module, _, class_ = _class_of(consumer.type).rpartition(".")
    # `lambda` is a word of Python: there the module is called `lambda_`.
    python_module = ".".join(f"{part}_" if iskeyword(part) else part for part in module.split("."))

    def legend(variables: list[str]) -> str:
        return "; ".join(f"{variable}: {title(one)}" for variable, one in zip(variables, missing, strict=True))

    return Code(
        typescript=f"new {module}.{class_}(name, args, {{ dependsOn: [{', '.join(camel)}] }}); // {legend(camel)}",
        python=(
            f"{python_module}.{class_}(name, ..., opts=pulumi.ResourceOptions(depends_on=[{', '.join(snake)}]))"
            f"  # {legend(snake)}"
        ),
    )


def title(resource: Resource) -> str:
    """`the Role "lambda"`."""
    return f"the {kind(resource)} {quote(resource.name, 80)}"


def kind(resource: Resource) -> str:
    """`Role` for `aws:iam/role:Role`."""
    return resource.type.rpartition(":")[2]


def _variables(resources: Sequence[Resource]) -> list[str]:
    kinds = [kind(one) or "resource" for one in resources]
    return [f"{one}{i + 1}" if kinds.count(one) > 1 else one for i, one in enumerate(kinds)]


def _class_of(type_: str) -> str:
    """`aws.iam.Role` for `aws:iam/role:Role`, the same in both languages."""
    package, _, rest = type_.partition(":")
    module, _, class_ = rest.rpartition(":")
    return ".".join(part for part in (package, module.partition("/")[0], class_) if part)


def _unique(resources: Iterable[Resource]) -> list[Resource]:
    return list({one.urn: one for one in resources}.values())
