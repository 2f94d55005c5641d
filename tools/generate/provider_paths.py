"""Follows the paths of rules in the schema of the provider `aws`, so that a wrong name is told where it is written."""

from __future__ import annotations

from aws_preflight.preflight.rules.paths import Step, Steps
from aws_preflight.preflight.values import suggestion
from aws_preflight.rehearsal.cloud import schema


def follow(token: str, steps: Steps) -> schema.Property | None:
    """The property at the end of the path, `None` inside a document. Raises `ValueError` where it leads nowhere."""
    shape = schema.resource(token)
    if shape is None:
        raise ValueError(
            f"the provider has no type {token}{suggestion(token, (name for name, _ in schema.resources()))}"
        )
    property_: schema.Property | None = None
    type_ = "@"
    for step in steps:
        if step.kind == "name" and type_[0] in "@":
            shape = schema.nested(type_) if property_ is not None else shape
            property_ = shape.get(step.name)
            if property_ is None or not property_.is_input:
                names = [name for name, one in shape.items() if one.is_input]
                raise ValueError(f"{token} has no input {step.name} there{suggestion(step.name, names)}")
            type_ = property_.type
        else:
            type_ = _below(token, type_, step)
        if type_ == "a":
            return None
    return property_


def _below(token: str, type_: str, step: Step) -> str:
    """The type of what a step leads to: "a", anything, inside a document."""
    if step.kind in ("open", "open folded") and type_[0] in "sj":
        return "a"
    if (step.kind == "each" and type_[0] == "[") or (step.kind in ("entries", "name") and type_[0] == "{"):
        return type_[1:]
    kinds = {"[": "a list", "{": "a map", "@": "an object", "s": "a string", "j": "a document"}
    found = kinds.get(type_[0], "a plain value")
    raise ValueError(f"{step.name or step.kind} leads nowhere in {token}: the provider's schema has {found} there")
