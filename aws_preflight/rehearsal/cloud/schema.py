"""The types of `aws`: what a program has to give, what AWS adds, and of which type each value is.

Read from `aws-schema.json.gz`, which `tools/generate/schema.py` makes from the SDK. An object is written as its
properties, in a row: name, mark, type.

    marks  !  a required input               types  s  text       [s  a list of texts
           ?  an optional input                     i  integer    {s  a map of texts
           +  an optional input that AWS sets       n  number     @7  the object with this number
              where the program does not            b  boolean    x   an asset or archive
           =  an output                             a  anything   j   JSON text, which may be given as data
           ~  an output that may be missing
    and * after the mark: the value is secret.
"""

from __future__ import annotations

import functools
import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "aws-schema.json.gz"
_PROPERTY = re.compile(r"(\w+)([!?+=~])(\*?)(\S+)")


@dataclass(frozen=True)
class Property:
    """One property of a resource, of an object inside it, or of the result of a function."""

    name: str
    mark: str
    secret: bool
    type: str

    @property
    def required(self) -> bool:
        """Whether a program must set it."""
        return self.mark == "!"

    @property
    def is_input(self) -> bool:
        """Whether a program may set it."""
        return self.mark in "!?+"

    @property
    def is_computed(self) -> bool:
        """Whether AWS gives it a value where the program gives none."""
        return self.mark in "+="


Shape = Mapping[str, Property]


def version() -> str:
    """The version of the SDK that the types were read from."""
    return str(_described()["sdk"]).rpartition(" ")[2]


@functools.cache
def resource(token: str) -> Shape | None:
    """The properties of a resource type, under its own token or one that it had before."""
    described = _described()
    text = described["resources"].get(described["aliases"].get(token, token))
    return None if text is None else _parsed(text)


@functools.cache
def function(token: str) -> Shape | None:
    """The properties of a function's result."""
    text = _described()["functions"].get(token)
    return None if text is None else _parsed(text)


@functools.cache
def nested(type_: str) -> Shape:
    """The properties of an object that is written as `@` and a number."""
    return _parsed(_described()["shapes"][int(type_[1:])])


def resources() -> Iterator[tuple[str, Shape]]:
    """Every resource type, under its own token."""
    return ((token, _parsed(text)) for token, text in _described()["resources"].items())


def functions() -> Iterator[tuple[str, Shape]]:
    """Every function whose result has names."""
    return ((token, shape) for token, text in _described()["functions"].items() if (shape := _parsed(text)))


def all_nested() -> Iterator[Shape]:
    """The objects that are written as `@` and a number, in the order of their numbers."""
    return map(_parsed, _described()["shapes"])


@functools.cache
def _described() -> dict[str, Any]:
    described: dict[str, Any] = json.loads(gzip.decompress(_FILE.read_bytes()))
    return described


def _parsed(text: str) -> Shape:
    found = (_PROPERTY.fullmatch(part) for part in text.split())
    return {each[1]: Property(each[1], each[2], bool(each[3]), each[4]) for each in found if each}
