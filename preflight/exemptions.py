"""Findings that somebody answers for: who, why, and until when.

An exemption names a policy and a resource, and needs a reason, an owner and a date on which it ends. It stands in the
configuration of the pack (the organization's) or in the settings of a stack (reviewed with the program). An exempted
finding is still reported, as an advisory that says who answers for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from typing import Final

from preflight.finding import Finding
from preflight.values import Value, format_path, items_of, kind_of, quote

FIELDS: Final = ("policy", "resource", "reason", "owner", "expires")


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
        named = self.resource == resource.urn or fnmatchcase(f"{resource.type}::{resource.name}", self.resource)
        return self.policy == policy and named


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the organization allows: exemptions by stacks at all, and policies without any exemption."""

    stack_exemptions: bool = True
    not_exemptible: frozenset[str] = frozenset()


@dataclass
class Register:
    """All exemptions of a run, and which of them were needed.

    `problems` are exemptions that cannot be used, each with its key, in words for people.
    """

    rules: Rules = field(default_factory=Rules)
    exemptions: list[Exemption] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def add(self, value: Value, key: str, policies: Iterable[str], *, own: bool) -> None:
        """Takes the list of exemptions that stands at `key`; what is wrong with it goes to `problems`."""
        if value is None:
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
        problem = problem_of(item, known)
        if problem:
            field_, message = problem
            self.problems.append(f"{key}{'.' if field_ else ''}{field_}: {message}")
            return
        if item["policy"] in self.rules.not_exemptible:
            self.problems.append(f"{key}.policy: the organization allows no exemption from {item['policy']}")
            return
        texts = {name: item[name] for name in FIELDS if name != "expires"}
        self.exemptions.append(Exemption(key=key, own=own, expires=date.fromisoformat(item["expires"]), **texts))

    def find(self, policy: str, finding: Finding) -> Exemption | None:
        """The exemption that covers the finding, the one that is valid longest; it counts as needed from now on."""
        covering = [exemption for exemption in self.exemptions if exemption.covers(policy, finding)]
        best = max(covering, key=lambda exemption: exemption.expires, default=None)
        self.used.update(exemption.key for exemption in covering)
        return best

    def unused(self) -> list[Exemption]:
        """The exemptions that no finding needed so far."""
        return [exemption for exemption in self.exemptions if exemption.key not in self.used]


def problem_of(item: Value, policies: frozenset[str]) -> tuple[str, str] | None:
    """What is wrong with one exemption: the field, "" for the whole of it, and a message for people."""
    if not isinstance(item, dict):
        return "", f"{kind_of(item)} stands where an object with {', '.join(FIELDS)} belongs"
    for name in FIELDS:
        if not isinstance(item.get(name), str) or not item[name].strip():
            return name, f"this has to be a text that is not empty, and it is {kind_of(item.get(name))}"
    unknown = sorted(item.keys() - set(FIELDS))
    if unknown:
        return format_path((unknown[0],)), f"there is no such field; the fields are {', '.join(FIELDS)}"
    if item["policy"] not in policies:
        return "policy", f"there is no policy {quote(item['policy'])}"
    try:
        date.fromisoformat(item["expires"])
    except ValueError:
        return "expires", f"{quote(item['expires'])} is no date like 2027-01-31"
    return None
