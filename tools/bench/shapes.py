"""Stacks that grow in one direction, as plain resources: many services on one target group, components in components.

What a stack policy costs for each resource has to stay the same when such a stack grows; `make bench` shows it, and
`tests/test_ordering.py` sees that growing changes no finding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN, Value

COMPONENT: Final = "shop:index:Component"


class _Stack:
    """A stack in the making."""

    def __init__(self) -> None:
        self.resources: list[Resource] = []

    def add(self, type_: str, parent: str | None = None, after: tuple[str, ...] = (), **sources: str) -> str:
        """Adds a resource whose inputs were made from other resources, and gives its URN."""
        urn = f"urn:pulumi:dev::shapes::{type_}::r{len(self.resources)}"
        self.resources.append(
            Resource(
                urn=urn,
                type=type_,
                name=f"r{len(self.resources)}",
                properties={name: unknown(name) for name in sources},
                parent=parent,
                dependencies=(*after, *sources.values()),
                property_dependencies={name: (source,) for name, source in sources.items()},
                custom=type_ != COMPONENT,
            )
        )
        return urn


_IN_OBJECTS: Final[Mapping[str, Value]] = {
    "loadBalancers": [{"targetGroupArn": UNKNOWN}],
    "vpcConfig": {"subnetIds": UNKNOWN},
    "loggingConfig": {"bucket": UNKNOWN},
}


def unknown(name: str) -> Value:
    """An input that was made from an Output, which mostly stands within an object that is known."""
    return _IN_OBJECTS.get(name, UNKNOWN)


def services(number: int) -> list[Resource]:
    """Services and listener rules on one target group, and no service waits for a rule."""
    stack = _Stack()
    group = stack.add("aws:lb/targetGroup:TargetGroup")
    for _ in range(number):
        stack.add("aws:lb/listenerRule:ListenerRule", listenerArn=stack.add("aws:lb/listener:Listener"), actions=group)
        task = stack.add("aws:ecs/taskDefinition:TaskDefinition")
        stack.add("aws:ecs/service:Service", loadBalancers=group, taskDefinition=task)
    return stack.resources


def component(number: int) -> list[Resource]:
    """Target groups and listeners in one component that stands for all of its target groups."""
    stack = _Stack()
    network = stack.add(COMPONENT)
    for _ in range(number):
        group = stack.add("aws:lb/targetGroup:TargetGroup", network)
        stack.add("aws:lb/listener:Listener", network, defaultActions=network)
        stack.add("aws:ecs/service:Service", loadBalancers=group)
        stack.add("aws:s3/bucket:Bucket", after=(network,))
    return stack.resources


def nested(number: int) -> list[Resource]:
    """Components in components, each with a resource that waits for a component elsewhere."""
    stack = _Stack()
    network = stack.add(COMPONENT)
    group = stack.add("aws:lb/targetGroup:TargetGroup", network)
    parent = None
    for _ in range(number):
        parent = stack.add(COMPONENT, parent, after=(network,))
        stack.add("aws:lb/listener:Listener", parent, after=(network,), defaultActions=group)
    stack.add("aws:ecs/service:Service", parent, loadBalancers=group)
    return stack.resources


def buckets(number: int) -> list[Resource]:
    """Buckets that notify queues whose policies nobody waits for."""
    stack = _Stack()
    for _ in range(number):
        queue, bucket = stack.add("aws:sqs/queue:Queue"), stack.add("aws:s3/bucket:Bucket")
        stack.add("aws:sqs/queuePolicy:QueuePolicy", queueUrl=queue)
        stack.add("aws:s3/bucketNotification:BucketNotification", bucket=bucket, queues=queue)
    return stack.resources


def functions(number: int) -> list[Resource]:
    """Functions of one role, and policies of that role: each function needs each of the policies."""
    stack = _Stack()
    role = stack.add("aws:iam/role:Role")
    for _ in range(number):
        stack.add("aws:iam/rolePolicy:RolePolicy", role=role)
        stack.add("aws:lambda/function:Function", role=role, vpcConfig=role)
    return stack.resources


def logs(number: int) -> list[Resource]:
    """Distributions that log into buckets without ownership controls, beside buckets that have some."""
    stack = _Stack()
    for _ in range(number):
        bucket, other = stack.add("aws:s3/bucket:Bucket"), stack.add("aws:s3/bucket:Bucket")
        stack.add("aws:s3/bucketOwnershipControls:BucketOwnershipControls", bucket=other)
        stack.add("aws:cloudfront/distribution:Distribution", loggingConfig=bucket)
    return stack.resources


SHAPES: Final[Mapping[str, Callable[[int], list[Resource]]]] = {
    "services and rules on one group": services,
    "groups and listeners in a component": component,
    "components in components": nested,
    "buckets with notifications": buckets,
    "functions and policies of one role": functions,
}
"""Stacks in which something is created too early."""

OF_JOINS: Final[Mapping[str, Callable[[int], list[Resource]]]] = {"distributions and buckets for logs": logs}
"""Stacks in which resources do not go together."""
