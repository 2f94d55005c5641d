"""Stand-ins for files and archives that a program only hands on and that have not been built.

The engine reads what it is handed, to tell when it changes, and ends the program where nothing is there. What is in it
matters to no policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from google.protobuf import struct_pb2

from aws_preflight.preflight.wire import ARCHIVE_SIGNATURE, ASSET_SIGNATURE, SIGNATURE_KEY

MARK = b"path"
"""Stands in every message that holds a file by its path."""

_TEXT = "This is a stand-in of a rehearsal: the file was not there."
_NAME = "stand-in.txt"


def put_in(properties: struct_pb2.Struct, folders: Iterable[Path]) -> list[str]:
    """Replaces what is in none of the folders of a program; the paths of that."""
    folders = list(folders)
    missing = [one for one in _files(properties) if not _is_there(one.fields["path"].string_value, folders)]
    paths = [one.fields["path"].string_value for one in missing]
    for one in missing:
        is_archive = one.fields[SIGNATURE_KEY].string_value == ARCHIVE_SIGNATURE
        one.Clear()
        one.update(_archive() if is_archive else _asset())
    return paths


def _asset() -> dict[str, Any]:
    return {SIGNATURE_KEY: ASSET_SIGNATURE, "text": _TEXT}


def _archive() -> dict[str, Any]:
    return {SIGNATURE_KEY: ARCHIVE_SIGNATURE, "assets": {_NAME: _asset()}}


def _files(properties: struct_pb2.Struct) -> Iterator[struct_pb2.Struct]:
    """The files and archives in some properties that are named by their paths, at any depth."""
    signature = properties.fields[SIGNATURE_KEY].string_value if SIGNATURE_KEY in properties.fields else ""
    if signature in (ASSET_SIGNATURE, ARCHIVE_SIGNATURE) and "path" in properties.fields:
        yield properties
        return
    waiting = list(properties.fields.values())
    while waiting:
        value = waiting.pop()
        if value.HasField("struct_value"):
            yield from _files(value.struct_value)
        elif value.HasField("list_value"):
            waiting += value.list_value.values


def _is_there(path: str, folders: Iterable[Path]) -> bool:
    return not path or any((folder / path).exists() for folder in folders)
