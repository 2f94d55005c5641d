"""The formats by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from report.ci import github, gitlab, junit, sarif
from report.html import html
from report.markdown import markdown
from report.model import Report
from report.plain import as_json, text

FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {
    "text": text,
    "json": as_json,
    "sarif": sarif,
    "junit": junit,
    "github": github,
    "gitlab": gitlab,
    "markdown": markdown,
    "html": html,
}
