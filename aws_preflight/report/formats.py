"""The formats by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from aws_preflight.report.ci import github, gitlab, junit, sarif
from aws_preflight.report.html import html
from aws_preflight.report.markdown import markdown
from aws_preflight.report.model import Report
from aws_preflight.report.plain import as_json, text

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
