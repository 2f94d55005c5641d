"""What a rehearsal finds out about a program's surroundings from what the engine and the SDKs say."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aws_preflight.rehearsal.cloud import plausible
from aws_preflight.rehearsal.cloud.account import ACCOUNT
from aws_preflight.rehearsal.program import references
from aws_preflight.rehearsal.program.config_calls import Wanted
from aws_preflight.rehearsal.program.project import Project

COMMON_PACKAGES = ("aws", "aws-native", "awsx", "command", "docker", "eks", "kubernetes", "null", "random", "tls")
"""Packages that are simulated from the start. Any other is found out by asking the engine, for one more attempt."""

REGION = "aws:region"

_NO_PLUGIN = re.compile(r"no resource plugin 'pulumi-resource-([^']+)' found")
_NO_STACK = re.compile(r'unknown stack "([^"\n]+)"')
_OTHER_ORGANIZATION = "organization name must be 'organization'"
_NO_OUTPUT = re.compile(r"Required output '([^'\n]+)' does not exist on stack '([^'\n]+)'")
_NO_KEY = re.compile(r"^KeyError: '([^'\n]+)'$", re.MULTILINE)
"""All that the Python SDK says of a required output: neither that it is one, nor of which stack."""

_NO_CONFIG = re.compile(r"[Mm]issing required configuration (?:variable|key) ['\"]([^'\"\n]+)['\"]")
_NO_PROJECT_CONFIG = re.compile(r"is missing configuration values? ((?:'[^'\n]+'(?:, | and )?)+)")
_NOT_BUILT = re.compile(r"failed to compute (asset|archive) hash .*(no such file|cannot find the)")
_WRONG_KIND = re.compile(
    r"Configuration '([^'\n]+)' value '[^'\n]*' is not a valid '?(boolean|bool|number|int|float|JSON)"
)
_NOT_ONE_OF = re.compile(r"Configuration '([^'\n]+)' value '[^'\n]*' is not a valid enum value: (\[[^\n]*?\])")
_OF_CLOUDFRONT = re.compile("cloudfront|cdn|edge|us_?east", re.IGNORECASE)
_KINDS = {"integer": "number", "number": "number", "boolean": "boolean", "array": "list", "object": "object"}
"""The kinds of `config_calls.py`, by the words of a project."""


@dataclass
class Knowledge:
    """What has been found out so far about a program's surroundings."""

    given: Mapping[str, references.Outputs]
    asked_for: Sequence[str]
    packages: set[str] = field(default_factory=lambda: set(COMMON_PACKAGES))
    stacks: dict[str, dict[str, Any]] = field(default_factory=dict)
    made_up: dict[str, set[str]] = field(default_factory=dict)
    """By stack, the outputs that nobody gave."""

    any_organization: bool = False
    """Whether the program refers to a stack of another organization than a rehearsal's own. That is known only where it
    is written out; otherwise the engine says so, which costs an attempt."""

    stand_ins: bool = False
    """Whether the program hands on a file or archive that is not there."""

    required: Mapping[str, Wanted] = field(default_factory=dict)
    """The configuration that the sources require and nobody gave."""

    types: Mapping[str, str] = field(default_factory=dict)
    """The types of the configuration that the project declares."""

    fill: bool = False
    """Whether configuration that is missing is made up, and what comes of that is reported."""

    missing: dict[str, Any] = field(default_factory=dict)
    """Required configuration, with a value to go on with: the next one that is missing shows only then."""

    region: str = plausible.REGION
    account: str = ACCOUNT
    """Where what is made up lies."""

    environment: Mapping[str, str] = field(default_factory=dict)
    """Made-up variables for the environment of the program."""

    told: set[str] = field(default_factory=set)
    """What of it the engine or an SDK has told; the rest stands in the sources."""

    def __post_init__(self) -> None:
        if self.fill:
            self._add_required()

    def learn(self, text: str, of: Project) -> bool:
        """Reads what the engine says; whether there is anything new in it."""
        before = self._size()
        self.packages.update(_NO_PLUGIN.findall(text))
        text = references.in_its_own_organization(text)
        self.any_organization |= _OTHER_ORGANIZATION in text
        self.stand_ins |= _NOT_BUILT.search(text) is not None
        for name in _NO_STACK.findall(text):
            self._add_stack(name)
        for output, name in _NO_OUTPUT.findall(text):
            self._add_stack(name)
            self._make_up(name, [output])
        for output in set(_NO_KEY.findall(text)).intersection(self.asked_for):
            for name in self.stacks:
                self._make_up(name, [output])
        for key in _missing(text):
            full = key if ":" in key else f"{of.name}:{key}"
            self.told.add(full)
            self._add_setting(full)
            self._add_required()
        for key, value in _better(text):
            if key in self.missing and self.missing[key] != value:
                self.missing[key] = value
                before = -1
        return self._size() > before

    def needs_region(self) -> bool:
        """Takes note that a provider of AWS was told no region; whether that is new."""
        new = REGION not in self.missing
        self.missing.setdefault(REGION, plausible.REGION)
        self.told.add(REGION)
        return new

    def _add_setting(self, key: str) -> None:
        wanted = self.required.get(key, Wanted(_KINDS.get(self.types.get(key, ""), "")))
        name = key.rpartition(":")[2]
        value = plausible.setting(name, wanted.kind, wanted.members)
        # CloudFront takes its certificates and functions from one region, wherever a stack is.
        placed = value if _OF_CLOUDFRONT.search(name) else plausible.placed(value, self.region, self.account)
        self.missing.setdefault(key, placed)

    def _add_required(self) -> None:
        for key in self.required:
            self._add_setting(key)

    def _add_stack(self, name: str) -> None:
        if name in self.stacks:
            return
        outputs = references.given(name, self.given)
        self.stacks[name] = dict(outputs or {})
        if outputs is None:
            self._make_up(name, self.asked_for)

    def _make_up(self, name: str, outputs: Sequence[str]) -> None:
        new = [output for output in outputs if output not in self.stacks[name]]
        self.stacks[name].update(plausible.placed(references.made_up(new), self.region, self.account))
        self.made_up.setdefault(name, set()).update(new)

    def made_up_of(self, referenced: Collection[str]) -> dict[str, str]:
        """By stack, the outputs that nobody gave, as far as a stack was referred to."""
        return {
            name: ", ".join(sorted(outputs)) or "none; what the program asks of it is undefined"
            for name, outputs in sorted(self.made_up.items())
            if not referenced or name in referenced
        }

    def _size(self) -> int:
        outputs = sum(len(outputs) + 1 for outputs in self.stacks.values())
        return len(self.packages) + len(self.missing) + self.any_organization + self.stand_ins + outputs


def _better(text: str) -> Iterator[tuple[str, Any]]:
    """Values for the configuration whose made-up value an SDK did not take."""
    for key, kind in _WRONG_KIND.findall(text):
        yield key, "true" if kind.startswith("bool") else {} if kind == "JSON" else "1"
    for key, allowed in _NOT_ONE_OF.findall(text):
        with contextlib.suppress(ValueError, IndexError):
            yield key, str(json.loads(allowed)[0])


def _missing(text: str) -> Iterator[str]:
    """The keys of required configuration that the engine or an SDK did not find."""
    yield from _NO_CONFIG.findall(text)
    for names in _NO_PROJECT_CONFIG.findall(text):
        yield from re.findall(r"'([^']+)'", names)
