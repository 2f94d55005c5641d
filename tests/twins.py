"""What the tests of twins share: the inputs of a resource in the names of its twin, by the table of types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from aws_preflight.preflight.json_documents import NOT_JSON, parse
from aws_preflight.preflight.rules.paths import Step, Steps
from aws_preflight.preflight.values import Path, Value
from tools.generate.twins import LostError
from tools.generate.types_table import Twin, text_of

EACH, ENTRIES = Step("each"), Step("entries")
OPEN = Step("open folded", "", True)
REGION = (Step("name", "region"),)


def translated(twin: Twin, inputs: Mapping[str, Value], used: Iterable[Steps]) -> dict[str, Value]:
    """The inputs as a program gives them to the twin, without those that have no image and are not among the `used`.

    Raises `LostError` where what a rule uses has no image.
    """
    found: dict[str, Value] = {}
    for steps, at, value in _leaves(twin, (), (), dict(inputs)):
        image = _image(twin, steps)
        if image is not None:
            _put(found, _place(image, at), _opened(value))
        elif steps == REGION or any(steps[: len(one)] == one[: len(steps)] for one in used):
            raise LostError(text_of(steps))
    return found


def _leaves(twin: Twin, steps: Steps, at: Path, value: Value) -> Iterator[tuple[Steps, Path, Value]]:
    """The values with the paths to them; `at` are the indexes and keys on the way."""
    if isinstance(value, str) and _has(twin, (*steps, OPEN)):
        steps, value = (*steps, OPEN), parse(value)  # type: ignore[assignment]
    if value == [] and twin.image(steps) is not None:
        yield steps, at, value
    elif isinstance(value, list) and _has(twin, (*steps, _as(steps, EACH))):
        for i, item in enumerate(value):
            yield from _leaves(twin, (*steps, _as(steps, EACH)), (*at, i), item)
    elif isinstance(value, dict) and value and _has(twin, (*steps, ENTRIES)):
        for i, (key, item) in enumerate(value.items()):
            image = twin.image((*steps, ENTRIES)) or ()
            yield from _leaves(twin, (*steps, ENTRIES), (*at, key if ENTRIES in image else i), item)
    elif isinstance(value, dict) and value and _goes_on(twin, steps):
        for name, item in value.items():
            yield from _leaves(twin, (*steps, _as(steps, Step("name", _name(twin, steps, name)))), at, item)
    else:
        yield steps, at, value


def _as(steps: Steps, step: Step) -> Step:
    folded = bool(steps) and steps[-1].folded
    return Step(step.kind, step.name, folded)


def _has(twin: Twin, steps: Steps) -> bool:
    return any(one[: len(steps)] == steps for one in (*twin.images, *twin.several))


def _goes_on(twin: Twin, steps: Steps) -> bool:
    return not steps or any(one[: len(steps)] == steps != one for one in twin.images)


def _name(twin: Twin, steps: Steps, name: str) -> str:
    """The name as the table writes it: where letter case does not matter, it may be another here."""
    names = [one[len(steps)].name for one in twin.images if one[: len(steps)] == steps != one]
    folded = bool(steps) and steps[-1].folded
    return next((one for one in names if folded and one.lower() == name.lower()), name)


def _image(twin: Twin, steps: Steps) -> Steps | None:
    """Where a value stands: the first place that says it is set, where there are several."""
    return twin.image(steps) or next(iter(twin.several.get(steps, ())), None)


def _place(image: Steps, at: Path) -> Path:
    many = sum(step.kind in ("each", "entries") for step in image)
    rest = [*([0] * (many - len(at))), *at[len(at) - many if many < len(at) else 0 :]]
    return tuple(step.name if step.kind == "name" else rest.pop(0) for step in image)


def _opened(value: Value) -> Value:
    document = parse(value) if isinstance(value, str) and value[:1] in ("{", "[") else NOT_JSON
    return value if document is NOT_JSON else document  # type: ignore[return-value]


def _put(root: dict[str, Value], path: Path, value: Value) -> None:
    here: Value = root
    for key, below in zip(path, (*path[1:], None), strict=True):
        new: Value = value if below is None else [] if isinstance(below, int) else {}
        if isinstance(here, list):
            assert isinstance(key, int)
            while len(here) <= key:
                here.append(new if len(here) == key else {})
            if below is None:
                here[key] = value
        elif isinstance(here, dict):
            if below is None:
                here[str(key)] = value
            else:
                here.setdefault(str(key), new)
        here = here[key]  # type: ignore[index,call-overload]
