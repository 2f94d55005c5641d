"""What is known of the schedules of each service: where they stand, and which mistakes are refused.

Facts are data here; `documents/schedule.py` has the grammar. A kind of mistake that an entry does not name is one that
the service accepts, or of which nobody knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aws_preflight.policies.documents.schedule import Kind

_DAYS: Final[tuple[Kind, ...]] = ("both days", "no day")
_VALUES: Final[tuple[Kind, ...]] = ("minute", "hour", "day of month", "month", "day of week")
_PEER: Final = "https://github.com/badmintoncryer/cdk-preflight rules/"
_PEER_OF_SCALING: Final = f"{_PEER}applicationautoscaling/pf-appautoscaling-schedule-"
_PEER_OF_RECURRENCE: Final = f"{_PEER}autoscaling/pf-asg-sched-recurrence-"
_EVENTS_DOCS: Final = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html"
_SYSTEMS_MANAGER_DOCS: Final = (
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-cron-and-rate-expressions.html"
)
_SYNTAX: Final = (
    "Schedule expressions must have the following syntax: rate(<number>\\s?(minutes?|hours?|days?)),"
    " cron(<cron_expression>) or at(yyyy-MM-dd'T'HH:mm:ss)."
)

DOCUMENTED: Final[Mapping[Kind, str]] = {
    "bare": "Schedules are one of: cron(fields), rate(value unit), at(yyyy-mm-ddThh:mm:ss).",
    "form": "Schedules are one of: cron(fields), rate(value unit), at(yyyy-mm-ddThh:mm:ss).",
    "rate": "A rate expression has two required fields, which are separated by white space.",
    "number": "value: A positive number.",
    "unit": "unit: minute | minutes | hour | hours | day | days",
    "time": "at(yyyy-mm-ddThh:mm:ss)",
    "few fields": "Cron expressions have six required fields, which are separated by white space.",
    "five fields": "Cron expressions have six required fields, which are separated by white space.",
    "many fields": "Cron expressions have six required fields, which are separated by white space.",
    "both days": "If you specify a value or a * in one of the fields, you must use a ? in the other.",
    "no day": "If you specify a value or a * in one of the fields, you must use a ? in the other.",
    "minute": "Minutes: 0-59",
    "hour": "Hours: 0-23",
    "day of month": "Day-of-month: 1-31",
    "month": "Month: 1-12 or JAN-DEC",
    "day of week": "Day-of-week: 1-7 or SUN-SAT",
}
"""What the documentation says of mistakes to which a service's answer is not on record."""

DOCUMENTED_OF_UNIX: Final = (
    "This format consists of five fields separated by white spaces: [Minute] [Hour] [Day_of_Month] [Month_of_Year]"
    " [Day_of_Week]."
)


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """An answer of AWS, where it was seen, and the kinds of mistakes that it was seen for."""

    kinds: tuple[Kind, ...]
    text: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """The schedule of one kind of resource: where it stands, and what is refused in it.

    `places` are the paths by type, `[]` for each item of a list. Kinds of mistakes that are neither `recorded` nor
    `documented` are accepted, or nobody knows. `bad` and `good` are expressions for the page, in a resource `example`.
    """

    id: str
    title: str
    refuses: str
    places: Mapping[str, tuple[str, ...]]
    operation: str
    recorded: tuple[Recorded, ...]
    documentation: str
    fix: str
    example: tuple[str, str]
    bad: str
    good: str
    forms: tuple[str, ...] = ("rate", "cron")
    documented: tuple[Kind, ...] = ()
    of_unix: bool = False


_RULES_OF_EVENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "aws:cloudwatch/eventRule:EventRule": ("scheduleExpression",),
    "aws-native:events:Rule": ("scheduleExpression",),
}
_NOT_VALID: Final = "ValidationException: Parameter ScheduleExpression is not valid."

