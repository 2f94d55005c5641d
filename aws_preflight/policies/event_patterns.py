"""A service refuses a pattern that is no event pattern: a value alone, an empty list, a matcher of another shape.

The patterns of EventBridge stand in filters of Lambda and Pipes and in filter policies of SNS as well. Every field of a
pattern has a list of what it may be, also where that is one value, and a matcher is an object in such a list. Programs
build them from maps of their own, where a value stands alone and a list may have nothing in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Final, TypeAlias

from aws_preflight.policies.documents.event_pattern import EMPTY_LIST, PLAIN_VALUE, misplaced_in, problems_in
from aws_preflight.policies.documents.shape import Problem, may_be_stringified
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.json_documents import NOT_JSON, document_of, parse
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN, Path, Value, dig, has_unknown, items_of, quote

_PEER: Final = "https://github.com/badmintoncryer/cdk-preflight rules/"
_SNAPSHOT: Final = (
    "https://github.com/localstack/localstack tests/aws/services/sns/test_sns_filter_policy.snapshot.json,"
    " recorded 2024-05-14"
)
_SNS: Final = "InvalidParameter: Invalid parameter: Attributes Reason: "
Problems: TypeAlias = Callable[[Resource, Value], Iterator[Problem]]
Patterns: TypeAlias = Callable[[Resource], Iterator[tuple[Path, Value]]]
_MOST_KEYS, _MOST_COMBINATIONS = 5, 150


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """The patterns of one kind of resource, and the mistakes that one policy tells of.

    `patterns` yields the patterns of a resource as documents, with their paths. `problems` yields what is wrong with
    one. `prefix` comes before the answer to a problem.
    """

    id: str
    types: tuple[str, ...]
    reads: str
    title: str
    refuses: str
    answer: Answer
    documentation: str
    fix: str
    wrong: Code
    right: Code
    patterns: Patterns
    problems: Problems
    prefix: str


def _policy_of(entry: Pattern) -> Policy:
    """The policy that finds what the entry says."""

    def check(resource: Resource) -> Iterator[Finding]:
        for path, pattern in entry.patterns(resource):
            for problem in entry.problems(resource, pattern):
                yield _finding(resource, path, pattern, problem, entry)

    return Policy(
        id=entry.id,
        types=entry.types,
        reads=(entry.reads,),
        needs=(entry.reads,),
        title=entry.title,
        refuses=entry.refuses,
        why_not_preview="The pattern is a string to Pulumi and the provider; only the service reads what is in it.",
        answer=entry.answer,
        wrong=entry.wrong,
        right=entry.right,
        fix=Fix(words=entry.fix),
        sources=(entry.documentation, entry.answer.source),
        scope="resource",
        check=check,
        doc=(__doc__ or "").strip(),
    )


def _finding(resource: Resource, path: Path, pattern: Value, problem: Problem, entry: Pattern) -> Finding:
    value = dig(pattern, *problem.path)
    return Finding(
        resource=resource,
        at=(*path, *problem.path),
        message=problem.message,
        evidence="" if has_unknown(value) else quote(value),
        answer=Answer(
            text=f"{entry.prefix}{problem.answer}", operation=entry.answer.operation, source=entry.answer.source
        ),
        level=problem.level,
    )


# --- where patterns stand ---------------------------------------------------------------------------------------------


def _document(name: str) -> Patterns:
    """The one pattern of a resource: JSON, or in `aws-native` an object."""

    def patterns(resource: Resource) -> Iterator[tuple[Path, Value]]:
        yield (name,), document_of(resource.get(name))

    return patterns


def _filters(*path: str) -> Patterns:
    """The patterns in a list of filters: texts that should be JSON, and are `NOT_JSON` where they are not."""

    def patterns(resource: Resource) -> Iterator[tuple[Path, Value]]:
        for i, one in items_of(dig(resource.get(path[0]), *path[1:])):
            text = dig(one, "pattern")
            if isinstance(text, str) and not may_be_stringified(text):
                yield (*path, i, "pattern"), parse(text)

    return patterns


# --- what is wrong with them ------------------------------------------------------------------------------------------


def _only(answer: str) -> Problems:
    def problems(_: Resource, pattern: Value) -> Iterator[Problem]:
        return (one for one in misplaced_in(pattern) if one.answer == answer)

    return problems


def _in_filter(no_object: str = "", empty: str = "", *, says_why: bool) -> Problems:
    """What is wrong with the pattern of a filter.

    `no_object` and `empty` are the answers to a text that is no JSON object, and to an empty object where that is
    refused. A service that does not say why has one answer to everything, the prefix of the entry.
    """

    def problems(_: Resource, pattern: Value) -> Iterator[Problem]:
        if pattern is NOT_JSON:
            yield Problem(path=(), message="this is no JSON", answer=no_object)
        elif not isinstance(pattern, dict) and pattern is not UNKNOWN:
            yield Problem(path=(), message="a pattern is an object", answer=no_object, recorded=not says_why)
        elif pattern == {} and empty:
            yield Problem(path=(), message="the pattern is empty, and would match anything", answer=empty)
        for one in (*misplaced_in(pattern), *problems_in(pattern)):
            answer = one.answer if says_why else ""
            yield Problem(path=one.path, message=one.message, answer=answer, recorded=one.answer == PLAIN_VALUE)

    return problems


def _in_filter_policy(subscription: Resource, policy: Value) -> Iterator[Problem]:
    """Everything but empty lists, of which a policy of its own tells."""
    if not isinstance(policy, dict):
        return
    if len(policy) > _MOST_KEYS and "$or" not in policy:
        yield Problem(
            path=(),
            message=f"the filter policy has {len(policy)} keys, and may have 5",
            answer="FilterPolicy: Filter policy can not have more than 5 keys",
        )
    nested = [name for name, below in policy.items() if isinstance(below, dict)]
    if nested and _is_about_attributes(subscription):
        yield Problem(
            path=(nested[0],),
            message="an attribute of a message has no fields: nested keys are for filterPolicyScope MessageBody",
            answer="Filter policy scope MessageAttributes does not support nested filter policy",
        )
    lists = [below for below in policy.values() if isinstance(below, list)]
    if len(lists) == len(policy) and "$or" not in policy and prod(map(len, lists)) > _MOST_COMBINATIONS:
        message = "the lists of values make more than 150 combinations"
        yield Problem(path=(), message=message, answer="FilterPolicy: Filter policy is too complex")
    for problem in (*misplaced_in(policy), *problems_in(policy)):
        if problem.answer != EMPTY_LIST:
            yield Problem(path=problem.path, message=problem.message, answer=f"FilterPolicy: {problem.answer}")


def _is_about_attributes(subscription: Resource) -> bool:
    return subscription.get("filterPolicyScope") in (None, "MessageAttributes")


# --- the policies -----------------------------------------------------------------------------------------------------


def _code(class_: str, property_: str, pattern: str, python: str) -> Code:
    """Lines that show a pattern; `python` is the same pattern as a dict."""
    snake = {"eventPattern": "event_pattern", "filterPolicy": "filter_policy"}[property_]
    return Code(
        typescript=f'new aws.{class_}("orders", {{\n    {property_}: JSON.stringify({pattern}),\n    // ...\n}});',
        python=f'aws.{class_}("orders",\n    {snake}=json.dumps({python}),\n    # ...\n)',
    )


_EVENTS: Final = (
    "aws:cloudwatch/eventRule:EventRule",
    "aws:cloudwatch/eventArchive:EventArchive",
    "aws-native:events:Rule",
    "aws-native:events:Archive",
)
_SUBSCRIPTIONS: Final = ("aws:sns/topicSubscription:TopicSubscription", "aws-native:sns:Subscription")
_EVENTS_DOCS: Final = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html"
_OF_EVENTS: Final = "InvalidEventPatternException: Event pattern is not valid. Reason: "
_FILTER: Final = "InvalidParameterValueException: Invalid filter pattern definition."

_ENTRIES: Final = (
    Pattern(
        id="event-pattern-empty-list",
        types=_EVENTS,
        reads="eventPattern",
        title="An event pattern has an empty list",
        refuses="A field of an event pattern, at any depth, with a list of no values.",
        answer=Answer(
            text="Event pattern is not valid. Reason: Empty arrays are not allowed",
            operation="events:PutRule",
            source="https://github.com/aws/aws-cdk/issues/36904",
        ),
        documentation=_EVENTS_DOCS,
        fix="name a value that the rule is for, or remove the key",
        wrong=_code("cloudwatch.EventRule", "eventPattern", "{ source: [] }", '{"source": []}'),
        right=_code("cloudwatch.EventRule", "eventPattern", '{ source: ["aws.ec2"] }', '{"source": ["aws.ec2"]}'),
        patterns=_document("eventPattern"),
        problems=_only(EMPTY_LIST),
        prefix=_OF_EVENTS,
    ),
    Pattern(
        id="event-pattern-plain-value",
        types=_EVENTS,
        reads="eventPattern",
        title="A value of an event pattern is not in a list",
        refuses="A field of an event pattern, at any depth, with a text, a number or a boolean in the place of a list.",
        answer=Answer(
            text=f'{_OF_EVENTS}"source" must be an object or an array',
            operation="events:PutRule",
            source="https://github.com/buildkite/docs/pull/896",
        ),
        documentation=_EVENTS_DOCS,
        fix="put the value into a list, also one that compares, as in [{exists: true}]",
        wrong=_code("cloudwatch.EventRule", "eventPattern", '{ source: "aws.ec2" }', '{"source": "aws.ec2"}'),
        right=_code("cloudwatch.EventRule", "eventPattern", '{ source: ["aws.ec2"] }', '{"source": ["aws.ec2"]}'),
        patterns=_document("eventPattern"),
        problems=_only(PLAIN_VALUE),
        prefix=_OF_EVENTS,
    ),
    Pattern(
        id="sns-filter-policy-empty-list",
        types=_SUBSCRIPTIONS,
        reads="filterPolicy",
        title="A filter policy has an empty list",
        refuses="A key of a filter policy, at any depth, with a list of no values.",
        answer=Answer(
            text="Invalid parameter: FilterPolicy: Empty arrays are not allowed",
            operation="sns:Subscribe",
            source="https://github.com/aws/aws-cdk/issues/16549",
        ),
        documentation="https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html",
        fix="name a value that the filter lets pass, or remove the key",
        wrong=_code("sns.TopicSubscription", "filterPolicy", "{ kind: [] }", '{"kind": []}'),
        right=_code("sns.TopicSubscription", "filterPolicy", '{ kind: ["order"] }', '{"kind": ["order"]}'),
        patterns=_document("filterPolicy"),
        problems=_only(EMPTY_LIST),
        prefix="InvalidParameter: Invalid parameter: FilterPolicy: ",
    ),
    Pattern(
        id="sns-filter-policy-malformed",
        types=_SUBSCRIPTIONS,
        reads="filterPolicy",
        title="A filter policy has more keys or combinations than SNS takes, or values of another shape",
        refuses=(
            "More than five keys or 150 combinations of values, a value that is not in a list, nested keys without"
            " filterPolicyScope `MessageBody`, and matchers that SNS does not know or that have another shape."
        ),
        answer=Answer(
            text=f"{_SNS}FilterPolicy: Filter policy can not have more than 5 keys",
            operation="sns:Subscribe",
            source=_SNAPSHOT,
        ),
        documentation="https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html",
        fix="write each key with a list of values or of matchers, as the documentation shows it",
        wrong=_code("sns.TopicSubscription", "filterPolicy", '{ kind: "order" }', '{"kind": "order"}'),
        right=_code("sns.TopicSubscription", "filterPolicy", '{ kind: ["order"] }', '{"kind": ["order"]}'),
        patterns=_document("filterPolicy"),
        problems=_in_filter_policy,
        prefix=_SNS,
    ),
    Pattern(
        id="lambda-filter-pattern-malformed",
        types=("aws:lambda/eventSourceMapping:EventSourceMapping", "aws-native:lambda:EventSourceMapping"),
        reads="filterCriteria",
        title="A filter of an event source mapping is no event pattern",
        refuses="A pattern that is no JSON object, or has a value that is not in a list.",
        answer=Answer(
            text=_FILTER,
            operation="lambda:CreateEventSourceMapping",
            source=f"{_PEER}lambda/pf-lambda-esm-filter-pattern-leaf-array/meta.yaml, 2026-09-07",
        ),
        documentation="https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html",
        fix='write the pattern as JSON, with a list at every field: {"body": {"kind": ["order"]}}',
        wrong=Code(
            typescript="""\
