"""Markdown that several generated pages have."""

from __future__ import annotations

from aws_preflight.preflight.finding import Code


def link(source: str) -> str:
    """A source, an address with words after it or none, as a link."""
    url, _, rest = source.partition(" ")
    return f"<{url}>{' ' + rest if rest else ''}"


def code(title: str, lines: Code) -> str:
    """The same lines in each language, below a title."""
    return f"{title}\n\n```typescript\n{lines.typescript}\n```\n\n```python\n{lines.python}\n```"
