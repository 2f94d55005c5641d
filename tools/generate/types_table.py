"""Reads `aws_preflight/policies/types.yaml`, the one table of types, and writes its aliases for the pack.

By type of the provider `aws`:

- `aliases`: the other tokens of the same type.
- `twin`: the type of `aws-native` that stands for the same resource; `in` where the resource is a part of its twin.
- `same`: paths that are called the same in the twin, below the image of what stands around them.
- `other`: paths with another name or place in the twin; after a `/` that is outside of `in`.
- `set`: paths of which only whether they are set means the same: all of the twin's properties that say so.
- `except`: rules that do not hold for the twin, with the reason.

A path that is not listed has no image: nothing is guessed from names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from aws_preflight.preflight.rules.paths import Step, Steps, steps_of
from tools.generate.provider_paths import follow
from tools.generate.rule_files import MistakeError, parsed

TABLE: Final = Path(__file__).parents[2] / "aws_preflight" / "policies" / "types.yaml"
ALIASES: Final = TABLE.with_name("type_aliases.json")
_KEYS: Final = ("aliases", "twin", "in", "same", "other", "set", "except")


@dataclass(frozen=True, kw_only=True)
class Twin:
    """The type of `aws-native` for the same resource: where what a path of the `aws` type leads to stands there."""

    token: str
    inside: Steps
    """The path to the part of the twin that is the resource; empty where all of it is."""
    images: Mapping[Steps, Steps]
    several: Mapping[Steps, tuple[Steps, ...]]
    """The properties of the twin that say together whether a path is set; none where the twin cannot have it."""
    exceptions: Mapping[str, str]
    """By id of a rule that does not hold for the twin, why."""

    def image(self, steps: Steps) -> Steps | None:
        """The path in the twin, `None` where the table does not know one."""
        if not steps:
            return self.inside
        if steps in self.images:
            return self.images[steps]
        for each in (Step("each"), Step("each", folded=True)):
            elements = self.images.get((*steps, each), ())
            if elements and elements[-1].kind == "each":
                return elements[:-1]
        for i, step in enumerate(steps):
            if step.kind == "open":
                # The names in a document are AWS's own, whichever provider sends it.
                document = self.image(steps[:i])
                return None if document is None else (*document, *steps[i:])
        return None


@cache
def table(file: Path = TABLE) -> Mapping[str, Mapping[str, Any]]:
    """What a table holds, by type. Raises `MistakeError`."""
    rows, lines = parsed(file)
    for token, row in rows.items():
        for key in row:
            if key not in _KEYS:
                raise _mistake(lines.get((token, key), 1), f"{token}: {key} is none of {', '.join(_KEYS)}")
    return rows


@cache
def twins(file: Path = TABLE) -> Mapping[str, Twin]:
    """The twins of a table by type of `aws`. Raises `MistakeError`."""
    _, lines = parsed(file)
    found: dict[str, Twin] = {}
    for token, row in table(file).items():
        if "twin" in row:
            try:
                found[token] = _twin(token, row)
            except ValueError as error:
                raise _mistake(lines[token,], f"{token}: {error}") from None
    return found


def _mistake(line: int, message: str) -> MistakeError:
    return MistakeError(f"{TABLE.name}:{line}: {message}")


def _twin(token: str, row: Mapping[str, Any]) -> Twin:
    inside = steps_of(row.get("in", ""))
    images: dict[Steps, Steps] = {
        steps_of(path): steps_of(to[1:]) if to.startswith("/") else inside + steps_of(to)
        for path, to in row.get("other", {}).items()
    }
    for steps in sorted(map(steps_of, row.get("same", [])), key=len):
        around = max((one for one in images if steps[: len(one)] == one), key=len, default=())
        if around == steps:
            raise ValueError(f"{text_of(steps)} stands twice")
        images[steps] = images.get(around, inside) + steps[len(around) :]
    several = {
        steps_of(path): tuple(inside + steps_of(one) for one in many) for path, many in row.get("set", {}).items()
    }
    for steps in (*images, *several):
        follow(token, steps)
    return Twin(
        token=row["twin"], inside=inside, images=images, several=several, exceptions=row.get("except", {})
    )  # fmt: skip


def text_of(steps: Steps) -> str:
    """The path as the language writes it."""
    text = ""
    for step in steps:
        if step.kind == "name":
            name = step.name if step.name.replace("-", "").isidentifier() else f'"{step.name}"'
            text += f"{'.' if text and not text.endswith(' ') else ''}{name}"
        else:
            signs = {"each": "[]", "one or each": "[?]", "entries": "{}", "open": " => ", "open folded": " ~> "}
            text += signs[step.kind]
    return text.rstrip()


def aliases() -> str:
    """The content of the file of aliases that the pack reads: by type, its other tokens. Raises `MistakeError`."""
    return json.dumps(dict(_aliases()), indent=1) + "\n"


def _aliases() -> Iterator[tuple[str, list[str]]]:
    for token, row in table().items():
        if "aliases" in row:
            yield token, row["aliases"]
