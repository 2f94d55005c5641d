"""Whether what a pattern matches proves anything where it stands."""

from __future__ import annotations

import re
from typing import Final

from aws_preflight.policies.outputs.fingerprints import Fingerprint
from aws_preflight.policies.outputs.places import Place
from aws_preflight.policies.outputs.quotations import quotes_sdk, quotes_tail, quotes_trace

MAX_SHORT: Final = 2_048
MAX_NAME: Final = 512
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
# Words of the SDKs' own strings: no other name has them, wherever it stands.
_SURE_NAMES: Final = frozenset({"text-slug", "text-python-short", "py-pulumi-repr-slug"})
_REST_OF_PYTHON: Final = " on an output[t] is not supported"
MESSAGES: Final = frozenset({"text-bracket", "text-python", "text-java"})


def proves(row: Fingerprint, text: str, match: re.Match[str], place: Place) -> bool:
    """Whether the `match` of `row` in `text`, which stands at `place`, is a trace."""
    if row.scope == "whole-value":
        if row.id == "js-source-whole":
            return not (place.code or place.pattern)
        # "inf" and "Infinity" are names, too.
        return "nan" in text.lower() or not (row.id == "number-nan" and (place.tag or place.name))
    if row.scope == "identifiers":
        return _is_in_name(row, text, match, place)
    if row.scope == "non-code" and (place.code or _is_code(text, match)):
        return False
    return not _is_quoted(row, text, match, place)


def _is_quoted(row: Fingerprint, text: str, match: re.Match[str], place: Place) -> bool:
    script = place.code and bool(_SCRIPT.match(text.lstrip()[:200]))
    if row.id in MESSAGES:
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


def _is_in_name(row: Fingerprint, text: str, match: re.Match[str], place: Place) -> bool:
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


def _is_meant(row: Fingerprint, text: str, match: re.Match[str], place: Place) -> bool:
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
