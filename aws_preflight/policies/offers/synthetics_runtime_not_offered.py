"""CloudWatch Synthetics makes no new canary with a runtime that it has deprecated.

The canaries that exist go on. AWS tells the days: one that had passed when the table was made is a fact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.offers.ends import ended, today_utc
from aws_preflight.policies.offers.tables import table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy

TYPES: Final = ("aws:synthetics/canary:Canary",)
SEEN: Final = (
    "https://github.com/badmintoncryer/cdk-preflight rules/synthetics/pf-synthetics-canary-runtime-deprecated/meta.yaml"
)


@stack_policy(
    id="synthetics-runtime-not-offered",
    types=TYPES,
    creation=("arn",),
    existing="silent",
    title="A new canary has a runtime that CloudWatch Synthetics has deprecated",
    refuses="A new canary with a runtime that was deprecated on a day that has passed.",
    why_not_preview="The provider takes every runtime.",
    answer=Answer(
        text="Invalid request provided: Deprecated runtime version specified: syn-nodejs-puppeteer-7.0",
        operation="synthetics:CreateCanary",
        source=SEEN,
    ),
    wrong=Code(
        typescript='new aws.synthetics.Canary("probe", { runtimeVersion: "syn-nodejs-puppeteer-7.0", ...args });',
        python='aws.synthetics.Canary("probe", runtime_version="syn-nodejs-puppeteer-7.0", **args)',
    ),
    right=Code(
        typescript='new aws.synthetics.Canary("probe", { runtimeVersion: "syn-nodejs-puppeteer-17.0", ...args });',
        python='aws.synthetics.Canary("probe", runtime_version="syn-nodejs-puppeteer-17.0", **args)',
    ),
    fix=Fix(words="take a runtime that is supported"),
    sources=(
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/"
        "CloudWatch_Synthetics_Runtime_Support_Policy.html",
        SEEN,
    ),
)
def synthetics_runtime_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every canary with such a runtime."""
    known, today = table("synthetics_runtimes"), today_utc()
    for canary in stack.of_type(*TYPES):
        yield from ended(canary, "runtimeVersion", known, "canaries with this runtime", today)
