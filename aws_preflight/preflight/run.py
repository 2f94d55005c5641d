"""One preview or update: policies evaluate resources, levels and exemptions decide what a finding means.

Nothing here knows the protocol of the engine, and no exception leaves a `Run`: it would end the preview of every stack
that the pack guards.
"""

from __future__ import annotations

import traceback
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from aws_preflight.preflight import PACK_NAME, PACK_VERSION
from aws_preflight.preflight.config import EXEMPTIONS, EXEMPTIONS_SCHEMA, STACK_KEY, problems, register, valid
from aws_preflight.preflight.exemptions import Exemption
from aws_preflight.preflight.finding import Finding, Level
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.json_documents import NOT_JSON, parse
from aws_preflight.preflight.message import FAILED, Message, message_of, one_line, render
from aws_preflight.preflight.policy import ANY_TYPE, Evaluation, Policy, Properties
from aws_preflight.preflight.resource import Resource, unknown_names
from aws_preflight.preflight.values import Value

Setting = Literal["mandatory", "advisory", "disabled"]

MAX_FINDINGS: Final = 1_000
"""Of one policy at one resource."""

MAX_REMEMBERED: Final = 4_096
"""Types of resources with their properties for which the policies to ask are kept."""

EXEMPTIONS_TITLE: Final = "An exemption or a setting of AWS preflight is wrong, or no longer needed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the engine is told of the resource `urn`, "" for the stack as a whole: a finding of `policy`, or a note.

    A note is about the run: a defect of a policy, a mistake in the configuration.
    """

    policy: str
    title: str
    level: Level
    urn: str
    finding: Message | None = None
    note: str = ""

    @property
    def message(self) -> str:
        """The text that people read."""
        return render(self.finding) if self.finding else self.note


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    """A finding with what decides about it: the level that it has in this run, and the exemption that covers it."""

    finding: Finding
    level: Level
    exists: bool
    exemption: Exemption | None


def today_utc() -> date:
    """The day by which exemptions end, the same on every machine of an organization."""
    return datetime.now(timezone.utc).date()


class _Asked(NamedTuple):
    """A policy that is asked about resources of a type, and what it needs for that."""

    policy: Policy
    evaluate: Callable[[Resource, Properties], Evaluation]
    needs: frozenset[str]
    properties: Properties
    first_look: Callable[[bytes], bool] | None


_FIRST_LOOK: Final = attrgetter("first_look")


class Run:
    """The policies at work on one stack."""

    def __init__(
        self, policies: Sequence[Policy], today: Callable[[], date] = today_utc, *, everything_is_new: bool = False
    ) -> None:
        """With `everything_is_new` each resource is evaluated as if it were about to be created."""
        self.policies = policies
        self._today = today
        self._everything_is_new = everything_is_new
        self._preview: bool | None = None
        self._runtime = ""
        self._by_id = {policy.id: policy for policy in policies}
        self._of_any_type: list[Policy] = []
        self._by_type: dict[str, list[Policy]] = {}
        for policy in policies:
            if policy.scope == "resource":
                self._add(policy)
        self._levels: Mapping[str, Setting] = {}
        self._properties: Mapping[str, Mapping[str, Value]] = {}
        self._stack_exemptions: Value = None
        self._exemptions = register(None, None, (), date.min)
        self._unevaluated: set[str] = set()
        self._asked: dict[tuple[str, frozenset[str] | None], list[_Asked]] = {}

    def _add(self, policy: Policy) -> None:
        if ANY_TYPE in policy.types:
            for applies_to in (self._of_any_type, *self._by_type.values()):
                applies_to.append(policy)
            return
        for type_ in dict.fromkeys(policy.types):
            self._by_type.setdefault(type_, list(self._of_any_type)).append(policy)

    def configure(self, levels: Mapping[str, Setting], properties: Mapping[str, Mapping[str, Value]]) -> None:
        """Takes the levels and properties by policy; the pack's own stand under `EXEMPTIONS`."""
        self._levels, self._properties = levels, properties
        self._begin()

    def configure_stack(self, settings: Mapping[str, str], preview: bool | None = None, runtime: str = "") -> None:
        """Takes the settings of the stack: strings by key, structured ones as JSON; and whether this is a preview.

        `runtime` is that of the program, "" where it is not known.
        """
        self._preview, self._runtime = preview, runtime
        text = settings.get(STACK_KEY)
        value = None if text is None else parse(text)
        self._stack_exemptions = text if value is NOT_JSON else value
        self._begin()

    def _begin(self) -> None:
        own = self._properties.get(EXEMPTIONS)
        self._exemptions = register(own, self._stack_exemptions, self._by_id, self._today())
        self._unevaluated = set()
        self._asked = {}

    def evaluate_resource(
        self,
        type_: str,
        urn: str,
        read: Callable[[], Resource],
        serialize: Callable[[], bytes] | None = None,
        names: Iterable[str] | None = None,
    ) -> list[Verdict]:
        """What the resource policies say about one resource.

        `read` is called once, and only when a policy has to evaluate it; `serialize` gives its properties in the wire
        format and its name, for a first look, if there is one; `names` are the properties that it has, where they are
        known before it is read.
        """
        asked = self._asked_about(type_, None if names is None else frozenset(names))
        if serialize and any(map(_FIRST_LOOK, asked)):
            asked = _after_a_first_look(asked, serialize)
        if not asked:
            return []
        try:
            resource = read()
        except Exception as error:  # noqa: BLE001 - see the top of the module
            return [_crash(asked[0].policy, error, urn)]
        return self._evaluated(asked, resource)

    def _asked_about(self, type_: str, names: frozenset[str] | None) -> list[_Asked]:
        """The enabled policies for a resource of a type with these properties; for any one where they are not known."""
        asked = self._asked.get((type_, names))
        if asked is None:
            enabled = self._enabled(self._by_type.get(type_, self._of_any_type))
            able = (policy for policy in enabled if names is None or names.issuperset(policy.needs_of(type_)))
            asked = [self._asked_of(policy, type_) for policy in able]
            if len(self._asked) < MAX_REMEMBERED:
                self._asked[type_, names] = asked
        return asked

    def _asked_of(self, policy: Policy, type_: str) -> _Asked:
        try:
            policy = policy.loaded
            evaluate = policy.evaluator_of(type_)
        except Exception:  # noqa: BLE001 - it tells so when it is asked
            evaluate = policy.evaluate
        needs, properties = frozenset(policy.needs_of(type_)), self._properties_of(policy)
        return _Asked(policy, evaluate, needs, properties, policy.first_look)

    def _evaluated(self, asked: Sequence[_Asked], resource: Resource) -> list[Verdict]:
        """What policies say about a resource; a defect of one stops no other."""
        verdicts: list[Verdict] = []
        counted = resource.urn in self._unevaluated
        for policy, evaluate, needs, properties, _ in asked:
            try:
                if counted and not needs.isdisjoint(unknown_names(resource)):
                    continue  # it would find nothing, and that something cannot be told is known already
                found, is_open = evaluate(resource, properties)
                if found:
                    verdicts += self._verdicts(policy, found)
                elif is_open:
                    self._unevaluated.add(resource.urn)
                    counted = True
            except Exception as error:  # noqa: BLE001 - see the top of the module
                verdicts.append(_crash(policy, error, resource.urn))
        return verdicts

    def evaluate_stack(self, types: Collection[str], read: Callable[[], Stack]) -> list[Verdict]:
        """What the stack policies say, and at the end what is wrong with exemptions and configuration.

        `types` are those of the resources; `read` is called once, and only when a policy evaluates one of them.
        """
        present = frozenset(types)
        policies = self._enabled(p for p in self.policies if p.scope == "stack" and not present.isdisjoint(p.types))
        return (self._evaluated_stack(policies, read) if policies else []) + self._notes()

    def _evaluated_stack(self, policies: Sequence[Policy], read: Callable[[], Stack]) -> list[Verdict]:
        """What policies say about the stack; a defect of one stops no other."""
        try:
            stack = read()
        except Exception as error:  # noqa: BLE001 - see the top of the module
            return [_crash(policies[0], error, "")]
        verdicts: list[Verdict] = []
        for policy in policies:
            try:
                verdicts += self._verdicts(policy, policy.on_stack(stack, self._properties_of(policy)))
            except Exception as error:  # noqa: BLE001, PERF203 - see the top of the module
                verdicts.append(_crash(policy, error, ""))
        return verdicts

    @property
    def unevaluated(self) -> int:
        """How many resources a policy could not evaluate so far, because a value was unknown."""
        return len(self._unevaluated)

    def _properties_of(self, policy: Policy) -> dict[str, Value]:
        return valid(self._properties.get(policy.id), policy.properties) if policy.properties else {}

    def _enabled(self, policies: Iterable[Policy]) -> list[Policy]:
        return [policy for policy in policies if self._levels.get(policy.id) != "disabled"]

    def _verdicts(self, policy: Policy, found: list[Finding]) -> list[Verdict]:
        weighed = [self._weighed(policy, finding) for finding in _without_a_flood(found)]
        if policy.existing == "silent":
            weighed = [one for one in weighed if not one.exists]
        return [self._verdict(policy, one) for one in (_together(weighed) if policy.together else weighed)]

    def _weighed(self, policy: Policy, finding: Finding) -> _Weighed:
        exemption = self._exemptions.find(policy.id, finding)
        exists = bool(policy.creation) and self._exists(finding.resource, policy.creation)
        advisory = "advisory" in (finding.level, self._levels.get(policy.id, policy.level))
        exempted = exemption is not None and exemption.expires >= self._today()
        level: Level = "advisory" if advisory or exists or exempted else "mandatory"
        return _Weighed(finding=finding, level=level, exists=exists, exemption=exemption)

    def _verdict(self, policy: Policy, one: _Weighed) -> Verdict:
        message = message_of(policy, one.finding, one.exemption, self._today(), one.exists, self._runtime)
        return Verdict(
            policy=policy.id, title=policy.title, level=one.level, urn=one.finding.resource.urn, finding=message
        )

    def _exists(self, resource: Resource, outputs: Sequence[str]) -> bool:
        """Whether the resource is there already, and stays.

        In a preview its computed outputs are known then, and unknown where it is about to be created or replaced. An
        update asks about the stack when everything is there, and would only fail after the fact.
        """
        if self._everything_is_new or self._preview is False:
            return not self._everything_is_new
        return any(isinstance(value := resource.get(name), str) and value for name in outputs)

    def _notes(self) -> list[Verdict]:
        """The mistakes in exemptions and configuration, and the exemptions that nothing needed."""
        if self._levels.get(EXEMPTIONS) == "disabled":
            return []
        schemas: dict[str, Mapping[str, Any]] = {policy.id: policy.properties for policy in self.policies} | {
            EXEMPTIONS: EXEMPTIONS_SCHEMA
        }
        notes = [f"{place}: {what}" for place, what in problems(self._properties, schemas)]
        notes += self._exemptions.problems
        notes += [
            f"{one.key}: no finding of {one.policy} at {one.resource} needed this exemption of {one.owner}; remove it"
            for one in self._exemptions.unused()
        ]
        return [
            Verdict(
                policy=EXEMPTIONS,
                title=EXEMPTIONS_TITLE,
                level="advisory",
                urn="",
                note=f"{EXEMPTIONS_TITLE}\n{one_line(note)}",
            )
            for note in notes
        ]


