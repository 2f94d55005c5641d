"""Stacks of any size, made of the resources of recorded programs.

The programs are the public ones in `../shared/graphs`, beside the repository, with more than 200 types of resources;
where they are not there, the payment system of the examples stands for them. A stack is program after program, each
time under other URNs, so that what belongs together still does.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2 as pb

from tools.recording.recorded import ROOT, requests

PROGRAMS: Final = ROOT.parent / "shared" / "graphs"


def stack_of(size: int) -> pb.AnalyzeStackRequest:
    """A stack of `size` resources. The same size gives the same stack."""
    programs = recorded()
    choose = random.Random(size)
    stack = pb.AnalyzeStackRequest()
    copy = 0
    while len(stack.resources) < size:
        for program in choose.sample(programs, len(programs)):
            copy += 1
            stack.resources.extend(_renamed(program, f"::p{copy}-", size - len(stack.resources)))
    return stack


@cache
def recorded() -> list[pb.AnalyzeStackRequest]:
    """What the engine sent of the stack of each program, in a preview."""
    stacks = [_stack_in(file) for file in sorted(PROGRAMS.glob("*.json.gz"))]
    return [one for one in stacks if one] or [one for one in requests() if isinstance(one, pb.AnalyzeStackRequest)]


def _stack_in(file: Path) -> pb.AnalyzeStackRequest | None:
    entries = json.loads(gzip.decompress(file.read_bytes()))["mode"].get("preview", ())
    for entry in entries:
        if entry["rpc"] == "AnalyzeStack":
            request = pb.AnalyzeStackRequest()
            return json_format.ParseDict(entry["request"], request, ignore_unknown_fields=True)
    return None


def _renamed(program: pb.AnalyzeStackRequest, mark: str, most: int) -> Iterator[pb.AnalyzerResource]:
    """The first resources of a program under names of their own, in all that speaks of them."""

    def urn(given: str) -> str:
        head, separator, name = given.rpartition("::")
        return f"{head}{mark}{name}" if separator else given

    for one in program.resources[:most]:
        copy = pb.AnalyzerResource()
        copy.CopyFrom(one)
        copy.urn, copy.name, copy.parent = urn(one.urn), f"{mark[2:]}{one.name}", urn(one.parent)
        copy.dependencies[:] = map(urn, one.dependencies)
        for property_ in copy.propertyDependencies.values():
            property_.urns[:] = list(map(urn, property_.urns))
        yield copy


def types_of(stack: pb.AnalyzeStackRequest) -> int:
    """How many types of resources a stack has."""
    return len({one.type for one in stack.resources})
