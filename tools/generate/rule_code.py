"""Writes the inputs of a resource as the code of a program, in the languages of the messages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Final

from aws_preflight.preflight.finding import Code
from aws_preflight.preflight.json_documents import NOT_JSON, parse
from aws_preflight.preflight.values import UNKNOWN, Value
from aws_preflight.rehearsal.cloud import schema

_LONGEST: Final = 60
_WORD: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Expression(str):
    """A value that is written as it stands: `role.arn`."""

    __slots__ = ()


def code_of(token: str, inputs: Mapping[str, Value]) -> Code:
    """The inputs, on one line in each language. An `Expression` may stand for any value in them."""
    shape = schema.resource(token) or {}
    return Code(
        typescript=", ".join(f"{name}: {_typescript(shape[name].type, item)}" for name, item in inputs.items()),
        python=", ".join(f"{_snake(name)}={_python(shape[name].type, item)}" for name, item in inputs.items()),
    )


def _snake(name: str) -> str:
    return _HUMP.sub("_", name).lower()


def _plain(value: Value) -> str:
    if isinstance(value, str) and len(value) > _LONGEST and parse(value) is NOT_JSON:
        return json.dumps(f"{value[:10]}...{value[-10:]}", ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)


def _document(type_: str, value: Value) -> Value:
    """The document in a string, `None` where there is none."""
    if type_[0] not in "sj" or not isinstance(value, str) or value[:1] not in ("{", "["):
        return None
    document = parse(value)
    return None if document is NOT_JSON else document


def _nested(type_: str, name: str) -> str:
    """The type of a member of an object; "a" for anything."""
    if type_[0] == "{":
        return type_[1:]
    return schema.nested(type_)[name].type if type_[0] == "@" else "a"


def _alike(type_: str, value: Value, write: Callable[[str, Value], str], to_json: str) -> str | None:
    """What both languages write in the same way, `None` for anything else."""
    if value is UNKNOWN:
        return "other.output"
    if isinstance(value, Expression):
        return value
    if (document := _document(type_, value)) is not None:
        return f"{to_json}({write('a', document)})"
    if isinstance(value, list):
        inner = type_[1:] if type_[0] == "[" else "a"
        return f"[{', '.join(write(inner, item) for item in value)}]"
    return None


def _typescript(type_: str, value: Value) -> str:
    if (written := _alike(type_, value, _typescript, "JSON.stringify")) is not None:
        return written
    if isinstance(value, dict):
        members = (f"{_key(name)}: {_typescript(_nested(type_, name), item)}" for name, item in value.items())
        return f"{{ {', '.join(members)} }}" if value else "{}"
    return _plain(value)


def _key(name: str) -> str:
    return name if _WORD.fullmatch(name) else json.dumps(name)


def _python(type_: str, value: Value) -> str:
    if (written := _alike(type_, value, _python, "json.dumps")) is not None:
        return written
    if isinstance(value, dict):
        change = _snake if type_[0] == "@" else str
        members = (f"{json.dumps(change(name))}: {_python(_nested(type_, name), item)}" for name, item in value.items())
        return f"{{{', '.join(members)}}}"
    return (
        {True: "True", False: "False", None: "None"}[value]
        if isinstance(value, bool) or value is None
        else _plain(value)
    )
