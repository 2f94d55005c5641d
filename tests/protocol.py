"""Requests as the engine sends them, and the answers as data."""

from __future__ import annotations

from functools import cache
from typing import Any

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN, Value
from aws_preflight.preflight.wire import SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN_TEXT, decode, resources_of
from tools.cases import Case, Secret, urn_of


def struct(properties: dict[str, Any]) -> struct_pb2.Struct:
    """Properties of a case as the engine sends them."""
    message = struct_pb2.Struct()
    for name, value in properties.items():
        message.fields[name].CopyFrom(_value(value))
    return message


def _value(value: Any) -> struct_pb2.Value:
    if value is UNKNOWN:
        return struct_pb2.Value(string_value=UNKNOWN_TEXT)
    if isinstance(value, Secret):
        return _value({SIGNATURE_KEY: SECRET_SIGNATURE, "value": value.value})
    if isinstance(value, dict):
        return struct_pb2.Value(struct_value=struct(value))
    if isinstance(value, list):
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[_value(item) for item in value]))
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, (int, float)):
        return struct_pb2.Value(number_value=value)
    if value is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    return struct_pb2.Value(string_value=value)


def decoded(properties: dict[str, Any]) -> dict[str, Value]:
    """Properties of a case as they reach a check: encoded by the engine, decoded by the pack."""
    return decode(struct(properties))[0]


def plain(resources: list[dict[str, Any]]) -> list[Resource]:
    """The resources of a case as a check sees them."""
    return resources_of(stack_request(resources).resources)


def analyze_request(resource: dict[str, Any]) -> pb.AnalyzeRequest:
    """The request for one resource of a case."""
    return pb.AnalyzeRequest(
        type=resource["type"],
        urn=urn_of(resource),
        name=resource["name"],
        properties=struct(resource["properties"]),
    )


def stack_request(resources: list[dict[str, Any]]) -> pb.AnalyzeStackRequest:
    """The request for all resources of a case."""
    urns = {resource["name"]: urn_of(resource) for resource in resources}
    messages = []
    for resource in resources:
        sources = resource.get("propertyDependencies", {})
        message = pb.AnalyzerResource(
            type=resource["type"],
            urn=urn_of(resource),
            name=resource["name"],
            properties=struct(resource["properties"]),
            parent=urns.get(resource.get("parent", ""), ""),
            dependencies=[urns.get(name, name) for name in resource.get("dependencies", ())],
        )
        for key, names in sources.items():
            message.propertyDependencies[key].urns.extend(urns.get(name, name) for name in names)
        if not resource.get("component"):
            message.provider.SetInParent()
        messages.append(message)
    return pb.AnalyzeStackRequest(resources=messages)


def diagnostics(pack: analyzer_pb2_grpc.AnalyzerStub, case: Case) -> list[pb.AnalyzeDiagnostic]:
    """All that the pack says to a case: to each resource, then to the stack."""
    found: list[pb.AnalyzeDiagnostic] = []
    for resource in case.resources:
        found += pack.Analyze(analyze_request(resource)).diagnostics
    return found + list(pack.AnalyzeStack(stack_request(case.resources)).diagnostics)


# --- messages that no parser of protobuf would make -------------------------------------------------------------------


def field_bytes(number: int, payload: bytes) -> bytes:
    """A field of a message that holds bytes, a string or a message."""
    length, encoded = len(payload), bytearray()
    while length > 127:
        encoded.append(length & 127 | 128)
        length >>= 7
    return bytes([number << 3 | 2, *encoded, length]) + payload


@cache
def deep_value(levels: int, kind: str) -> bytes:
    """A value of `levels` lists, objects or secrets in each other, as bytes: built without recursion."""
    key = field_bytes(1, b"value")
    mark = field_bytes(2, field_bytes(3, SECRET_SIGNATURE.encode()))
    secret = field_bytes(1, field_bytes(1, SIGNATURE_KEY.encode()) + mark) if kind == "secret" else b""
    value = field_bytes(3, b"end")
    for _ in range(levels):
        if kind == "list":
            value = field_bytes(6, field_bytes(1, value))
        else:
            value = field_bytes(5, field_bytes(1, key + field_bytes(2, value)) + secret)
    return value


def with_property(message: bytes, name: str, value: bytes) -> bytes:
    """The bytes of a resource, or of a policy's configuration, with one more property."""
    return message + field_bytes(2, field_bytes(1, field_bytes(1, name.encode()) + field_bytes(2, value)))


def sent(channel: grpc.Channel, method: str, data: bytes) -> bytes:
    """The answer of the pack to the bytes of a request."""
    answer: bytes = channel.unary_unary(f"/pulumirpc.Analyzer/{method}", None, None)(data)
    return answer
