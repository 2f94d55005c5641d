"""API Gateway refuses a stage that a deployment of the same API has made already.

A deployment with a `stageName` makes that stage itself. A resource for the stage, which is mostly created after its
deployment, then meets a stage that exists. `Deployment.stageName` is an input of the SDK up to version 6 of Pulumi's
AWS provider; version 7 has it no more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.ordering.dependency import title
from aws_preflight.preflight.policy import stack_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import quote

STAGES: Final = ("aws:apigateway/stage:Stage", "aws-native:apigateway:Stage")
DEPLOYMENTS: Final = ("aws:apigateway/deployment:Deployment", "aws-native:apigateway:Deployment")
ISSUE: Final = "https://github.com/hashicorp/terraform-provider-aws/issues/14424"


@stack_policy(
    id="apigateway-stage-already-made",
    types=STAGES,
    creation=("id",),
    title="A stage of an API is created that a deployment makes already",
    refuses="A stage whose name is the `stageName` of a deployment of the same REST API in the stack.",
    why_not_preview="Each of the two is valid alone; the stage that a deployment makes is no resource of the program.",
    answer=Answer(
        text="ConflictException: Stage already exists",
        operation="apigateway:CreateStage",
        source=f"{ISSUE} (error text)",
    ),
    wrong=Code(
        typescript="""\
const deployment = new aws.apigateway.Deployment("v1", { restApi: api.id, stageName: "prod" });
new aws.apigateway.Stage("prod", { restApi: api.id, deployment: deployment.id, stageName: "prod" });""",
        python="""\
deployment = aws.apigateway.Deployment("v1", rest_api=api.id, stage_name="prod")
aws.apigateway.Stage("prod", rest_api=api.id, deployment=deployment.id, stage_name="prod")""",
    ),
    right=Code(
        typescript="""\
const deployment = new aws.apigateway.Deployment("v1", { restApi: api.id });
new aws.apigateway.Stage("prod", { restApi: api.id, deployment: deployment.id, stageName: "prod" });""",
        python="""\
deployment = aws.apigateway.Deployment("v1", rest_api=api.id)
aws.apigateway.Stage("prod", rest_api=api.id, deployment=deployment.id, stage_name="prod")""",
    ),
    fix=Fix(
        words="take the stageName from the deployment, and leave the stage to its own resource",
        typescript='new aws.apigateway.Deployment("v1", { restApi: api.id }); // without stageName',
        python='aws.apigateway.Deployment("v1", rest_api=api.id)  # without stage_name',
    ),
    sources=(
        "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html",
        ISSUE,
        "https://github.com/hashicorp/terraform-provider-aws/issues/2918",
    ),
)
def apigateway_stage_already_made(stack: Stack) -> Iterator[Finding]:
    """Every stage that a deployment of the same API makes."""
    made: dict[tuple[str, str], Resource] = {}
    for deployment in stack.of_type(*DEPLOYMENTS):
        for key in _stage_of(stack, deployment):
            made.setdefault(key, deployment)
    for stage in stack.of_type(*STAGES):
        maker = next((made[key] for key in _stage_of(stack, stage) if key in made), None)
        if maker is not None:
            message = (
                f"{title(maker)} of the same API has this stageName, and makes the stage before this resource does"
            )
            yield Finding(resource=stage, at=("stageName",), message=message, evidence=quote(stage.get("stageName")))


def _stage_of(stack: Stack, resource: Resource) -> Iterator[tuple[str, str]]:
    """The API, by its id or by the URN of the resource that it is made from, and the name of a stage of it."""
    own = "restApi" if resource.type.startswith("aws:") else "restApiId"
    name, api = resource.get("stageName"), resource.get(own)
    if isinstance(name, str) and name:
        sources = stack.sources_of(resource, own)
        if len(sources) == 1:
            yield sources[0].urn, name
        elif isinstance(api, str) and api:
            yield api, name
