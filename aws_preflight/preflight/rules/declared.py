"""Policies whose declaration is data, in a compiled file: what a run that never meets their types needs is an index."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

from aws_preflight.preflight.finding import Answer, Code, Fix
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.values import Value, has_unknown, quote

Declaration: TypeAlias = Mapping[str, Any]
WithAliases: TypeAlias = Callable[..., Iterable[str]]
Declared = TypeVar("Declared", bound="DeclaredPolicy")

_LONGEST_SHOWN: Final = 120


@dataclass(frozen=True, kw_only=True)
class DeclaredPolicy(Policy):
    """A policy made of data. Most of it is read when somebody asks for it."""

    @classmethod
    def of(cls: type[Declared], rest: Callable[[], Mapping[str, Any]], **fields: Any) -> Declared:
        """The policy with some fields; `rest` gives the others at the first use of one."""
        policy = object.__new__(cls)
        vars(policy).update(fields, _rest=rest)
        return policy

    def __getattr__(self, name: str) -> Any:
        # Called for what is not there: mostly a field of the declaration, which is not read yet.
        rest = vars(self).get("_rest")
        if rest is not None and not name.startswith("_"):
            # Threads may read the same declaration twice, to the same end.
            vars(self).update(rest())
        if name not in vars(self):
            raise AttributeError(name)
        return vars(self)[name]


def described(declared: Declaration) -> dict[str, Any]:
    """The fields of a policy that its declaration has in words."""
    title, fix = declared["title"], declared["fix"]
    return {
        "title": title,
        "refuses": f"{title}.",
        "answer": Answer(**declared["answer"]),
        "sources": tuple(declared["sources"]),
        "properties": {},
        "doc": f"{title}: {fix}.",
        "fix": Fix(words=fix),
        "wrong": Code(**declared["wrong"]),
        "right": Code(**declared["right"]),
    }


def evidence_of(value: Value) -> str:
    """What a finding quotes of a value: nothing where it is not known in full."""
    return "" if value is None or has_unknown(value) else quote(value, _LONGEST_SHOWN)


def entries(file: Path) -> Iterator[tuple[Declaration, Callable[[], Any]]]:
    """What a compiled file holds, in its order: the facts of the index in its first line, and a reader of the rest."""
    index, *lines = file.read_text(encoding="utf-8").rstrip("\n").split("\n")
    for facts, line in zip(json.loads(index), lines, strict=True):
        yield facts, partial(json.loads, line)
