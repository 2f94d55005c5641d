"""From the engine's wire format to plain data.

The markers are those of pulumi/pulumi, sdk/go/common/resource/properties.go and sdk/go/common/resource/plugin/rpc.go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from google.protobuf import struct_pb2

from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import MAX_DEPTH, UNKNOWN, Path, Value

SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17"
ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7"

SIGNATURES = (
    SECRET_SIGNATURE,
    OUTPUT_SIGNATURE,
    ASSET_SIGNATURE,
    ARCHIVE_SIGNATURE,
    "5cf8f73096256a8f31e491e813e4eb8e",  # a reference to a resource
)
"""What `SIGNATURE_KEY` may hold: the kinds of objects that stand for another value."""

LARGEST_EXACT = 2**53
"""All numbers arrive as floats. Beyond this one they are no counts, but what arithmetic or a token of the CDK left."""

UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""Stands for any unknown value: current engines send it in place of every type."""

# Older engines have one sentinel for each type of value.
UNKNOWN_SENTINELS = frozenset(
    {
        UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
_SENTINEL_LENGTH: Final = len(UNKNOWN_TEXT)


def decode(struct: struct_pb2.Struct) -> tuple[dict[str, Value], frozenset[Path]]:
    """The properties in `struct` as plain data, and the paths of those that are secret.

    Whole numbers become `int`, as far as a float tells one from the next. Assets, archives and resource references
    become `UNKNOWN`: no policy reads them. So does what is nested deeper than `MAX_DEPTH`.
    """
    secrets: list[Path] = []
    fields = struct.fields  # a view of its items would be one of Python's own, which is slow
    properties = {name: _decode(fields[name], (name,), secrets, 1) for name in fields}
    return properties, frozenset(secrets)


def _decode(value: struct_pb2.Value, path: Path, secrets: list[Path], depth: int) -> Value:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if len(text) == _SENTINEL_LENGTH and text in UNKNOWN_SENTINELS else text
    if kind in ("struct_value", "list_value") and depth > MAX_DEPTH:
        return UNKNOWN
    if kind == "struct_value":
        return _decode_struct(value.struct_value, path, secrets, depth + 1)
    if kind == "list_value":
        return [_decode(item, (*path, i), secrets, depth + 1) for i, item in enumerate(value.list_value.values)]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() and abs(number) <= LARGEST_EXACT else number
    return value.bool_value if kind == "bool_value" else None


def _decode_struct(struct: struct_pb2.Struct, path: Path, secrets: list[Path], depth: int) -> Value:
    fields = struct.fields
    if SIGNATURE_KEY not in fields:
        return {name: _decode(fields[name], (*path, name), secrets, depth) for name in fields}
    signature = fields[SIGNATURE_KEY].string_value
    if signature == SECRET_SIGNATURE or (signature == OUTPUT_SIGNATURE and fields["secret"].bool_value):
        secrets.append(path)
    if signature in (SECRET_SIGNATURE, OUTPUT_SIGNATURE) and "value" in fields:
        return _decode(fields["value"], path, secrets, depth)
    return UNKNOWN


def resource_of(request: Any) -> Resource:
    """The resource in an `AnalyzeRequest`: inputs only, the engine sends no dependencies there."""
    properties, secrets = decode(request.properties)
    return Resource(
        urn=request.urn,
        type=request.type,
        name=request.name,
        properties=properties,
        secrets=secrets,
        region=_region(request),
    )


def _region(message: Any) -> Value:
    provider = message.provider.properties.fields
    return _decode(provider["region"], (), [], 1) if "region" in provider else None


def explicit(provider: str) -> str:
    """The URN of a provider that the program made; "" for a default one."""
    # The engine makes one default provider for each version of a package: `default_7_51_0`. All have the same settings.
    return "" if provider.rpartition("::")[2].startswith("default") else provider


def resources_of(messages: Iterable[Any]) -> list[Resource]:
    """The resources in an `AnalyzeStackRequest`, with parents and dependencies."""
    return [_Listed(message) for message in messages]


class _Listed(Resource):
    """A resource of a stack. Its properties are decoded when a policy asks for them: most are never asked for."""

    __slots__ = ("_decoded", "_struct")
    _decoded: tuple[dict[str, Value], frozenset[Path]] | None
    _struct: struct_pb2.Struct

    def __init__(self, message: Any) -> None:
        sources = message.propertyDependencies
        fields = {
            "urn": message.urn,
            "type": message.type,
            "name": message.name,
            "parent": message.parent or None,
            "dependencies": tuple(message.dependencies),
            "property_dependencies": {name: tuple(sources[name].urns) for name in sources},
            "provider": explicit(message.provider.urn),
            "region": _region(message),
            "custom": message.HasField("provider"),
            "_struct": message.properties,
            "_decoded": None,
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @property
    def properties(self) -> Mapping[str, Value]:
        """Its outputs as plain data."""
        return self._read()[0]

    @property
    def secrets(self) -> frozenset[Path]:
        """The paths of those that are secret."""
        return self._read()[1]

    def _read(self) -> tuple[dict[str, Value], frozenset[Path]]:
        decoded = self._decoded
        if decoded is None:
            # Threads may decode the same properties twice, to the same end.
            decoded = decode(self._struct)
            object.__setattr__(self, "_decoded", decoded)
        return decoded
