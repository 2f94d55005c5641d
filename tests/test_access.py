"""Services that are shut out: each entry of the table, on both sides of what is certain."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from aws_preflight.policies.access import ACCESS
from aws_preflight.policies.access.entries import ENTRIES
from aws_preflight.policies.access.grants import lets_in
from aws_preflight.policies.access.shut_out import Entry
from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.run import Run
from aws_preflight.preflight.values import UNKNOWN
from aws_preflight.rehearsal.cloud import schema

BY_ID = {policy.id: policy for policy in ACCESS}
BRING: dict[str, dict[str, Any]] = {
    "lb-log-bucket-shuts-out-delivery": {"accessLogs": {"enabled": True, "bucket": UNKNOWN}},
    "config-rule-function-shuts-out-config": {"source": {"owner": "CUSTOM_LAMBDA", "sourceIdentifier": UNKNOWN}},
}
each = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)


def made(name: str, type_: str, properties: dict[str, Any], **sources: str) -> Resource:
    return Resource(
        urn=f"urn:pulumi:dev::access::{type_}::{name}",
        type=type_,
        name=name,
        properties={**dict.fromkeys(sources, UNKNOWN), **properties},
        property_dependencies={key: (urn,) for key, urn in sources.items()},
    )


def pair(entry: Entry, **target: Any) -> tuple[Resource, Resource]:
    """The resource that the service comes to, and the one that brings it."""
    owner = made("target", entry.to.types[0], {entry.to.output: UNKNOWN, "name": "the-target", **target})
    return owner, made("user", entry.users[0], BRING.get(entry.id, {}), **{entry.via[0]: owner.urn})


def found(entry: Entry, *resources: Resource) -> list[Finding]:
    return BY_ID[entry.id].on_stack(Stack(resources))


def principal_of(entry: Entry) -> str:
    return f"{entry.services[0]}.amazonaws.com"


def policy_for(service: str) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "*"}]})


def grant(entry: Entry, owner: Resource, service: str, **properties: Any) -> Resource:
    type_, (names, holds) = next(iter(entry.to.grants.items()))
    value = service if holds == "principal" else policy_for(service)
    return made("grant", type_, {holds: value, **properties}, **{names: owner.urn})


@each
def test_nothing_lets_the_service_in(entry: Entry) -> None:
    owner, user = pair(entry)
    (finding,) = found(entry, owner, user)
    assert (finding.resource, finding.level) == (owner, "mandatory")
    assert entry.shown in finding.message
    assert '"user"' in finding.message


@each
def test_what_lets_the_service_in_is_silent(entry: Entry) -> None:
    owner, user = pair(entry)
    service = principal_of(entry)
    assert not found(entry, owner, user, grant(entry, owner, service))
    assert not found(entry, owner, user, grant(entry, owner, "*" if entry.to.policy == "" else service))
    if entry.to.policy:
        named, by = pair(entry, **{entry.to.policy: policy_for(service)})
        assert not found(entry, named, by)


@each
def test_another_service_is_not_this_one(entry: Entry) -> None:
    owner, user = pair(entry)
    assert found(entry, owner, user, grant(entry, owner, "polly.amazonaws.com"))
    if entry.to.policy:
        named, by = pair(entry, **{entry.to.policy: policy_for("polly.amazonaws.com")})
        (finding,) = found(entry, named, by)
        assert "has no statement for" in finding.message


@each
def test_what_cannot_be_told_is_silent(entry: Entry) -> None:
    owner, user = pair(entry)
    type_, (names, holds) = next(iter(entry.to.grants.items()))
    unknown = made("grant", type_, {holds: UNKNOWN}, **{names: owner.urn})
    somewhere = made("grant", type_, {holds: UNKNOWN, names: UNKNOWN})
    written_out = made("grant", type_, {holds: UNKNOWN, names: "arn:aws:x:eu-west-1:111122223333:the-target"})
    for one in (unknown, somewhere, written_out):
        assert not found(entry, owner, user, one), one
    if entry.to.policy:
        hidden, by = pair(entry, **{entry.to.policy: UNKNOWN})
        hidden = replace(hidden, property_dependencies={entry.to.policy: (user.urn,)})
        assert not found(entry, hidden, by)


@each
def test_a_grant_of_another_resource_counts_for_nothing(entry: Entry) -> None:
    owner, user = pair(entry)
    other = made("other", entry.to.types[0], {"name": "other"})
    assert found(entry, owner, user, other, grant(entry, other, principal_of(entry)))


@each
@pytest.mark.parametrize(
    "type_", ["command:local:Command", "pulumi-nodejs:dynamic:Resource", "aws:cloudformation/stack:Stack"]
)
def test_a_stack_that_may_do_anything_is_silent(entry: Entry, type_: str) -> None:
    owner, user = pair(entry)
    assert not found(entry, owner, user, made("anything", type_, {}))


@each
def test_what_is_not_made_here_is_silent(entry: Entry) -> None:
    owner, user = pair(entry)
    assert not found(entry, owner)
    assert not found(entry, user)
    elsewhere = replace(user, property_dependencies={})
    assert not found(entry, owner, elsewhere)


@each
def test_what_exists_is_silent(entry: Entry) -> None:
    run = Run([BY_ID[entry.id]])

    def said(value: object) -> int:
        owner, user = pair(entry, **{entry.to.output: value})
        return len(run.evaluate_stack({owner.type, user.type}, lambda: Stack([owner, user])))

    assert (said(UNKNOWN), said("arn:aws:is:there")) == (1, 0)


@each
def test_malformed_input_stops_nothing(entry: Entry) -> None:
    for value in (5, True, [], {}, [{}], {"Statement": 5}, {"Statement": [5, {"Effect": []}]}, "{", None):
        owner, user = pair(entry, **({entry.to.policy: value} if entry.to.policy else {}))
        user = replace(user, properties={**user.properties, entry.via[0]: value})
        type_, (names, holds) = next(iter(entry.to.grants.items()))
        found(entry, owner, user, made("grant", type_, {names: value, holds: value}))


@each
def test_every_name_is_one_of_the_provider(entry: Entry) -> None:
    for type_, names in (
        *((one, entry.via) for one in entry.users),
        *((one, [entry.to.output, *filter(None, [entry.to.policy])]) for one in entry.to.types),
        *((one, filter(None, pair_)) for one, pair_ in entry.to.grants.items()),
    ):
        shape = schema.resource(type_)
        assert shape is not None, type_
        assert set(names) <= {*shape}, type_


def test_balancers_and_rules_that_bring_no_service() -> None:
    by_id = {entry.id: entry for entry in ENTRIES}
    logs = by_id["lb-log-bucket-shuts-out-delivery"]
    for settings in ({"enabled": False, "bucket": UNKNOWN}, {"bucket": UNKNOWN}, UNKNOWN):
        owner, user = pair(logs)
        assert not found(logs, owner, replace(user, properties={"accessLogs": settings}))
    config = by_id["config-rule-function-shuts-out-config"]
    owner, user = pair(config)
    assert not found(config, owner, replace(user, properties={"source": {"owner": "AWS"}}))


def test_a_load_balancer_may_come_as_an_account() -> None:
    logs = next(entry for entry in ENTRIES if entry.id == "lb-log-bucket-shuts-out-delivery")
    account = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::127311923021:root"}, "Action": "s3:PutObject"}
    owner, user = pair(logs, policy=json.dumps({"Statement": account}))
    assert not found(logs, owner, user)


ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({**ALLOW, "Principal": {"Service": "s3.amazonaws.com"}}, True),
        ({**ALLOW, "Principal": {"Service": ["sns.amazonaws.com", "s3.amazonaws.com"]}}, True),
        ({**ALLOW, "Principal": "*"}, True),
        ({**ALLOW, "Principal": {"AWS": ["*"]}}, True),
        ({**ALLOW, "Principal": {"AWS": "arn:aws:iam::111122223333:root"}}, False),
        ({**ALLOW, "Principal": {"Service": "sns.amazonaws.com"}}, False),
        ({"Effect": "Deny", "Principal": "*"}, False),
        ({**ALLOW, "Principal": {"Service": UNKNOWN}}, None),
        ({**ALLOW, "Principal": UNKNOWN}, None),
        ({**ALLOW, "NotPrincipal": {"AWS": "x"}}, None),
        ({"Effect": UNKNOWN, "Principal": "*"}, None),
        (UNKNOWN, None),
    ],
)
def test_what_a_statement_lets_in(statement: Any, expected: bool | None) -> None:
    service = re.compile(r"s3\.amazonaws\.com")
    assert lets_in({"Statement": [statement]}, service) is expected
    if isinstance(statement, dict):
        assert lets_in({"Statement": statement}, service) is expected
        assert lets_in({"Statement": [{"Effect": "Deny"}, statement]}, service) is expected
    assert lets_in("no JSON", service) is None
