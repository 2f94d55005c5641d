"""Writes `aws_preflight/rehearsal/cloud/aws-schema.json.gz`: what the installed pulumi_aws SDK says of every resource
and function.

The simulated AWS needs the shape of inputs and outputs, and must not import an SDK of 250 MB for it.
`aws_preflight/rehearsal/cloud/schema.py` reads the file and explains its notation. The same SDK gives the same text: a
test compares.

`python -m tools.generate.schema` writes it, `python -m tools.generate.schema --check` only says whether it is up to
date.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import inspect
import json
import re
import sys
import types
import typing
from collections import abc
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import pulumi

TARGET = Path(__file__).parents[2] / "aws_preflight" / "rehearsal" / "cloud" / "aws-schema.json.gz"

_SDK = "pulumi_aws"
_SCALARS: Mapping[Any, str] = {str: "s", int: "i", float: "n", bool: "b", Any: "a", dict: "{a"}
_ASSETS = (pulumi.Asset, pulumi.Archive)
_NAME = "_pulumi_name"
"""Where `pulumi.getter` keeps the name that a property has outside of Python."""

_FORWARD = {"Output": pulumi.Output, "T": type(None)}
"""What `pulumi.Input` refers to by name only: `Input[str]` is `str`, an awaitable of it, or `"Output[T]"`."""


class Schema:
    """The SDK's classes as text, each nested shape once."""

    def __init__(self) -> None:
        self._shapes: list[str] = []
        self._seen: dict[tuple[type | None, type | None], int] = {}
        self._hints: dict[type, dict[str, Any]] = {}

    def describe(self) -> dict[str, Any]:
        """Everything that the file holds."""
        resources: dict[str, str] = {}
        aliases: dict[str, str] = {}
        functions: dict[str, str] = {}
        for module in _modules():
            source = inspect.getsource(module)
            for class_ in _resources(module):
                token: str = class_.pulumi_type  # type: ignore[attr-defined]
                # Where a nested type has taken the usual name, another serves.
                names = (f"{class_.__name__}InitArgs", f"{class_.__name__}Args")
                arguments = next(getattr(module, name) for name in names if hasattr(module, name))
                resources[token] = self._resource(class_, arguments, source)
                aliases.update((alias, token) for alias in re.findall(r'pulumi\.Alias\(type_="([^"]+)"\)', source))
            for token, result in _functions(module):
                functions[token] = self._shape(None, result) if result else "="
        return {
            "sdk": f"{_SDK} {metadata.version(_SDK)}",
            "aliases": dict(sorted(aliases.items())),
            "functions": dict(sorted(functions.items())),
            "resources": dict(sorted(resources.items())),
            "shapes": self._shapes,
        }

    def _resource(self, class_: type, arguments: type, source: str) -> str:
        secrets = re.search(r"additional_secret_outputs=\[([^\]]*)\]", source)
        names = re.findall(r'"([^"]+)"', secrets.group(1)) if secrets else []
        return self._shape(arguments, class_, frozenset(names))

    def _shape(self, given: type | None, got: type | None, secrets: frozenset[str] = frozenset()) -> str:
        """The properties of an object: as a program gives it, and as it comes back."""
        inputs = self._properties(given) if given else {}
        outputs = self._properties(got) if got else {}
        # Every resource has them, and no program sets them.
        names = (inputs.keys() | outputs.keys()) - {"urn"} - ({"id"} if given and "id" not in inputs else set())
        return " ".join(
            f"{name}{self._mark(name, inputs, outputs)}{'*' if name in secrets else ''}"
            f"{self._type(inputs.get(name), outputs.get(name))}"
            for name in sorted(names)
        )

    def _mark(self, name: str, inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> str:
        if name not in inputs:
            return "=" if not _is_optional(outputs[name]) else "~"
        if not _is_optional(inputs[name]):
            return "!"
        return "+" if name in outputs and not _is_optional(outputs[name]) else "?"

    def _properties(self, class_: type) -> dict[str, Any]:
        if class_ not in self._hints:
            scope = vars(sys.modules[class_.__module__])
            self._hints[class_] = {
                getattr(member.fget, _NAME): typing.get_type_hints(member.fget, scope, _FORWARD)["return"]
                for member in vars(class_).values()
                if isinstance(member, property) and hasattr(member.fget, _NAME)
            }
        return self._hints[class_]

    def _type(self, given: Any, got: Any) -> str:
        given, got = _bare(given), _bare(got)
        known = [hint for hint in (given, got) if hint is not None]
        for container, letter in ((typing.Sequence, "["), (typing.Mapping, "{")):
            parts = [_element(hint, container) for hint in (given, got)]
            if any(part is not None for part in parts):
                return letter + self._type(*parts)
        if any(hint in _ASSETS or set(typing.get_args(hint)) & set(_ASSETS) for hint in known):
            return "x"
        for hint in known:
            if (alternatives := typing.get_args(hint)) and str in map(_bare, alternatives):
                # A document that may be written as an object, or a word that has an enumeration.
                objects = [other for other in map(_bare, alternatives) if _is_object(other)]
                return "j" if objects else "s"
            if hint in _SCALARS:
                return _SCALARS[hint]
            if inspect.isclass(hint) and issubclass(hint, str):
                return "s"  # an enumeration
        return f"@{self._number(given, got)}"

    def _number(self, given: Any, got: Any) -> int:
        pair = (_as_object(given), _as_object(got))
        if pair == (None, None):
            raise TypeError(f"no notation for {given} or {got}")
        if pair not in self._seen:
            self._seen[pair] = len(self._shapes)
            # The place comes first: a statement of a web ACL contains statements.
            self._shapes.append("")
            self._shapes[self._seen[pair]] = self._shape(*pair)
        return self._seen[pair]


def _merged(described: dict[str, Any]) -> dict[str, Any]:
    """The same description with equal shapes written once: many types share theirs."""
    shapes: list[str] = described["shapes"]
    while True:
        kept = {shape: number for number, shape in enumerate(dict.fromkeys(shapes))}
        numbers = [kept[shape] for shape in shapes]

        def renumbered(text: str, numbers: Sequence[int] = numbers) -> str:
            return re.sub(r"@(\d+)", lambda found: f"@{numbers[int(found[1])]}", text)

        shapes = [renumbered(shape) for shape in kept]
        for kind in ("functions", "resources"):
            described[kind] = {token: renumbered(text) for token, text in described[kind].items()}
        if len(shapes) == len(numbers):
            return {**described, "shapes": shapes}


def _modules() -> Iterator[types.ModuleType]:
    # By name: a type checker would otherwise read all of the SDK.
    root = Path(str(importlib.import_module(_SDK).__file__)).parent
    for path in sorted(root.rglob("*.py")):
        if path.stem.startswith("_") or path.stem in ("outputs", "vars"):
            continue
        yield importlib.import_module(".".join((_SDK, *path.relative_to(root).with_suffix("").parts)))


def _resources(module: types.ModuleType) -> Iterator[type]:
    for class_ in vars(module).values():
        ours = inspect.isclass(class_) and class_.__module__ == module.__name__
        if ours and issubclass(class_, pulumi.CustomResource) and not issubclass(class_, pulumi.ProviderResource):
            yield class_


def _functions(module: types.ModuleType) -> Iterator[tuple[str, type | None]]:
    """The functions of a module: their tokens and the classes of their results, if a result has more than one value."""
    for function in vars(module).values():
        if not inspect.isfunction(function) or function.__module__ != module.__name__:
            continue
        tokens = [part for part in function.__code__.co_consts if isinstance(part, str) and _is_token(part)]
        result = function.__annotations__.get("return")
        if tokens and not function.__name__.endswith("_output"):
            yield tokens[0], result.__base__ if inspect.isclass(result) and result.__base__ is not object else None


def _is_token(text: str) -> bool:
    return re.fullmatch(r"aws:[\w-]+/\w+:\w+", text) is not None


def _is_optional(hint: Any) -> bool:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is pulumi.Output:
        return _is_optional(arguments[0])
    if origin is typing.Union:
        return type(None) in arguments or any(_is_optional(argument) for argument in arguments)
    return False


def _bare(hint: Any) -> Any:
    """A type without what may wrap it: an input or output, None, the dictionary form of the same class."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (pulumi.Output, abc.Awaitable):
        return _bare(arguments[0])
    if origin is not typing.Union:
        return hint
    rest: list[Any] = []
    for argument in map(_bare, arguments):
        for part in typing.get_args(argument) if typing.get_origin(argument) is typing.Union else [argument]:
            if part not in rest and part is not type(None) and not typing.is_typeddict(part):
                rest.append(part)
    return rest[0] if len(rest) == 1 else typing.Union[tuple(rest)]  # noqa: UP007


def _element(hint: Any, container: Any) -> Any:
    if typing.get_origin(hint) is typing.get_origin(container):
        return typing.get_args(hint)[-1]
    return None


def _is_object(hint: Any) -> bool:
    """Whether a type is a nested object of the SDK; some of those have no properties."""
    ours = inspect.isclass(hint) and hint.__module__.startswith(f"{_SDK}.")
    return ours and not issubclass(hint, (str, pulumi.Resource))


def _as_object(hint: Any) -> type | None:
    return hint if _is_object(hint) else None


def content() -> bytes:
    """The bytes of the file, as the installed SDK has them."""
    text = json.dumps(_merged(Schema().describe()), separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def main() -> int:
    """Writes the file, or compares it."""
    parser = argparse.ArgumentParser(description="Writes what the installed pulumi_aws says of its types.")
    parser.add_argument("--check", action="store_true", help="only say whether the file is up to date")
    arguments = parser.parse_args()
    fresh = content()
    if not arguments.check:
        TARGET.write_bytes(fresh)
    elif gzip.decompress(TARGET.read_bytes()) != gzip.decompress(fresh):
        sys.exit(f"{TARGET.name} is not what the installed pulumi_aws gives: run `python -m tools.generate.schema`")
    print(f"{TARGET.name}: {len(fresh)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
