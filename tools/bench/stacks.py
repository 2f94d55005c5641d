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
from itertools import count, islice
from pathlib import Path
from typing import Final, TypeAlias

from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2 as pb

from tools.recording.recorded import ROOT, Request, requests

PROGRAMS: Final = ROOT.parent / "shared" / "graphs"


Recorded: TypeAlias = tuple[list[pb.AnalyzeRequest], pb.AnalyzeStackRequest]


@cache
def stack_of(size: int) -> pb.AnalyzeStackRequest:
    """A stack of `size` resources. The same size gives the same stack."""
    stack = pb.AnalyzeStackRequest()
    for (_, program), mark in _programs(size):
        stack.resources.extend(_renamed(program, mark, size - len(stack.resources)))
        if len(stack.resources) == size:
            break
    return stack


@cache
def requests_of(size: int) -> list[pb.AnalyzeRequest]:
    """The first `size` questions about single resources of such a stack: their inputs, before anything is created."""
    found = (request for (program, _), _ in _programs(size) for request in program)
    return list(islice(found, size))


def _programs(size: int) -> Iterator[tuple[Recorded, str]]:
    """The programs in an order by `size`, over and over, each with a mark for its copy."""
    choose = random.Random(size)
    copies = count(1)
    while programs := recorded():
        for program in choose.sample(programs, len(programs)):
            yield program, f"::p{next(copies)}-"


@cache
def recorded() -> list[Recorded]:
    """What the engine sent of each program, in a preview: of each resource, and of the stack."""
    found = [_requests_in(file) for file in sorted(PROGRAMS.glob("*.json.gz"))] or [requests()]
    return [
        ([one for one in sent if isinstance(one, pb.AnalyzeRequest)], stack)
        for sent in found
        for stack in sent
        if isinstance(stack, pb.AnalyzeStackRequest)
    ]


def _requests_in(file: Path) -> list[Request]:
    kinds: dict[str, type[Request]] = {"Analyze": pb.AnalyzeRequest, "AnalyzeStack": pb.AnalyzeStackRequest}
    entries = json.loads(gzip.decompress(file.read_bytes()))["mode"].get("preview", ())
    return [json_format.ParseDict(one["request"], kinds[one["rpc"]](), ignore_unknown_fields=True) for one in entries]


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
