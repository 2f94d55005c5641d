"""Finds resources of the stack that shut out a service which another resource of the stack brings to them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from aws_preflight.policies.access.grants import lets_in
from aws_preflight.policies.type_aliases import with_aliases
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.dependency import title
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN, Value

PAGE: Final = "docs/access.md"
# What may do anything, or makes resources that the stack does not show.
_UNSEEN: Final = re.compile(
    r"command:.*|pulumi-(nodejs|python):dynamic.*|aws:cloudformation/.*|aws:lambda/invocation:.*|awscc:.*"
    r"|aws-native:.*(Policy|Permission|Stack)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of resource that services come to, and what lets them in.

    `policy` is the property with its own policy document, "" where it has none; `default` what AWS has in its place, in
    words. `grants` are, by type of the resources that let somebody in, the properties that name this one and that hold
    the policy document or the principal.
    """

    types: tuple[str, ...]
    policy: str
    default: str
    grants: Mapping[str, tuple[str, str]]
    output: str = "arn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One way in which a service comes to a resource: `users` name it in one of the properties `via`.

    `services` are the principals without `.amazonaws.com`, `shown` is what messages call the service, `does` what it
    wants to do. `accounts`: it may also come as an account of AWS. `when` says whether a user brings the service along.
    """

    id: str
    title: str
    users: tuple[str, ...]
    via: tuple[str, ...]
    to: Kind
    services: tuple[str, ...]
    shown: str
    does: str
    answer: Answer
    sources: tuple[str, ...]
    wrong: Code
    right: Code
    fix: str
    when: Callable[[Resource], bool] = lambda _user: True
    accounts: bool = False
    level: str = "mandatory"

    @property
    def pattern(self) -> re.Pattern[str]:
        """The principals of the service: alone, or with a region, or in China."""
        names = "|".join(map(re.escape, self.services))
        return re.compile(rf"({names})\.([a-z0-9-]+\.)?amazonaws\.com(\.cn)?")


def policy_of(entry: Entry) -> Policy:
    """The policy that finds what `entry` says."""

    def check(stack: Stack) -> Iterator[Finding]:
        return _shut_out(stack, entry)

    types = tuple(with_aliases(*entry.users))
    return Policy(
        id=entry.id,
        types=types,
        title=entry.title,
        refuses=f"{entry.title}. Both are made in this stack, and nothing else in it could let the service in.",
        why_not_preview="Each of the two resources is valid; only AWS looks at one when it makes the other.",
        answer=entry.answer,
        wrong=entry.wrong,
        right=entry.right,
        fix=Fix(words=entry.fix),
        sources=entry.sources,
        level="advisory" if entry.level == "advisory" else "mandatory",
        creation=(entry.to.output,),
        existing="silent",
        scope="stack",
        check=check,
        doc=f"{entry.title}.",
        section_of=PAGE,
    )


def _shut_out(stack: Stack, entry: Entry) -> Iterator[Finding]:
    users: dict[str, list[Resource]] = {}
    for user in stack.of_type(*with_aliases(*entry.users)):
        for target in _targets(stack, user, entry) if entry.when(user) else ():
            users.setdefault(target.urn, []).append(user)
    if not users or any(_UNSEEN.fullmatch(one.type) for one in stack.resources):
        return
    grants = [_Grants(stack, type_, *names) for type_, names in entry.to.grants.items()]
    for urn, by in users.items():
        target = stack.by_urn[urn]
        if _is_shut_out(grants, target, entry):
            yield _finding(target, by[0], entry)


def _targets(stack: Stack, user: Resource, entry: Entry) -> Iterator[Resource]:
    """The resources that the user names, each in a property that was made from nothing else."""
    for name in entry.via:
        sources = stack.sources_of(user, name)
        if len(sources) == 1 and sources[0].type in with_aliases(*entry.to.types):
            yield sources[0]


def _is_shut_out(grants: Iterable[_Grants], target: Resource, entry: Entry) -> bool:
    kind = entry.to
    answers = [_answer(one, each.holds, entry) for each in grants for one in each.to(target)]
    if kind.policy and target.was_given(kind.policy):
        answers.append(_answer(target, kind.policy, entry))
    return all(answer is False for answer in answers)


class _Grants:
    """The resources of a type that let somebody in, by what they may mean; looked at once for all targets."""

    def __init__(self, stack: Stack, type_: str, names: str, holds: str) -> None:
        """`names` is their property that names a target, `holds` the one that tells who may come in."""
        self.holds = holds
        self._of_source: dict[str, list[Resource]] = defaultdict(list)
        self._of_types: dict[frozenset[str], list[Resource]] = defaultdict(list)
        self._of_any: list[Resource] = []
        self._written_out: list[tuple[str, Resource]] = []
        for one in stack.of_type(*with_aliases(type_)):
            value = one.get(names)
            if sources := stack.sources_of(one, names):
                self._of_types[frozenset(source.type for source in sources)].append(one)
                for source in sources:
                    self._of_source[source.urn].append(one)
            elif isinstance(value, str) and not one.property_dependencies.get(names):
                self._written_out.append((value, one))
            elif value is not None:
                # Made from something that is not listed, or no name at all.
                self._of_any.append(one)

    def to(self, target: Resource) -> Iterator[Resource]:
        """Those that let somebody in to `target`, or may do so."""
        yield from self._of_any
        yield from self._of_source.get(target.urn, ())
        for types, some in self._of_types.items():
            # What was made from another kind of resource, such as an alias of the function, may lead to the target.
            if types != {target.type}:
                yield from some
        # A name that is written out, alone or in an ARN. A name that AWS makes up nobody can write out.
        own = [value for value in target.properties.values() if isinstance(value, str) and value]
        yield from (one for value, one in self._written_out if any(name in value for name in own))


def _answer(one: Resource, holds: str, entry: Entry) -> bool | None:
    """Whether `one` lets the service in: its property `holds` is a policy document, or names the principal itself."""
    value: Value = one.get(holds) if holds else UNKNOWN
    if value is UNKNOWN:
        return None
    if holds == "principal":
        return (value == "*" or bool(entry.pattern.fullmatch(value))) if isinstance(value, str) else None
    return lets_in(value, entry.pattern, accounts=entry.accounts)


def _finding(target: Resource, user: Resource, entry: Entry) -> Finding:
    kind = entry.to
    own = (
        f"its policy has no statement for {entry.shown}"
        if kind.policy and target.was_given(kind.policy)
        else kind.default
    )
    message = f"{title(user)} of this stack has {entry.shown} {entry.does}, and nothing here allows that: {own}"
    return Finding(resource=target, at=(kind.policy,) if kind.policy else (), message=message)


def grants_of(*pairs: tuple[str, str, str]) -> Mapping[str, tuple[str, str]]:
    """What lets somebody in, by type: the property that names the resource, and the one that tells whom."""
    return {type_: (names, holds) for type_, names, holds in pairs}
