"""Rewrites a rule for the twins of its types in `aws-native`, where all of its paths have an image there.

`python -m tools.generate.twins` says which rules do not apply to the twin of a type, and for which path.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final

from aws_preflight.preflight.rules.leaves import SUBJECTS
from aws_preflight.preflight.rules.paths import Steps, reference, steps_of
from aws_preflight.preflight.values import Value
from tools.generate.types_table import Twin, text_of, twins

_NEVER_SET: Final = {"never set": True}
"""Stands for a test that something is not set which the twin cannot have: true, so a list of conditions drops it."""
_NAME: Final = re.compile(r"[A-Za-z]\w*(?:\.\w+)*")


class LostError(Exception):
    """A path that means nothing in the twin, and with it the rule."""


class Rewriter:
    """Rewrites the paths that begin at the elements of one scope."""

    def __init__(self, twin: Twin, scope: str) -> None:
        """Raises `LostError` where the scope has no image."""
        self._twin = twin
        steps = steps_of(scope)
        self.scope = self._image(steps)
        # Both sides of the elements around a condition, from the scope inwards.
        self._around: list[tuple[Steps, Steps]] = [(steps, self.scope)]

    def condition(self, value: Any) -> Any:
        """The condition for the twin. Raises `LostError`."""
        if isinstance(value, list):
            kept = [one for one in map(self.condition, value) if one is not _NEVER_SET]
            return kept or _NEVER_SET
        for group in () if value.keys() & set(SUBJECTS) else ("all", "any", "not", "some", "every", "repeats"):
            if group in value:
                return self._group(group, value)
        if value.get("is") in ("set", "unset") and "at" in value:
            return self._whether_set(value["at"], value["is"])
        return self._leaf(value)

    def _group(self, group: str, value: Mapping[str, Any]) -> Any:
        inner = value[group]
        if group == "repeats":
            return {group: self.path(inner)}
        if group in ("some", "every"):
            pair = self._both(inner)
            path = self.path(inner)
            self._around.append(pair)
            where = self.condition(value["where"])
            self._around.pop()
            return {group: path, "where": _certain(where)}
        changed = self.condition(inner)
        if group == "all":
            return changed if changed is _NEVER_SET else {group: changed}
        if group == "any" and changed is not _NEVER_SET and len(changed) < len(inner):
            raise LostError("one of any is always true")
        return {group: _certain(changed)}

    def _leaf(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """A leaf, or a property that one compares with: its subject is a path, and so may be the argument of a test."""
        if not value.keys() & set(SUBJECTS):
            raise LostError(", ".join(value))
        changed: dict[str, Any] = {}
        for key, item in value.items():
            if key in SUBJECTS or key == "repeats":
                changed[key] = self.path(item)
            else:
                changed[key] = self._leaf(item) if isinstance(item, dict) else item
        return changed

    def _whether_set(self, path: str, state: str) -> Any:
        wanted = reference(path, self._folded())
        steps = self._absolute(wanted.steps, wanted.up) if wanted.origin == "element" else wanted.steps
        many = self._twin.several.get(steps) if wanted.origin in ("element", "resource") else None
        if many is None:
            return {"at": self.path(path), "is": state}
        if not many and state == "unset":
            return _NEVER_SET
        tests = [{"at": self._text(wanted.origin, one, wanted.up), "is": state} for one in many]
        if not tests:
            raise LostError(path)
        return tests[0] if len(tests) == 1 else {"all" if state == "unset" else "any": tests}

    def path(self, text: str) -> str:
        """The path in the twin, relative to the same element. Raises `LostError`."""
        wanted = reference(text, self._folded())
        if wanted.origin == "key":
            return self._key(text, wanted.up)
        if wanted.origin not in ("element", "resource"):
            return text
        return self._text(wanted.origin, self._both(text)[1], wanted.up)

    def point(self, text: str) -> str:
        """The path to point at: where several properties say whether it is set, the first. Raises `LostError`."""
        wanted = reference(text, self._folded())
        many = self._twin.several.get(self._absolute(wanted.steps, wanted.up)) if wanted.origin == "element" else None
        return self._text("element", many[0], wanted.up) if many else self.path(text)

    def _both(self, text: str) -> tuple[Steps, Steps]:
        """What a path leads to, from the resource and from its twin."""
        wanted = reference(text, self._folded())
        steps = self._absolute(wanted.steps, wanted.up) if wanted.origin == "element" else wanted.steps
        return steps, self._image(steps)

    def _text(self, origin: str, image: Steps, up: int) -> str:
        if origin == "resource":
            if self._twin.inside:
                raise LostError(f"/{text_of(image)}: the resource is a part of its twin")
            return f"/{text_of(image)}"
        start = self._around[-1 - up][1]
        if image[: len(start)] != start:
            raise LostError(f"{text_of(image)} lies outside of {text_of(start)}")
        return "^" * up + (text_of(image[len(start) :]) or ".")

    def _key(self, text: str, up: int) -> str:
        """`@key`, which a list in place of a map does not have."""
        tails = [_from_last_entry(steps) for steps in self._around[-1 - up]]
        if tails[0] != tails[1]:
            raise LostError(text)
        return text

    def _absolute(self, steps: Steps, up: int) -> Steps:
        return self._around[-1 - up][0] + steps

    def _folded(self) -> bool:
        inside = self._around[-1][0]
        return bool(inside) and inside[-1].folded

    def _image(self, steps: Steps) -> Steps:
        image = self._twin.image(steps)
        if image is None:
            raise LostError(text_of(steps))
        return image


def _from_last_entry(steps: Steps) -> Steps:
    last = max((i for i, step in enumerate(steps) if step.kind == "entries"), default=len(steps))
    return steps[last:]


def _certain(changed: Any) -> Any:
    if changed is _NEVER_SET:
        raise LostError("a condition is always true")
    return changed


def forms(
    id_: str, facts: Mapping[str, Any], scopes: Mapping[str, list[str]], lost: list[str] | None = None
) -> dict[str, list[dict[str, Value]]]:
    """By twin, what the rule is there: scopes with the condition, the point and the fix that belong to them.

    `scopes` are those of the rule by type of `aws`. Why one does not survive is added to `lost`.
    """
    found: dict[str, list[dict[str, Value]]] = {}
    for type_, paths in scopes.items():
        twin = twins().get(type_)
        if twin is not None and twin.token not in found:
            own: list[dict[str, Any]] = []
            for path in paths:
                why = _add(own, twin, id_, path, facts)
                if why and lost is not None:
                    lost.append(f"{twin.token}: {id_}{f' at {path}' if path else ''}: {why}")
            found |= {twin.token: own} if own else {}
    return found


def _add(own: list[dict[str, Any]], twin: Twin, id_: str, path: str, facts: Mapping[str, Any]) -> str:
    """Adds the form for one scope; the answer is why there is none, or empty."""
    if id_ in twin.exceptions:
        return twin.exceptions[id_]
    try:
        rewriter = Rewriter(twin, path)
        form = {
            "refuse": _certain(rewriter.condition(facts["refuse"])),
            "point": rewriter.point(facts["point"]),
        }
    except LostError as error:
        return str(error)
    fix = renamed(twin, facts["fix"])
    form |= {"fix": fix} if fix != facts["fix"] else {}
    same = next((one for one in own if {**one, "scopes": None} == {**form, "scopes": None}), None)
    if same is None:
        own.append({"scopes": [text_of(rewriter.scope)], **form})
    else:
        same["scopes"].append(text_of(rewriter.scope))
    return ""


def renamed(twin: Twin, words: str) -> str:
    """The words of a fix with the names that properties have in the twin; a word without a capital is no name."""
    names: dict[str, str] = {}
    for steps, image in (*twin.images.items(), *((one, many[0]) for one, many in twin.several.items() if many)):
        old, new = _names(steps), _names(image)
        if old and new:
            names |= {".".join(old): ".".join(new)} if len(old) > 1 else {}
            names.setdefault(old[-1], new[-1])
    return _NAME.sub(
        lambda found: names.get(found[0], found[0]) if re.search(r"[a-z][A-Z]|\.", found[0]) else found[0], words
    )


def _names(steps: Steps) -> list[str]:
    return [step.name for step in steps if step.kind == "name"]


def _lost() -> Iterator[str]:
    from tools.generate.rules import sources  # `rules` needs this module

    for source in sources():
        lost: list[str] = []
        forms(source.id, source.facts, source.scopes, lost)
        yield from lost


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in sorted(_lost()))
