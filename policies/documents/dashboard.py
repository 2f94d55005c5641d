"""What CloudWatch refuses in a dashboard body.

The rules are those that PutDashboard was seen to apply (answers recorded in September 2026 by radkawar/stackd,
testdata/aws/cloudwatch; failures reported at aws/aws-cdk #5025, #20024, #25496, #31066) and those of AWS's "Dashboard
Body Structure and Syntax". Everything else is open, because CloudWatch only warns about it: unknown widget types,
views and properties, a log widget without a query, an empty list of metrics.

A rule takes a path and the value there and yields problems. `documented` marks rules of the documentation whose
refusal nobody has recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from preflight.values import Path, Value, dig, items_of, kind_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that CloudWatch refuses.

    `path` leads through the document. `says` is our wording and `message` AWS's, "" where it is not on record; neither
    quotes a value. `recorded` is false where only the documentation forbids it. `instead` is a value to write there.
    """

    path: Path
    says: str
    message: str = ""
    recorded: bool = True
    instead: Value = None


Rule: TypeAlias = Callable[[Path, Value], Iterator[Problem]]

WIDGETS_MAX: Final = 500
VARIABLES_MAX: Final = 25
METRICS_MAX: Final = 2_500

# Printed by AWS in its own error.
STATISTIC: Final = (
    r"^((SampleCount|Average|Sum|Minimum|Maximum|IQM)|(p|tc|tm|ts|wm)(100(\.0{0,10})?|\d{1,2})(\.\d{0,10})?"
    r"|[ou](\d+(\.\d{0,10})?)(_E|_L|_H)?"
    r"|((TM|TC|TS|WM)\(((100(\.0{0,10})?|\d{1,2})(\.\d{0,10})?%):((100(\.0{0,10})?|\d{1,2})(\.\d{0,10})?%)?\)"
    r"|(TM|TC|TS|WM)\(((100(\.0{0,10})?|\d{1,2})(\.\d{0,10})?%)?:((100(\.0{0,10})?|\d{1,2})(\.\d{0,10})?%)\))"
    r"|(((TM|TC|TS|WM)|(PR))\(((\d+(\.\d{0,10})?)|(\d+(\.\d{0,10})?[Ee][+-]?\d+))"
    r":((\d+(\.\d{0,10})?)|(\d+(\.\d{0,10})?[Ee][+-]?\d+))?\))"
    r"|(((TM|TC|TS|WM)|(PR))\(((\d+(\.\d{0,10})?)|(\d+(\.\d{0,10})?[Ee][+-]?\d+))?"
    r":((\d+(\.\d{0,10})?)|(\d+(\.\d{0,10})?[Ee][+-]?\d+))\)))$"
)
LAMBDA_ARN: Final = (
    r"^arn:aws(-cn|-us-gov|-iso(-[bef])?|-eusc)?:lambda:[a-z]{2,}(-[a-z]+){0,9}-[0-9]{1,2}:[0-9]{12}:function:"
    r"[a-zA-Z0-9\-_]+(:(\$LATEST|[a-zA-Z0-9\-_]+))?$"
)
COLOUR: Final = r"^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$"


def problems(body: Value) -> Iterator[Problem]:
    """Every problem of a dashboard body that was parsed from JSON, outermost first."""
    if not isinstance(body, dict):
        message = "The field DashboardBody must be a valid JSON object"
        yield Problem(path=(), says=f"the body is {kind_of(body)}, not an object", message=message)
        return
    yield from BODY((), body)
    metrics = sum(_metrics_of(widget_) for _, widget_ in items_of(body.get("widgets")))
    if metrics > METRICS_MAX:
        yield Problem(path=("widgets",), says=f"the dashboard has {metrics} metrics, more than 2,500", recorded=False)


def _metrics_of(value: Value) -> int:
    return len(items_of(dig(value, "properties", "metrics"))) if dig(value, "type") == "metric" else 0


# --- rules for single values ------------------------------------------------------------------------------------------


def text(path: Path, value: Value) -> Iterator[Problem]:
    """A text."""
    if not isinstance(value, str):
        yield Problem(path=path, says=f"{kind_of(value)} stands where a text belongs", message="Should be string")


