"""Property values as they travel between the engine and a provider."""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2

from aws_preflight.preflight.wire import SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN_TEXT

UNKNOWN = UNKNOWN_TEXT
"""Stands for a value that only a deployment will tell."""


def plain_properties(properties: struct_pb2.Struct) -> dict[str, Any]:
    """All properties of a resource as Python data: secrets revealed, unknown values left as `UNKNOWN`."""
    return {name: without_marks(value) for name, value in marked_properties(properties).items()}


def secret(value: Any) -> dict[str, Any]:
    """Marks a value as a secret, for the engine to encrypt and hide."""
    return {SIGNATURE_KEY: SECRET_SIGNATURE, "value": value}


def revealed(value: Any) -> Any:
    """What a secret holds; any other value is given back as it is."""
    return value.get("value") if is_secret(value) else value


def is_secret(value: Any) -> bool:
    """Whether a value is marked as a secret."""
    return isinstance(value, dict) and value.get(SIGNATURE_KEY) == SECRET_SIGNATURE


def is_special(value: dict[str, Any]) -> bool:
    """Whether an object stands for something else: a secret, an asset, an archive."""
    return SIGNATURE_KEY in value


def without_marks(value: Any) -> Any:
    """A value with its secrets revealed, at any depth."""
    value = revealed(value)
    if isinstance(value, dict):
        return {name: without_marks(item) for name, item in value.items()}
    return [without_marks(item) for item in value] if isinstance(value, list) else value


def holds_secret(value: Any) -> bool:
    """Whether any part of a value is marked as a secret."""
    if isinstance(value, dict):
        return is_secret(value) or any(holds_secret(item) for item in value.values())
    return isinstance(value, list) and any(holds_secret(item) for item in value)


def holds_unknown(value: Any) -> bool:
    """Whether any part of a plain value is unknown."""
    if isinstance(value, dict):
        return any(holds_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(holds_unknown(item) for item in value)
    return isinstance(value, str) and UNKNOWN in value


def marked(value: struct_pb2.Value) -> Any:
    """A value as Python data, with the marks of secrets, assets and archives left in place."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return marked_properties(value.struct_value)
    if kind == "list_value":
        return [marked(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    return None if kind in (None, "null_value") else getattr(value, kind)


def marked_properties(properties: struct_pb2.Struct) -> dict[str, Any]:
    """All properties of a resource as Python data, with every mark left in place."""
    return {name: marked(value) for name, value in properties.fields.items()}


def properties(values: dict[str, Any]) -> struct_pb2.Struct:
    """Python data as the properties of a resource."""
    struct = struct_pb2.Struct()
    struct.update(values)
    return struct
