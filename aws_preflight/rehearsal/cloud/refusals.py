"""What the simulated AWS and its provider refuse, in the words in which they refused it.

Only answers that are on record: without these, a rehearsal would accept what a deployment fails on. The limits
are those of the policies.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from aws_preflight.policies.acm_domain_too_long import acm_domain_too_long
from aws_preflight.policies.awslogs_group_unresolved import GROUP, GROUP_NAME, MAX_GROUP, awslogs_group_unresolved
from aws_preflight.policies.documents.dashboard_rows import ROW_OPTIONS
from aws_preflight.policies.domain_names import MAX_FIRST_NAME
from aws_preflight.policies.ecs_service_without_listener_dependency import ACTIONS, TARGET_GROUPS
from aws_preflight.preflight.json_documents import field

Inputs = Mapping[str, Any]


@dataclass(frozen=True)
class Existing:
    """A resource that has been created."""

    type: str
    inputs: Inputs
    outputs: Inputs


class RefusedError(Exception):
    """AWS's answer to a request that it does not carry out."""

    def __init__(self, service: str, operation: str, answer: str) -> None:
        super().__init__(answer)
        self.service = service
        self.operation = operation


Refusal = Callable[[Inputs, Iterable[Existing]], None]
Invalid = Callable[[str, Inputs], Iterable[str]]


def request_certificate(inputs: Inputs, _existing: Iterable[Existing]) -> None:
    """Refuses a first domain name that does not fit into a certificate's common name."""
    name = inputs.get("domainName")
    if isinstance(name, str) and len(name.encode()) > MAX_FIRST_NAME:
        raise RefusedError("ACM", "RequestCertificate", acm_domain_too_long.answer.text)


def register_task_definition(inputs: Inputs, _existing: Iterable[Existing]) -> None:
    """Refuses a log group that CloudWatch Logs could not have."""
    for container in _containers(inputs.get("containerDefinitions")):
        log = _member(container, "logConfiguration")
        if _member(log, "logDriver") != "awslogs":
            continue
        group = _member(_member(log, "options"), GROUP)
        if isinstance(group, str) and not (len(group) <= MAX_GROUP and GROUP_NAME.fullmatch(group)):
            raise RefusedError("ECS", "RegisterTaskDefinition", awslogs_group_unresolved.answer.text)


def put_dashboard(inputs: Inputs, _existing: Iterable[Existing]) -> None:
    """Refuses metrics that are not written as rows of text with one object of known options last."""
    errors = list(_dashboard_errors(_parsed(inputs.get("dashboardBody"))))
    if errors:
        count = f"are {len(errors)} validation errors" if len(errors) > 1 else "is 1 validation error"
        raise RefusedError(
            "CloudWatch",
            "PutDashboard",
            f"InvalidParameterInput: The dashboard body is invalid, there {count}:\n{json.dumps(errors, indent=2)}",
        )


def create_service(inputs: Inputs, existing: Iterable[Existing]) -> None:
    """Refuses a target group that no listener forwards to yet.

    A target group from outside the rehearsal is taken to have one.
    """
    resources = list(existing)
    for attachment in inputs.get("loadBalancers") or []:
        group = attachment.get("targetGroupArn")
        ours = any(resource.type in TARGET_GROUPS and _mentions(resource.outputs, group) for resource in resources)
        forwarded = any(resource.type in ACTIONS and _mentions(resource.inputs, group) for resource in resources)
        if ours and not forwarded:
            raise RefusedError(
                "ECS",
                "CreateService",
                f"InvalidParameterException: The target group with targetGroupArn {group} does not have an "
                "associated load balancer.",
            )


def group_tags(name: str, inputs: Inputs) -> Iterator[str]:
    """Finds tags of an Auto Scaling group that are not a single value each."""
    for tag in _list(inputs.get("tags")):
        value = tag.get("value") if isinstance(tag, dict) else None
        if isinstance(value, dict | list):
            shape = "map" if isinstance(value, dict) else "list"
            yield f"Attribute must be a single value, not a {shape}. Examine values at '{name}.tags'."


INVALID: Mapping[str, Invalid] = {"aws:autoscaling/group:Group": group_tags}
"""What the provider refuses before AWS is asked, and in a preview too."""

REFUSALS: Mapping[str, Refusal] = {
    "aws:acm/certificate:Certificate": request_certificate,
    "aws:cloudwatch/dashboard:Dashboard": put_dashboard,
    "aws:ecs/service:Service": create_service,
    "aws:ecs/taskDefinition:TaskDefinition": register_task_definition,
    "aws-native:certificatemanager:Certificate": request_certificate,
    "aws-native:cloudwatch:Dashboard": put_dashboard,
    "aws-native:ecs:Service": create_service,
    "aws-native:ecs:TaskDefinition": register_task_definition,
}
"""What AWS refuses when asked to create or change a resource."""


def _dashboard_errors(body: Any) -> Iterator[dict[str, str]]:
    for position, widget in enumerate(_list(_member(body, "widgets"))):
        if _member(widget, "type") != "metric":
            continue
        path = f"/widgets/{position}/properties/metrics"
        for index, row in enumerate(_list(_member(_member(widget, "properties"), "metrics"))):
            if not isinstance(row, list):
                yield {"dataPath": f"{path}/{index}", "message": "Should be array"}
            elif row and isinstance(row[-1], dict) and not row[-1].keys() <= ROW_OPTIONS.keys():
                # AWS takes an object it cannot read for one more dimension.
                most = len(row) - 1
                yield {"dataPath": f"{path}/{index}", "message": f"Should NOT have more than {most} items"}


def _containers(definitions: Any) -> list[Any]:
    return _list(_parsed(definitions) if isinstance(definitions, str) else definitions)


def _parsed(document: Any) -> Any:
    try:
        # Lenient about raw line breaks in text: what they stand in is wrong enough to be found.
        return json.loads(document, strict=False)
    except (TypeError, ValueError):
        return None


def _member(value: Any, name: str) -> Any:
    """A member of an object, its name in any case, as AWS's own decoders read it."""
    key = field(value, name)
    return None if key is None else value[key]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mentions(value: Any, text: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_mentions(member, text) for member in value.values())
    if isinstance(value, list):
        return any(_mentions(member, text) for member in value)
    return bool(text) and value == text
