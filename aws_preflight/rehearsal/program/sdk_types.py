"""The outputs that a resource of any package always has, as the SDK declares them that a program has installed.

Of most packages nobody here knows the types. Their SDKs are generated and all look alike: a file for each resource,
with a line for each output.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from aws_preflight.rehearsal.program import code_files

Outputs = Mapping[str, str]
"""By name, what an output is: `text`, `number`, `boolean`, `list`, `texts` or `object`."""

_IN_NODE = re.compile(r"^    (?:public )?(?:/\*out\*/ )?readonly (\w+)!?: pulumi\.Output<(.+)>;$", re.MULTILINE)
_IN_PYTHON = re.compile(
    r"@pulumi\.getter(?:\(name=\"(\w+)\"\))?\s+def (\w+)\(self\) -> pulumi\.Output\[(.+)\]:$", re.MULTILINE
)
_KINDS = (
    (r"^(string|(_builtins\.)?str)$", "text"),
    (r"^(number|(_builtins\.)?(int|float))$", "number"),
    (r"^(boolean|(_builtins\.)?bool)$", "boolean"),
    (r"^(string\[\]|(Sequence|List)\[(_builtins\.)?str\])$", "texts"),
    (r"(\[\]$)|^(Sequence|List)\[", "list"),
)
_MAY_BE_MISSING = re.compile(r"\| undefined|^Optional\[")


class SdkTypes:
    """Reads the SDKs of one program, each file once."""

    def __init__(self, program: Path) -> None:
        self._program = program
        self.outputs = functools.cache(self._outputs)
        """By the token of a type, the outputs that are always there."""

    def _outputs(self, token: str) -> Outputs:
        package, _, name = token.partition(":")[0], *token.rpartition(":")[1:]
        for file in self._files(package, name):
            declared, code = file, file.with_suffix("").with_suffix(".js") if file.name.endswith(".d.ts") else file
            if re.search(rf"""['"]{re.escape(token)}['"]""", code_files.text(code)):
                return dict(_declared(code_files.text(declared)))
        return {}

    def _files(self, package: str, name: str) -> Iterator[Path]:
        """The files that may declare a type, by what generators call them."""
        lower = f"{name[:1].lower()}{name[1:]}"
        snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
        for folder in self._sdks(package):
            for file in (f"{lower}.d.ts", f"{snake}.py", f"{name}.py"):
                yield from sorted(folder.rglob(file))

    def _sdks(self, package: str) -> Iterator[Path]:
        """The folders of the SDKs of a package, next to the program or in the Python that it runs in."""
        for folder in (self._program, *self._program.parents):
            yield from folder.glob(f"node_modules/@*/{package}")
        for libraries in self._site_packages():
            yield from libraries.glob(f"pulumi*_{package.replace('-', '_')}")

    def _site_packages(self) -> Iterator[Path]:
        homes = [*self._program.glob("*/pyvenv.cfg"), *self._program.glob("../*/pyvenv.cfg")]
        folders = [file.parent for file in homes]
        if own := os.environ.get("VIRTUAL_ENV"):
            folders.append(Path(own))
        if python := shutil.which("python3"):
            # Not resolved: that of a virtual environment is a link out of it.
            folders.append(Path(python).parent.parent)
        for folder in dict.fromkeys(folders):
            yield from folder.glob("lib/python3*/site-packages")


def _declared(code: str) -> Iterator[tuple[str, str]]:
    found = [*_IN_NODE.findall(code), *((camel or snake, type_) for camel, snake, type_ in _IN_PYTHON.findall(code))]
    for name, type_ in found:
        if not _MAY_BE_MISSING.search(type_) and name not in ("id", "urn"):
            yield name, next((kind for pattern, kind in _KINDS if re.search(pattern, type_)), "object")
