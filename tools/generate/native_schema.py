"""Writes what has to be known of the types of `aws-native`, read from a wheel of its SDK.

`tests/samples/aws_native.json` has the inputs of the types that the table of types names: `tests/test_twins.py` holds
every path of the table against it. `aws_preflight/rehearsal/cloud/native-outputs.json.gz` has what AWS adds to each
type, for the simulated AWS.

`pip download --no-deps pulumi-aws-native`, then `python -m tools.generate.native_schema pulumi_aws_native-*.whl`: the
package is no dependency, and is read as text.

A property is written as its type: "s" a string, "n" a number, "b" a boolean, "a" anything (a document), a list with the
type of its elements, `{"*": type}` a map, an object by the names of its properties.
"""

from __future__ import annotations

import ast
import gzip
import json
import re
import sys
import zipfile
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, Final

from tools.generate.types_table import twins

SAMPLE: Final = Path(__file__).parents[2] / "tests" / "samples" / "aws_native.json"
OUTPUTS: Final = Path(__file__).parents[2] / "aws_preflight" / "rehearsal" / "cloud" / "native-outputs.json.gz"
_PLAIN: Final = {"str": "s", "int": "n", "float": "n", "bool": "b", "Any": "a"}
_DEEPEST: Final = 8


class Wheel:
    """The modules of the SDK in a wheel."""

    def __init__(self, file: Path) -> None:
        self._files = zipfile.ZipFile(file)
        self.version = file.name.split("-")[1]
        self._by_token: dict[str, tuple[str, str]] = {}
        for name in self._files.namelist():
            if name.endswith(".py") and not PurePosixPath(name).name.startswith(("get_", "_")):
                for token in re.findall(r"'(aws-native:\w+:\w+)',\s+resource_name", self._text(name)):
                    self._by_token[token] = name, token.rpartition(":")[2]

    @property
    def tokens(self) -> list[str]:
        """All types, in order."""
        return sorted(self._by_token)

    def inputs(self, token: str) -> dict[str, Any]:
        """The inputs of a type by name. Raises `KeyError` where the SDK does not have it."""
        file, name = self._by_token[token]
        arguments = _arguments(_classes(self._text(file)), name)
        return self._object(arguments, str(PurePosixPath(file).parent), 0)

    def outputs(self, token: str) -> dict[str, Any]:
        """What a type has besides its inputs, by name."""
        file, name = self._by_token[token]
        classes = _classes(self._text(file))
        inputs = _properties(_arguments(classes, name))
        added = {one: type_ for one, type_ in sorted(_properties(classes[name]).items()) if one not in inputs}
        return {one: self._type(type_, str(PurePosixPath(file).parent), 1) for one, type_ in added.items()}

    @cache  # noqa: B019 - one object, as long as the tool runs
    def _text(self, file: str) -> str:
        return self._files.read(file).decode()

    def _object(self, class_: ast.ClassDef, folder: str, depth: int) -> dict[str, Any]:
        return {
            name: self._type(type_, folder, depth + 1)
            for name, type_ in sorted(_properties(class_).items())
            if depth < _DEEPEST
        }

    def _type(self, type_: ast.expr, folder: str, depth: int) -> Any:
        if isinstance(type_, ast.Subscript):
            outer, inner = ast.unparse(type_.value).rpartition(".")[2], type_.slice
            if outer in ("Input", "Optional", "Output"):
                return self._type(inner, folder, depth)
            if outer == "Sequence":
                return [self._type(inner, folder, depth)]
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            if outer == "Mapping":
                return {"*": self._type(parts[1], folder, depth)}
            # A union: an enumeration beside its text, or an object beside one that is written as a dictionary.
            return self._type(parts[0], folder, depth)
        name = type_.value if isinstance(type_, ast.Constant) else ast.unparse(type_)
        if not isinstance(name, str) or not re.match(r"outputs\.|_root_outputs\.|.*Args$", name):
            return _PLAIN.get(str(name).rpartition(".")[2], "s")
        place, _, class_ = name.rpartition(".")
        module = "outputs" if "outputs" in place else "_inputs"
        found = _classes(self._text(f"{'pulumi_aws_native' if place.startswith('_root') else folder}/{module}.py"))
        return self._object(found[class_], folder, depth)


def _arguments(classes: dict[str, ast.ClassDef], name: str) -> ast.ClassDef:
    # Where a nested type has taken the usual name, another serves.
    return classes.get(f"{name}Args") or classes[f"{name}InitArgs"]


@cache
def _classes(text: str) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)}


def _properties(class_: ast.ClassDef) -> dict[str, ast.expr]:
    """The types of the properties of a class of arguments, by the name in the provider."""
    found: dict[str, ast.expr] = {}
    for node in class_.body:
        for mark in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            text = ast.unparse(mark)
            if text.startswith("pulumi.getter") and isinstance(node, ast.FunctionDef) and node.returns is not None:
                named = mark.keywords[0].value if isinstance(mark, ast.Call) and mark.keywords else None
                found[str(named.value) if isinstance(named, ast.Constant) else node.name] = node.returns
    return found


def main(arguments: list[str]) -> int:
    """Runs the command line: the argument is the wheel."""
    (file,) = arguments
    wheel = Wheel(Path(file))
    tokens = sorted({twin.token for twin in twins().values()})
    rows = [f'"{token}": {json.dumps(wheel.inputs(token), sort_keys=True)}' for token in tokens]
    text = ",\n".join(rows)
    text = f'{{"version": "{wheel.version}", "types": {{\n{text}\n}}}}\n'
    SAMPLE.write_text(text, encoding="utf-8")
    added = {token: outputs for token in wheel.tokens if (outputs := wheel.outputs(token))}
    OUTPUTS.write_bytes(gzip.compress(json.dumps(added, separators=(",", ":")).encode(), mtime=0))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
