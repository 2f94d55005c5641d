"""What the names above a value say about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from aws_preflight.preflight.values import Path

_CODE: Final = frozenset(
    {
        *("userdata", "userdatabase64", "customdata", "code", "inlinecode", "functioncode", "zipfile", "source"),
        *("create", "update", "delete", "script", "scripts", "command", "commands", "entrypoint", "runcommand"),
        *("buildspec", "fn::sub"),
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
class Place:
    """What the names above a value say about it."""

    code: bool
    pattern: bool
    tag: bool
    name: bool
    free: bool


def place_of(path: Path) -> Place:
    """What the names in `path` say about the value there."""
    names = [step for step in path if isinstance(step, str)]
    lowered = [name.lower() for name in names]
    last = names[-1] if names else ""
    return Place(
        code=not _CODE.isdisjoint(lowered),
        pattern=bool(_PATTERN.search(last) or _PATTERN_WORD.search(last)),
        tag=not _TAGS.isdisjoint(lowered[-2:-1]),
        name=bool(_NAME.search(last)),
        free=len(names) > 1 and not _FREE_FORM.isdisjoint(lowered[:-1]),
    )
