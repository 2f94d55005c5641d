"""Searches all inputs of a resource for the traces of Outputs that a program turned into text.

Most resources have none, so the first look is cheap: all texts and keys are joined and searched for a few dozen
literals. Only where one of them stands are the patterns of its rows tried, text by text, in JSON documents value by
value. What is found is then weighed: is it in the scope of its row, and is it a trace or does the text speak of one?
"""

from __future__ import annotations

import binascii
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from preflight.documents import NOT_JSON, parse
from preflight.finding import Level
from preflight.fingerprints import (
    OUTPUT_MEMBERS,
    Fingerprint,
    Mistake,
    is_output,
    row_of,
    rows_by_marker,
)
from preflight.quotations import quotes_sdk, quotes_tail, quotes_trace
from preflight.values import Path, Value, quote
from preflight.wire import SIGNATURE_KEY

LARGE: Final = 1_000_000
"""From this length on, only the rows of `_GATES` are looked for: AWS takes such texts in few places, and a preview has
to be quick."""
_GATES: Final = {
    "calling": ("text-bracket", "text-python", "text-java"),
    "pulumi": ("node-keys", "node-resource-json", "py-pulumi-repr", "net-generic", "java-identity"),
    "[object ": ("object-tag-arn",),
    "{0x": ("go-pointer-struct",),
    "%!": ("go-badverb",),
    **dict.fromkeys(("token[", "unresolved-l"), ("cdk-token",)),
    # "Calling " and "pulumi" in base64, which has three ways to write each, and in lower case.
    **dict.fromkeys(("q2fsbgluzy", "nhbgxpbmcg", "dywxsaw5ni", "hvsdw1p", "1bhvta", "dwx1bw"), ("base64",)),
}
"""The first look at a large text: in lower case, what stands in every trace of a row."""
IN_LARGE_TEXTS: Final = frozenset(id_ for ids in _GATES.values() for id_ in ids)
MAX_DEPTH: Final = 5
"""Of documents inside documents."""
_MAX_MATCHES: Final = 20
"""Of one row in one text: a text that quotes a trace so often goes on doing so."""
_MAX_PLACES: Final = 1_000
"""Of a marker in a large text, from its beginning and from its end."""
_AROUND: Final = 300
MAX_SHORT: Final = 2_048
MAX_NAME: Final = 512