ENTRIES: Final = (
    Schedule(
        id="event-rule-rate-unit",
        title="The rate of a schedule has a unit that does not fit its number, or none that EventBridge knows",
        refuses="`rate(1 minutes)`, `rate(5 minute)`, and a unit other than minutes, hours and days.",
        places=_RULES_OF_EVENTS,
        operation="events:PutRule",
        recorded=(
            Recorded(
                kinds=("unit", "plural"),
                text=_NOT_VALID,
                source="https://github.com/buildkite/buildkite-agent-scaler/pull/100",
            ),
        ),
        documentation=_EVENTS_DOCS,
        fix="write 1 minute, and 5 minutes; the other units are hours and days",
        example=("cloudwatch.EventRule", "scheduleExpression"),
        bad="rate(1 minutes)",
        good="rate(1 minute)",
    ),
    Schedule(
        id="event-rule-cron-fields",
        title="The cron expression of a schedule has not six fields, or no question mark",
        refuses="A cron expression that has not six fields, or both a day of the month and one of the week.",
        places=_RULES_OF_EVENTS,
        operation="events:PutRule",
        recorded=(
            Recorded(
                kinds=("few fields", "five fields", "seven fields", "many fields"),
                text=_NOT_VALID,
                source="https://github.com/aws/aws-cdk/issues/7514",
            ),
            Recorded(
                kinds=("both days",), text=_NOT_VALID, source="https://github.com/serverless/serverless/issues/1163"
            ),
        ),
        documented=("no day",),
        documentation=_EVENTS_DOCS,
        fix="write minutes, hours, day of the month, month, day of the week and year, with ? for one of the days",
        example=("cloudwatch.EventRule", "scheduleExpression"),
        bad="cron(0 12 * * *)",
        good="cron(0 12 * * ? *)",
    ),
    Schedule(
        id="event-rule-schedule-malformed",
        title="A schedule of EventBridge is neither a rate nor a cron expression, or a number in it is out of range",
        refuses="An expression that is neither a `rate(...)` nor a `cron(...)`, and minutes or days that do not exist.",
        places=_RULES_OF_EVENTS,
        operation="events:PutRule",
        recorded=(
            Recorded(
                kinds=("minute",),
                text=_NOT_VALID,
                source=f"{_PEER}events/pf-events-rule-cron-fields/meta.yaml, deployed 2026-09-07",
            ),
            Recorded(
                kinds=("day of week",), text=_NOT_VALID, source="https://github.com/wata727/elastic_whenever/pull/70"
            ),
            Recorded(kinds=("step",), text=_NOT_VALID, source="https://github.com/aws/aws-sdk-js/issues/4212"),
        ),
        documented=("bare", "form", "rate", "number", "hour", "day of month", "month"),
        documentation=_EVENTS_DOCS,
        fix="write rate(5 minutes) or cron(0 12 ? * MON-FRI *); Sunday is 1 or SUN",
        example=("cloudwatch.EventRule", "scheduleExpression"),
        bad="cron(0 12 ? * 0 *)",
        good="cron(0 12 ? * SUN *)",
    ),
    Schedule(
        id="scheduler-expression-malformed",
        title="The expression of a schedule of EventBridge Scheduler is malformed",
        refuses=(
            "A rate with another unit than minutes, hours and days, or of 0; a cron expression with both days, without"
            " any, or with a number out of range; a time with a zone, or without hours. Scheduler takes"
            " `rate(1 minutes)` and a cron expression without a year."
        ),
        places={
            "aws:scheduler/schedule:Schedule": ("scheduleExpression",),
            "aws-native:scheduler:Schedule": ("scheduleExpression",),
        },
        operation="scheduler:CreateSchedule",
        forms=("rate", "cron", "at"),
        recorded=(
            Recorded(
                kinds=("unit", "number", "few fields", "seven fields", *_DAYS, *_VALUES, "time"),
                text="ValidationException: Invalid Schedule Expression rate(5 weeks).",
                source=f"{_PEER}scheduler/pf-scheduler-schedule-expression/meta.yaml, deployed 2026-09-07",
            ),
        ),
        documented=("bare", "rate"),
        documentation="https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html",
        fix="write rate(5 minutes), cron(0 12 * * ? *) or at(2030-01-31T08:00:00)",
        example=("scheduler.Schedule", "scheduleExpression"),
        bad="cron(0 12 * * * *)",
        good="cron(0 12 * * ? *)",
    ),
    Schedule(
        id="appautoscaling-schedule-malformed",
        title="The schedule of a scheduled action of Application Auto Scaling is malformed",
        refuses=(
            "A cron expression without `cron(...)` around it, or with both days or none, a rate of 0 or with another"
            " unit than minutes, hours and days, and a time with a zone or without hours."
        ),
        places={
            "aws:appautoscaling/scheduledAction:ScheduledAction": ("schedule",),
            "aws-native:applicationautoscaling:ScalableTarget": ("scheduledActions", "[]", "schedule"),
        },
        operation="applicationautoscaling:PutScheduledAction",
        forms=("rate", "cron", "at"),
        recorded=(
            Recorded(
                kinds=("bare",),
                text=f"Invalid schedule expression. Details: {_SYNTAX}",
                source=f"{_PEER_OF_SCALING}expression-form/meta.yaml, deployed 2026-09-24",
            ),
            Recorded(
                kinds=("unit", "number"),
                text=f"Invalid schedule expression. Details: {_SYNTAX}",
                source=f"{_PEER_OF_SCALING}rate-unit/meta.yaml, deployed 2026-09-24",
            ),
            Recorded(
                kinds=_DAYS,
                text="Invalid schedule expression. Details: Invalid CRON expression: error at position 1, details: '?'"
                " can only be specified for Day-of-Month or Day-of-Week.",
                source=f"{_PEER_OF_SCALING}cron-day-fields/meta.yaml, deployed 2026-09-24",
            ),
            Recorded(
                kinds=("time",),
                text="Invalid schedule expression. Details: Invalid schedule at DateTime expression: Invalid format:"
                ' "2035-01-01" is too short',
                source=f"{_PEER_OF_SCALING}at-format/meta.yaml, deployed 2026-09-24",
            ),
        ),
        documented=("rate", "few fields", "five fields", *_VALUES),
        documentation="https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html",
        fix="write rate(5 minutes), cron(0 8 * * ? *) or at(2030-01-31T08:00:00)",
        example=("appautoscaling.ScheduledAction", "schedule"),
        bad="cron(0 8 * * * *)",
        good="cron(0 8 * * ? *)",
    ),
    Schedule(
        id="asg-recurrence-malformed",
        title="The recurrence of a scheduled action of Auto Scaling is not the cron of Unix",
        refuses="A recurrence with a question mark, with a number out of range, or that has not five fields.",
        places={
            "aws:autoscaling/schedule:Schedule": ("recurrence",),
            "aws-native:autoscaling:ScheduledAction": ("recurrence",),
        },
        operation="autoscaling:PutScheduledUpdateGroupAction",
        of_unix=True,
        recorded=(
            Recorded(
                kinds=("question mark",),
                text="Given recurrence string: 30 6 ? * 2 is invalid",
                source=f"{_PEER_OF_RECURRENCE}rejects-question-mark/meta.yaml, deployed 2026-09-09",
            ),
            Recorded(
                kinds=("minute",),
                text="Given recurrence string: 99 6 * * 2 is invalid",
                source=f"{_PEER_OF_RECURRENCE}field-range/meta.yaml, deployed 2026-09-09",
            ),
        ),
        documented=("few fields", "many fields", "hour", "day of month", "month", "day of week"),
        documentation="https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html",
        fix="write minute, hour, day of the month, month and day of the week, such as 30 6 * * 2",
        example=("autoscaling.Schedule", "recurrence"),
        bad="0 8 ? * MON-FRI",
        good="0 8 * * MON-FRI",
    ),
    Schedule(
        id="ssm-window-schedule-malformed",
        title="The schedule of a maintenance window is malformed",
        refuses=(
            "A schedule that is none of `cron(...)`, `rate(...)` and `at(...)`, a cron expression with both days,"
            " without any, or with a number out of range, a rate with another unit than minutes, hours and days, and a"
            " time with a zone."
        ),
        places={
            "aws:ssm/maintenanceWindow:MaintenanceWindow": ("schedule",),
            "aws-native:ssm:MaintenanceWindow": ("schedule",),
        },
        operation="ssm:CreateMaintenanceWindow",
        forms=("rate", "cron", "at"),
        recorded=(
            Recorded(
                kinds=("both days",),
                text="Invalid CRON expression: error at position 0, details: Specifying both a day-of-week AND a"
                " day-of-month parameter is not supported.",
                source=f"{_PEER}ssm/pf-ssm-maintenance-window-schedule/meta.yaml, deployed 2026-09-05",
            ),
            Recorded(
                kinds=("bare", "unit"),
                text=_SYNTAX,
                source=f"{_PEER}ssm/pf-ssm-maintenance-window-schedule/rule.rego",
            ),
            Recorded(
                kinds=("few fields", "five fields", "no day", *_VALUES),
                text="Invalid CRON expression",
                source=f"{_PEER}ssm/pf-ssm-maintenance-window-schedule/rule.rego",
            ),
            Recorded(
                kinds=("time",),
                text="Invalid schedule at DateTime expression",
                source=f"{_PEER}ssm/pf-ssm-maintenance-window-schedule/rule.rego",
            ),
        ),
        documented=("rate", "number"),
        documentation=_SYSTEMS_MANAGER_DOCS,
        fix="write cron(0 2 ? * SUN *), rate(7 days) or at(2030-01-31T08:00:00)",
        example=("ssm.MaintenanceWindow", "schedule"),
        bad="cron(0 2 * * SUN *)",
        good="cron(0 2 ? * SUN *)",
    ),
    Schedule(
        id="ssm-association-schedule-malformed",
        title="The schedule of an association of Systems Manager is malformed",
        refuses=(
            "A schedule that is none of `cron(...)`, `rate(...)` and `at(...)`, a rate whose unit does not fit its"
            " number, and a cron expression with both days, without any, or for a sixth weekday of the month."
        ),
        places={
            "aws:ssm/association:Association": ("scheduleExpression",),
            "aws-native:ssm:Association": ("scheduleExpression",),
        },
        operation="ssm:CreateAssociation",
        forms=("rate", "cron", "at"),
        recorded=(
            Recorded(
                kinds=("day of week",),
                text="Schedule expression cron(0 0 ? * TUE#6 *) is not valid.",
                source=f"{_PEER}ssm/pf-ssm-association-schedule/meta.yaml, deployed 2026-09-13",
            ),
            Recorded(
                kinds=("bare",),
                text="Only schedule expressions of type rate, cron, and at are supported.",
                source=f"{_PEER}ssm/pf-ssm-association-schedule/rule.rego",
            ),
            Recorded(
                kinds=("rate", "unit", "plural"),
                text="is not a valid rate expression. Supported examples are: rate(30 minutes), rate(2 hours) and"
                " rate(5 days).",
                source=f"{_PEER}ssm/pf-ssm-association-schedule/rule.rego",
            ),
        ),
        documented=("number", "few fields", "five fields", *_DAYS, "minute", "hour", "time"),
        documentation=_SYSTEMS_MANAGER_DOCS,
        fix="write cron(0 2 ? * SUN *) or rate(7 days)",
        example=("ssm.Association", "scheduleExpression"),
        bad="rate(1 days)",
        good="rate(1 day)",
    ),
    Schedule(
        id="glue-schedule-malformed",
        title="The schedule of a crawler or trigger of Glue is malformed",
        refuses="A schedule that is not wrapped in `cron(...)`, or has both days or none.",
        places={
            "aws:glue/trigger:Trigger": ("schedule",),
            "aws:glue/crawler:Crawler": ("schedule",),
            "aws-native:glue:Trigger": ("schedule",),
            "aws-native:glue:Crawler": ("schedule", "scheduleExpression"),
        },
        operation="glue:CreateTrigger",
        forms=("cron",),
        recorded=(
            Recorded(
                kinds=("both days",),
                text="The schedule cron(0 10 1 * MON *) is invalid.",
                source=f"{_PEER}glue/pf-glue-trigger-schedule-day-of-month-or-week/meta.yaml, deployed 2026-09-14",
            ),
            Recorded(
                kinds=("no day",),
                text="Invalid schedule cron expression: cron(0 10 ? * ? 2099)",
                source=f"{_PEER}glue/pf-glue-crawler-schedule-day-of-month-or-week/meta.yaml, deployed 2026-09-14",
            ),
            Recorded(
                kinds=("bare", "form"),
                text="Invalid schedule cron expression. Expected format: Cron(CRON_EXPRESSION)",
                source=f"{_PEER}glue/pf-glue-crawler-schedule-cron-only/meta.yaml, deployed 2026-09-14",
            ),
        ),
        documented=("few fields", "five fields", "many fields", *_VALUES),
        documentation="https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html",
        fix="write six fields, with ? for one of the days: cron(15 12 * * ? *)",
        example=("glue.Trigger", "schedule"),
        bad="cron(15 12 * * * *)",
        good="cron(15 12 * * ? *)",
    ),
)
