"""JSON documents inside text properties: `containerDefinitions`, `dashboardBody`, policies."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Final, NoReturn

from aws_preflight.preflight.values import MAX_DEPTH, UNKNOWN, Value, has_unknown, is_too_deep


class NotJson:
    """The type of `NOT_JSON`: the answer for a string that is no JSON document."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NOT_JSON"


NOT_JSON: Final = NotJson()


def _refuse_constant(name: str) -> NoReturn:
    raise json.JSONDecodeError("not JSON", name, 0)


# Several policies read the same document of the same resource one after the other; more than a few would only hold
# memory. The result is shared: checks read it and never change it.
@lru_cache(maxsize=4)
def parse(text: str) -> Value | NotJson:
    """The document in `text`, or `NOT_JSON`; `UNKNOWN` where it is nested deeper than `MAX_DEPTH`, or has a number of
    more digits than Python reads: whether AWS takes such a document cannot be told.

    More lenient than JSON in one point: raw control characters inside a string are accepted. A template literal that
    pastes the text of an Output into a document puts raw line breaks there, and a policy has to name the place.
    """
    try:
        document = json.loads(text, strict=False, parse_constant=_refuse_constant)
    except json.JSONDecodeError:
        return NOT_JSON
    except (ValueError, RecursionError):
        return UNKNOWN
    # Counting brackets is much faster than going through what nearly no document has.
    return UNKNOWN if text.count("[") + text.count("{") > MAX_DEPTH and is_too_deep(document) else document


def document_of(value: Value) -> Value:
    """The document that a value is, or that stands in it as JSON; `UNKNOWN` for a string that is no JSON."""
    if not isinstance(value, str):
        return value
    document = parse(value)
    return UNKNOWN if document is NOT_JSON else document


def is_unreadable(text: str) -> bool:
    """Whether `text` is a document of which `parse` says nothing."""
    return text.lstrip()[:1] in ("{", "[") and parse(text) is UNKNOWN


def is_open(value: Value) -> bool:
    """Whether a part of `value` is unknown, or all of it where it is a document."""
    return has_unknown(value) or (isinstance(value, str) and is_unreadable(value))


def field(container: Value, name: str) -> str | None:
    """The key of `container` that Go's JSON decoder takes for the field `name`: letter case does not matter.

    A provider written in Go decodes documents with it (https://pkg.go.dev/encoding/json#Unmarshal), so
    `LogConfiguration` works as `logConfiguration` does. An exact match wins. `None` when there is no such key, or when
    `container` is no object.
    """
    if not isinstance(container, dict):
        return None
    if name in container:
        return name
    wanted = name.lower()
    return next((key for key in container if key.lower() == wanted), None)
