"""What the provider of `aws` does to a resource's inputs before the engine, and the policies, see them.

As the Terraform bridge does it (https://github.com/pulumi/pulumi-terraform-bridge, `pkg/tfbridge`):
it names what has no name, fills in defaults, writes policy documents as JSON, and says which required arguments are
missing. Numbers and booleans stay what the program wrote: only the outputs have the types of the schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from aws_preflight.preflight.values import snake_case
from aws_preflight.rehearsal.cloud import marks, naming, schema
from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.schema import Property, Shape

_SETS: Mapping[str, Mapping[str, str]] = {"aws:autoscaling/group:Group": {"tags": "tag"}}
"""Lists that the provider knows as sets, and their names there: the schema does not tell them from other lists."""


def filled_in(facts: Facts, inputs: dict[str, Any], shape: Shape) -> dict[str, Any]:
    """The inputs with names, defaults and documents; values are as on the wire, secrets marked."""
    inputs = {name: _document(value, shape.get(name)) for name, value in inputs.items()}
    for name, value in naming.defaults(facts.type).items():
        if inputs.get(name) is None:
            inputs[name] = value
    rule = naming.naming(facts.type)
    if rule is not None and all(inputs.get(name) is None for name in (rule.property, f"{rule.property}Prefix")):
        inputs[rule.property] = rule.made_up(facts)
    return inputs


def missing(facts: Facts, inputs: dict[str, Any], shape: Shape) -> Iterator[str]:
    """A sentence for each required argument that is not there, in the bridge's words; `inputs` are plain."""
    for argument, path in _missing(inputs, shape, "", ""):
        for name, terraform in _SETS.get(facts.type, {}).items():
            if path.startswith(f"{name}["):
                # The members of a set have no number by which they could be named.
                argument, path = argument.replace(name, terraform, 1), name
        yield (
            f'Missing required argument. The argument "{argument}" is required, but no definition was found.. '
            f"Examine values at '{facts.logical_name}.{path}'."
        )


def as_returned(value: Any, type_: str) -> Any:
    """A value in the type that its property has, as AWS and its provider return it: 80 where text is due is "80"."""
    inner = marks.revealed(value)
    if inner is not value:
        return marks.secret(as_returned(inner, type_))
    letter = type_[0]
    is_data = isinstance(value, list) or (isinstance(value, dict) and not marks.is_special(value))
    if letter == "s" and is_data:
        # Only a rehearsal comes so far with it. An SDK takes nothing but text back, and would end the program.
        return json.dumps(marks.without_marks(value), sort_keys=True)
    if isinstance(value, list) and letter == "[":
        return [as_returned(item, type_[1:]) for item in value]
    if isinstance(value, dict) and not marks.is_special(value):
        return _object_as_returned(value, type_)
    return _scalar_as_returned(value, letter)


def _object_as_returned(value: dict[str, Any], type_: str) -> Any:
    if type_[0] == "{":
        return {key: as_returned(item, type_[1:]) for key, item in value.items()}
    if type_[0] != "@":
        return value
    shape = schema.nested(type_)
    return {key: as_returned(item, shape[key].type) if key in shape else item for key, item in value.items()}


def _scalar_as_returned(value: Any, letter: str) -> Any:
    if letter in "sj" and isinstance(value, bool):
        return "true" if value else "false"
    if letter in "sj" and isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) and not value.is_integer() else str(int(value))
    if letter in "in" and isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        return float(value) if "." in value else int(value)
    if letter == "b" and value in ("true", "false"):
        return value == "true"
    return value


def _document(value: Any, property_: Property | None) -> Any:
    """A policy document that the program gave as an object becomes JSON, with its keys in order."""
    if property_ is None or property_.type != "j":
        return value
    inner = marks.revealed(value)
    if not isinstance(inner, dict | list):
        return value
    if marks.holds_unknown(inner):
        return marks.UNKNOWN
    text = json.dumps(marks.without_marks(inner), sort_keys=True, separators=(",", ":"))
    return marks.secret(text) if inner is not value or marks.holds_secret(inner) else text


def _missing(value: dict[str, Any], shape: Shape, argument: str, path: str) -> Iterator[tuple[str, str]]:
    for name, each in shape.items():
        given = value.get(name)
        if given is None and each.required:
            yield argument + snake_case(name), path + name
        elif given is not None:
            yield from _missing_inside(given, each.type, argument + snake_case(name), path + name)


def _missing_inside(value: Any, type_: str, argument: str, path: str) -> Iterator[tuple[str, str]]:
    if type_[0] == "[" and isinstance(value, list):
        for position, item in enumerate(value):
            yield from _missing_inside(item, type_[1:], f"{argument}.{position}", f"{path}[{position}]")
    elif type_[0] == "@" and isinstance(value, dict) and not marks.is_special(value):
        # The provider knows a single object as a list of one.
        within = argument if path.endswith("]") else f"{argument}.0"
        yield from _missing(value, schema.nested(type_), f"{within}.", f"{path}.")
