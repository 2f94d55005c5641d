"""Findings that somebody answers for: who, why, and until when.

An exemption names a policy and a resource, and needs a reason, an owner and a date on which it ends. It stands in the
configuration of the pack (the organization's) or in the settings of a stack (reviewed with the program). An exempted
finding is still reported, as an advisory that says who answers for it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.values import UNKNOWN, Value, format_path, items_of, kind_of, quote, suggestion

FIELDS: Final = ("policy", "resource", "reason", "owner", "expires")

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """One exemption. `key` says where it stands, for messages; `own` whether the stack's settings bring it."""

    key: str
    own: bool
    policy: str
    resource: str
    reason: str
    owner: str
    expires: date

    def covers(self, policy: str, finding: Finding) -> bool:
        """Whether the exemption is about this finding, be it still valid or not.

        `resource` is a URN, or a pattern over `type::name` in which `*` stands for any text and `?` for a character.
        """
        resource = finding.resource
        return self.policy == policy and (
            self.resource == resource.urn or matches(self.resource, f"{resource.type}::{resource.name}")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the organization allows.

    Whether stacks bring exemptions at all, the policies without any exemption, how many days from today an exemption
    lasts at most (`None` for any number), and whether one may be for all resources.
    """

    stack_exemptions: bool = True
    not_exemptible: frozenset[str] = frozenset()
    longest_term_days: int | None = None
    all_resources: bool = True

    def problems(self, item: Mapping[str, str], today: date) -> Iterator[tuple[str, str]]:
        """What the organization does not allow about an exemption that is right in itself: fields and messages."""
        if item["policy"] in self.not_exemptible:
            yield "policy", f"the organization allows no exemption from {item['policy']}"
        if not self.all_resources and _is_for_all(item["resource"]):
            yield "resource", f"the organization allows no exemption of all resources, which {item['resource']} means"
        days = (date.fromisoformat(item["expires"]) - today).days
        if self.longest_term_days is not None and days > self.longest_term_days:
            longest = in_days(self.longest_term_days)
            yield "expires", f"the organization allows exemptions for {longest}, and this one is for {in_days(days)}"


@dataclass
class Exemptions:
    """All exemptions of a run, and which of them were needed.

    `problems` are exemptions that cannot be used, each with its key, in words for people.
    """

    rules: Rules = field(default_factory=Rules)
    today: date = date.min
    exemptions: list[Exemption] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    _by_name: dict[tuple[str, str], list[Exemption]] = field(default_factory=dict)
    _patterns: dict[str, list[Exemption]] = field(default_factory=dict)

    def add(self, value: Value, key: str, policies: Iterable[str], *, own: bool) -> None:
        """Takes the list of exemptions that stands at `key`; what is wrong with it goes to `problems`."""
        if value is None:
            return
        if value is UNKNOWN:
            self.problems.append(f"{key}: this cannot be read: lists or objects in it are nested too deeply")
            return
        if not isinstance(value, list):
            self.problems.append(f"{key}: {kind_of(value)} stands where a list of exemptions belongs")
            return
        if own and not self.rules.stack_exemptions:
            self.problems.append(f"{key}: the organization allows no exemptions in the settings of a stack")
            return
        known = frozenset(policies)
        for i, item in items_of(value):
            self._add_one(item, f"{key}[{i}]", known, own=own)

    def _add_one(self, item: Value, key: str, known: frozenset[str], *, own: bool) -> None:
        problems = problems_of(item, known) or list(self.rules.problems(item, self.today))
        if problems:
            self.problems += [f"{key}{_below(at)}: {message}" for at, message in problems]
            return
        strings = {name: item[name] for name in FIELDS if name != "expires"}
        exemption = Exemption(key=key, own=own, expires=date.fromisoformat(item["expires"]), **strings)
        self.exemptions.append(exemption)
        if set(exemption.resource).isdisjoint("*?"):
            self._by_name.setdefault((exemption.policy, exemption.resource), []).append(exemption)
        else:
            self._patterns.setdefault(exemption.policy, []).append(exemption)

    def find(self, policy: str, finding: Finding) -> Exemption | None:
        """The exemption that covers the finding, the one that is valid longest; it counts as needed from now on."""
        resource = finding.resource
        # Nearly all exemptions name one resource: only patterns are tried one by one.
        candidates = [
            *self._by_name.get((policy, resource.urn), ()),
            *self._by_name.get((policy, f"{resource.type}::{resource.name}"), ()),
            *self._patterns.get(policy, ()),
        ]
        covering = [exemption for exemption in candidates if exemption.covers(policy, finding)]
        best = max(covering, key=lambda exemption: exemption.expires, default=None)
        self.used.update(exemption.key for exemption in covering)
        return best

    def unused(self) -> list[Exemption]:
        """The exemptions of the stack that no finding needed so far.

        Those of the organization are for many stacks, and most of them need any one not.
        """
        return [one for one in self.exemptions if one.own and one.key not in self.used]


def problems_of(item: Value, policies: Collection[str]) -> list[tuple[str, str]]:
    """All that is wrong with one exemption: fields, "" for the whole of it, and messages for people."""
    if not isinstance(item, dict):
        return [("", f"{kind_of(item)} stands where an object with {', '.join(FIELDS)} belongs")]
    problems = [
        (name, f"there is no such field; the fields are {', '.join(FIELDS)}")
        for name in sorted(item.keys() - set(FIELDS))
    ]
    for name in FIELDS:
        value = item.get(name)
        if not isinstance(value, str) or not value.strip():
            found = "an empty string" if isinstance(value, str) else kind_of(value)
            problems.append((name, f"this has to be a string that is not empty, and it is {found}"))
        elif name == "policy" and value not in policies:
            problems.append((name, f"there is no policy {quote(value)}{suggestion(value, policies)}"))
        elif name == "expires" and not is_date(value):
            problems.append((name, f"{quote(value)} is not a date, such as 2027-01-31"))
    return problems


def _below(field_: str) -> str:
    written = format_path((field_,)) if field_ else ""
    return f".{written}" if written and not written.startswith("[") else written


def _is_for_all(pattern: str) -> bool:
    """Whether `pattern` leaves out no resource of AWS."""
    rest = pattern.removeprefix("aws").removeprefix("-native")
    return "*" in rest and set(rest) <= set("*?:")


def is_date(text: str) -> bool:
    """Whether `text` is a day of the calendar, written as 2027-01-31 and in no other way of ISO 8601."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def in_days(number: int) -> str:
    """`1 day`, `2 days`."""
    return f"{number} day{'' if number == 1 else 's'}"


def matches(pattern: str, text: str) -> bool:
    """Whether `pattern`, in which `*` stands for any text and `?` for any character, is all of `text`.

    Nothing else has a meaning. Each piece between stars is looked for once, so that no pattern takes long.
    """
    first, *pieces = pattern.split("*")
    if not pieces:
        return len(first) == len(text) and _stands_at(first, text, 0)
    last = pieces.pop()
    at, end = len(first), len(text) - len(last)
    if at > end or not _stands_at(first, text, 0) or not _stands_at(last, text, end):
        return False
    for piece in pieces:
        found = _find(piece, text, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _find(piece: str, text: str, at: int, end: int) -> int:
    """The first place of `piece` in that part of `text`; -1 where there is none."""
    if "?" not in piece:
        return text.find(piece, at, end)
    return next((i for i in range(at, end - len(piece) + 1) if _stands_at(piece, text, i)), -1)


def _stands_at(piece: str, text: str, at: int) -> bool:
    if "?" not in piece:
        return text.startswith(piece, at)
    return all(wanted in ("?", there) for wanted, there in zip(piece, text[at : at + len(piece)], strict=True))
