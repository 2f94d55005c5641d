"""An ECS service must not be created before a listener uses its target group.

`CreateService` fails while no listener or listener rule of any load balancer forwards to the target group. The service
names the target group only, so nothing makes it wait for the listener: Pulumi creates both at the same time. The
provider repeats the call for about 4 minutes, which hides the mistake as long as the listener is quick. It loses when
the listener waits for a certificate or a slow load balancer, and always when there is no listener at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from aws_preflight.policies.ordering.creation_times import takes_long
from aws_preflight.policies.type_aliases import with_aliases
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.dependency import depends_on, title
from aws_preflight.preflight.ordering.timing import Late, Need, late
from aws_preflight.preflight.policy import stack_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN, Path, Value, dig, items_of

SERVICES: Final = (
    "aws:ecs/service:Service",
    "aws:ecs/taskSet:TaskSet",
    "aws-native:ecs:Service",
    "aws-native:ecs:TaskSet",
)
TARGET_GROUPS: Final = with_aliases("aws:lb/targetGroup:TargetGroup", "aws-native:elasticloadbalancingv2:TargetGroup")
# By type, the property whose actions name target groups. Attachments register targets: they are no listeners.
ACTIONS: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        with_aliases("aws:lb/listener:Listener", "aws-native:elasticloadbalancingv2:Listener"), "defaultActions"
    ),
    **dict.fromkeys(
        with_aliases("aws:lb/listenerRule:ListenerRule", "aws-native:elasticloadbalancingv2:ListenerRule"), "actions"
    ),
}


@stack_policy(
    id="ecs-service-without-listener-dependency",
    # The last two are those of aws-native, whose services and task sets have no `id` among their outputs.
    creation=("id", "serviceArn", "awsId"),
    types=SERVICES,
    title="An ECS service does not wait for the listener of its target group",
    refuses=(
        "An ECS service or task set whose target group is created in the same stack and is used by no listener or rule"
        " there, or by one that the service does not wait for."
    ),
    why_not_preview=(
        "Every resource is valid alone. Only the order of creation is wrong, and Pulumi takes the order from the"
        " inputs: the service names the target group, not the listener."
    ),
    answer=Answer(
        text=(
            "InvalidParameterException: The target group with targetGroupArn arn:... does not have an associated load"
            " balancer."
        ),
        operation="ecs:CreateService",
        source="https://github.com/hashicorp/terraform/issues/32908",
    ),
    wrong=Code(
        typescript="""\
const listener = new aws.lb.Listener("http", {
    loadBalancerArn: alb.arn, port: 80,
    defaultActions: [{ type: "forward", targetGroupArn: targetGroup.arn }],
});
new aws.ecs.Service("api", {
    cluster: cluster.arn, taskDefinition: task.arn,
    loadBalancers: [{ targetGroupArn: targetGroup.arn, containerName: "api", containerPort: 80 }],
});""",
        python="""\
listener = aws.lb.Listener("http",
    load_balancer_arn=alb.arn, port=80,
    default_actions=[{"type": "forward", "target_group_arn": target_group.arn}])
aws.ecs.Service("api",
    cluster=cluster.arn, task_definition=task.arn,
    load_balancers=[{"target_group_arn": target_group.arn, "container_name": "api", "container_port": 80}])""",
    ),
    right=Code(
        typescript="""\
new aws.ecs.Service("api", {
    cluster: cluster.arn, taskDefinition: task.arn,
    loadBalancers: [{ targetGroupArn: targetGroup.arn, containerName: "api", containerPort: 80 }],
}, { dependsOn: [listener] });""",
        python="""\
