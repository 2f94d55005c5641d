"""Lambda makes no new function with a runtime that has come to its end.

Some weeks after the end of a runtime no function can be created with it, and later none can be updated. AWS tells the
days beforehand and moves them now and then: a day that had passed when the table was made is a fact, a later one is an
announcement.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.offers.ends import ended, today_utc
from aws_preflight.policies.offers.tables import table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy

TYPES: Final = ("aws:lambda/function:Function",)
ISSUE: Final = "https://github.com/transcend-io/terraform-aws-lambda-at-edge/pull/18"


@stack_policy(
    id="lambda-runtime-not-offered",
    types=TYPES,
    creation=("arn",),
    existing="silent",
    title="A new Lambda function has a runtime that Lambda no longer offers",
    refuses=(
        "A new function with a runtime with which none can be created since a day that has passed. Where AWS had only"
        " announced that day when the table was made, an advisory says so."
    ),
    why_not_preview="The provider knows all runtimes there ever were, and takes them.",
    answer=Answer(
        text=(
            "InvalidParameterValueException: The runtime parameter of nodejs10.x is no longer supported for creating or"
            " updating AWS Lambda functions. We recommend you use the new runtime (nodejs14.x) while creating or"
            " updating functions."
        ),
        operation="lambda:CreateFunction",
        source=ISSUE,
    ),
    wrong=Code(
        typescript='new aws.lambda.Function("api", { runtime: "nodejs12.x", ...args });',
        python='aws.lambda_.Function("api", runtime="nodejs12.x", **args)',
    ),
    right=Code(
        typescript='new aws.lambda.Function("api", { runtime: "nodejs22.x", ...args });',
        python='aws.lambda_.Function("api", runtime="nodejs22.x", **args)',
    ),
    fix=Fix(words="take a runtime that is supported"),
    sources=(
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html",
        ISSUE,
        "https://github.com/artilleryio/chaos-lambda/issues/30",
        "https://github.com/aws-cloudformation/cfn-lint (the days)",
    ),
)
def lambda_runtime_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every function with such a runtime."""
    known, today = table("lambda_runtimes"), today_utc()
    for function in stack.of_type(*TYPES):
        yield from ended(function, "runtime", known, "functions with this runtime", today)
