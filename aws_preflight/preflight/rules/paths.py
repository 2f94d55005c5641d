"""Paths of the language of rules: from text to functions that read values.

`policy => Statement[?].Action` leads into the JSON document of the property `policy`, to the action of each statement.
What is not known, or has another shape than the path says, is `UNKNOWN`; what is not there is `None`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final, Literal

from aws_preflight.preflight.json_documents import document_of
from aws_preflight.preflight.json_documents import field as field_of
from aws_preflight.preflight.resource import Remembered, Resource
from aws_preflight.preflight.values import UNKNOWN, Path, Value

Kind = Literal["name", "each", "one or each", "entries", "open", "open folded", "of"]
Origin = Literal["element", "resource", "key", "region", "partition", "provider"]
Getter = Callable[[Value], Value]

_TOKEN: Final = re.compile(r'\.?([A-Za-z_$][\w$-]*)|\.?"([^"]+)"|(\[\]|\[\?\]|\{\})|\s*(=>|~>)\s*')
_KINDS: Final[Mapping[str, Kind]] = {
    "[]": "each",
    "[?]": "one or each",
    "{}": "entries",
    "=>": "open",
    "~>": "open folded",
}
_BRANCHING: Final = frozenset({"each", "one or each", "entries"})
_OF_RESOURCE: Final[Mapping[str, Origin]] = {
    "@key": "key",
    "@region": "region",
    "@partition": "partition",
    "@provider": "provider",
}
_PARTITIONS: Final = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-iso-", "aws-iso"), ("us-isob-", "aws-iso-b"))
_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


class RuleError(ValueError):
    """A rule is wrong: at which of its keys, and for people, what is expected there."""

    def __init__(self, at: Path, message: str) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path. `folded` says that the letter case of names does not matter.

    The kind "of" stands before the paths that begin at another resource: `name` says which.
    """

    kind: Kind
    name: str = ""
    folded: bool = False
    through: Getter = field(init=False, compare=False, repr=False)
    """From a value to the one that the step leads to, where that is one."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "through", _then(_itself, self))


Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A path with its origin: the element, `up` elements around it, or the resource."""

    origin: Origin
    steps: Steps = ()
    up: int = 0


class Frame:
    """Where a condition is evaluated: an element, its place, and the elements and the resource around it.

    `properties` are those of the resource, as far as conditions see them.
    """

    __slots__ = ("item", "key", "outer", "path", "properties", "resource")

    def __init__(
        self, item: Value, path: Path, key: str | None, resource: Resource, outer: Frame | None = None
    ) -> None:
        self.item = item
        self.path = path
        self.key = key
        self.resource = resource
        self.outer = outer
        self.properties: Mapping[str, Value] = resource.properties if outer is None else outer.properties


@cache
def steps_of(text: str, folded: bool = False) -> Steps:
    """The steps of a path; `folded` where it begins inside a document whose names are read in any letter case.

    Raises `ValueError` with a message for people.
    """
    steps: list[Step] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f'"{text}" is not a path: "{text[at:]}" is not a name, [], [?], {{}}, => or ~>')
        if name := found[1] or found[2]:
            steps.append(Step("name", name, folded))
        else:
            kind = _KINDS[found[3] or found[4]]
            folded = kind == "open folded" or (folded and kind != "open")
            steps.append(Step(kind, "", folded))
        at = found.end()
    return tuple(steps)


@cache
def reference(text: str, folded: bool = False) -> Reference:
    """The path in `text` with its origin. Raises `ValueError` with a message for people."""
    if text.startswith("/"):
        return Reference("resource", steps_of(text[1:]))
    rest = text.lstrip("^")
    if rest.startswith("@"):
        if rest not in _OF_RESOURCE:
            raise ValueError(f'"{text}" is nothing that a rule can ask for: there are {", ".join(_OF_RESOURCE)}')
        return Reference(_OF_RESOURCE[rest], (), len(text) - len(rest))
    steps = () if rest in (".", "") else steps_of(rest, folded)
    if not text:
        raise ValueError("a path is empty: write . for the element itself")
    return Reference("element", steps, len(text) - len(rest))


def getter(steps: Steps) -> Getter:
    """A function from a value to the one that the steps lead to. Raises `ValueError` where they lead to many."""
    get: Getter = _itself
    for step in steps:
        if step.kind in _BRANCHING:
            raise ValueError("this path leads to many values: use some, every or repeats, or a scope")
        get = _then(get, step)
    return get


def read(wanted: Reference) -> Callable[[Frame], Value]:
    """A function from a frame to the value of a reference. Raises `ValueError` where it leads to many."""
    if wanted.origin in _ABOUT:
        about = _ABOUT[wanted.origin]
        return lambda frame: about(around(frame, wanted.up))
    get = getter(wanted.steps)
    if len(wanted.steps) == 1 and wanted.steps[0].kind == "name" and not (wanted.steps[0].folded or wanted.up):
        return _named(wanted.steps[0].name, wanted.origin == "resource")
    if wanted.origin == "resource":
        return lambda frame: get(frame.properties)
    if wanted.up:
        return lambda frame: get(around(frame, wanted.up).item)
    if not wanted.steps:
        return lambda frame: frame.item
    return lambda frame: get(frame.item)


