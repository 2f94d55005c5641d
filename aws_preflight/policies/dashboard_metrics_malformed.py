"""CloudWatch refuses a dashboard whose metrics do not have the form that it reads.

A row of metrics is a flat list: namespace, name, then dimensions as names and values in turn, and one object with
options last. The form of `PutMetricData`, an object with `dimensions`, is refused, with an error that names neither
the row's mistake nor the widget: "Should NOT have more than 2 items". So is everything else below that PutDashboard
was seen to refuse. What CloudWatch accepts with a warning passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.documents.dashboard import problems
from aws_preflight.policies.documents.shape import Problem
from aws_preflight.policies.outputs.traces import is_stringified
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.json_documents import NOT_JSON, parse
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN, Path, Value, dig, quote

STRUCTURE: Final = (
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html"
)
RECORDED: Final = "https://github.com/radkawar/stackd (testdata/aws/cloudwatch, answers of PutDashboard)"

ALARMS: Final = Fix(
    words="give the alarm widget a list of ARNs of alarms; rows of metrics belong to a widget of the type metric",
    typescript='{ type: "alarm", properties: { alarms: [alarm.arn], title: "Alarms" } },',
    python='{"type": "alarm", "properties": {"alarms": [alarm.arn], "title": "Alarms"}},',
)
STRUCTURED: Final = Fix(words="write this part of the body in the form that CloudWatch documents for it")


@resource_policy(
    id="dashboard-metrics-malformed",
    types=("aws:cloudwatch/dashboard:Dashboard", "aws-native:cloudwatch:Dashboard"),
    reads=("dashboardBody",),
    title="The body of a CloudWatch dashboard has a form that CloudWatch does not read",
    refuses=(
        "A body that PutDashboard refuses: rows of metrics in object form, flat, with an odd count of strings,"
        " with null or numbers where strings belong, with unknown options; widgets and variables of a wrong shape. What"
        " only the documentation forbids is an advisory."
    ),
    why_not_preview="The provider checks that the body is JSON, and nothing in it.",
    answer=Answer(
        text=(
            'InvalidParameterInput: The dashboard body is invalid, there are 1 validation errors: [{"dataPath":'
            ' "/widgets/0/properties/metrics/0", "message": "Should NOT have more than 2 items"}]'
        ),
        operation="cloudwatch:PutDashboard",
        source=RECORDED,
    ),
    wrong=Code(
        typescript="""\
metrics: [
    ["AWS/AutoScaling", "GroupDesiredCapacity", { stat: "Average", dimensions: { AutoScalingGroupName: name } }],
]""",
        python="""\
"metrics": [
    ["AWS/AutoScaling", "GroupDesiredCapacity", {"stat": "Average", "dimensions": {"AutoScalingGroupName": name}}],
]""",
    ),
    right=Code(
        typescript="""\
metrics: [
    ["AWS/AutoScaling", "GroupDesiredCapacity", "AutoScalingGroupName", name, { stat: "Average" }],
]""",
        python="""\
"metrics": [
    ["AWS/AutoScaling", "GroupDesiredCapacity", "AutoScalingGroupName", name, {"stat": "Average"}],
]""",
    ),
    fix=Fix(
        words=(
            "write a row of metrics as one flat list: namespace, name, dimension names and values in turn,"
            " and one object of options last"
        ),
        typescript=(
            'metrics: [["AWS/AutoScaling", "GroupDesiredCapacity", "AutoScalingGroupName", name, { stat: "Average" }]],'
        ),
        python=(
            '"metrics": [["AWS/AutoScaling", "GroupDesiredCapacity", "AutoScalingGroupName", name, {"stat":'
            ' "Average"}]],'
        ),
    ),
    sources=(STRUCTURE, RECORDED, "https://github.com/aws/aws-cdk/issues/31066"),
)
def dashboard_metrics_malformed(dashboard: Resource) -> Iterator[Finding]:
    """Everything in the body that CloudWatch refuses."""
    text = dashboard.get("dashboardBody")
    if not isinstance(text, str):
        return
    body = parse(text)
    if body is UNKNOWN:
        return
    if body is NOT_JSON:
        if is_stringified(text, ("dashboardBody",)):
            return  # the text of an Output broke the document: output-stringified says so
        answer = "The field DashboardBody must be a valid JSON object"
        yield _finding(dashboard, Problem(path=(), message="the body is no JSON document", answer=answer), STRUCTURED)
        return
    for problem in problems(body):
        type_ = dig(body, *problem.path[:2], "type") if problem.path[:1] == ("widgets",) else None
        yield _finding(dashboard, problem, _fix(problem, type_))


def _fix(problem: Problem, widget_type: Value) -> Fix | None:
    """What to write; `None` for a row of metrics, where the policy's own fix fits."""
    if "metrics" in problem.path:
        return None
    return ALARMS if widget_type == "alarm" else STRUCTURED


def _finding(dashboard: Resource, problem: Problem, fix: Fix | None = None) -> Finding:
    return Finding(
        resource=dashboard,
        at=("dashboardBody", *problem.path),
        message=_place(problem.path) + problem.message,
        evidence="" if problem.instead in (None, "") else f"write: {quote(problem.instead, 300)}",
        answer=_answer(problem),
        fix=fix,
        level=problem.level,
    )


def _place(path: Path) -> str:
    """`widget 3, row 0: ` for a place in a row of metrics, `widget 3: ` elsewhere in a widget."""
    if path[:1] != ("widgets",) or len(path) < 2:
        return ""
    row = f", row {path[4]}" if path[2:4] == ("properties", "metrics") and len(path) > 4 else ""
    return f"widget {path[1]}{row}: "


def _answer(problem: Problem) -> Answer:
    if not problem.recorded:
        text = "The dashboard body follows its documented structure; whether CloudWatch refuses this is not on record."
        return Answer(text=text, operation="cloudwatch:PutDashboard", source=STRUCTURE, basis="documented")
    pointer = "".join(f"/{step}" for step in problem.path)
    detail = f', "message": "{problem.answer}"' if problem.answer else ""
    return Answer(
        text=(
            "InvalidParameterInput: The dashboard body is invalid, there are 1 validation errors:"
            f' [{{"dataPath": "{pointer}"{detail}}}]'
        ),
        operation="cloudwatch:PutDashboard",
        source=RECORDED,
    )
