"""Filter patterns of CloudWatch Logs: terms of text, fields between brackets, and conditions on JSON between braces.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html. The documentation gives examples
and no grammar, so only what no example and no report of a working pattern has is told: a comparison without a value, a
selector without `$`, brackets that do not match, quotes that are none, and characters that belong in quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from aws_preflight.policies.documents.shape import Problem, may_be_stringified

INVALID: Final = "Invalid metric filter pattern"
BAD_CHARACTER: Final = "Invalid character(s) in term"
SYNTAX: Final = "The syntax of a JSON metric filter: { SELECTOR EQUALITY_OPERATOR STRING }"
QUOTES: Final = (
    "Terms that include characters other than alphanumeric or underscore must be placed inside double quotes."
)
"""The documentation, where no answer is on record."""

_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_NO_QUOTES: Final = re.compile("[\u201c\u201d\u2018\u2019`]")
_TOKEN: Final = re.compile(r'\s*("(?:[^"\\]|\\.)*"|%[^%]*%|&&|\|\||!=|>=|<=|[=<>(){}]|[^\s"(){}=<>!&|%]+)')
_COMPARISONS: Final = frozenset({"=", "!=", ">", "<", ">=", "<="})
_ENDS: Final = frozenset({")", "}", "&&", "||"})
_STARTS: Final = frozenset({"(", "{", "&&", "||"})
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*")
_IN_QUOTES_ONLY: Final = re.compile(r"[:,()\[\]\\]")


def problems(pattern: str) -> Iterator[Problem]:
    """What is wrong with a pattern, the first thing only: what follows is read with the wrong eyes."""
    text = pattern.strip()
    bare = _QUOTED.sub('""', text)
    if "%" in bare or may_be_stringified(text):
        # A regular expression has a grammar of its own.
        return
    if _NO_QUOTES.search(bare):
        yield Problem(path=(), message='the quotes of a pattern are "", and no others', answer=BAD_CHARACTER)
    elif text.startswith("{"):
        yield from _in_braces(text)
    elif not text.startswith("["):
        yield from _in_terms(bare)


def _in_braces(text: str) -> Iterator[Problem]:
    """Conditions on JSON: selectors that begin with `$`, compared with values."""
    # A rule of its own tells of single quotes.
    tokens = _tokens(text) if "'" not in text else None
    if not tokens:
        return
    if any(token in _COMPARISONS and after in _ENDS for token, after in pairwise(tokens)):
        yield Problem(path=(), message="a comparison has no value after it", answer=INVALID)
    elif any(_is_bare(tokens[i - 1 : i + 2]) for i in range(1, len(tokens))):
        yield Problem(path=(), message="a field of JSON is written with $. before its name", answer=INVALID)
    elif not _is_balanced(tokens):
        yield Problem(path=(), message="the brackets do not match", answer=SYNTAX, recorded=False)


def _tokens(text: str) -> list[str] | None:
    """The parts of a condition, or nothing where there is something that no part begins with."""
    found, at = [], 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return None
        found.append(token[1])
        at = token.end()
    return found


def _is_bare(tokens: Sequence[str]) -> bool:
    """Whether a name that is no selector stands where a condition begins, and is compared."""
    match tokens:
        case [before, name, comparison]:
            return before in _STARTS and comparison in _COMPARISONS and bool(_NAME.fullmatch(name))
    return False


def _is_balanced(tokens: Sequence[str]) -> bool:
    opened: list[str] = []
    for token in tokens:
        if token in ("(", "{"):
            opened.append(token)
        elif token in (")", "}") and (not opened or opened.pop() != {")": "(", "}": "{"}[token]):
            return False
    return not opened


def _in_terms(bare: str) -> Iterator[Problem]:
    """Terms of text; what is in quotes has been taken out."""
    if '"' in bare.replace('""', ""):
        return
    if _IN_QUOTES_ONLY.search(bare):
        message = "a term with other characters than letters, digits and _ stands in double quotes"
        yield Problem(path=(), message=message, answer=QUOTES, recorded=False)