new aws.lambda.EventSourceMapping("orders", {
    filterCriteria: { filters: [{ pattern: JSON.stringify({ body: { kind: "order" } }) }] },
    // ...
});""",
            python="""\
aws.lambda_.EventSourceMapping("orders",
    filter_criteria={"filters": [{"pattern": json.dumps({"body": {"kind": "order"}})}]},
    # ...
)""",
        ),
        right=Code(
            typescript="""\
new aws.lambda.EventSourceMapping("orders", {
    filterCriteria: { filters: [{ pattern: JSON.stringify({ body: { kind: ["order"] } }) }] },
    // ...
});""",
            python="""\
aws.lambda_.EventSourceMapping("orders",
    filter_criteria={"filters": [{"pattern": json.dumps({"body": {"kind": ["order"]}})}]},
    # ...
)""",
        ),
        patterns=_filters("filterCriteria", "filters"),
        problems=_in_filter(says_why=False),
        prefix=_FILTER,
    ),
    Pattern(
        id="pipe-filter-pattern-malformed",
        types=("aws:pipes/pipe:Pipe", "aws-native:pipes:Pipe"),
        reads="sourceParameters",
        title="A filter of a pipe is no event pattern",
        refuses="A pattern that is no JSON object, an empty one, and a value that is not in a list.",
        answer=Answer(
            text='Invalid Event Pattern. Reason: "i" must be an object or an array',
            operation="pipes:CreatePipe",
            source=f"{_PEER}pipes/pf-pipes-filter-pattern/meta.yaml, deployed 2026-09-07",
        ),
        documentation="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html",
        fix='write the pattern as JSON, with a list at every field: {"body": {"kind": ["order"]}}',
        wrong=Code(
            typescript="""\
