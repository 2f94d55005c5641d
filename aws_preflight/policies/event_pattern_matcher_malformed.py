"""EventBridge refuses a pattern with a matcher that it does not know, or that has another shape.

A pattern is JSON in a string, and whatever stands in a list of it is compared with the event: a value, or an object
with one matcher. Whoever writes `startsWith` for `prefix`, `"true"` for `true`, or `=>` for `>=` learns it from the
service.
"""

from __future__ import annotations

from collections.abc import Iterator

from aws_preflight.policies.documents.event_pattern import problems_in
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.json_documents import document_of
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Path, Value, dig, has_unknown, quote

MEASURED = (
    "https://github.com/badmintoncryer/cdk-preflight"
    " rules/events/pf-events-pattern-operator/meta.yaml, deployed 2026-09-07"
)
DOCUMENTATION = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html"
SAYS = "Event pattern is not valid. Reason: "
SEEN = (
    "Unrecognized",
    "prefix match",
    "suffix match",
    "exists match",
    "Consecutive wildcard",
    "Unsupported anything-but",
)
"""How the answers begin that EventBridge itself was seen to give; the others are those of SNS to the same pattern."""


@resource_policy(
    id="event-pattern-matcher-malformed",
    types=(
        "aws:cloudwatch/eventRule:EventRule",
        "aws:cloudwatch/eventArchive:EventArchive",
        "aws-native:events:Rule",
        "aws-native:events:Archive",
    ),
    reads=("eventPattern",),
    needs=("eventPattern",),
    title="An event pattern has a matcher that EventBridge does not know, or one of another shape",
    refuses=(
        "A matcher with the name that another language has for it, `prefix` and `suffix` that are no strings, `exists`"
        " that is not true or false, a `numeric` comparison or an `anything-but` that EventBridge does not have, and"
        " two stars in a row in a `wildcard`."
    ),
    why_not_preview="The pattern is a string to Pulumi and the provider; only EventBridge reads what is in it.",
    answer=Answer(
        text=f"InvalidEventPatternException: {SAYS}Unrecognized match type startsWith",
        operation="events:PutRule",
        source=MEASURED,
    ),
    wrong=Code(
        typescript="""\
new aws.cloudwatch.EventRule("uploads", {
    eventPattern: JSON.stringify({ detail: { object: { key: [{ startsWith: "in/" }] } } }),
});""",
        python="""\
aws.cloudwatch.EventRule("uploads",
    event_pattern=json.dumps({"detail": {"object": {"key": [{"startsWith": "in/"}]}}}))""",
    ),
    right=Code(
        typescript="""\
new aws.cloudwatch.EventRule("uploads", {
    eventPattern: JSON.stringify({ detail: { object: { key: [{ prefix: "in/" }] } } }),
});""",
        python="""\
aws.cloudwatch.EventRule("uploads",
    event_pattern=json.dumps({"detail": {"object": {"key": [{"prefix": "in/"}]}}}))""",
    ),
    fix=Fix(
        words="write one of prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, cidr and exists, as"
        " the documentation shows it"
    ),
    sources=(DOCUMENTATION, MEASURED),
)
def event_pattern_matcher_malformed(rule: Resource) -> Iterator[Finding]:
    """Every matcher in the pattern, which is JSON, or in `aws-native` an object."""
    document = document_of(rule.get("eventPattern"))
    for problem in problems_in(document):
        yield Finding(
            resource=rule,
            at=("eventPattern", *problem.path),
            message=problem.message,
            evidence=_evidence(document, problem.path),
            answer=Answer(
                text=f"InvalidEventPatternException: {SAYS}{problem.answer}",
                operation="events:PutRule",
                source=MEASURED,
            ),
            level="mandatory" if problem.answer.startswith(SEEN) else "advisory",
        )


def _evidence(document: Value, path: Path) -> str:
    """The matcher as it stands."""
    matcher = dig(document, *path[:-1])
    return "" if has_unknown(matcher) else quote(matcher)
