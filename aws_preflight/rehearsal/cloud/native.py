"""What AWS adds to the resources of `aws-native`, from the SDK of which `tools/generate/native_schema.py` reads it.

A value is made up by its type and by what its name promises, as it is for types of `aws` that no table knows.
"""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aws_preflight.rehearsal.cloud import patterns
from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.kinds import Template, any_arn

_FILE = Path(__file__).parent / "native-outputs.json.gz"
_PLAIN = {"n": 1, "b": False, "a": ""}


def outputs(token: str) -> Mapping[str, Template]:
    """The outputs of a type by name; none for a type that the SDK did not have."""
    return {name: functools.partial(_value, name=name, type_=type_) for name, type_ in _types().get(token, {}).items()}


@functools.cache
def _types() -> Mapping[str, Mapping[str, Any]]:
    types: Mapping[str, Mapping[str, Any]] = json.loads(gzip.decompress(_FILE.read_bytes()))
    return types


def _value(facts: Facts, name: str, type_: Any) -> Any:
    if isinstance(type_, list):
        return [_value(facts, patterns.singular(name), type_[0])]
    if isinstance(type_, dict):
        return {inner: _value(facts, inner, one) for inner, one in type_.items() if inner != "*"}
    if name.endswith(("Arn", "arn")):
        return any_arn(facts)
    return patterns.text(facts, name) if type_ == "s" else _PLAIN[type_]
