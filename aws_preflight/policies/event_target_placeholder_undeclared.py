"""EventBridge refuses a template for the input of a target that uses a value which nothing declares.

`<name>` in a template stands for the entry `name` of the paths. A tag of HTML, or a name that was changed in one of the
two places only, is taken for one as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from aws_preflight.policies.documents.input_template import undeclared
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Path, Value, dig, items_of, quote

MEASURED = (
    "https://github.com/badmintoncryer/cdk-preflight"
    " rules/events/pf-events-input-transformer-placeholders/meta.yaml, deployed 2026-09-02"
)
DOCUMENTATION = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html"


@resource_policy(
    id="event-target-placeholder-undeclared",
    types=("aws:cloudwatch/eventTarget:EventTarget", "aws-native:events:Rule"),
    reads=("inputTransformer", "targets"),
    title="The template for the input of a target uses a value that no path declares",
    refuses="A `<name>` in the template of an input transformer without a path of that name.",
    why_not_preview="The template is a string to Pulumi and the provider; only EventBridge reads what is in it.",
    answer=Answer(
        text="InputTemplate for target t1 contains invalid placeholder undeclared.",
        operation="events:PutTargets",
        source=MEASURED,
    ),
    wrong=Code(
        typescript="""\
new aws.cloudwatch.EventTarget("notify", {
    inputTransformer: { inputPaths: { state: "$.detail.state" }, inputTemplate: '"<instance> is <state>"' },
    // ...
});""",
        python="""\
aws.cloudwatch.EventTarget("notify",
    input_transformer={"input_paths": {"state": "$.detail.state"}, "input_template": '"<instance> is <state>"'},
    # ...
)""",
    ),
    right=Code(
        typescript="""\
new aws.cloudwatch.EventTarget("notify", {
    inputTransformer: {
        inputPaths: { state: "$.detail.state", instance: "$.detail.instance-id" },
        inputTemplate: '"<instance> is <state>"',
    },
    // ...
});""",
        python="""\
aws.cloudwatch.EventTarget("notify",
    input_transformer={
        "input_paths": {"state": "$.detail.state", "instance": "$.detail.instance-id"},
        "input_template": '"<instance> is <state>"',
    },
    # ...
)""",
    ),
    fix=Fix(words="declare the name in inputPaths, with its path in the event"),
    sources=(DOCUMENTATION, MEASURED),
)
def event_target_placeholder_undeclared(resource: Resource) -> Iterator[Finding]:
    """The transformer of a target, or in `aws-native` those of all targets of a rule."""
    for path, transformer, paths in _transformers(resource):
        template, declared = dig(transformer, "inputTemplate"), dig(transformer, paths)
        # Paths that are not set are none; those that are not known may be anything.
        known = {} if declared is None else declared
        names = undeclared(template, known) if isinstance(template, str) and isinstance(known, dict) else []
        if names:
            yield Finding(
                resource=resource,
                at=(*path, "inputTemplate"),
                message="a value is used here that no path declares",
                evidence=quote(names[0]),
            )


def _transformers(resource: Resource) -> Iterator[tuple[Path, Value, str]]:
    """The transformers with their places, and the name that the paths have in them."""
    yield ("inputTransformer",), resource.get("inputTransformer"), "inputPaths"
    for i, target in items_of(resource.get("targets")):
        yield ("targets", i, "inputTransformer"), dig(target, "inputTransformer"), "inputPathsMap"