def _named(name: str, of_resource: bool) -> Callable[[Frame], Value]:
    """The same for what nearly all conditions ask: one property. In one call instead of three."""

    def of_element(frame: Frame) -> Value:
        item = frame.item
        if type(item) is dict:
            return item.get(name)
        return None if item is None else UNKNOWN

    return (lambda frame: frame.properties.get(name)) if of_resource else of_element


def around(frame: Frame, up: int) -> Frame:
    """The frame `up` elements around this one; the outermost where there are fewer."""
    while up and frame.outer is not None:
        frame, up = frame.outer, up - 1
    return frame


Found = tuple[Value, Path, str | None]
"""A value, its path, and the name of the entry around it."""


def walk(value: Value, steps: Steps, path: Path = (), key: str | None = None) -> list[Found]:
    """All that the steps lead to from `value`.

    What is not there is left out; `UNKNOWN` stands for what is not known.
    """
    found: list[Found] = []
    _walk(value, steps, path, key, found)
    return found


def _walk(value: Value, steps: Steps, path: Path, key: str | None, found: list[Found]) -> None:
    for at, step in enumerate(steps):
        if value is None:
            return
        if value is UNKNOWN:
            break
        if step.kind in _BRANCHING:
            _branches(value, step, steps[at + 1 :], path, key, found)
            return
        if step.kind == "name":
            path = (*path, _name(value, step))
        value = step.through(value)
    if value is not None:
        found.append((value, path, key))


def _branches(value: Value, step: Step, rest: Steps, path: Path, key: str | None, found: list[Found]) -> None:
    """The same from a step that leads to many values."""
    if step.kind == "entries":
        if isinstance(value, dict):
            for name, item in value.items():
                _walk(item, rest, (*path, name), name, found)
        else:
            found.append((UNKNOWN, path, key))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            _walk(item, rest, (*path, i), key, found)
    elif step.kind == "one or each":
        _walk(value, rest, path, key, found)
    else:
        found.append((UNKNOWN, path, key))


def place(frame: Frame, wanted: Reference) -> Path:
    """Where the value of a reference stands, also where there is none."""
    origin = around(frame, wanted.up)
    path: Path = origin.path
    value: Value = origin.item
    if wanted.origin == "resource":
        path, value = (), frame.properties
    for step in wanted.steps:
        if step.kind == "name":
            path = (*path, _name(value, step))
        value = step.through(value)
    return path


class Scope:
    """The elements of a resource that a rule is evaluated for; rules with the same scope share them."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.folded = bool(steps) and steps[-1].folded
        # Scopes that begin alike share the way to the last place where both lead to several elements.
        shared = max((i for i, step in enumerate(steps[:-1], 1) if step.kind in _BRANCHING), default=0)
        self._around = _scope_of(steps[:shared]) if shared else None
        self._rest = steps[shared:]
        self._last: tuple[Resource, list[Frame]] | None = None

    def frames(self, resource: Resource) -> list[Frame]:
        """A frame for each element; one for the resource itself where the scope is empty."""
        # As `Remembered` does, without the call in between: it is a tenth of what a rule costs.
        last = self._last  # read once: several threads answer the engine
        if last is None or last[0] is not resource:
            elements = [Frame(item, path, key, resource) for item, path, key in self._elements(resource)]
            last = self._last = resource, elements
        return last[1]

    def _elements(self, resource: Resource) -> list[Found]:
        if self._around is None:
            return walk(resource.properties, self._rest)
        found: list[Found] = []
        for frame in self._around.frames(resource):
            _walk(frame.item, self._rest, frame.path, frame.key, found)
        return found


@cache
def scope(text: str) -> Scope:
    """The one scope with this path. Raises `ValueError` with a message for people."""
    return _scope_of(steps_of(text))


@cache
def _scope_of(steps: Steps) -> Scope:
    return Scope(steps)


@Remembered
def region_of(resource: Resource) -> Value:
    """The region in which the resource is made; `UNKNOWN` where nothing tells."""
    own = resource.get("region")
    region = resource.region if own is None else own
    return region if isinstance(region, str) and _REGION.fullmatch(region) else UNKNOWN


@Remembered
def partition_of(resource: Resource) -> Value:
    """The partition of that region, such as `aws-cn`."""
    region = region_of(resource)
    if region is UNKNOWN:
        return UNKNOWN
    return next((partition for prefix, partition in _PARTITIONS if region.startswith(prefix)), "aws")


_ABOUT: Final[Mapping[Origin, Callable[[Frame], Value]]] = {
    "key": lambda frame: frame.key,
    "region": lambda frame: region_of(frame.resource),
    "partition": lambda frame: partition_of(frame.resource),
    "provider": lambda frame: frame.resource.provider,
}


def _itself(value: Value) -> Value:
    return value


def _name(value: Value, step: Step) -> str:
    return (field_of(value, step.name) or step.name) if step.folded else step.name


def _then(get: Getter, step: Step) -> Getter:
    name = step.name

    def opened(value: Value) -> Value:
        return document_of(get(value))

    def folded(value: Value) -> Value:
        value = get(value)
        if isinstance(value, dict):
            return value.get(field_of(value, name))
        return None if value is None else UNKNOWN

    def named(value: Value) -> Value:
        value = get(value)
        if isinstance(value, dict):
            return value.get(name)
        return None if value is None else UNKNOWN

    if step.kind != "name":
        return opened
    return folded if step.folded else named
