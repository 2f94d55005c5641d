"""What a program asks about that it has made itself: the answer is the resource as it was made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from aws_preflight.policies.type_aliases import canonical
from aws_preflight.rehearsal.cloud import marks, schema
from aws_preflight.rehearsal.cloud.refusals import Existing
from aws_preflight.rehearsal.cloud.schema import Shape

_HOW = ("region", "mostRecent", "allowUnsafeFilter", "includeDeprecated", "withDecryption", "privateZone")
"""Arguments that do not say what is meant."""

_SEVERAL = {"ids": "id", "arns": "arn", "names": "name"}
"""What a function tells of several resources, and what of one that is."""


def answer(
    type_: str, shape: Shape, arguments: Mapping[str, Any], resources: Iterable[Existing], several: bool
) -> dict[str, Any]:
    """What is known of the resources of a type that the arguments of a function name; nothing where there is none."""
    wanted = canonical(type_)
    found = [one.outputs for one in resources if one.type == wanted and _is_meant(one.outputs, arguments)]
    if not found:
        return {}
    if several:
        pairs = ((name, [outputs.get(own) for outputs in found]) for name, own in _SEVERAL.items() if name in shape)
        return {name: values for name, values in pairs if all(values)}
    return {
        name: marks.secret(value) if _is_secret(type_, name) else value
        for name, value in found[0].items()
        if name in shape and value is not None and name not in ("filters", "region")
    }


def _is_secret(type_: str, name: str) -> bool:
    each = (schema.resource(type_) or {}).get(name)
    return each is not None and each.secret


def _is_meant(outputs: Mapping[str, Any], arguments: Mapping[str, Any]) -> bool:
    """Whether the arguments say something about a resource, and nothing that is not so."""
    said = {name: value for name, value in arguments.items() if value is not None and name not in _HOW}
    return bool(said) and all(_holds(outputs, name, value) for name, value in said.items())


def _holds(outputs: Mapping[str, Any], name: str, value: Any) -> bool:
    if name == "filters" and isinstance(value, list):
        return all(_passes(outputs, one) for one in value)
    if name == "tags" and isinstance(value, dict):
        own = outputs.get("tagsAll") or outputs.get("tags") or {}
        return all(own.get(key) == wanted for key, wanted in value.items())
    if not isinstance(value, str):
        return bool(value == outputs.get(name))
    names = (name, "id", "arn", "name")
    return value.rstrip(".") in {str(outputs.get(each)).rstrip(".") for each in names if outputs.get(each)}


def _passes(outputs: Mapping[str, Any], filter_: Any) -> bool:
    """Whether a resource passes a filter, such as `{"name": "tag:Name", "values": ["web-*"]}`."""
    if not isinstance(filter_, dict):
        return False
    name, values = str(filter_.get("name")), filter_.get("values") or []
    if name.startswith("tag:"):
        value = (outputs.get("tagsAll") or outputs.get("tags") or {}).get(name.removeprefix("tag:"))
    else:
        own = re.sub(r"[-_.](\w)", lambda letter: letter[1].upper(), name)
        value = outputs.get(own, outputs.get("id") if own.endswith("Id") else None)
    return value is not None and any(fnmatchcase(str(value), str(pattern)) for pattern in values)
