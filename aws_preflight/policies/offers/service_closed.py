"""AWS has closed some services to accounts that do not use them yet, and ended others.

A program that is deployed into a new account is refused then, while it goes on working in the old one. Which accounts
use a service only AWS knows, so this warns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.offers.tables import table
from aws_preflight.preflight.finding import NOT_RECORDED, Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy

# Of each service what a program makes first: one finding is enough.
TYPES: Final = (
    "aws:apprunner/service:Service",
    "aws:auditmanager/assessment:Assessment",
    "aws:cloud9/environmentEC2:EnvironmentEC2",
    "aws:cloudtrail/eventDataStore:EventDataStore",
    "aws:elastictranscoder/pipeline:Pipeline",
    "aws:evidently/project:Project",
    "aws:glacier/vault:Vault",
    "aws:m2/application:Application",
    "aws:m2/environment:Environment",
    "aws:mediastore/container:Container",
    "aws:pinpoint/app:App",
    "aws:s3control/objectLambdaAccessPoint:ObjectLambdaAccessPoint",
    "aws:timestreamwrite/database:Database",
)
PAGE: Final = "https://docs.aws.amazon.com/apprunner/latest/dg/apprunner-availability-change.html"


@stack_policy(
    id="service-closed",
    types=TYPES,
    creation=("arn",),
    existing="silent",
    level="advisory",
    title="Something new is made of a service that AWS has closed to new customers, or ended",
    refuses=(
        "Something new of a service that AWS has closed to accounts that do not use it yet, or ended. What exists is"
        " silent."
    ),
    why_not_preview="The provider knows the resources as long as AWS's SDK does.",
    answer=Answer(
        text=(
            "AWS App Runner is no longer open to new customers. Existing customers can continue to use the service as"
            " normal."
        ),
        operation="apprunner:CreateService",
        source=PAGE,
        basis="documented",
    ),
    wrong=Code(
        typescript='new aws.apprunner.Service("web", args); // in an account without any',
        python='aws.apprunner.Service("web", **args)  # in an account without any',
    ),
    right=Code(
        typescript='new aws.ecs.Service("web", args); // on Fargate',
        python='aws.ecs.Service("web", **args)  # on Fargate',
    ),
    fix=Fix(words="look whether the account uses the service already, or take what AWS recommends in its place"),
    sources=(
        PAGE,
        "https://docs.aws.amazon.com/general/latest/gr/lifecycle-doc-history.html",
        "https://github.com/hashicorp/terraform-provider-aws/issues/47161",
    ),
)
def service_closed(stack: Stack) -> Iterator[Finding]:
    """Everything of such a service."""
    known = table("service_ends")
    for resource in stack.of_type(*TYPES):
        row = known.values[resource.type]
        what = f"ended on {row['ended']}" if row["ended"] else f"is closed to new customers since {row['closed']}"
        says = Answer(text=row["says"], operation="", source=row["page"], basis="documented")
        yield Finding(
            resource=resource,
            at=(row["at"],),
            message=f"{row['service']} {what} ({known.as_of}): {row['page']}",
            answer=says if row["says"] else NOT_RECORDED,
            level="advisory",
        )
