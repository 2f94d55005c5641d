"""Whether a resource, as it came over the wire, may hold a trace at all.

Nearly every resource holds none, and most types are evaluated by no other policy. So the first look is at the bytes:
what stands in every text that a row of the fingerprints finds, or a shorter piece of it, is searched for without
decoding anything. A hit proves nothing, it only means that the resource is read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from aws_preflight.policies.outputs.strings import LARGE
from aws_preflight.preflight.wire import SIGNATURE_KEY, SIGNATURES

# In lower case. Each row of the fingerprints needs one of these, or one of the patterns below.
_LITERALS: Final = (
    # The warnings of all SDKs, and words in most strings that an Output leaves.
    *("calling", "output", "future", "}suffix", "object", "undefined", "none", "null", "nil", "no value"),
    # The same in base64, in its three alignments, and in hexadecimal.
    *("q2fsbgluzy", "nhbgxpbmcg", "dywxsaw5ni", "hvsdw1p", "1bhvta", "dwx1bw", "91dhb1dfn0yxrl", "dxrwdxrtdgf0zt"),
    *("3v0chv0u3rhdg", "mdrkytzintqtodb", "a0zge2yju0ltgw", "wngrhnmi1nc04mg", "43616c6c696e67205", "5f5f70756c756d69"),
    # Node.js
    *("runwithunknowns", "isknown", "=>", " extends ", "${", "invalid date", ":true:", ":false:"),
    # Python
    *('b\\"', "0x", "bound method", "built-in", "dict_"),
    # Go, .NET, Java
    *("%!", "0 0}", "map[", "e+", "customresourcestate", "system.", "optional", "completedexceptionally"),
    # Markers of older engines, and of the command line.
    *("1c4a061d", "3eeb2bf0", "6a19a0b0", "030794c1", "e48ece36", "dd056dcd", "[secret]", "[unknown]"),
    # CDK and templates
    *("{{", "token", "unresolved"),
)


def _anchored(literals: Iterable[str], patterns: Mapping[str, str]) -> tuple[re.Pattern[str], list[str]]:
    """One pattern for all `literals` that have a rare character, and the other literals.

    `patterns` by their first character, which has to be rare, become part of it.

    The pattern begins with the rare character and looks behind for what stands before it, so that most of a string is
    skipped at the speed of a search for single characters.
    """
    around: dict[str, list[str]] = defaultdict(list, {rare: [rest] for rare, rest in patterns.items()})
    others = []
    for literal in literals:
        at = next((i for i, character in enumerate(literal) if character in _RARE), None)
        if at is None:
            others.append(literal)
        else:
            before = f"(?<={re.escape(literal[: at + 1])})" if at else ""
            around[literal[at]].append(before + re.escape(literal[at + 1 :]))
    return re.compile("|".join(f"{re.escape(rare)}(?:{'|'.join(rest)})" for rare, rest in around.items())), others


_RARE: Final = "0123456789{}[]$=%!+\\_kxjv:."
_WITH_RARE, _OTHERS = _anchored(
    _LITERALS,
    {
        # What a string leaves of a template that nobody filled in.
        "{": r"(?:[a-z_]\w{0,60}[.\[]|\d)",
        "%": r"(?:\(\w{1,60}\))?[sdvq](?![0-9a-z])",
        # The default text of an object of Java. The hash of an asset is a string of 64 bytes, which is "@", too.
        "@": r"(?<!\x12b\x1a@)[0-9a-f]{4}",
        # All that Python's repr puts into quotes. A byte with the code of a quote is also the length of what follows.
        "'": r"(?<![\x12\x1a]')(?<!\n[\x00-\xff]\n')(?!\n)",
    },
)
_SEARCHES: Final = tuple(
    re.compile(pattern).search
    for pattern in (
        r"pulumi(?:[._:]|-o|(?<=_pulumi))",
        r"nan(?<![a-z]nan)(?![a-z])",
        r"inf(?<![a-z]inf)(?:inity)?(?![a-z])",
        r"function ?\w{0,60}\(",
        # A string that is the repr of bytes in Python.
        r"\x1a(?:[\x00-\x7f]|[\x80-\xff]{1,3}[\x00-\x7f])\s{0,8}b\"",
    )
)
# A member of an enumeration of Python, such as Region.US_EAST_1, before letters are made small.
_MEMBER: Final = re.compile(r"\.(?<=[a-z]\.)[A-Z][A-Z0-9_]")
# Markers of the engine, and the bytes around them where the engine itself sends them: an unknown value, the key of a
# secret or an asset, and the kind of such an object. Each is the whole of a string, 36 ("$") or 32 (" ") bytes long.
_MARKERS: Final = (
    ("04da6b54", "\x1a$04da6b54"),
    (SIGNATURE_KEY, f"\n {SIGNATURE_KEY}\x12"),
    *((signature, f'{SIGNATURE_KEY}\x12"\x1a {signature}') for signature in SIGNATURES),
)
# A number whose exponent is that of NaN, of infinity or of a token of the CDK: the field of a number is 0x11.
_ODD_NUMBER: Final = re.compile(r"\x11[\x00-\xff]{7}[\x7a-\x7f\xfa-\xff]")
# An empty object or null in a statement of a policy, in a text and as a value.
_STATEMENT: Final = "effect"
_EMPTY: Final = ("{}", "*\x00", "\x08\x00")


def may_hold_traces(wire: bytes) -> bool:
    """Whether `traces_in` or `trace_in_name` may find anything in the properties and the name in `wire`.

    `wire` is a `google.protobuf.Struct` in its wire format, a zero byte, and the name in UTF-8; false means that they
    surely find nothing.
    """
    if len(wire) > LARGE:
        return True  # a large text has a first look of its own
    # A letter for each byte: searching a string is faster than searching bytes, and all of the pieces are ASCII.
    text = wire.decode("latin-1")
    lowered = text.lower()
    if _WITH_RARE.search(lowered) or _ODD_NUMBER.search(text) or _MEMBER.search(text):
        return True
    # Loops, not `any`: this is done for each resource, and most are evaluated by nothing else.
    for literal in _OTHERS:
        if literal in lowered:
            return True
    for search in _SEARCHES:
        if search(lowered):
            return True
    for marker, sent in _MARKERS:
        if marker in lowered and lowered.count(marker) > lowered.count(sent):
            return True
    return _STATEMENT in lowered and any(map(lowered.__contains__, _EMPTY))
