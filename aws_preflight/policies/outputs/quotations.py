"""Whether a string holds the trace of an Output, or only speaks of one.

Runbooks, log filters, tests and blog posts quote the warning that an Output leaves. What tells them apart: an Output
leaves the whole text of the SDK, cut at any letter at most; who quotes it takes the first sentence or a piece of a
sentence, in quotes or back quotes, in a comment, in a block of code, or after a word such as "error".
"""

from __future__ import annotations

import re
from typing import Final

_SENTENCES: Final = tuple(
    (sentence.lower(), sure)
    for sentence, sure in (
        # The second part is what has to be there before a cut text can be nothing else.
        ("Calling [toString] on an [Output<T>] is not supported.", len("Calling [toString] on an [O")),
        ("Calling [toJSON] on an [Output<T>] is not supported.", len("Calling [toJSON] on an [O")),
        ("Calling __str__ on an Output[T] is not supported.", len("Calling __str__ on an Output[")),
        ("Calling 'toString' on an 'Output<T>' is not supported.", len("Calling 'toString' on an 'O")),
    )
)
# What follows the first sentence in the strings of all SDKs, also as it stands in a JSON string.
_BREAK: Final = r"(?:\r?\n|(?:\\{1,15}r)?\\{1,15}n)"
_GOES_ON: Final = re.compile(
    rf"{_BREAK}(?:{_BREAK}to get the value of an output|this is because the value of an)", re.IGNORECASE
)
_NEXT: Final = "\n\nto get the value of an output"
_LATER_PARTS: Final = tuple(
    message.lower()
    for link in ("https://www.pulumi.com/docs/concepts/inputs-outputs", "https://pulumi.io/help/outputs")
    for message in (
        "To get the value of an Output<T> as an Output<string> consider either:\n1: o.apply(v => `prefix${v}suffix`)\n"
        f"2: pulumi.interpolate `prefix${{v}}suffix`\n\nSee {link} for more details.\n\n"
        "Or use ESLint with https://github.com/pulumi/eslint-plugin-pulumi to warn or\n"
        "error lint on using Output<T> in template literals.\n"
        "This function may throw in a future version of @pulumi/pulumi.",
        "To get the value of an Output<T> as an Output<string> consider either:\n1: o.apply(v => `prefix${v}suffix`)\n"
        f"2: pulumi.interpolate `prefix${{v}}suffix`\n\nSee {link} for more details.\n"
        "This function may throw in a future version of @pulumi/pulumi.",
        "To get the value of an Output as a JSON value or JSON string consider either:\n"
        "    1: o.apply(v => v.toJSON())\n    2: o.apply(v => JSON.stringify(v))\n\n"
        f"See {link} for more details.\nThis function may throw in a future version of @pulumi/pulumi.",
        "To get the value of an Output[T] as an Output[str] consider:\n"
        f'1. o.apply(lambda v: f"prefix{{v}}suffix")\n\nSee {link} for more details.\n'
        "This function may throw in a future version of Pulumi.",
        'To get the value of an Output<T> as an Output<string> consider:\n1. o.Apply(v => $"prefix{v}suffix")\n'
        f'2. Output.Format($"prefix{{hostname}}suffix");\n\nSee {link} for more details.\n'
        "This function may throw in a future version of Pulumi.",
        "To get the value of an Output<T> as an Output<String> consider either:\n"
        '1: applyValue(v -> String.format("prefix%ssuffix", v))\n2: Output.format("prefix%ssuffix", o)\n\n'
        f"See {link} for more details.\nThis function may throw in a future version of Pulumi.",
    )
)

_WINDOW: Final = 200
_QUOTES: Final = "\"'`\u201c\u201d\u2018\u2019\u00ab\u00bb*"
_TALK: Final = re.compile(
    r"\b(?:errors?|warnings?|messages?|says?|prints?|shows?|contains?|reads?|strings?|see|seeing|like|with|e\.g\.|i\.e\.)"
    r"[:,]?\s+$",
    re.IGNORECASE,
)
_TALK_AFTER: Final = re.compile(
    r"[\"'`\u201d\u2019)]{0,2} (?:errors?|warnings?|messages?|patterns?|strings?|strings?|bugs?|problems?)\b"
)
_COMPARED: Final = re.compile(r"(?:[=!]==?|=~|\blike|\bin|\bgrep[^\n]{0,40}|\w\()\s*[\"'/]\*?$", re.IGNORECASE)
_COMMENT: Final = re.compile(r"\s*(?:>|//|#(?!!)|/?\*|--|;|%\s|rem\s|<!--|\|)", re.IGNORECASE)
_JSON_VALUE: Final = re.compile(r"[\"'\\]\s{0,8}:\s{0,8}\\{0,15}\"$|[\[,]\s{0,8}\\{0,15}\"$|[\w-]=[\"']?$")
_ENCODED: Final = re.compile(r"%|\+|&|\\")


