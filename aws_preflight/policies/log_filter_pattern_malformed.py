"""CloudWatch Logs refuses a filter pattern that it cannot read.

A pattern has a grammar of its own: text in double quotes, fields of JSON with `$.` before the name, in braces. Quotes
copied from a document are others, and a value that a program leaves out makes a comparison with nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.documents.filter_pattern import BAD_CHARACTER, problems
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import quote

REPORTED = "https://github.com/aws/aws-cdk/issues/15047"
MEASURED = (
    "https://github.com/badmintoncryer/cdk-preflight rules/logs/pf-logs-filter-pattern-bracket/meta.yaml, measured"
    " 2026-09-02"
)
CHARACTERS = "https://github.com/dougmoscrop/serverless-plugin-log-subscription/issues/47"
DOCUMENTATION = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html"
_PLACES: Final = {
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": "pattern",
    "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter": "filterPattern",
    "aws-native:logs:MetricFilter": "filterPattern",
    "aws-native:logs:SubscriptionFilter": "filterPattern",
}


@resource_policy(
    id="log-filter-pattern-malformed",
    types=tuple(_PLACES),
    reads=("pattern", "filterPattern"),
    title="A filter pattern of CloudWatch Logs cannot be read",
    refuses=(
        "A comparison without a value, a field of JSON without `$.`, quotes other than double ones, brackets that do"
        " not match, and a term with other characters than letters, digits and `_` that is not in quotes."
    ),
    why_not_preview="The pattern is a string to Pulumi and the provider; only CloudWatch Logs reads what is in it.",
    answer=Answer(
        text="InvalidParameterException: Invalid metric filter pattern",
        operation="logs:PutMetricFilter",
        source=REPORTED,
    ),
    wrong=Code(
        typescript="""\
new aws.cloudwatch.LogMetricFilter("unauthorized", {
    pattern: '{ status = "401" }',
    // ...
});""",
        python="""\
aws.cloudwatch.LogMetricFilter("unauthorized",
    pattern='{ status = "401" }',
    # ...
)""",
    ),
    right=Code(
        typescript="""\
new aws.cloudwatch.LogMetricFilter("unauthorized", {
    pattern: '{ $.status = "401" }',
    // ...
});""",
        python="""\
aws.cloudwatch.LogMetricFilter("unauthorized",
    pattern='{ $.status = "401" }',
    # ...
)""",
    ),
    fix=Fix(words='write { $.field = "value" } for JSON, and "a text" for a text with more than one word'),
    sources=(DOCUMENTATION, REPORTED, MEASURED, CHARACTERS),
)
def log_filter_pattern_malformed(resource: Resource) -> Iterator[Finding]:
    """The pattern of a metric filter or of a subscription."""
    name = _PLACES[resource.type]
    pattern = resource.get(name)
    for problem in problems(pattern) if isinstance(pattern, str) else ():
        source = CHARACTERS if problem.answer == BAD_CHARACTER else REPORTED
        yield Finding(
            resource=resource,
            at=(name,),
            message=problem.message,
            evidence=quote(pattern),
            answer=Answer(
                text=f"InvalidParameterException: {problem.answer}", operation="logs:PutMetricFilter", source=source
            )
            if problem.recorded
            else Answer(text=problem.answer, operation="", source=DOCUMENTATION, basis="documented"),
            level=problem.level,
        )
