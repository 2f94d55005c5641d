"""The names in the rules of order: every type, property, chain and template is one of the provider's.

A rule made of names that nobody has would be silent for ever, and a graph that is made from the rule could not show
it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from aws_preflight.policies.ordering import rules_of
from aws_preflight.preflight.ordering.chains import FOLLOW, Chain, Property
from aws_preflight.preflight.ordering.ordering_rule import Needed, OrderingRule
from aws_preflight.rehearsal.cloud import schema
from tests.ordering_examples import ALL, DECLARED, SETS, below, parts_of

PLACEHOLDER = re.compile(r"\{(\w+)(?:\|[^{}]*)?\}")

CLUSTERS = ("aws:rds/cluster:Cluster", "aws:docdb/cluster:Cluster", "aws:neptune/cluster:Cluster")
FUNCTIONS = ("aws:lambda/function:Function", "aws:lambda/alias:Alias")
GROUPS = ("aws:ec2/securityGroup:SecurityGroup",)
INSTANCES = ("aws:ec2/instance:Instance",)
SUBNETS = ("aws:ec2/subnet:Subnet",)
LEADS_TO = {
    "apiId": ("aws:apigatewayv2/api:Api",),
    "arn": ("aws:efs/accessPoint:AccessPoint",),
    "clusterIdentifier": CLUSTERS,
    "clusterSubnetGroupName": ("aws:redshift/subnetGroup:SubnetGroup",),
    "dbSubnetGroupName": ("aws:rds/subnetGroup:SubnetGroup",),
    "endpointId": ("aws:lb/loadBalancer:LoadBalancer", *INSTANCES, *SUBNETS),
    "environmentId": ("aws:m2/environment:Environment",),
    "function": FUNCTIONS,
    "functionName": FUNCTIONS,
    "gatewayIdentifier": ("aws:bedrock/agentcoreGateway:AgentcoreGateway",),
    "imageName": ("aws:sagemaker/image:Image",),
    "instance": INSTANCES,
    "instanceId": INSTANCES,
    "networkInterface": ("aws:ec2/networkInterface:NetworkInterface",),
    "networkInterfaceId": ("aws:ec2/networkInterface:NetworkInterface",),
    "projectName": ("aws:codebuild/project:Project",),
    "queueArn": ("aws:sqs/queue:Queue",),
    "referencedSecurityGroupId": GROUPS,
    "replicationSubnetGroupId": ("aws:dms/replicationSubnetGroup:ReplicationSubnetGroup",),
    "routeTableId": ("aws:ec2/routeTable:RouteTable",),
    "sourceEndpointArn": ("aws:dms/endpoint:Endpoint",),
    "sourceSecurityGroupId": GROUPS,
    "stackSetName": ("aws:cloudformation/stackSet:StackSet",),
    "subnetId": SUBNETS,
    "subnetIds": SUBNETS,
    "subnets": SUBNETS,
    "targetEndpointArn": ("aws:dms/endpoint:Endpoint",),
    "targetGroupArn": ("aws:lb/targetGroup:TargetGroup",),
    "targetId": FUNCTIONS,
    "taskDefinition": ("aws:ecs/taskDefinition:TaskDefinition",),
    "topicArn": ("aws:sns/topic:Topic",),
    "transitGatewayAttachmentId": ("aws:ec2transitgateway/vpcAttachment:VpcAttachment",),
    "vpcEndpointId": ("aws:ec2/vpcEndpoint:VpcEndpoint",),
    "vpcPeeringConnectionId": ("aws:ec2/vpcPeeringConnection:VpcPeeringConnection",),
    "vpcZoneIdentifiers": SUBNETS,
}
"""What an input is made from that stands within a chain. Of references between types the schema says nothing."""

TAKES = {"above": "in", "contains": "sj", "starts with": "s", "equals": "sbi", "differs": "sbi", "in": "si"}
"""The types of value, in the notation of the schema, that a test of a condition is made for."""

LINKS = "sji"
"""The types of value that name another resource."""

WHOLE = "sji@"
"""Those that a chain goes through: the engine also tells what an object was made from."""

FORMER = {
    ("aws:ecs/cluster:Cluster", "capacityProviders"): "s",
    ("aws:apigateway/deployment:Deployment", "stageName"): "s",
}
"""What releases of the provider had that are older than the schema, and programs still give."""


def type_at(token: str, place: Property) -> str:
    """The type of the value that a program may put at `place`, "" where there is no such place."""
    shape, type_ = schema.resource(token) or {}, ""
    if (token, place.path) in FORMER:
        return FORMER[token, place.path]
    for i, step in enumerate(place.path.split(".")):
        name, is_list = step.removesuffix("[]"), step.endswith("[]")
        if i and type_[0] == "[":
            return ""  # a list whose elements are meant is written with []
        if name not in shape or not (i or shape[name].is_input):
            return ""
        type_ = shape[name].type
        if is_list and type_[0] != "[":
            return ""
        type_ = type_.removeprefix("[") if is_list else type_
        shape = schema.nested(type_) if type_[0] == "@" else {}
    return type_


def holds(token: str, place: Property, kinds: str) -> bool:
    """Whether values of one of these types, or of any if none is named, stand at `place`, alone or in a list or map."""
    type_ = type_at(token, place).lstrip("[{")
    return bool(type_) and (not kinds or type_[0] in kinds + "a")


def behind(place: Property) -> Sequence[str]:
    """The types that an input is made from, as far as they are written down here."""
    return LEADS_TO.get(place.path.replace("[]", "").rpartition(".")[2], ())


def reached(tokens: Iterable[str], chain: Chain) -> set[str]:
    """The types that have the last property of `chain`, which begins at some of `tokens`; none where it breaks off."""
    found = set(tokens)
    for i, step in enumerate(chain.steps):
        if i and found:
            found = set(behind(chain.steps[i - 1]))
        found = {token for token in found if holds(token, step, WHOLE)}
    return found


def problems(rule: OrderingRule) -> Iterator[str]:
    """What of a rule the provider does not know."""
    tokens = {*rule.consumers, *rule.hubs, *(token for one in rule.needed for token in one.types)}
    yield from (f"no type {token}" for token in tokens if schema.resource(token) is None)
    if bool(rule.via) != bool(rule.hubs):
        yield "a way without a hub, or a hub without a way"
    yield from chain_problems(rule.consumers, rule.via)
    yield from condition_problems(rule, rule.condition, rule.consumers)
    # Where the consumers are of several types, each has a property of its own that names S.
    mentions = [Chain((place,)) for needed in rule.needed for place, _ in needed.mentions]
    agreeing = [Chain.of(other) for needed in rule.needed for _, other in needed.same if not PLACEHOLDER.search(other)]
    yield from chain_problems(rule.consumers, [*mentions, *agreeing])
    for needed in rule.needed:
        yield from needed_problems(rule, needed)


def unfit(tokens: Iterable[str], places: Sequence[tuple[Property, str]]) -> Iterator[str]:
    """The places that no type has, and the types that have none of the places."""
    have = {(token, place) for token in tokens for place, kinds in places if holds(token, place, kinds)}
    for place, _ in places:
        if not any(found == place for _, found in have):
            yield f"{sorted(tokens)} have no {place.path}, or one of another type"
    for token in tokens if places else ():
        if not any(found == token for found, _ in have):
            yield f"{token} has none of {[place.path for place, _ in places]}"


def chain_problems(tokens: Iterable[str], chains: Sequence[Chain]) -> Iterator[str]:
    yield from unfit(tokens, [(chain.steps[0], WHOLE) for chain in chains])
    for chain in chains:
        if not reached(tokens, chain):
            yield f"{FOLLOW.join(step.path for step in chain.steps)} leads nowhere"


def condition_problems(rule: OrderingRule, condition: Any, own: Iterable[str]) -> Iterator[str]:
    """What of a condition on resources of the types `own` the provider does not know.

    Where these are several, each has a property of its own among those that one part of the condition asks for.
    """
    for part in parts_of(condition):
        asked: dict[tuple[str, str], list[tuple[Property, str]]] = {}
        for of, place, kinds in asked_in(part):
            asked.setdefault(of, []).append((place, kinds))
        for (of, type_), places in asked.items():
            if type_ and not reached(own, Chain.of(of)):
                yield f"{of} leads nowhere"
            if type_ and type_ not in behind(Chain.of(of).steps[-1]):
                yield f"{of} leads to no {type_}"
            tokens = rule.hubs if of == "hub" else [type_] if of else own
            yield from unfit(tokens, places)


NOBODY = ("", "")


def asked_in(
    condition: Any, of: tuple[str, str] = NOBODY, inside: str = ""
) -> Iterator[tuple[tuple[str, str], Property, str]]:
    """What a condition asks for: whose property (a chain and the type at its end), and of which types of value."""
    if isinstance(condition, list):
        for one in condition:
            yield from asked_in(one, of, inside)
    elif group := condition.keys() & {"any", "not"}:
        yield from asked_in(condition[group.pop()], of, inside)
    elif "of" in condition:
        yield from asked_in(condition["where"], (condition["of"], condition.get("type", "")))
    elif "=>" in condition.get("some", ""):
        yield of, Property.of(condition["some"].partition(" => ")[0]), "sj"
    elif "some" in condition:
        yield from asked_in(condition["where"], of, condition["some"])
    elif "outside block" in condition:
        yield NOBODY, Property.of(condition["at"].lstrip("^")), LINKS
        yield of, Property.of(condition["outside block"]["at"]), LINKS
    elif "@" not in condition["at"]:
        yield of, Property.of(below(inside, condition)), wanted(condition)


def wanted(condition: Any) -> str:
    """The types of value that a leaf is made for; "" where any will do."""
    if isinstance(condition.get("equals"), bool):
        return "b"
    return next((kinds for test, kinds in TAKES.items() if test in condition), "")


def needed_problems(rule: OrderingRule, needed: Needed) -> Iterator[str]:
    yield from chain_problems(needed.types, needed.via)
    yield from condition_problems(rule, needed.condition, needed.types)
    for place in (*(own for own, _ in needed.same), *(place for place, _ in needed.mentioned)):
        yield from unfit(needed.types, [(place, LINKS)])
    for own, other in needed.contains:
        yield from unfit(needed.types, [(own, LINKS)])
        yield from unfit(rule.consumers, [(other, LINKS)])
    for _, template in needed.mentions:
        yield from template_problems(needed.types, template)
    for _, template in (*needed.same, *needed.mentioned):
        yield from template_problems(rule.consumers, template)


def template_problems(tokens: Iterable[str], template: str) -> Iterator[str]:
    for name in PLACEHOLDER.findall(template):
        yield from unfit(tokens, [(Property.of(name), LINKS)])


def test_every_name_is_one_of_the_provider() -> None:
    assert [f"{rule.id}: {problem}" for rule in ALL for problem in problems(rule)] == []


# --- the check itself -------------------------------------------------------------------------------------------------

NAMES = ("at", "of", "some", "via", "same", "mentions", "mentioned", "contains", "consumer", "hub", "type")


def misspelled(value: Any, inside: bool = False) -> Iterator[Any]:
    """Copies of a part of a rule with one letter of one name wrong, for every name in it."""
    if isinstance(value, dict):
        pairs = inside and value.keys().isdisjoint(NAMES)
        for key, member in value.items():
            if is_about_names(value, key):
                yield from ({**value, key: one} for one in misspelled(member, pairs or key in NAMES))
            if pairs:  # the pairs of `same` and the like are names on both sides
                for one in misspelled(key, inside):
                    yield {one if name == key else name: member for name, member in value.items()}
    elif isinstance(value, list):
        for i, member in enumerate(value):
            yield from ([*value[:i], one, *value[i + 1 :]] for one in misspelled(member, inside))
    elif inside and isinstance(value, str) and value != "hub" and "@" not in value:
        yield from misspelled_text(value)


def is_about_names(value: dict[str, Any], key: str) -> bool:
    """Not so what a string contains, and what is asked of a document in a string: of that the schema says nothing."""
    return not (key == "contains" and "at" in value) and not (key == "where" and "=>" in value.get("some", ""))


def misspelled_text(text: str) -> Iterator[str]:
    """Of a template only the names in braces, of a path into a document only the property."""
    known, is_document, rest = text.partition(" => ")
    for found in re.finditer(r"(?<=\{)\w+" if "{" in text else r"[A-Za-z]\w*", known):
        wrong = f"{known[: found.end() - 1]}{chr(ord(found[0][-1]) ^ 1)}{known[found.end() :]}"
        yield f"{wrong}{is_document}{rest}"


def outcome(declared: dict[str, Any]) -> list[str]:
    (rule,) = rules_of({"sets": {}, "rules": [declared]})
    return list(problems(rule))


def test_no_name_can_be_misspelled_unseen() -> None:
    """Of every name in every rule, one letter is changed."""
    tried, unseen = 0, []
    for declared in DECLARED:
        needed = SETS.needed.get(str(declared["needed"]), declared["needed"])
        for wrong in misspelled({**declared, "needed": needed}):
            tried += 1
            if not outcome(wrong):
                unseen.append(json.dumps(wrong)[:1000])
    assert tried > 8_000
    assert unseen == []