def quotes_sdk(text: str, start: int, end: int, *, script: bool, pattern: bool) -> bool:
    """Whether the beginning of an SDK's warning at `start` is quoted; `end` is where the fingerprint ends.

    `script`: the text is run by something, so that a value stands in it without quotes. `pattern`: the text is a
    pattern that others are searched for.
    """
    if _ENCODED.search(text[start:end]):
        return pattern
    sentence, sure, common = max(
        ((sentence, sure, _common(sentence, text[start : start + len(sentence)])) for sentence, sure in _SENTENCES),
        key=lambda found: found[2],
    )
    stop = start + common
    if common == len(sentence) and _GOES_ON.match(text, stop):
        return in_block(text, start) or _in_source(text, start, stop)
    if pattern:
        return True
    if common == len(sentence) and _NEXT.startswith(text[stop : stop + len(_NEXT)].replace("\r", "").lower()):
        return False if text[stop:].strip() else _quoted_sentence(text, start, stop, script=script, at_end=True)
    borders = (sentence.index(" on an"), sentence.index(" is not"), len(sentence) - 1, len(sentence))
    if stop < len(text):
        # "Calling [toString] on an [Output<T>] in ...": the sentence ended before the " i" that both go on with.
        stop -= next((common - border for border in borders[:2] if 0 < common - border <= len(" is")), 0)
    common, rest = stop - start, text[stop:]
    if common not in borders:
        return common < sure and bool(rest) and (rest[0].isalnum() or rest[0] in " ()[]{}")
    if common < sure and rest.strip():
        return True
    return _quoted_sentence(text, start, stop, script=script, at_end=not rest.strip())


def _in_source(text: str, start: int, stop: int) -> bool:
    """Whether the whole warning stands in code that handles it, such as that of the SDKs."""
    before = text[max(0, start - _WINDOW) : start]
    escaped = text[stop] == "\\" and before[-1:] in ("'", '"') and not _JSON_VALUE.search(before)
    return escaped or "prefix\\${v}" in text[stop : stop + 400]


def _common(sentence: str, text: str) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(sentence, text.lower(), strict=False)) if a != b),
        min(len(sentence), len(text)),
    )


def _quoted_sentence(text: str, start: int, stop: int, *, script: bool, at_end: bool) -> bool:
    """Whether a sentence that ends where sentences end is a quotation, by what stands around it."""
    before, after = text[max(0, start - _WINDOW) : start], text[stop : stop + 2]
    if in_block(text, start) or in_comment(text, start):
        return True
    if not before.strip() and at_end:
        return False
    if _JSON_VALUE.search(before):
        return False
    glued_before = before and not before[-1].isspace() and before[-1] not in f"{_QUOTES}(<|"
    glued_after = after and not after[0].isspace() and after[0] not in f"{_QUOTES})>|" and after[1:].strip()
    if glued_before or glued_after:
        return False
    if before and before[-1] in _QUOTES:
        return True
    if script:
        return bool(_TALK.search(before))
    return not at_end or bool(_TALK.search(before) or before.rstrip().endswith(":"))


def quotes_tail(text: str, start: int, end: int, *, script: bool, pattern: bool) -> bool:
    """Whether a later piece of an SDK's warning is quoted: it is not when the text begins inside the warning."""
    piece, before, after = text[start:end].lower(), text[:start].lower(), text[end : end + 2].lower()
    if pattern or in_block(text, start) or in_comment(text, start):
        return True
    for message in _LATER_PARTS:
        where = message.find(piece)
        if where < 0 or not message.startswith(after, where + len(piece)):
            continue
        own = next((k for k in range(min(where, len(before)), 0, -1) if message[:where].endswith(before[-k:])), 0)
        rest, own_string = before[: len(before) - own], before[len(before) - own :]
        glued = rest and not rest[-1].isspace() and not own_string[:1].isspace() and rest[-1] not in f"{_QUOTES}(<|>\\"
        if not rest or glued or (script and own >= len("1: o.apply(")):
            return False
    return not _ENCODED.search(re.sub(r"\$\{v\}", "", piece))


def quotes_trace(text: str, start: int, end: int, *, pattern: bool) -> bool:
    """Whether any other trace at `start` is quoted."""
    before = text[max(0, start - _WINDOW) : start]
    if pattern or in_block(text, start) or in_comment(text, start):
        return True
    return bool(_COMPARED.search(before) or _TALK.search(before.rstrip(f"{_QUOTES}(<")) or _TALK_AFTER.match(text, end))


def in_comment(text: str, start: int) -> bool:
    """Whether a comment or a block quote begins the line."""
    return bool(_COMMENT.match(text, text.rfind("\n", 0, start) + 1, start))


def in_block(text: str, start: int) -> bool:
    """Whether `start` lies in a block of code of a document, or in a code span of its line."""
    if text.count("```", 0, start) % 2:
        return True
    line = text.rfind("\n", 0, start) + 1
    span = text.count("`", line, start) % 2 or text[line:start].endswith("``")
    if span and "`" in text[start : start + 400] and " " in text[line:start].strip():
        return True
    return any(text.rfind(f"<{tag}>", 0, start) > text.rfind(f"</{tag}>", 0, start) for tag in ("pre", "code"))