aws.ecs.Service("api",
    cluster=cluster.arn, task_definition=task.arn,
    load_balancers=[{"target_group_arn": target_group.arn, "container_name": "api", "container_port": 80}],
    opts=pulumi.ResourceOptions(depends_on=[listener]))""",
    ),
    fix=Fix(
        words="give the service the option dependsOn with the listener or rule that forwards to its target group",
        typescript="new aws.ecs.Service(name, args, { dependsOn: [listener] });",
        python="aws.ecs.Service(name, ..., opts=pulumi.ResourceOptions(depends_on=[listener]))",
    ),
    sources=(
        "https://github.com/hashicorp/terraform/issues/32908",
        "https://github.com/aws/aws-cdk/issues/1160",
        "https://github.com/aws/aws-cdk/issues/1139",
        "https://github.com/hashicorp/terraform-provider-aws/pull/3535",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html",
    ),
)
def ecs_service_without_listener_dependency(stack: Stack) -> Iterator[Finding]:
    """For each service, the target groups that no listener uses yet when the service is created."""
    by_arn = _by_arn(stack)
    users = _users_by_target_group(stack, by_arn)
    pairs = [
        (service, group)
        for service in stack.of_type(*SERVICES)
        for group in _target_groups(stack, service, by_arn)
        if not _is_in_use(group) and (users.get(group.urn) or not users.get(ANY_GROUP))
    ]
    needs = [Need(consumer=service, needed=users.get(group.urn, ())) for service, group in pairs]
    races: dict[str, list[tuple[Resource, Late | None]]] = {}
    for (service, group), need, race in zip(pairs, needs, late(stack, needs, takes_long), strict=True):
        if race is not None or not need.needed:
            races.setdefault(service.urn, []).append((group, race))
    for urn, found in races.items():
        service = stack.by_urn[urn]
        # A blue/green deployment names a second group, which needs no listener when the service is created; which of
        # the groups that is cannot be told from unknown values.
        found.sort(key=lambda pair: pair[1] is None)
        for group, race in found[: len(found) - _alternates(stack, service)]:
            yield _finding(stack, service, group, race)


def _is_in_use(group: Resource) -> bool:
    """Whether a listener forwards to the group already: AWS tells the load balancers of a group that exists."""
    load_balancers = group.get("loadBalancerArns")
    return isinstance(load_balancers, list) and any(isinstance(arn, str) for arn in load_balancers)


# Stands for the target groups of a listener that cannot be told: any group may be meant.
ANY_GROUP: Final = "any target group"


def _users_by_target_group(stack: Stack, by_arn: Mapping[str, list[Resource]]) -> dict[str, tuple[Resource, ...]]:
    """By URN of a target group, the listeners and rules that forward to it.

    A listener whose unknown actions come from no target group of the stack is kept under `ANY_GROUP`.
    """
    groups = stack.of_type(*TARGET_GROUPS)
    components = {one.urn for one in stack.around(groups) if not one.custom}
    by_source = _by_source(stack, components, by_arn)
    users = {ANY_GROUP: tuple(by_source.get(ANY_GROUP, ()))}
    # Groups with the same sources share one tuple: what is in it is looked at once, however many services there are.
    shared: dict[tuple[str, ...], tuple[Resource, ...]] = {}
    around = stack.lines_of_descent(groups, components & by_source.keys())
    for group in groups:
        sources = (*([group.urn] if group.urn in by_source else []), *around[group.urn])
        if sources not in shared:
            unique = {one.urn: one for urn in sources for one in by_source[urn]}
            shared[sources] = tuple(unique.values())
        users[group.urn] = shared[sources]
    return users


def _by_source(stack: Stack, components: set[str], by_arn: Mapping[str, list[Resource]]) -> dict[str, list[Resource]]:
    """By URN of a target group, or of one of the `components` around some, the listeners that forward there."""
    by_source: dict[str, list[Resource]] = {}
    for listener in stack.of_type(*ACTIONS):
        actions = ACTIONS[listener.type]
        arns = list(_forwarded_arns(listener.get(actions)))
        sources = stack.sources_of(listener, actions)
        named = {source.urn for source in sources if source.type in TARGET_GROUPS or source.urn in components}
        named |= {group.urn for arn in arns if isinstance(arn, str) for group in by_arn.get(arn, ())}
        if not named and UNKNOWN in arns:
            named = {ANY_GROUP}
        for urn in named:
            by_source.setdefault(urn, []).append(listener)
    return by_source


def _by_arn(stack: Stack) -> dict[str, list[Resource]]:
    """The target groups by their ARN, where it is known."""
    by_arn: dict[str, list[Resource]] = {}
    for group in stack.of_type(*TARGET_GROUPS):
        for arn in set(_arns(group)):
            by_arn.setdefault(arn, []).append(group)
    return by_arn


def _arns(group: Resource) -> Iterator[str]:
    for name in ("arn", "id", "targetGroupArn"):
        value = group.get(name)
        if isinstance(value, str):
            yield value


def _forwarded_arns(actions: Value) -> Iterator[Value]:
    """The target group ARNs in the actions of a listener or rule, unknown ones included."""
    if actions is UNKNOWN:
        yield UNKNOWN
    for _, action in items_of(actions):
        yield dig(action, "targetGroupArn")
        # `forward.targetGroups[].arn` in the AWS provider, `forwardConfig.targetGroups[].targetGroupArn` in aws-native.
        for block, key in (("forward", "arn"), ("forwardConfig", "targetGroupArn")):
            groups = dig(action, block, "targetGroups")
            yield from [UNKNOWN] if groups is UNKNOWN else [dig(group, key) for _, group in items_of(groups)]


def _target_groups(stack: Stack, service: Resource, by_arn: Mapping[str, list[Resource]]) -> list[Resource]:
    """The target groups of this stack that `service` registers its tasks in."""
    if dig(service.get("deploymentController"), "type") == "EXTERNAL":
        return []  # its task sets carry the load balancers
    entries = [entry for _, entry in items_of(service.get("loadBalancers"))]
    arns = [dig(entry, "targetGroupArn") for entry in entries]
    if entries and UNKNOWN not in arns:
        known = {group.urn: group for arn in _strings(arns) for group in by_arn.get(arn, ())}
        return sorted(known.values(), key=lambda group: (TARGET_GROUPS.index(group.type), group.urn))
    # What the engine sends unknown, it traces: the sources of `loadBalancers` are its target groups.
    others = _strings(dig(entry, "advancedConfiguration", "alternateTargetGroupArn") for entry in entries)
    groups = [source for source in stack.sources_of(service, "loadBalancers") if source.type in TARGET_GROUPS]
    return [group for group in groups if others.isdisjoint(_arns(group))]


def _strings(values: Iterator[Value] | list[Value]) -> set[str]:
    return {value for value in values if isinstance(value, str)}


def _alternates(stack: Stack, service: Resource) -> int:
    """How many of the groups in `loadBalancers` may be the alternate ones of a blue/green deployment."""
    balancers = service.get("loadBalancers")
    if balancers is UNKNOWN:
        # `advancedConfiguration` also names a production listener rule and a role.
        sources = service.property_dependencies.get("loadBalancers", ())
        groups = [s for s in stack.sources_of(service, "loadBalancers") if s.type in TARGET_GROUPS]
        return len(groups) // 2 if len(sources) > len(groups) else 0
    blocks = [dig(entry, "advancedConfiguration") for _, entry in items_of(balancers)]
    return sum(block is UNKNOWN or dig(block, "alternateTargetGroupArn") is UNKNOWN for block in blocks)


def _finding(stack: Stack, service: Resource, group: Resource, race: Late | None) -> Finding:
    at = _place(service, group)
    if race is None:
        message = (
            f'the target group "{group.name}" is created in this stack, and no listener or rule of this stack forwards'
            " to it: the service cannot be created"
        )
        return Finding(resource=service, at=at, message=message, fix=FIX_WITHOUT_LISTENER)
    user = (race.behind or race.missing)[0]
    kind = "listener rule" if "Rule" in user.type else "listener"
    if race.behind:
        message = (
            f'the {kind} "{user.name}", which forwards to the target group "{group.name}", waits for this service:'
            " it cannot be there before the service is created"
        )
        return Finding(resource=service, at=at, message=message, fix=_without_circle(stack, service, user))
    message = (
        f'the {kind} "{user.name}" forwards to the target group "{group.name}", and nothing makes the service wait for'
        " it: this is a race. The provider repeats the call for about 4 minutes; the deployment fails when the"
        f" {kind} takes longer"
    )
    return Finding(resource=service, at=at, message=message, fix=depends_on(service, [user]), missing=user.urn)


def _without_circle(stack: Stack, service: Resource, user: Resource) -> Fix:
    """What to do where `user` waits for the service: to wait for each other would be a circle."""
    through = stack.named_around(user, service)
    on = "that it has on the service, through others" if through is None else f"on {title(through)}"
    return Fix(words=f"take from {title(user)} the dependency {on}, then let the service wait for it with dependsOn")


def _place(service: Resource, group: Resource) -> Path:
    balancers = service.get("loadBalancers")
    own = set(_arns(group))
    alone = isinstance(balancers, list) and len(balancers) == 1
    for i, entry in items_of(balancers) if own or alone else ():
        if alone or dig(entry, "targetGroupArn") in own:
            return ("loadBalancers", i, "targetGroupArn")
    return ("loadBalancers",)


FIX_WITHOUT_LISTENER = Fix(
    words="create a listener or rule that forwards to the target group, and give the service the option dependsOn",
    typescript="""\
const listener = new aws.lb.Listener("http", { loadBalancerArn: alb.arn, port: 80,
    defaultActions: [{ type: "forward", targetGroupArn: targetGroup.arn }] });
new aws.ecs.Service(name, args, { dependsOn: [listener] });""",
    python="""\
listener = aws.lb.Listener("http", load_balancer_arn=alb.arn, port=80,
    default_actions=[{"type": "forward", "target_group_arn": target_group.arn}])
aws.ecs.Service(name, ..., opts=pulumi.ResourceOptions(depends_on=[listener]))""",
)
