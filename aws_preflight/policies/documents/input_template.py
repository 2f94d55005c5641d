"""Templates of input transformers of EventBridge: a text with `<name>` where a value out of the event stands.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html. `<aws.events.rule-arn>` and its
like are there without being declared, and a backslash makes `\\<` one character of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_PLACEHOLDER: Final = re.compile(r"(?<!\\)<([A-Za-z0-9_-]+)>")


def undeclared(template: str, declared: Iterable[str]) -> list[str]:
    """The names of placeholders that are not among those declared, in order."""
    return sorted({*_PLACEHOLDER.findall(template)} - {*declared})
