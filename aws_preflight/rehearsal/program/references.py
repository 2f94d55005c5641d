"""What a `StackReference` is answered with: outputs from a file, or made-up ones."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from aws_preflight.rehearsal.cloud import plausible
from aws_preflight.rehearsal.program import code_files
from aws_preflight.rehearsal.program.project import ProjectError, read_yaml

Outputs = Mapping[str, Any]

_ASKS = re.compile(
    r"""(?:(?:get|require)_?[oO]utput(?:Value|Details|_details|_value)?|GetOutput|RequireOutput|GetStringOutput)
    \s*\(\s*(?:pulumi\.String\(\s*)?["'`]([\w.-]+)["'`]""",
    re.VERBOSE,
)
_ASKS_IN_YAML = re.compile(r"""\.outputs(?:\[\\?["']([\w.-]+)\\?["']\]|\.([\w-]+))""")
_NAMES_IN_YAML = re.compile(r"""StackReference["']?\s+properties:\s+name:\s*["']?([\w.-]+)/[^"'\n/]+/""")
_NAMES = re.compile(r"""StackReference\s*\(\s*(?:["'`][^"'`\n]*["'`]\s*,[^"'`()]*)?f?["'`]([\w.-]+)/[^"'`\n/]+/""")
"""A reference whose name begins with a word: as the only text, or in the arguments behind the name of the resource."""

OWN_ORGANIZATION = "organization"
"""What the organization is called where the state is kept in files, as in a rehearsal."""

MARK = ".."
"""Stands between an organization and a project in the name that a stack of another organization has in a rehearsal."""

_MARKED = re.compile(rf"\b{OWN_ORGANIZATION}/([\w-]+){re.escape(MARK)}(?=[\w.-]+/)")


def read(file: Path) -> dict[str, Outputs]:
    """The outputs of stacks by name, from a YAML or JSON file `{"organization/project/stack": {output: value}}`."""
    stacks = read_yaml(file)
    for name, outputs in stacks.items():
        if not isinstance(outputs, dict):
            raise ProjectError(f"{file}: expected an object of outputs for the stack {name!r}")
    return {str(name): {str(key): value for key, value in outputs.items()} for name, outputs in stacks.items()}


def given(name: str, stacks: Mapping[str, Outputs]) -> Outputs | None:
    """The outputs for the reference `name`, in whatever organization: a rehearsal's own is called `organization`."""
    if name in stacks:
        return stacks[name]
    project, slash, stack = name.rpartition("/")
    ending = f"{project.rpartition('/')[2]}/{stack}" if slash else None
    return next((outputs for other, outputs in stacks.items() if "/".join(other.split("/")[-2:]) == ending), None)


def within_own_organization(name: str) -> str:
    """The name that the engine takes for a stack: it knows no organization but its own."""
    owner, *rest = name.split("/")
    if not rest or owner == OWN_ORGANIZATION:
        return name
    return f"{OWN_ORGANIZATION}/{owner}{MARK}{'/'.join(rest)}" if len(rest) > 1 else f"{OWN_ORGANIZATION}/{rest[0]}"


def in_its_own_organization(text: str) -> str:
    """A text of the engine with the names of stacks as the program gives them."""
    return _MARKED.sub(r"\1/", text)


def spelled_out(stacks: Mapping[str, Outputs]) -> dict[str, Outputs]:
    """The stacks also by the name that a program puts together from its own organization."""
    own = {
        f"{OWN_ORGANIZATION}/{'/'.join(name.split('/')[-2:])}": outputs
        for name, outputs in stacks.items()
        if "/" in name
    }
    return {**own, **stacks}


def asked_for(program: Path) -> list[str]:
    """The names of outputs that the sources of a program ask of any stack, where they are written out.

    The engine is never told which output a program asks for: it hands out all of them.
    """
    names = {name for file in code_files.files(program) for name in _ASKS.findall(code_files.text(file))}
    for file in code_files.files(program):
        if file.suffix in code_files.YAML:
            names.update(filter(None, chain.from_iterable(_ASKS_IN_YAML.findall(code_files.text(file)))))
    return sorted(names)


def names_another_organization(program: Path) -> bool:
    """Whether the sources of a program write out a reference to a stack of an organization by that one's name."""
    return any(
        name != OWN_ORGANIZATION
        for file in code_files.files(program)
        for name in (_NAMES_IN_YAML if file.suffix in code_files.YAML else _NAMES).findall(code_files.text(file))
    )


def made_up(names: Iterable[str]) -> dict[str, Any]:
    """Outputs of plausible shape."""
    return {name: plausible.output(name) for name in names}