def _together(weighed: Sequence[_Weighed]) -> list[_Weighed]:
    """The advisories at many resources as one finding, at the first of them, that names the others.

    What refuses, or what somebody answers for, stays at its resource.
    """
    alike: dict[object, list[_Weighed]] = {}
    for i, one in enumerate(weighed):
        alone = one.level == "mandatory" or one.exemption
        alike.setdefault(i if alone else ("existing" if one.exists else "new"), []).append(one)
    return [_as_one(group) for group in alike.values()]


def _as_one(group: Sequence[_Weighed]) -> _Weighed:
    first, *others = group
    also = {one.finding.resource.urn: one.finding.resource for one in others}
    also.pop(first.finding.resource.urn, None)
    return replace(first, finding=replace(first.finding, also=tuple(also.values())))


def _without_a_flood(found: list[Finding]) -> list[Finding]:
    """`found`, but for those beyond `MAX_FINDINGS` of one resource, whose number the last one says.

    A document of megabytes can have a mistake at every place, and an answer that is too long for the engine ends the
    run. What refuses is kept before what warns.
    """
    if len(found) <= MAX_FINDINGS:
        return found
    by_urn: dict[str, list[int]] = defaultdict(list)
    for i in sorted(range(len(found)), key=lambda i: found[i].level == "advisory"):
        by_urn[found[i].resource.urn].append(i)
    kept = dict(enumerate(found))
    for places in by_urn.values():
        for i in places[MAX_FINDINGS:]:
            del kept[i]
        if more := len(places[MAX_FINDINGS:]):
            last = max(places[:MAX_FINDINGS])
            message = f"{found[last].message} (and {more:,} more findings of this policy at this resource)"
            kept[last] = replace(found[last], message=message)
    return list(kept.values())


def _after_a_first_look(asked: list[_Asked], serialize: Callable[[], bytes]) -> list[_Asked]:
    """Those that may find something."""
    try:
        wire = serialize()
        return [one for one in asked if one.first_look is None or one.first_look(wire)]
    except Exception:  # noqa: BLE001 - see the top of the module
        return asked


def met(error: Exception) -> str:
    """The type of the exception and its place in the code, without its text, which may quote a value of the program."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
    return f"{type(error).__name__} at {place}"


def _crash(policy: Policy, error: Exception, urn: str) -> Verdict:
    """The one advisory that a defect of a policy causes.

    It names the place in the code and the type of the exception. It leaves out the text of the exception, which may
    quote a value of the program.
    """
    message = (
        f"The policy {policy.id} of {PACK_NAME} {PACK_VERSION} {FAILED}; "
        "this is a defect of the policy, not of your program, and nothing is blocked by it.\n"
        f"It met {met(error)}, at the resource {one_line(urn) or '(the whole stack)'}.\n"
        'Please report these lines to the maintainers: README.md, section "When the pack itself fails".'
    )
    return Verdict(policy=policy.id, title=policy.title, level="advisory", urn=urn, note=message)
