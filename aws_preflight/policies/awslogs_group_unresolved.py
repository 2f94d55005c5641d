"""A container logs to the text of an Output instead of to a log group.

`containerDefinitions` is a JSON string, so a program builds it with `JSON.stringify` or a template. An Output in there
does not become its value but a warning text, "Calling [toJSON] on an [Output<T>] is not supported. ...". Preview takes
any text; ECS refuses the task definition, because a log group name has no spaces and brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.outputs import fingerprints
from aws_preflight.policies.outputs.fingerprints import Fingerprint
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.json_documents import NOT_JSON, field, parse
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN, Path, Value, items_of, kind_of, quote

GROUP: Final = "awslogs-group"
MAX_GROUP: Final = 512
# LogGroupName in the API model of CloudWatch Logs.
GROUP_NAME: Final = re.compile(r"[.\-_/#A-Za-z0-9]+")
# In a string that is no JSON: the option, and what stands in its quotes or up to the end.
PASTED_GROUP: Final = re.compile(r'"awslogs-group"\s{0,20}:\s{0,20}"([^"]{0,400})')

# Legal characters, and no Output either: a value that was missing when the name was put together. AWS takes such a
# name, so it is only worth a warning.
NOT_RESOLVED_BUT_LEGAL: Final = frozenset({"undefined-token", "number-nan", "none-token"})

EMPTY = Answer(
    text="ClientException: Log driver awslogs option 'awslogs-group' should not be null or empty.",
    operation="ecs:RegisterTaskDefinition",
    source="https://github.com/terraform-aws-modules/terraform-aws-ecs/issues/206",
)
MISSING = Answer(
    text="ClientException: Log driver awslogs requires options: awslogs-group",
    operation="ecs:RegisterTaskDefinition",
    source="https://github.com/aws-cloudformation/cfn-lint/issues/1787",
)
NO_SUCH_GROUP = Answer(
    text=(
        "CannotStartContainerError: API error (500): failed to initialize logging driver: ResourceNotFoundException:"
        " The specified log group does not exist."
    ),
    operation="ecs:RunTask",
    source="https://github.com/muccg/rdrf/issues/617",
)


@resource_policy(
    id="awslogs-group-unresolved",
    types=(
        "aws:ecs/taskDefinition:TaskDefinition",
        "aws:ecs/daemonTaskDefinition:DaemonTaskDefinition",
        "aws-native:ecs:TaskDefinition",
        "aws-native:ecs:DaemonTaskDefinition",
    ),
    reads=("containerDefinitions",),
    title="The awslogs-group of a container is not the name of a log group",
    refuses=(
        "A container with the log driver `awslogs` whose `awslogs-group` is the text of an unresolved Output, is empty,"
        " missing or not a string, or is no legal log group name. Values from `secretOptions` are not evaluated."
    ),
    why_not_preview=(
        "Container definitions are one JSON string, and log options are free text in it. The provider checks the shape"
        " of the document only."
    ),
    answer=Answer(
        text="ClientException: Log driver awslogs option 'awslogs-group' contains invalid characters.",
        operation="ecs:RegisterTaskDefinition",
        source="https://github.com/aws/aws-cdk/issues/4492",
    ),
    wrong=Code(
        typescript="""\
containerDefinitions: JSON.stringify([{
    name: "api", image,
    logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": logGroup.name } },
}])""",
        python="""\
container_definitions=json.dumps([{
    "name": "api", "image": image,
    "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": f"{log_group.name}"}},
}])""",
    ),
    right=Code(
        typescript="""\
containerDefinitions: pulumi.jsonStringify([{
    name: "api", image,
    logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": logGroup.name } },
}])""",
        python="""\
