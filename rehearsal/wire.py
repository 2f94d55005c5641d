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


def holds_unknown(value: Any) -> bool:
    """Whether any part of a plain value is unknown."""
    if isinstance(value, dict):
        return any(holds_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(holds_unknown(item) for item in value)
    return isinstance(value, str) and UNKNOWN in value


def properties(values: dict[str, Any]) -> struct_pb2.Struct:
    """Python data as the properties of a resource."""
    struct = struct_pb2.Struct()
    struct.update(values)
    return struct
