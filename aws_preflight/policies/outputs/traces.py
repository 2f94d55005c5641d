"""Every trace in the inputs of a resource."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from aws_preflight.policies.outputs.fingerprints import OUTPUT_MEMBERS, Mistake, is_output, row_of
from aws_preflight.policies.outputs.fixes import IN_A_KEY
from aws_preflight.policies.outputs.strings import LARGE, Trace, in_string, markers_in
from aws_preflight.preflight.json_documents import NOT_JSON, parse
from aws_preflight.preflight.values import Path, Value, quote
from aws_preflight.preflight.wire import SIGNATURE_KEY

MAX_DEPTH: Final = 5
"""Of documents inside documents."""

ENUMERATED = Mistake(
    language="Node.js/TypeScript",
    misuse="these are the members of an Output object: the program enumerated or spread an Output",
    instead=".apply(value => ...) around Object.entries, Object.keys, for ... in or the spread",
    fix="object",
)
EMPTY = Mistake(
    language="Go, .NET, Java, Node.js",
    misuse="an empty object or null stands where a string belongs: JSON libraries do that for an Output or a promise",
    instead="pulumi.JSONMarshal(...) in Go, Output.JsonSerialize(...) in .NET, pulumi.jsonStringify(...) in Node.js",
    fix="json",
)


def traces_in(properties: Mapping[str, Value]) -> list[Trace]:
    """Every trace in the inputs of a resource; one for each place and mistake."""
    joined, odd = _all_strings(properties)
    markers = markers_in(joined)
    if not markers and not odd and "isknown" not in joined and '"effect"' not in joined:
        return []
    return list(_search(properties, (), markers, 0))


def trace_in_name(name: str) -> Trace | None:
    """The trace in the logical name of a resource, as far as it is one in any text: a name may be any word."""
    return in_string(name, (), markers_in(name.lower()), ("anywhere",))


def is_stringified(value: Value, path: Path) -> bool:
    """Whether the text at `path` is no value but surely what an Output left: other policies need not evaluate it."""
    if not isinstance(value, str):
        return False
    trace = in_string(value, path, markers_in(value.lower()))
    return trace is not None and trace.level == "mandatory" and trace.mistake.fix != "missing"


def _all_strings(properties: Mapping[str, Value]) -> tuple[str, bool]:
    """All keys and strings in one, in lower case; and whether there is anything else that has to be looked at."""
    strings: list[str] = []
    odd = False
    rest: list[Value] = [properties]
    while rest:
        value = rest.pop()
        if isinstance(value, str):
            strings.append(value)
        elif isinstance(value, Mapping):
            strings += value
            rest += value.values()
            odd = odd or ("Effect" in value)
        elif isinstance(value, list):
            rest += value
        elif isinstance(value, float):
            odd = odd or _is_odd(value)
    return "\0".join(strings).lower(), odd


def _is_odd(number: float) -> bool:
    """Whether arithmetic on an Output made this, or the CDK: no input of AWS is NaN, infinite or a token."""
    return math.isnan(number) or abs(number) > 1e280


def _search(value: Value, path: Path, markers: list[str], depth: int) -> Iterator[Trace]:
    """The traces in `value`, documents in strings included. Walks without recursion, but for documents in documents."""
    rest: list[tuple[Path, Value]] = [(path, value)]
    while rest:
        at, item = rest.pop()
        if isinstance(item, str):
            yield from _in_value(item, at, markers, depth)
        elif isinstance(item, Mapping):
            mistake = _mistake_of(item)
            if mistake is not None:
                yield Trace(at=at, mistake=mistake)
                continue
            yield from _in_keys(item, at, markers)
            yield from _empty_objects(item, at)
            rest += [((*at, key), member) for key, member in item.items()]
        elif isinstance(item, list):
            members = is_output(_names(item))
            if members:
                yield Trace(at=at, mistake=ENUMERATED)
            rest += [
                ((*at, i), member) for i, member in enumerate(item) if not (members and _name(member) in OUTPUT_MEMBERS)
            ]
        elif isinstance(item, float) and _is_odd(item):
            row = row_of("cdk-token-number" if item < -1e280 and item != float("-inf") else "number-nan")
            yield Trace(at=at, mistake=row.mistake, level=row.level, evidence=quote(item))


def _in_value(text: str, path: Path, markers: list[str], depth: int) -> Iterator[Trace]:
    if not any(map(text.lower().__contains__, markers)) and '"Effect"' not in text and "isKnown" not in text:
        return
    document = _document(text) if depth < MAX_DEPTH else None
    if document is not None:
        found = list(_search(document, path, markers, depth + 1))
        if found:
            yield from found
            return
    # In a document the values were each looked into: only what is a trace in any text can be left, over several.
    trace = in_string(text, path, markers, ("anywhere",) if document is not None else ())
    if trace is not None:
        yield trace


def _document(text: str) -> Value:
    """The object or list in `text`; `None` for any other text."""
    if len(text) > 4 * LARGE or text.lstrip()[:1] not in ("{", "["):
        return None
    document = parse(text)
    return document if document is not NOT_JSON and isinstance(document, (dict, list)) else None


def _in_keys(item: Mapping[str, Value], path: Path, markers: list[str]) -> Iterator[Trace]:
    if not any(map("\0".join(item).lower().__contains__, markers)):
        return
    # A key that is found is not part of the path: the path is always shown.
    for key in item:
        trace = in_string(key, path, markers, ("anywhere",))
        if trace is not None:
            yield Trace(at=path, mistake=trace.mistake, level=trace.level, evidence=trace.evidence, where=IN_A_KEY)


def _mistake_of(item: Mapping[str, Value]) -> Mistake | None:
    """The mistake that the names in one object prove."""
    if is_output(item):
        return ENUMERATED
    return next((row_of(id_).mistake for id_, evidence in _OBJECTS.items() if evidence(item)), None)


def _of_jackson(item: Mapping[str, Value]) -> bool:
    return any(
        isinstance(member, dict) and isinstance(member.get("completedExceptionally"), bool)
        for member in (item, *item.values())
    )


_OBJECTS: Final[dict[str, Callable[[Mapping[str, Value]], bool]]] = {
    "node-keys": lambda item: "__pulumiUnknown" in item,
    "node-resource-json": lambda item: any(re.match(r"__pulumi[A-Z]", key) for key in item),
    "java-jackson": _of_jackson,
    "java-outputdata": lambda item: isinstance(item.get("dataFuture"), dict),
    "signature-key": lambda item: SIGNATURE_KEY in item,
}


def _name(item: Value) -> str | None:
    names = [item[key] for key in ("key", "name", "Key", "Name") if key in item] if isinstance(item, dict) else []
    return names[0] if names and isinstance(names[0], str) else None


def _names(items: list[Value]) -> list[str]:
    return [name for item in items if (name := _name(item)) is not None]


def _empty_objects(statement: Mapping[str, Value], path: Path) -> Iterator[Trace]:
    """In a statement of a policy: `{}` or null among what has to be strings. An empty `Condition` is legal."""
    if statement.get("Effect") not in ("Allow", "Deny"):
        return
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        if _holds_nothing(statement.get(name)):
            yield Trace(at=(*path, name), mistake=EMPTY, level="advisory")
    for name in ("Principal", "NotPrincipal"):
        principal = statement.get(name)
        for kind, value in principal.items() if isinstance(principal, dict) else ():
            if _holds_nothing(value):
                yield Trace(at=(*path, name, kind), mistake=EMPTY, level="advisory")


def _holds_nothing(value: Value) -> bool:
    return value == {} or (isinstance(value, list) and any(item is None or item == {} for item in value))