ENUMERATED = Mistake(
    language="Node.js/TypeScript",
    misuse="these are the members of an Output object: the program enumerated or spread an Output",
    instead=".apply(value => ...) around Object.entries, Object.keys, for ... in or the spread",
    fix="object",
)
EMPTY = Mistake(
    language="Go, .NET, Java, Node.js",
    misuse="an empty object or null stands where a text belongs: a JSON library writes that for an Output or a promise",
    instead="pulumi.JSONMarshal(...) in Go, Output.JsonSerialize(...) in .NET, pulumi.jsonStringify(...) in Node.js",
    fix="json",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What an Output left at one place; `where` says what kind of place that is, if no plain value."""

    at: Path
    mistake: Mistake
    level: Level = "mandatory"
    shows: str = ""
    where: str = ""


# --- what kind of place it is -----------------------------------------------------------------------------------------

_CODE: Final = frozenset(
    {
        *("userdata", "userdatabase64", "customdata", "code", "inlinecode", "functioncode", "zipfile", "source"),
        *(
            "create",
            "update",
            "delete",
            "script",
            "scripts",
            "command",
            "commands",
            "entrypoint",
            "runcommand",
            "buildspec",
            "fn::sub",
        ),
        *("content", "contentbase64", "markdown", "html", "htmlpart", "textpart", "definitionstring"),
        *("template", "templatebody", "requesttemplate", "requesttemplates", "requestmappingtemplate"),
        *("responsetemplate", "responsetemplates", "responsemappingtemplate", "sql", "query", "querystring"),
    }
)
"""Properties, in lower case, that hold code, a script or a document for people."""
_FREE_FORM: Final = frozenset(
    ("value", "values", "secretstring", "input", "data", "body", "detail", "definition", "settings", "config")
)
"""Properties, in lower case, whose documents belong to some other program, with placeholders of its own."""
_IN_LONG_TEXTS: Final = ("anywhere", "whole-value")
_PATTERN: Final = re.compile(
    r"(?i)(?:pattern|patterns|regex|regexp|regexstring|filter|query|querystring|searchstring)$"
)
_PATTERN_WORD: Final = re.compile(r"(?i)^(?:expression|match|grok|logql|promql)$")
_TAGS: Final = frozenset({"tags", "tagsall", "labels", "defaulttags"})
_NAME: Final = re.compile(
    r"(?:^[Nn]|[a-z0-9]N)ames?$|(?:^[Ii]|[a-z0-9]I)(?:ds?|D|Ds|dentifiers?)$|(?:^[Aa]|[a-z0-9]A)(?:rns?|RN|RNs)$"
    r"|^(?:bucket|bucketPrefix|namePrefix|family|roles?|domain|hosts?|hostname|records|zone|cluster|queue|topic|table"
    r"|function|layers|securityGroups|subnets|subjectAlternativeNames|Resource|NotResource|groups?|users?)$"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """What the names above a value say about it."""

    code: bool
    pattern: bool
    tag: bool
    name: bool
    free: bool


def _place(path: Path) -> _Place:
    names = [step for step in path if isinstance(step, str)]
    lowered = [name.lower() for name in names]
    last = names[-1] if names else ""
    return _Place(
        code=not _CODE.isdisjoint(lowered),
        pattern=bool(_PATTERN.search(last) or _PATTERN_WORD.search(last)),
        tag=not _TAGS.isdisjoint(lowered[-2:-1]),
        name=bool(_NAME.search(last)),
        free=len(names) > 1 and not _FREE_FORM.isdisjoint(lowered[:-1]),
    )


# --- whether a match proves anything ----------------------------------------------------------------------------------

_SCRIPT: Final = re.compile(r"#!|#cloud-config|<powershell>|<script>|Content-Type: multipart", re.IGNORECASE)
_CODE_SIGN: Final = re.compile(
    r"=>|[=!]==?|&&|\|\||\$\(|\$\{|\{\{|;\s|;$|\bfunction\b[^|]{0,40}\(|\breturn\b|\btypeof\b"
    r"|\b(?:const|let|var) \w|console\.|\b(?:echo|grep|printf|awk|sed|jq) |\bif \[|\bfields @"
    r"|\| *(?:filter|parse|stats)\b|\bselect\b.{1,200}\bfrom\b|\{ ?\$\.",
    re.IGNORECASE,
)
_BEFORE_NAME: Final = re.compile(r"[\w.\-/:@+=,~*#%$!?&]*")
_AFTER_NAME: Final = re.compile(r"[\w.\-/:@+=,~*#%$!?&'\"\[\]{}()<>]*")
# Their own text has spaces, so what follows the match may have some, too.
_WITH_SPACES: Final = frozenset({"js-source", "go-map-dump", "py-container-repr"})
# Words of the SDKs' own texts: no other name has them, wherever it stands.
_SURE_NAMES: Final = frozenset({"text-slug", "text-python-short", "py-pulumi-repr-slug"})
_REST_OF_PYTHON: Final = " on an output[t] is not supported"
_MESSAGES: Final = frozenset({"text-bracket", "text-python", "text-java"})


def _proves(row: Fingerprint, text: str, match: re.Match[str], place: _Place) -> bool:
    if row.scope == "whole-value":
        # "inf" and "Infinity" are names, too.
        return "nan" in text.lower() or not (row.id == "number-nan" and (place.tag or place.name))
    if row.scope == "identifiers":
        return _is_in_name(row, text, match, place)
    if row.scope == "non-code" and (place.code or _is_code(text, match)):
        return False
    return not _is_quoted(row, text, match, place)


def _is_quoted(row: Fingerprint, text: str, match: re.Match[str], place: _Place) -> bool:
    script = place.code and bool(_SCRIPT.match(text.lstrip()[:200]))
    if row.id in _MESSAGES:
        return quotes_sdk(text, match.start(), match.end(), script=script, pattern=place.pattern)
    if row.id == "text-tail":
        return quotes_tail(text, match.start(), match.end(), script=script, pattern=place.pattern)
    if row.id in ("node-keys", "node-internals"):
        return _is_source(row, text, match) or quotes_trace(text, match.start(), match.end(), pattern=place.pattern)
    return quotes_trace(text, match.start(), match.end(), pattern=place.pattern)


_ENUMERATED: Final = re.compile(r"[\"'\\]{0,8}\s{0,8}[:=]\s{0,8}(?:true|\[|\{)|\s*\Z|[ \t]{0,8}\r?\n")


def _is_source(row: Fingerprint, text: str, match: re.Match[str]) -> bool:
    """Whether this is code that handles Outputs, and no printed Output."""
    before = text[max(0, match.start() - 20) : match.start()]
    if row.id == "node-internals":
        return "class Output" in text or len(text) > MAX_SHORT
    return bool(re.search(r"[\w)\]]\.$|\w \Z|\[[\"']$|\([\"']$", before)) or not _ENUMERATED.match(text, match.end())


def _is_code(text: str, match: re.Match[str]) -> bool:
    """Whether the text around the match is a script, code or a long document, where such words mean nothing."""
    if len(text) > MAX_SHORT or "\n" in text.strip():
        return True
    before, after = text[: match.start()], text[match.end() :]
    return before.endswith("[") or bool(_CODE_SIGN.search(before) or _CODE_SIGN.search(after))


def _is_in_name(row: Fingerprint, text: str, match: re.Match[str], place: _Place) -> bool:
    """Whether the text is a name, an ARN, an id, a tag or a host name but for the match."""
    is_arn = text.startswith("arn:")
    if place.code or place.pattern or len(text) > (MAX_SHORT if is_arn else MAX_NAME):
        return False
    if not (place.name or place.tag or is_arn or row.id in _SURE_NAMES):
        return False
    before, after = text[: match.start()], text[match.end() :]
    if row.id == "js-source":
        before = before.removesuffix("()")
    elif row.id == "py-pulumi-repr-slug":
        before = before.removesuffix("<")
    if not _BEFORE_NAME.fullmatch(before) or "\n" in text:
        return False
    if row.id == "text-python-short" and after:
        return (
            _REST_OF_PYTHON.startswith(after.lower())
            or after.lower().startswith(_REST_OF_PYTHON[:10])
            or _is_slug(text)
        )
    if not _AFTER_NAME.fullmatch(after) and row.id not in _WITH_SPACES:
        return False
    return _is_meant(row, text, match, place)


def _is_slug(text: str) -> bool:
    return not any(c.isspace() for c in text)


def _is_meant(row: Fingerprint, text: str, match: re.Match[str], place: _Place) -> bool:
    """Whether nobody would write this on purpose at this place."""
    if row.id == "text-slug":
        return _is_slug(text)
    if row.id == "urn":
        return not place.tag
    if row.mistake.fix == "template" and place.free:
        return text.startswith("arn:")
    if row.id == "none-token":
        return not (place.tag and text == "None")
    return row.id != "js-source" or not match[0].startswith("class ") or match.start() > 0


# --- one text ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _order() -> dict[str, int]:
    """The rows that prove most first."""
    ids = sorted(
        (row for marked in rows_by_marker().values() for row in marked),
        key=lambda row: (row.level == "advisory", row.scope != "anywhere", row.id == "text-tail"),
    )
    return {row.id: i for i, row in enumerate(dict.fromkeys(ids))}


def _candidates(lowered: str, markers: Iterable[str]) -> list[Fingerprint]:
    by_marker = rows_by_marker()
    rows = {row.id: row for marker in markers if marker in lowered for row in by_marker[marker]}
    order = _order()
    return [rows[id_] for id_ in sorted(rows, key=lambda id_: order[id_])]


def _in_text(text: str, path: Path, markers: Iterable[str], scopes: tuple[str, ...] = ()) -> Trace | None:
    """The surest trace in one text; `scopes` limits the rows that are tried."""
    lowered = text.lower()
    rows = [row for row in _candidates(lowered, markers) if not scopes or row.scope in scopes]
    if len(text) > MAX_SHORT:
        large = len(text) > LARGE
        rows = [r for r in rows if r.scope in _IN_LONG_TEXTS and (not large or r.id in IN_LARGE_TEXTS)]
    place = _place(path) if rows else None
    quoted: set[str] = set()
    for row in rows:
        if row.id == "text-tail" and quoted & _MESSAGES:
            continue  # the later part of a warning whose beginning is quoted
        for match in islice(_matches(row, text, lowered), _MAX_MATCHES):
            trace = _weighed(row, text, match, path, place)
            if trace is not None:
                return trace
            quoted.add(row.id)
    return None


def _matches(row: Fingerprint, text: str, lowered: str) -> Iterator[re.Match[str]]:
    """Where the pattern of `row` matches; in a large text around its markers only, and not around all of a flood."""
    if len(text) <= LARGE:
        yield from row.pattern.finditer(text)
        return
    if len(lowered) != len(text):
        return  # a letter that becomes two in lower case moves all that follows
    behind = 0
    for at in sorted({at for marker in row.markers for at in _some(marker, lowered)}):
        match = row.pattern.search(text, max(behind, at - _AROUND), at + _AROUND)
        if match is not None:
            behind = match.end()
            yield match


def _some(marker: str, text: str) -> Iterator[int]:
    """Where `marker` stands in `text`: everywhere, or the first and last places."""
    at = -1
    for _ in range(_MAX_PLACES):
        at = text.find(marker, at + 1)
        if at < 0:
            return
        yield at
    last = len(text)
    for _ in range(_MAX_PLACES):
        last = text.rfind(marker, at + 1, last)
        if last < 0:
            return
        yield last


def _weighed(row: Fingerprint, text: str, match: re.Match[str], path: Path, place: _Place | None) -> Trace | None:
    if row.id == "base64":
        return _in_base64(text, match.start(), path)
    return _trace(row, text, match, path) if place is not None and _proves(row, text, match, place) else None


def _trace(row: Fingerprint, text: str, match: re.Match[str], path: Path, where: str = "") -> Trace:
    shown = text[match.start() : match.end() + (28 if row.id in _MESSAGES else 0)]
    return Trace(
        at=path,
        mistake=row.mistake_in(text[match.start() : match.start() + 600]),
        level=row.level,
        shows="" if row.may_hold_values else quote(shown, 80),
        where=where,
    )


_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/\r\n]")


def _in_base64(text: str, start: int, path: Path) -> Trace | None:
    """The trace in the base64 text around `start`, decoded where its alignment can be found."""
    begin = max(0, start - 400)
    window = text[begin : start + 4_000]
    others = [other.start() for other in _NOT_BASE64.finditer(window)]
    first = max((i + 1 for i in others if i < start - begin), default=0)
    last = min((i for i in others if i >= start - begin), default=len(window))
    run = re.sub(r"\s", "", window[first:last])
    for skipped in range(4):
        part = run[skipped : skipped + (len(run) - skipped) // 4 * 4]
        try:
            decoded = binascii.a2b_base64(part).decode("latin-1")
        except binascii.Error:
            continue
        found = [
            (row, match)
            for row in _candidates(decoded.lower(), rows_by_marker())
            if row.scope == "anywhere" and row.id != "base64" and (match := row.pattern.search(decoded))
        ]
        if found:
            place = _place(path)
            proven = next(((row, match) for row, match in found if _proves(row, decoded, match, place)), None)
            return None if proven is None else _trace(proven[0], decoded, proven[1], path, "in the base64 text")
    row = row_of("base64")
    return Trace(at=path, mistake=row.mistake, level=row.level, where="in the base64 text")


# --- everything -------------------------------------------------------------------------------------------------------


def traces_in(properties: Mapping[str, Value]) -> list[Trace]:
    """Every trace in the inputs of a resource; one for each place and mistake."""
    joined, odd = _all_texts(properties)
    markers = _markers_in(joined)
    if not markers and not odd and "isknown" not in joined and '"effect"' not in joined:
        return []
    return list(_search(properties, (), markers, 0))


def is_stringified(value: Value, path: Path) -> bool:
    """Whether the text at `path` is no value but surely what an Output left: other policies need not judge it."""
    if not isinstance(value, str):
        return False
    trace = _in_text(value, path, _markers_in(value.lower()))
    return trace is not None and trace.level == "mandatory" and trace.mistake.fix != "missing"


def _markers_in(lowered: str) -> list[str]:
    if len(lowered) <= LARGE:
        return [marker for marker in rows_by_marker() if marker in lowered]
    ids = {id_ for gate, ids in _GATES.items() if gate in lowered for id_ in ids}
    return [
        marker for marker, rows in rows_by_marker().items() if any(row.id in ids for row in rows) and marker in lowered
    ]


def _all_texts(properties: Mapping[str, Value]) -> tuple[str, bool]:
    """All keys and texts in one, in lower case; and whether there is anything else that has to be looked at."""
    texts: list[str] = []
    odd = False
    rest: list[Value] = [properties]
    while rest:
        value = rest.pop()
        if isinstance(value, str):
            texts.append(value)
        elif isinstance(value, Mapping):
            texts += value
            rest += value.values()
            odd = odd or ("Effect" in value)
        elif isinstance(value, list):
            rest += value
        elif isinstance(value, float):
            odd = odd or _is_odd(value)
    return "\0".join(texts).lower(), odd


def _is_odd(number: float) -> bool:
    """Whether arithmetic on an Output made this, or the CDK: no input of AWS is NaN, infinite or a token."""
    return math.isnan(number) or abs(number) > 1e280


def _search(value: Value, path: Path, markers: list[str], depth: int) -> Iterator[Trace]:
    """The traces in `value`, documents in texts included. Walks without recursion, but for documents in documents."""
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
            yield Trace(at=at, mistake=row.mistake, level=row.level, shows=quote(item))


def _in_value(text: str, path: Path, markers: list[str], depth: int) -> Iterator[Trace]:
    if not markers and '"Effect"' not in text and "isKnown" not in text:
        return
    document = _document(text) if depth < MAX_DEPTH else None
    if document is not None:
        found = list(_search(document, path, markers, depth + 1))
        if found:
            yield from found
            return
    # In a document the values were judged one by one: only what is a trace in any text can be left, over several.
    trace = _in_text(text, path, markers, ("anywhere",) if document is not None else ())
    if trace is not None:
        yield trace


def _document(text: str) -> Value:
    """The object or list in `text`; `None` for any other text."""
    if len(text) > 4 * LARGE or text.lstrip()[:1] not in ("{", "["):
        return None
    document = parse(text)
    return document if document is not NOT_JSON and isinstance(document, (dict, list)) else None


def _in_keys(item: Mapping[str, Value], path: Path, markers: list[str]) -> Iterator[Trace]:
    # A key that is found is not part of the path: the path is always shown.
    for key in item:
        trace = _in_text(key, path, markers, ("anywhere",)) if markers else None
        if trace is not None:
            yield Trace(at=path, mistake=trace.mistake, level=trace.level, shows=trace.shows, where="in a key")


# --- traces that are no texts -----------------------------------------------------------------------------------------


def _mistake_of(item: Mapping[str, Value]) -> Mistake | None:
    """The mistake that the names in one object prove."""
    if is_output(item):
        return ENUMERATED
    return next((row_of(id_).mistake for id_, shows in _OBJECTS.items() if shows(item)), None)


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
    """In a statement of a policy: `{}` or null among what has to be texts."""
    if statement.get("Effect") not in ("Allow", "Deny"):
        return
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        value = statement.get(name)
        if value == {} or (isinstance(value, list) and any(item is None or item == {} for item in value)):
            yield Trace(at=(*path, name), mistake=EMPTY, level="advisory")