container_definitions=pulumi.Output.json_dumps([{
    "name": "api", "image": image,
    "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": log_group.name}},
}])""",
    ),
    fix=Fix(
        words=(
            "make the container definitions with the JSON function of Pulumi for Outputs, and give the name"
            " of the log group as it is"
        ),
        typescript=(
            'containerDefinitions: pulumi.jsonStringify([{ ..., options: { "awslogs-group": logGroup.name } }]),'
        ),
        python='container_definitions=pulumi.Output.json_dumps([{..., "options": {"awslogs-group": log_group.name}}]),',
    ),
    sources=(
        "https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html",
        "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html",
        "https://github.com/aws/aws-cdk/issues/4492",
        "https://www.pulumi.com/docs/iac/concepts/inputs-outputs/",
    ),
)
def awslogs_group_unresolved(task: Resource) -> Iterator[Finding]:
    """Every container whose log group AWS cannot take."""
    definitions = task.get("containerDefinitions")
    if not isinstance(definitions, str):
        yield from _containers(task, definitions, document=False)
        return
    document = parse(definitions)
    if document is NOT_JSON:
        yield from _pasted(task, definitions)
    else:
        yield from _containers(task, document, document=True)


def _containers(task: Resource, containers: Value, *, document: bool) -> Iterator[Finding]:
    """The containers of a list. In a `document` the letter case of keys does not matter; of typed inputs it does."""
    for i, container in items_of(containers):
        path: Path = ("containerDefinitions", i)
        path, log = _member(path, container, "logConfiguration", document=document)
        _, driver = _member(path, log, "logDriver", document=document)
        if driver != "awslogs":
            continue
        _, secrets = _member(path, log, "secretOptions", document=document)
        if _may_supply_group(secrets, document=document):
            continue
        path, options = _member(path, log, "options", document=document)
        if options is not None and not isinstance(options, dict):
            continue  # unknown, or a shape that the provider refuses itself
        yield from _group(task, path, options or {})


def _member(path: Path, container: Value, name: str, *, document: bool) -> tuple[Path, Value]:
    key = field(container, name) if document else name
    value = container.get(key) if isinstance(container, dict) and key is not None else None
    return (*path, key or name), value


def _may_supply_group(secrets: Value, *, document: bool) -> bool:
    """Whether the group comes from `secretOptions`; also where one of its names is unknown."""
    names = [_member((), secret, "name", document=document)[1] for _, secret in items_of(secrets)]
    return secrets is UNKNOWN or UNKNOWN in names or GROUP in names


def _group(task: Resource, path: Path, options: dict[str, Value]) -> Iterator[Finding]:
    at = (*path, GROUP)
    if GROUP not in options:
        yield Finding(resource=task, at=at, message="the option is missing", answer=MISSING)
        return
    group = options[GROUP]
    if group is UNKNOWN:
        return
    if group is None or group == "":
        yield Finding(resource=task, at=at, message="the log group has no name", answer=EMPTY)
    elif not isinstance(group, str):
        message = f"the log group is {kind_of(group)}, where ECS takes a string"
        yield Finding(resource=task, at=at, message=message, evidence=quote(group, 80))
    else:
        yield from _name(task, at, group)


def _name(task: Resource, at: Path, group: str) -> Iterator[Finding]:
    trace = fingerprints.in_identifier(group[: 4 * MAX_GROUP])
    legal = len(group) <= MAX_GROUP and GROUP_NAME.fullmatch(group)
    if trace is not None and trace.id in NOT_RESOLVED_BUT_LEGAL and legal:
        message = "a part of the name was missing when the program put it together"
        yield Finding(
            resource=task, at=at, message=message, evidence=quote(group), answer=NO_SUCH_GROUP, level="advisory"
        )
    elif trace is not None:
        yield _trace(task, at, group, trace, legal=bool(legal))
    elif not legal:
        excess = len(group) - MAX_GROUP
        message = (
            f"the log group name has {len(group)} characters, {excess} more than CloudWatch Logs takes"
            if excess > 0
            else "the log group name has characters other than letters, digits and . - _ / #"
        )
        yield Finding(resource=task, at=at, message=message, evidence=quote(group))


def _trace(task: Resource, at: Path, group: str, trace: Fingerprint, *, legal: bool) -> Finding:
    left = f"what is left of an Output that the program turned into text ({trace.language})"
    message = f"this is not a log group name but {left}"
    return Finding(
        resource=task,
        at=at,
        message=message,
        evidence="" if trace.may_hold_values else quote(group, 80),
        answer=NO_SUCH_GROUP if legal else None,
        level=trace.level if legal else "mandatory",
    )


def _pasted(task: Resource, text: str) -> Iterator[Finding]:
    """Groups in a string that is not even JSON: the text of an Output can bring quotes of its own."""
    for match in PASTED_GROUP.finditer(text):
        trace = fingerprints.in_any_string(match[1])
        if trace is not None:
            yield _trace(task, ("containerDefinitions", GROUP), match[1], trace, legal=False)
