"""Requests of any depth: what is nested too deeply is cut off before anything is parsed.

Parsers of protobuf call themselves for each level of a message. Some refuse a message of more than 100 levels, others
go on until the stack of the process is used up, and one value of a program takes up to three levels. So the bytes of a
request are looked through first, and a value below `MAX_DEPTH` becomes an unknown one.

The numbers of fields are those of google/protobuf/struct.proto and pulumi/analyzer.proto.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias, TypeVar

from google.protobuf.message import DecodeError, Message

from aws_preflight.preflight.values import MAX_DEPTH
from aws_preflight.preflight.wire import UNKNOWN_TEXT

AnyMessage = TypeVar("AnyMessage", bound=Message)
_Shape: TypeAlias = dict[int, Any]
"""By number of a field, the shape of the messages in it; fields that lead to no value are left out."""

_VALUE: Final[_Shape] = {}
_STRUCT: Final[_Shape] = {1: {2: _VALUE}}
_VALUE.update({5: _STRUCT, 6: {1: _VALUE}})
_RESOURCE: Final[_Shape] = {2: _STRUCT, 6: {2: _STRUCT}}
_SHAPES: Final[Mapping[str, _Shape]] = {
    "AnalyzeRequest": _RESOURCE,
    "AnalyzerResource": _RESOURCE,
    "ConfigureAnalyzerRequest": {1: {2: {2: _STRUCT}}},
}
# The first bytes of values that are objects or lists, and an unknown value.
_OBJECT, _LIST = b"\x2a", b"\x32"
_TOO_DEEP: Final = b"\x1a" + bytes([len(UNKNOWN_TEXT)]) + UNKNOWN_TEXT.encode()

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


class _MalformedError(Exception):
    """The bytes are no message of protobuf."""


def read(kind: type[AnyMessage], data: bytes) -> tuple[AnyMessage, bool]:
    """The message in `data`, and whether it was read in full. Where it cannot be read, the strings in it are kept."""
    try:
        cut = _cut(kind, data)
        return kind.FromString(data if cut is None else cut), cut is None
    except (_MalformedError, DecodeError):
        return _strings_of(kind, data), False


def read_each(kind: type[AnyMessage], each: type[Message], data: bytes) -> tuple[AnyMessage, list[Message]]:
    """The message in `data`, whose first field is a list of messages `each`, and those that were not read in full.

    One that is no message at all keeps its strings, and leaves all others as they are.
    """
    parts: list[bytes] = []
    try:
        parts.extend(data[start:end] for number, _, start, end in _fields(data, 0, len(data)) if number == 1)
        if all(_cut(each, part) is None for part in parts):
            return kind.FromString(data), []
    except (_MalformedError, DecodeError):
        pass  # one of the parts cannot be read
    one_by_one = [read(each, part) for part in parts]
    message = kind()
    getattr(message, message.DESCRIPTOR.fields_by_number[1].name).extend(part for part, _ in one_by_one)
    return message, [part for part, in_full in one_by_one if not in_full]


def _cut(kind: type[Message], data: bytes) -> bytes | None:
    """`data` without what is nested too deeply; `None` where nothing is."""
    # Each level has one of these bytes: nearly all resources have too few of them to be deep.
    if data.count(_OBJECT) + data.count(_LIST) <= MAX_DEPTH:
        return None
    return _cut_in(data, 0, len(data), _SHAPES.get(kind.DESCRIPTOR.name, {}), 0)


def _cut_in(data: bytes, start: int, end: int, shape: _Shape, depth: int) -> bytes | None:
    """The same for one message in `data`. Calls itself for each level, but no deeper than `MAX_DEPTH`."""
    parts: list[bytes] = []
    done = start
    for number, at, first, last in _fields(data, start, end):
        inner = shape.get(number)
        if inner is None:
            continue
        below = depth + (inner is _VALUE)
        if below > MAX_DEPTH:
            is_container = any(member in _VALUE for member, *_ in _fields(data, first, last))
            new = _TOO_DEEP if is_container else None
        else:
            new = _cut_in(data, first, last, inner, below)
        if new is not None:
            parts += [data[done:at], _varint(len(new)), new]
            done = last
    return b"".join([*parts, data[done:end]]) if parts else None


def _fields(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """The fields of a message that hold bytes: their number, where their length stands, where they begin and end."""
    at = start
    while at < end:
        tag, at = _number(data, at, end)
        kind = tag & 7
        if kind == _BYTES:
            length_at = at
            length, at = _number(data, at, end)
            if at + length > end:
                raise _MalformedError
            yield tag >> 3, length_at, at, at + length
            at += length
        elif kind == _VARINT:
            _, at = _number(data, at, end)
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        else:
            raise _MalformedError
    if at > end:
        raise _MalformedError


def _number(data: bytes, at: int, end: int) -> tuple[int, int]:
    """The varint at `at`, and where it ends."""
    value = shift = 0
    while at < end and shift < 64:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    raise _MalformedError


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 127:
        encoded.append(value & 127 | 128)
        value >>= 7
    return bytes([*encoded, value])


def _strings_of(kind: type[AnyMessage], data: bytes) -> AnyMessage:
    """What is left of a message that cannot be read: the strings before the first byte that is wrong."""
    message = kind()
    strings = {f.number: f.name for f in message.DESCRIPTOR.fields if isinstance(getattr(message, f.name), str)}
    try:
        for number, _, start, end in _fields(data, 0, len(data)):
            if number in strings:
                setattr(message, strings[number], data[start:end].decode(errors="replace"))
    except _MalformedError:
        pass
    return message
