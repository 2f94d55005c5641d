"""The rules of AWS preflight as policies of the `pulumi_policy` SDK, for a pack of one's own.

    from aws_preflight import sdk
    from pulumi_policy import PolicyPack

    PolicyPack("acme", [*sdk.policies(services=["ecs", "rds"]), own_policy])

The SDK decodes each resource and the stack anew for each policy, so all rules together are four policies: those about
one resource and those about the stack, each at two levels. A message names the rule. The SDK does not tell which values
are secret, so no value is quoted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Literal

import pulumi

try:
    from pulumi_policy import (
        EnforcementLevel,
        PolicyResource,
        ResourceValidationArgs,
        ResourceValidationPolicy,
        StackValidationArgs,
        StackValidationPolicy,
    )
    from pulumi_policy.proxy import UnknownValueError
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(f"{missing}: `pip install 'aws-preflight[sdk]'` brings it") from None

from aws_preflight.policies import POLICIES
from aws_preflight.preflight.config import EXEMPTIONS
from aws_preflight.preflight.finding import Level
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.language import runtime_of
from aws_preflight.preflight.message import render
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.run import Run, Verdict
from aws_preflight.preflight.values import MAX_DEPTH, UNKNOWN, Value, suggestion
from aws_preflight.preflight.wire import LARGEST_EXACT, UNKNOWN_SENTINELS, explicit

Report = Callable[[str, str | None], None]

NAME: Final = "aws-preflight"
TITLE: Final[Mapping[Level, str]] = {
    "mandatory": "AWS refuses this when it is deployed",
    "advisory": "AWS may refuse this when it is deployed, or it may not work",
}


def policies(
    *ids: str,
    services: Collection[str] = (),
    levels: Mapping[str, Literal["advisory", "mandatory", "disabled"]] | None = None,
    exemptions: Sequence[Mapping[str, str]] = (),
) -> list[ResourceValidationPolicy | StackValidationPolicy]:
    """The rules with one of the `ids` or of one of the `services`, all where neither is given, as policies of the SDK.

    A service is named as in `aws:ecs/...`. `levels` are those of single rules, by id. `exemptions` are objects with
    policy, resource, reason, owner and expires, as in the configuration of the pack. Raises `ValueError` for a name
    that no rule or service has, and for another level.
    """
    chosen = _chosen(ids, services)
    changed = dict(levels or {})
    _check(changed, (policy.id for policy in POLICIES), "policy")
    for level in changed.values():
        _check([level], ("advisory", "mandatory", "disabled"), "level")
    rules = _Rules(chosen, changed, [dict(one) for one in exemptions])
    return [one for level in TITLE for one in (_on_resource(rules, level), _on_stack(rules, level))]


def _chosen(ids: Collection[str], services: Collection[str]) -> list[Policy]:
    _check(ids, (policy.id for policy in POLICIES), "policy")
    _check(services, (service for policy in POLICIES for service in policy.services), "service")
    everything = not ids and not services
    wanted = frozenset(services)
    return [p for p in POLICIES if everything or p.id in ids or not wanted.isdisjoint(p.services)]


def _check(names: Iterable[str], known: Iterable[str], what: str) -> None:
    legal = list(known)
    for name in names:
        if name not in legal:
            raise ValueError(f"there is no {what} {name!r}{suggestion(str(name), legal)}")


class _Rules:
    """The rules at work. Each resource is evaluated once, though two policies report about it."""

    def __init__(self, chosen: Sequence[Policy], levels: Mapping[str, Any], exemptions: Sequence[Value]) -> None:
        self._run = Run(chosen)
        self._run.configure(levels, {EXEMPTIONS: {"exemptions": list(exemptions)}} if exemptions else {})
        self._begun = False
        self._last: tuple[object, list[Verdict]] | None = None

    def of_resource(self, args: ResourceValidationArgs) -> list[Verdict]:
        """What the rules find at one resource."""
        self._begin()
        one = Resource(
            urn=args.urn,
            type=args.resource_type,
            name=args.name,
            properties=_properties(args.props),
            region=_region(args),
        )
        return self._once(
            one, lambda: self._run.evaluate_resource(one.type, one.urn, lambda: one, names=one.properties)
        )

    def of_stack(self, args: StackValidationArgs) -> list[Verdict]:
        """What the rules find in the stack."""
        self._begin()
        resources = list(map(_resource, args.resources))
        types = {one.type for one in resources}
        return self._once(resources, lambda: self._run.evaluate_stack(types, lambda: Stack(resources)))

    def _once(self, subject: object, evaluate: Callable[[], list[Verdict]]) -> list[Verdict]:
        last = self._last  # read once: several threads answer the engine
        if last is None or last[0] != subject:
            last = self._last = (subject, evaluate())
        return last[1]

    def _begin(self) -> None:
        """Takes what the environment tells of the run: the SDK hands on neither that nor the settings of the stack."""
        if self._begun:
            return
        self._begun = True
        preview = os.environ.get("PULUMI_DRY_RUN")
        self._run.configure_stack(
            pulumi.runtime.get_config_env(),
            None if preview is None else preview == "true",
            runtime_of(os.environ.get("PULUMI_PROJECT", "")),
        )


def _on_resource(rules: _Rules, level: Level) -> ResourceValidationPolicy:
    def validate(args: ResourceValidationArgs, report: Report) -> None:
        _tell(rules.of_resource(args), level, report)

    name = f"{NAME}-resource" if level == "mandatory" else f"{NAME}-resource-advisory"
    return ResourceValidationPolicy(name, TITLE[level], validate, EnforcementLevel(level))


def _on_stack(rules: _Rules, level: Level) -> StackValidationPolicy:
    def validate(args: StackValidationArgs, report: Report) -> None:
        _tell(rules.of_stack(args), level, report)

    name = f"{NAME}-stack" if level == "mandatory" else f"{NAME}-stack-advisory"
    return StackValidationPolicy(name, TITLE[level], validate, EnforcementLevel(level))


def _tell(verdicts: Iterable[Verdict], level: Level, report: Report) -> None:
    for one in verdicts:
        if one.level == level:
            report(render(replace(one.finding, evidence="")) if one.finding else one.note, one.urn or None)


def _resource(one: PolicyResource) -> Resource:
    return Resource(
        urn=one.urn,
        type=one.resource_type,
        name=one.name,
        properties=_properties(one.props),
        parent=one.parent.urn if one.parent else None,
        dependencies=tuple(other.urn for other in one.dependencies),
        property_dependencies={
            name: tuple(other.urn for other in others) for name, others in one.property_dependencies.items()
        },
        provider=explicit(one.provider.urn) if one.provider else "",
        region=_region(one),
        custom=one.provider is not None,
    )


def _region(made: ResourceValidationArgs | PolicyResource) -> Value:
    """The region of the provider that makes a resource."""
    return _properties(made.provider.props).get("region") if made.provider else None


def _properties(props: Mapping[str, Any]) -> dict[str, Value]:
    properties = _plain(props, 0)
    return properties if isinstance(properties, dict) else {}


def _plain(value: Any, depth: int) -> Value:
    """The data that the SDK hands to a policy in objects of its own, which raise where a value is unknown."""
    if isinstance(value, Mapping):
        return {key: _item(value, key, depth) for key in value} if depth <= MAX_DEPTH else UNKNOWN
    if isinstance(value, str):
        return UNKNOWN if value in UNKNOWN_SENTINELS else value
    if isinstance(value, Sequence):
        return [_item(value, i, depth) for i in range(len(value))] if depth <= MAX_DEPTH else UNKNOWN
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST_EXACT:
        return int(value)
    # Everything else is an asset, an archive or a reference to a resource: no rule reads them.
    return value if value is None or isinstance(value, (bool, int, float)) else UNKNOWN


def _item(container: Any, key: str | int, depth: int) -> Value:
    try:
        return _plain(container[key], depth + 1)
    except UnknownValueError:
        return UNKNOWN