def boolean(path: Path, value: Value) -> Iterator[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        says = f"{kind_of(value)} stands where true or false belongs"
        yield Problem(path=path, says=says, message="Should be boolean")


def number(path: Path, value: Value) -> Iterator[Problem]:
    """Any number."""
    if not _is_number(value):
        yield Problem(path=path, says=f"{kind_of(value)} stands where a number belongs", message="Should be number")


def integer(least: int, most: int | None = None) -> Rule:
    """A whole number of at least `least` and at most `most`."""

    def rule(path: Path, value: Value) -> Iterator[Problem]:
        if not _is_number(value) or value != value // 1:
            yield Problem(path=path, says="this has to be a whole number", message="Should be integer")
        elif value < least:
            yield Problem(path=path, says=f"the least is {least}", message=f"Should be >= {least}")
        elif most is not None and value > most:
            yield Problem(path=path, says=f"the most is {most}", message=f"Should be <= {most}")

    return rule


def one_of(*choices: str, message: str = "") -> Rule:
    """One of some words."""

    def rule(path: Path, value: Value) -> Iterator[Problem]:
        if value not in choices:
            yield Problem(path=path, says=f"this has to be one of: {', '.join(choices)}", message=message)

    return rule


def matching(pattern: str, what: str, instead: str = "") -> Rule:
    """A text of a given form. The pattern is compiled at its first use: most runs never see a dashboard."""

    def rule(path: Path, value: Value) -> Iterator[Problem]:
        yield from text(path, value)
        if isinstance(value, str) and not re.search(pattern, value):
            yield Problem(path=path, says=f"this is not {what}", message="Should match pattern ...", instead=instead)

    return rule


def period(path: Path, value: Value) -> Iterator[Problem]:
    """Seconds: 1, 5, 10, 30 or a multiple of 60."""
    if not _is_number(value) or (value not in (1, 5, 10, 30) and (value < 60 or value % 60 != 0)):
        says = "a period has 1, 5, 10, 30 or a multiple of 60 seconds"
        yield Problem(path=path, says=says, message="Should match exactly one schema in oneOf", instead=60)


statistic = matching(STATISTIC, "a statistic that CloudWatch knows (Average, Sum, p99, TM(10%:90%), ...)", "Average")
colour = matching(COLOUR, "a colour like #d62728 or #f00 (CloudWatch takes no colour names)", "#d62728")
side = one_of("left", "right")


# --- rules that combine rules -----------------------------------------------------------------------------------------


def documented(rule: Rule) -> Rule:
    """The same rule, known from the documentation only."""

    def marked(path: Path, value: Value) -> Iterator[Problem]:
        return (replace(problem, recorded=False) for problem in rule(path, value))

    return marked


def items(rule: Rule, *, least: int = 0, most: int | None = None) -> Rule:
    """A list whose items follow `rule`."""

    def check(path: Path, value: Value) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem(path=path, says=f"{kind_of(value)} stands where a list belongs", message="Should be array")
        elif len(value) < least:
            says = f"the list needs at least {least} item"
            yield Problem(path=path, says=says, message=f"Should NOT have less than {least} items")
        elif most is not None and len(value) > most:
            says = f"the list has {len(value)} items, {len(value) - most} more than CloudWatch takes"
            yield Problem(path=path, says=says, message=f"Should NOT have more than {most} items")
        for i, item in items_of(value):
            yield from rule((*path, i), item)

    return check


def members(rules: Mapping[str, Rule], *required: str) -> Rule:
    """An object with the `required` members, whose members follow `rules`; other members are open."""

    def check(path: Path, value: Value) -> Iterator[Problem]:
        if not isinstance(value, dict):
            says = f"{kind_of(value)} stands where an object belongs"
            yield Problem(path=path, says=says, message="Should be object")
            return
        for name in required:
            if name not in value:
                says = f'the member "{name}" is missing'
                yield Problem(path=path, says=says, message=f"Should have required property '{name}'")
        for name, rule in rules.items():
            if name in value:
                yield from rule((*path, name), value[name])

    return check


def both(*rules: Rule) -> Rule:
    """All of some rules."""

    def check(path: Path, value: Value) -> Iterator[Problem]:
        for rule in rules:
            yield from rule(path, value)

    return check


# --- rows of metrics --------------------------------------------------------------------------------------------------

ROW_OPTIONS: Final[Mapping[str, Rule]] = {
    "accountId": documented(text),
    "color": colour,
    "expression": documented(text),
    "id": documented(matching(r"^[a-z]", "an id that begins with a small letter")),
    "label": documented(text),
    "period": period,
    "region": documented(text),
    "stat": statistic,
    "visible": documented(boolean),
    "yAxis": documented(side),
}
# 30 dimensions, the namespace and the name, and the options.
ROW_MAX: Final = 63
NOT_A_TEXT: Final = 'Invalid metric field type, only "String" type is allowed'
NOT_A_ROW: Final = (
    'Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element'
)


def rows(path: Path, value: Value) -> Iterator[Problem]:
    """The list of rows of a metric widget."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        says = "the metric stands here alone, where a list of rows belongs"
        yield Problem(path=path, says=says, message=NOT_A_ROW, instead=[corrected_row(value)])
        return
    yield from items(row, most=500)(path, value)


def row(path: Path, value: Value) -> Iterator[Problem]:
    """One row: namespace, name, pairs of dimension and value, and options last; or an expression alone."""
    if not isinstance(value, list):
        says = f"a row is a list [namespace, name, dimension, value, ...], and this is {kind_of(value)}"
        yield Problem(path=path, says=says, message=NOT_A_ROW, instead=corrected_row(value))
        return
    for problem in _row_problems(path, value):
        yield replace(problem, instead=corrected_row(value))


def _row_problems(path: Path, value: list[Value]) -> Iterator[Problem]:
    fewer = f"Should NOT have more than {len(value) - 1} items"
    if not value:
        yield Problem(path=path, says="the row is empty", recorded=False)
        return
    options = value[-1] if isinstance(value[-1], dict) else None
    names = value[:-1] if options is not None else value
    wrong = [(i, item) for i, item in enumerate(names) if not isinstance(item, str) or item == ""]
    for i, item in wrong:
        says = f"{'an empty text' if item == '' else kind_of(item)} stands where a name or a value belongs"
        yield Problem(path=(*path, i), says=says, message=NOT_A_TEXT)
    if not wrong and len(names) % 2 and "..." not in names:
        says = "namespace, name and pairs of dimension and value make an even number of texts, and this number is odd"
        yield Problem(path=path, says=says, message=fewer)
    elif options is not None and not any(isinstance(item, dict) for _, item in wrong):
        # Objects in several places of one row are one mistake.
        yield from _option_problems(path, options, fewer)
    if not names and options is not None and "expression" not in options:
        yield Problem(path=path, says="a row of options alone needs an expression", recorded=False)
    if len(value) > ROW_MAX:
        yield Problem(path=path, says="a metric has at most 30 dimensions", recorded=False)


def _option_problems(path: Path, options: dict[str, Value], fewer: str) -> Iterator[Problem]:
    """One problem for all options of a row: CloudWatch gives one answer to them, too."""
    unknown = sorted(name for name in options if name not in ROW_OPTIONS)
    wrong = [
        problem
        for name, rule in ROW_OPTIONS.items()
        if name in options
        for problem in rule((*path, name), options[name])
    ]
    recorded = bool(unknown) or any(problem.recorded for problem in wrong)
    if "dimensions" in unknown:
        says = "dimensions stand in the row itself, as names and values, not in an object"
    elif unknown:
        says = "the object at the end of the row has an option that CloudWatch does not know"
    elif wrong:
        says = f"the option {wrong[0].path[-1]}: {wrong[0].says}"
    else:
        return
    yield Problem(path=path, says=says, message=fewer, recorded=recorded)


def corrected_row(value: Value) -> list[Value]:
    """What the author of a refused row probably meant, with `<...>` where nobody can know."""
    parts = value if isinstance(value, list) else [value]
    options: dict[str, Value] = {}
    for part in parts:
        options.update(part if isinstance(part, dict) else {})
    names = [_name(part) for part in parts if not isinstance(part, dict)]
    if not names:
        names = [str(_take(options, key, "<namespace>" if "space" in key else "<name>")) for key in _NAMES]
    if len(names) % 2 and "..." not in names:
        names.append("<name>" if len(names) == 1 else f"<value of {names[-1]}>")
    for dimension, setting in _dimensions(options):
        names += [dimension, _name(setting)]
    kept = {name: _option(name, options[name]) for name in options if name in ROW_OPTIONS}
    if "expression" in kept:
        return [kept]
    return [*names, kept] if kept else names


_NAMES: Final = ("namespace", "metricName")


def _take(options: dict[str, Value], key: str, default: str) -> Value:
    found = next((name for name in options if name.lower() == key.lower()), None)
    return default if found is None else options.pop(found)


def _name(part: Value) -> str:
    return part if isinstance(part, str) and part else "<name or value>" if part in (None, "") else str(part)


def _dimensions(options: dict[str, Value]) -> list[tuple[str, Value]]:
    """The dimensions that stand among the options: as a map, as a list of names and values, or bare."""
    found = _take(options, "dimensions", "")
    if isinstance(found, dict):
        return list(found.items())
    if isinstance(found, list):
        return [(_name(dig(d, "Name") or dig(d, "name")), dig(d, "Value") or dig(d, "value")) for d in found]
    return [(name, value) for name, value in options.items() if name not in ROW_OPTIONS and isinstance(value, str)]


def _option(name: str, value: Value) -> Value:
    wrong: list[Any] = list(ROW_OPTIONS[name]((), value))
    return (wrong[0].instead or f"<{name}>") if wrong else value


# --- the document -----------------------------------------------------------------------------------------------------

_AXIS: Final = members(
    {"min": documented(number), "max": documented(number), "label": documented(text), "showUnits": documented(boolean)}
)


def axis(path: Path, value: Value) -> Iterator[Problem]:
    """An axis; its least value is not above its greatest."""
    yield from documented(_AXIS)(path, value)
    least, most = dig(value, "min"), dig(value, "max")
    if _is_number(least) and _is_number(most) and least > most:
        yield Problem(path=path, says="min is greater than max", message="Should be <= max")


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
        yield Problem(path=path, says='the member "value" is missing', recorded=False)


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
        says = "a metric widget needs a region and metrics, or an alarm annotation"
        message = "The metric widget should have specified a region and a data source or an alarm annotation"
        # Recorded for a widget without annotations; that others than alarms do not count is documentation.
        yield Problem(path=path, says=says, message=message, recorded="annotations" not in value)
    elif alarms and value.get("metrics"):
        yield Problem(path=path, says="an alarm annotation does not go together with metrics", recorded=False)


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
            message = f"Should have property {missing} when property {here} is present"
            yield Problem(path=path, says=f"the widget has {here} and no {missing}", message=message)
    type_, properties = value.get("type"), value.get("properties")
    if isinstance(properties, dict) and isinstance(type_, str) and type_ in WIDGET_PROPERTIES:
        yield from WIDGET_PROPERTIES[type_]((*path, "properties"), properties)


_SCALAR_VALUES: Final = (str, int, float, bool)


def _scalar(path: Path, value: Value) -> Iterator[Problem]:
    if not isinstance(value, _SCALAR_VALUES):
        yield Problem(path=path, says=f"{kind_of(value)} stands where a text, number or boolean belongs")


_VARIABLE: Final = members(
    {
        "type": one_of("property", "pattern"),
        "inputType": one_of(
            "input",
            "select",
            "radio",
            message="The specified variable inputType is unknown. Use one of the allowed values: input,select,radio",
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
        message = f"Should have required property '{type_}'"
        yield Problem(path=path, says=f'the member "{type_}" is missing', message=message)
    filled = "values" in value or "tag" in value or ("search" in value and "populateFrom" in value)
    if value.get("inputType") in ("select", "radio") and not filled:
        says = "a variable to choose from needs values, or search and populateFrom"
        yield Problem(path=path, says=says, message="Should have required property 'values'")


def variables(path: Path, value: Value) -> Iterator[Problem]:
    """The variables of the dashboard; no two of them change the same property."""
    yield from items(variable, most=VARIABLES_MAX)(path, value)
    seen: set[str] = set()
    for i, item in items_of(value):
        name = dig(item, "property")
        if isinstance(name, str) and name in seen:
            message = 'Duplicated property in variable: "..."'
            yield Problem(path=(*path, i, "property"), says="another variable has this property", message=message)
        elif isinstance(name, str):
            seen.add(name)


BODY: Final = members({"widgets": items(widget, most=WIDGETS_MAX), "variables": variables}, "widgets")


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
