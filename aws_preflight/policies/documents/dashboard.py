"""What CloudWatch refuses in a dashboard body.

The rules are those that PutDashboard was seen to apply (answers recorded in September 2026 by radkawar/stackd,
testdata/aws/cloudwatch; failures reported at aws/aws-cdk #5025, #20024, #25496, #31066) and those of AWS's "Dashboard
Body Structure and Syntax". Everything else is open, because CloudWatch only warns about it: unknown widget types,
views and properties, a log widget without a query, an empty list of metrics.

The rules are put together from those of `shape`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from aws_preflight.policies.documents.dashboard_rows import colour, period, rows, side, statistic
from aws_preflight.policies.documents.shape import (
    Problem,
    Rule,
    boolean,
    both,
    documented,
    integer,
    is_number,
    items,
    matching,
    members,
    number,
    one_of,
    text,
)
from aws_preflight.preflight.values import Path, Value, dig, items_of, kind_of

WIDGETS_MAX: Final = 500
VARIABLES_MAX: Final = 25
METRICS_MAX: Final = 2_500

LAMBDA_ARN: Final = (
    r"^arn:aws(-cn|-us-gov|-iso(-[bef])?|-eusc)?:lambda:[a-z]{2,}(-[a-z]+){0,9}-[0-9]{1,2}:[0-9]{12}:function:"
    r"[a-zA-Z0-9\-_]+(:(\$LATEST|[a-zA-Z0-9\-_]+))?$"
)


def problems(body: Value) -> Iterator[Problem]:
    """Every problem of a dashboard body that was parsed from JSON, outermost first."""
    if not isinstance(body, dict):
        answer = "The field DashboardBody must be a valid JSON object"
        yield Problem(path=(), message=f"the body is {kind_of(body)}, not an object", answer=answer)
        return
    yield from BODY((), body)
    metrics = sum(_metrics_of(widget_) for _, widget_ in items_of(body.get("widgets")))
    if metrics > METRICS_MAX:
        yield Problem(
            path=("widgets",), message=f"the dashboard has {metrics} metrics, more than 2,500", recorded=False
        )


def _metrics_of(value: Value) -> int:
    return len(items_of(dig(value, "properties", "metrics"))) if dig(value, "type") == "metric" else 0


# --- the document -----------------------------------------------------------------------------------------------------

_AXIS: Final = members(
    {"min": documented(number), "max": documented(number), "label": documented(text), "showUnits": documented(boolean)}
)


def axis(path: Path, value: Value) -> Iterator[Problem]:
    """An axis; its least value is not above its greatest."""
    yield from documented(_AXIS)(path, value)
    least, most = dig(value, "min"), dig(value, "max")
    if is_number(least) and is_number(most) and least > most:
        yield Problem(path=path, message="min is greater than max", answer="Should be <= max")


def _pair_or_one(rule: Rule) -> Rule:
    def check(path: Path, value: Value) -> Iterator[Problem]:
        return items(rule, least=2, most=2)(path, value) if isinstance(value, list) else rule(path, value)

    return check


_MARK: Final = {"label": documented(text), "color": documented(colour), "visible": documented(boolean)}
_HORIZONTAL: Final = members(
    {**_MARK, "value": documented(number), "fill": documented(one_of("above", "below", "none")), "yAxis": side}
)
_VERTICAL: Final = members({**_MARK, "value": documented(text), "fill": documented(one_of("before", "after", "none"))})


def _value_of_mark(path: Path, value: Value) -> Iterator[Problem]:
    if isinstance(value, dict) and "value" not in value:
        yield Problem(path=path, message='the member "value" is missing', recorded=False)


ANNOTATIONS: Final = members(
    {
        "alarms": documented(items(text, most=1)),
        "horizontal": items(_pair_or_one(both(_HORIZONTAL, _value_of_mark))),
        "vertical": documented(items(_pair_or_one(both(_VERTICAL, _value_of_mark)))),
    }
)


def data_source(path: Path, value: Value) -> Iterator[Problem]:
    """A metric widget shows metrics of a region, or one alarm."""
    if not isinstance(value, dict):
        return
    marks = value.get("annotations")
    alarms = isinstance(marks, dict) and "alarms" in marks
    if not alarms and not ("region" in value and "metrics" in value):
        message = "a metric widget needs a region and metrics, or an alarm annotation"
        answer = "The metric widget should have specified a region and a data source or an alarm annotation"
        # Recorded for a widget without annotations; that others than alarms do not count is documentation.
        yield Problem(path=path, message=message, answer=answer, recorded="annotations" not in value)
    elif alarms and value.get("metrics"):
        yield Problem(path=path, message="an alarm annotation does not go together with metrics", recorded=False)


METRIC: Final = both(
    members(
        {
            "metrics": rows,
            "annotations": ANNOTATIONS,
            "title": text,
            "stacked": boolean,
            "liveData": boolean,
            "stat": statistic,
            "period": period,
            "region": documented(text),
            "accountId": documented(text),
            "sparkline": documented(boolean),
            "legend": documented(members({"position": one_of("right", "bottom", "hidden")})),
            "yAxis": members({"left": axis, "right": axis}),
            "table": documented(
                members(
                    {
                        "layout": one_of("vertical", "horizontal"),
                        "stickySummary": boolean,
                        "showTimeSeriesData": boolean,
                        "summaryColumns": items(one_of("MIN", "MAX", "SUM", "AVG")),
                    }
                )
            ),
        }
    ),
    data_source,
)
_REGION_AND_TITLE: Final = members({"region": text, "title": text})

WIDGET_PROPERTIES: Final[Mapping[str, Rule]] = {
    "metric": METRIC,
    "text": members({"markdown": text}, "markdown"),
    "alarm": members(
        {
            "alarms": items(text, least=1, most=100),
            "states": items(matching(r"OK|ALARM|INSUFFICIENT_DATA", "a state of an alarm")),
            "sortBy": documented(one_of("default", "stateUpdatedTimestamp", "timestamp")),
            "title": documented(text),
        },
        "alarms",
    ),
    "log": members({name: documented(text) for name in ("query", "region", "title", "accountId")}),
    "explorer": members(
        {
            "metrics": documented(items(members({}), most=100)),
            "labels": documented(items(both())),
            "title": documented(text),
        }
    ),
    "custom": members(
        {"endpoint": matching(LAMBDA_ARN, "the ARN of a Lambda function"), "title": documented(text)}, "endpoint"
    ),
    "chart": members({"data": members({}, "queries"), "title": documented(text)}, "data", "title"),
    "timeline": members({"alarm": matching(r"(?s).", "the ARN of an alarm")}, "alarm"),
    "serviceMap": _REGION_AND_TITLE,
    "serviceTable": _REGION_AND_TITLE,
    "trace": _REGION_AND_TITLE,
}
_WIDGET: Final = members(
    {
        "type": documented(text),
        "x": integer(0, 23),
        "y": integer(0),
        "width": integer(1, 24),
        "height": integer(1, 1000),
        "properties": members({}),
    },
    "type",
    "properties",
)


def widget(path: Path, value: Value) -> Iterator[Problem]:
    """One widget; an unknown type is only a warning to CloudWatch."""
    yield from _WIDGET(path, value)
    if not isinstance(value, dict):
        return
    for here, missing in (("x", "y"), ("y", "x")):
        if here in value and missing not in value:
            answer = f"Should have property {missing} when property {here} is present"
            yield Problem(path=path, message=f"the widget has {here} and no {missing}", answer=answer)
    type_, properties = value.get("type"), value.get("properties")
    if isinstance(properties, dict) and isinstance(type_, str) and type_ in WIDGET_PROPERTIES:
        yield from WIDGET_PROPERTIES[type_]((*path, "properties"), properties)


_SCALAR_VALUES: Final = (str, int, float, bool)


def _scalar(path: Path, value: Value) -> Iterator[Problem]:
    if not isinstance(value, _SCALAR_VALUES):
        yield Problem(path=path, message=f"{kind_of(value)} stands where a string, number or boolean belongs")


_VARIABLE: Final = members(
    {
        "type": one_of("property", "pattern"),
        "inputType": one_of(
            "input",
            "select",
            "radio",
            answer="The specified variable inputType is unknown. Use one of the allowed values: input,select,radio",
        ),
        "id": documented(matching(r"^[0-9A-Za-z_-]{1,32}$", "an id of 1 to 32 letters, digits, - and _")),
        "label": documented(both(text, matching(r"(?s)^.{0,30}$", "a label of at most 30 characters"))),
        "property": documented(text),
        "pattern": documented(text),
        "visible": documented(boolean),
        "defaultValue": documented(_scalar),
        "search": documented(matching(r"(?s)^.{0,2048}$", "a search of at most 2,048 characters")),
        "populateFrom": documented(text),
        "values": documented(items(members({"value": _scalar, "label": text}, "value"), least=1, most=500)),
    },
    "type",
    "inputType",
    "id",
)


def variable(path: Path, value: Value) -> Iterator[Problem]:
    """One variable of the dashboard."""
    yield from _VARIABLE(path, value)
    if not isinstance(value, dict):
        return
    type_ = value.get("type")
    if type_ in ("property", "pattern") and type_ not in value:
        answer = f"Should have required property '{type_}'"
        yield Problem(path=path, message=f'the member "{type_}" is missing', answer=answer)
    filled = "values" in value or "tag" in value or ("search" in value and "populateFrom" in value)
    if value.get("inputType") in ("select", "radio") and not filled:
        message = "a variable to choose from needs values, or search and populateFrom"
        yield Problem(path=path, message=message, answer="Should have required property 'values'")


def variables(path: Path, value: Value) -> Iterator[Problem]:
    """The variables of the dashboard; no two of them change the same property."""
    yield from items(variable, most=VARIABLES_MAX)(path, value)
    seen: set[str] = set()
    for i, item in items_of(value):
        name = dig(item, "property")
        if isinstance(name, str) and name in seen:
            answer = 'Duplicated property in variable: "..."'
            yield Problem(path=(*path, i, "property"), message="another variable has this property", answer=answer)
        elif isinstance(name, str):
            seen.add(name)


BODY: Final = members({"widgets": items(widget, most=WIDGETS_MAX), "variables": variables}, "widgets")
