"""Property values as they travel between the engine and a provider."""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Stands for a value that only a deployment will tell."""

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"


def plain(value: struct_pb2.Value) -> Any:
    """A value as Python data: secrets revealed, unknown values left as `UNKNOWN`."""
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = value.struct_value.fields
        if _SIGNATURE in fields and fields[_SIGNATURE].string_value == _SECRET:
            return plain(fields["value"])
        return plain_properties(value.struct_value)
    if kind == "list_value":
        return [plain(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    return None if kind in (None, "null_value") else getattr(value, kind)


def plain_properties(properties: struct_pb2.Struct) -> dict[str, Any]:
    """All properties of a resource as Python data."""
    return {name: plain(value) for name, value in properties.fields.items()}


def secret(value: Any) -> dict[str, Any]:
    """Marks a value as a secret, for the engine to encrypt and hide."""
    return {_SIGNATURE: _SECRET, "value": value}


def revealed(value: Any) -> Any:
    """What a secret holds; any other value is given back as it is."""
    return value.get("value") if is_secret(value) else value


def is_secret(value: Any) -> bool:
    """Whether a value is marked as a secret."""
    return isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET


def is_special(value: dict[str, Any]) -> bool:
    """Whether an object stands for something else: a secret, an asset, an archive."""
    return _SIGNATURE in value


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
    return plain(value)


def marked_properties(properties: struct_pb2.Struct) -> dict[str, Any]:
    """All properties of a resource as Python data, with every mark left in place."""
    return {name: marked(value) for name, value in properties.fields.items()}


def properties(values: dict[str, Any]) -> struct_pb2.Struct:
    """Python data as the properties of a resource."""
    struct = struct_pb2.Struct()
    struct.update(values)
    return struct
