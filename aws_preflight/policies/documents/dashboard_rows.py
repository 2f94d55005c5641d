"""Rows of metrics in a dashboard body, and the values that stand in rows and in widgets alike.

A row is a flat list: namespace, name, dimension names and values in turn, and one object of options last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from aws_preflight.policies.documents.shape import (
    Problem,
    Rule,
    boolean,
    documented,
    is_number,
    items,
    matching,
    one_of,
    text,
)
from aws_preflight.preflight.values import Path, Value, dig, kind_of

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
COLOUR: Final = r"^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$"

# --- rules for single values ------------------------------------------------------------------------------------------


def period(path: Path, value: Value) -> Iterator[Problem]:
    """Seconds: 1, 5, 10, 30 or a multiple of 60."""
    if not is_number(value) or (value not in (1, 5, 10, 30) and (value < 60 or value % 60 != 0)):
        message = "a period has 1, 5, 10, 30 or a multiple of 60 seconds"
        yield Problem(path=path, message=message, answer="Should match exactly one schema in oneOf", instead=60)


statistic = matching(STATISTIC, "a statistic that CloudWatch knows (Average, Sum, p99, TM(10%:90%), ...)", "Average")
colour = matching(COLOUR, "a colour like #d62728 or #f00 (CloudWatch takes no colour names)", "#d62728")
side = one_of("left", "right")


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
NOT_A_STRING: Final = 'Invalid metric field type, only "String" type is allowed'
NOT_A_ROW: Final = (
    'Field "metrics" has to be an array of array of strings, with an optional metricRenderer object as last element'
)


def rows(path: Path, value: Value) -> Iterator[Problem]:
    """The list of rows of a metric widget."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        message = "the metric stands here alone, where a list of rows belongs"
        yield Problem(path=path, message=message, answer=NOT_A_ROW, instead=[corrected_row(value)])
        return
    yield from items(row, most=500)(path, value)


def row(path: Path, value: Value) -> Iterator[Problem]:
    """One row: namespace, name, pairs of dimension and value, and options last; or an expression alone."""
    if not isinstance(value, list):
        message = f"a row is a list [namespace, name, dimension, value, ...], and this is {kind_of(value)}"
        yield Problem(path=path, message=message, answer=NOT_A_ROW, instead=corrected_row(value))
        return
    for problem in _row_problems(path, value):
        yield replace(problem, instead=corrected_row(value))


def _row_problems(path: Path, value: list[Value]) -> Iterator[Problem]:
    fewer = f"Should NOT have more than {len(value) - 1} items"
    if not value:
        yield Problem(path=path, message="the row is empty", recorded=False)
        return
    options = value[-1] if isinstance(value[-1], dict) else None
    names = value[:-1] if options is not None else value
    wrong = [(i, item) for i, item in enumerate(names) if not isinstance(item, str) or item == ""]
    for i, item in wrong:
        message = f"{'an empty string' if item == '' else kind_of(item)} stands where a name or a value belongs"
        yield Problem(path=(*path, i), message=message, answer=NOT_A_STRING)
    if not wrong and len(names) % 2 and "..." not in names:
        message = (
            "namespace, name and pairs of dimension and value make an even number of strings, and this number is odd"
        )
        yield Problem(path=path, message=message, answer=fewer)
    elif options is not None and not any(isinstance(item, dict) for _, item in wrong):
        # Objects in several places of one row are one mistake.
        yield from _option_problems(path, options, fewer)
    if not names and options is not None and "expression" not in options:
        yield Problem(path=path, message="a row of options alone needs an expression", recorded=False)
    if len(value) > ROW_MAX:
        yield Problem(path=path, message="a metric has at most 30 dimensions", recorded=False)


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
        message = "dimensions stand in the row itself, as names and values, not in an object"
    elif unknown:
        message = "the object at the end of the row has an option that CloudWatch does not know"
    elif wrong:
        message = f"the option {wrong[0].path[-1]}: {wrong[0].message}"
    else:
        return
    yield Problem(path=path, message=message, answer=fewer, recorded=recorded)


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
