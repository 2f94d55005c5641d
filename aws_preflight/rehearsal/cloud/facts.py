"""What is known about a resource that comes into being, for the templates of `catalog.py` to draw on."""

from __future__ import annotations

import hashlib
import re
import string
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_preflight.rehearsal.cloud.account import ACCOUNT
from aws_preflight.rehearsal.cloud.marks import UNKNOWN, holds_unknown
from aws_preflight.report.model import name_of, type_of

_ALPHABETS = {
    "hex": string.hexdigits[:16],
    "digits": string.digits[1:],
    "letters": string.ascii_lowercase,
    "lower": string.ascii_lowercase + string.digits,
    "upper": string.ascii_uppercase + string.digits,
}


@dataclass(frozen=True)
class _Token:
    """Random-looking text that is the same on every run: `{hex:17}`, and `{hex:17/x}` for another one."""

    alphabet: str
    seed: str

    def __format__(self, spec: str) -> str:
        length, _, salt = spec.partition("/")
        digest = hashlib.sha512(f"{self.alphabet}/{salt}/{self.seed}".encode()).digest()
        return "".join(self.alphabet[byte % len(self.alphabet)] for byte in digest[: int(length)])


@dataclass(frozen=True)
class _Uuid:
    """A UUID that is the same on every run: `{uuid}`, and `{uuid:x}` for another one."""

    seed: str

    def __format__(self, spec: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{spec}/{self.seed}"))


@dataclass
class Facts(Mapping[str, Any]):
    """Everything a template may name: where the resource lies, tokens of its own, its outputs so far, its inputs."""

    urn: str
    inputs: Mapping[str, Any]
    region: str
    outputs: dict[str, Any] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
    """What else templates may name, and what is no output."""

    account: str = ACCOUNT

    def __getitem__(self, name: str) -> Any:
        if name in _ALPHABETS:
            return _Token(_ALPHABETS[name], self.urn)
        if name in self.outputs:
            return self.outputs[name]
        if self.inputs.get(name) is not None:
            return self.inputs[name]
        if name in self.known:
            return self.known[name]
        fixed = {"account": self.account, "region": self.region, "uuid": _Uuid(self.urn), "logical": self.logical_name}
        return fixed.get(name, "")

    def __iter__(self) -> Any:
        return iter({**self.inputs, **self.outputs})

    def __len__(self) -> int:
        return len({**self.inputs, **self.outputs})

    @property
    def logical_name(self) -> str:
        """The name that the program gave to the resource."""
        return name_of(self.urn)

    @property
    def type(self) -> str:
        """The resource's type token."""
        return type_of(self.urn)

    def auto_name(self) -> str:
        """The name that a provider makes up where the program gives none: the same on every run."""
        return f"{self.logical_name}-{_Token(_ALPHABETS['hex'], self.urn):7/name}"

    def fill(self, template: Any) -> Any:
        """The value of a template: text to format, a function of these facts, or data with either inside.

        A value that would be made from an unknown one is unknown as a whole, as it is everywhere in Pulumi.
        """
        if callable(template):
            filled = template(self)
        elif isinstance(template, str):
            filled = self._fill_text(template)
        elif isinstance(template, dict):
            return {name: self.fill(part) for name, part in template.items()}
        elif isinstance(template, list):
            return [self.fill(part) for part in template]
        else:
            return template
        return UNKNOWN if holds_unknown(filled) else filled

    def _fill_text(self, template: str) -> Any:
        whole = template[1:-1]
        if template == f"{{{whole}}}" and whole.isidentifier() and whole != "uuid":
            return self[whole]  # keeps the type of a number or a list
        return self._in_partition(template.format_map(self))

    def _in_partition(self, text: str) -> str:
        """The same text for a region of China or of the United States' government."""
        partition = partition_of(self.region)
        if partition == "aws":
            return text
        text = text.replace("arn:aws:", f"arn:{partition}:")
        return text.replace(".amazonaws.com", ".amazonaws.com.cn") if partition == "aws-cn" else text


def partition_of(region: str) -> str:
    """The partition that a region belongs to."""
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(region.rpartition("-")[0].rpartition("-")[0], "aws")


def short_region(region: str) -> str:
    """The region as ElastiCache and the ids of zones abbreviate it: `eu-central-1` is `euc1`."""
    area, *directions, number = region.split("-")
    initials = "".join(
        re.sub("(north|south|east|west|central|gov)", lambda word: word[0][0], part) for part in directions
    )
    return area + initials + number