new aws.pipes.Pipe("orders", {
    sourceParameters: { filterCriteria: { filters: [{ pattern: JSON.stringify({ body: { kind: "order" } }) }] } },
    // ...
});""",
            python="""\
aws.pipes.Pipe("orders",
    source_parameters={"filter_criteria": {"filters": [{"pattern": json.dumps({"body": {"kind": "order"}})}]}},
    # ...
)""",
        ),
        right=Code(
            typescript="""\
new aws.pipes.Pipe("orders", {
    sourceParameters: { filterCriteria: { filters: [{ pattern: JSON.stringify({ body: { kind: ["order"] } }) }] } },
    // ...
});""",
            python="""\
aws.pipes.Pipe("orders",
    source_parameters={"filter_criteria": {"filters": [{"pattern": json.dumps({"body": {"kind": ["order"]}})}]}},
    # ...
)""",
        ),
        patterns=_filters("sourceParameters", "filterCriteria", "filters"),
        problems=_in_filter("Unexpected character", "Empty objects are not allowed", says_why=True),
        prefix="Invalid Event Pattern. Reason: ",
    ),
)

EVENT_PATTERNS: Final[tuple[Policy, ...]] = tuple(sorted(map(_policy_of, _ENTRIES), key=lambda policy: policy.id))
"""A policy for each entry of the table."""
