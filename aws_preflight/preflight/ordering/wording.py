"""What is said about a broken rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from aws_preflight.preflight.finding import NOT_RECORDED, Answer, Finding
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.chains import FOLLOW, Property
from aws_preflight.preflight.ordering.dependency import depends_on, kind, title
from aws_preflight.preflight.ordering.ordering_rule import OrderingRule
from aws_preflight.preflight.ordering.timing import Timing
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Path

if TYPE_CHECKING:
    from aws_preflight.preflight.ordering.broken import Missing

# A word of AWS's answer that may tell which of several resources is meant: a call or a service, in capitals.
_WORD: Final = re.compile(r"\b[A-Z][A-Za-z]*[A-Z][A-Za-z]*\b")
# So many missing resources are sorted by such words.
_MOST_SORTED: Final = 50
# How many of the missing resources the fix names.
_LISTED: Final = 5

_TIMINGS: Final[Mapping[Timing, str]] = {
    "won": "It is there long before, as this resource waits for something that takes long",
    "tie": "Neither waits for anything else, so both are created at the same time",
    "slow": "It takes long to create, so this resource is mostly created before it is there",
    "later": "It waits for something that this resource does not wait for, so this resource comes first",
    "open": "Each waits for something that the other does not wait for: who comes first cannot be told",
    "head start": "It has a head start, as this resource waits for more: the race is won on most days",
}


def findings(stack: Stack, broken: Iterable[Missing]) -> Iterator[Finding]:
    """What is said of the `broken` rules of a stack."""
    places: dict[tuple[str, str], Mapping[str, Path]] = {}
    for one in broken:
        key = (one.rule.id, one.consumer.urn)
        if key not in places:
            places[key] = _places(stack, one.rule, one.consumer)
        yield _finding(one, places[key])


def _finding(one: Missing, places: Mapping[str, Path]) -> Finding:
    at = _place(one, places)
    if one.late is None:
        hub = f" of {title(one.hub)}" if one.hub else ""
        message = f"no {one.rule.kinds}{hub} is in this stack, and AWS wants one first"
        answer = answer_of(one.rule)
        return Finding(resource=one.consumer, at=at, message=message, answer=answer, level="advisory")
    wanted = _likeliest_first(one.rule, one.late.missing)
    more = f" (and {len(wanted) - 1} more)" if len(wanted) > 1 else ""
    message = (
        f"this {kind(one.consumer)} needs {title(wanted[0])}{more} to be there first, and does not wait for it"
        f"{_shared(one)}. {'. '.join(_reasons(one.rule, one.late.timing))}"
    )
    return Finding(
        resource=one.consumer,
        at=at,
        message=message,
        answer=answer_of(one.rule),
        fix=depends_on(one.consumer, wanted[:_LISTED]),
        level=one.level if one.rule.answer else "advisory",
        missing=wanted[0].urn,
    )


def _likeliest_first(rule: OrderingRule, missing: Sequence[Resource]) -> Sequence[Resource]:
    """Where several are missing, the one first that AWS's answer speaks of."""
    words = {word.lower() for word in _WORD.findall(rule.answer)}
    if not 1 < len(missing) <= _MOST_SORTED or not words:
        return missing
    return sorted(missing, key=lambda one: -sum(word in text for text in [_text(one)] for word in words))


def _text(resource: Resource) -> str:
    """What a resource says of itself in its name and its known inputs, in lower case."""
    return " ".join([resource.name, *(v for v in resource.properties.values() if isinstance(v, str))]).lower()


def _shared(one: Missing) -> str:
    return "" if one.hub is None else f"; both belong to {title(one.hub)}"


def _reasons(rule: OrderingRule, timing: Timing) -> Iterator[str]:
    yield _TIMINGS[timing]
    if rule.retries == "no":
        yield "The provider does not repeat the refused call"
    elif rule.retries:
        yield f"The provider repeats the refused call for {rule.retries}, which hides the mistake on most days"
    if rule.effect:
        yield f"What is seen: {rule.effect}"


def answer_of(rule: OrderingRule) -> Answer:
    """AWS's answer, as far as the rule has one."""
    source = rule.sources[0]
    if not rule.answer:
        return replace(NOT_RECORDED, source=source)
    basis: Literal["recorded", "documented"] = "documented" if rule.documented else "recorded"
    return Answer(text=rule.answer, operation="", source=source, basis=basis)


def _places(stack: Stack, rule: OrderingRule, consumer: Resource) -> Mapping[str, Path]:
    """By URN of a hub, the input of the consumer that leads to it: the first of the rule that does."""
    return {end.urn: chain.steps[0].place for chain in reversed(rule.via) for end in chain.end(stack, consumer)}


def _place(one: Missing, places: Mapping[str, Path]) -> Path:
    """The input of the consumer that leads to what is needed; `dependsOn` where none does."""
    if one.hub is not None and one.hub.urn in places:
        return places[one.hub.urn]
    for needed in one.rule.needed:
        mentioned = [place.place for place, _ in needed.mentions]
        agreeing = [Property.of(other.split(FOLLOW)[0]).place for _, other in needed.same if "{" not in other]
        if mentioned or agreeing:
            return (mentioned + agreeing)[0]
    return ("dependsOn",)
