"""Coverage-guided fuzzing of everything behind the protocol. `make fuzz` runs this for 1,000,000 requests.

The fuzzer (atheris, on libFuzzer) mutates the wire bytes of real requests, taken from the cases of the policies, and
builds requests of its own from the words that checks look for. A request has to be answered: no exception, no defect of
a policy, no answer that cannot be sent, no more than 5 seconds and 1 GiB. Arguments are those of libFuzzer, such as
`-runs=20000` or a file with a request that failed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["aws_preflight.policies", "aws_preflight.preflight"]):
    from aws_preflight.policies import POLICIES
    from aws_preflight.preflight.crossguard import Analyzer
    from aws_preflight.preflight.wire import SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN_TEXT

from google.protobuf import struct_pb2
from google.protobuf.message import Message
from pulumi.runtime.proto import analyzer_pb2 as pb

from tests.protocol import analyze_request, stack_request
from tools.cases import cases_of

LIMITS = ["-max_len=16384", "-timeout=5", "-rss_limit_mb=1024", "-print_final_stats=1"]
TYPES = sorted({r["type"] for p in POLICIES for c in cases_of(p.id) for r in c.resources})
WORDS = [
    *("domainName", "subjectAlternativeNames", "containerDefinitions", "logConfiguration", "logDriver", "awslogs"),
    *("options", "awslogs-group", "secretOptions", "name", "dashboardBody", "tags", "tag", "key", "value", "isKnown"),
    *("isSecret", "promise", "resources", "loadBalancers", "targetGroupArn", "defaultActions", "actions", "forward"),
    *("targetGroups", "arn", "deploymentController", "type", "EXTERNAL", "advancedConfiguration", UNKNOWN_TEXT),
    *(
        '{"widgets":[',
        '"metrics":[["a","b",{',
        '[{"logConfiguration":{',
        "a.cloudfront.net",
        SIGNATURE_KEY,
    ),
    *("[object Object]", "<pulumi.output.Output object at 0x7f10>", "Q2FsbGluZyBbdG9T", "undefined", "{0xc000011f80}"),
    *(SECRET_SIGNATURE, "Calling [toString] on an [Output<T>]", "bücher.example", "aws:x", "..."),
]
WIRE_RESOURCE, WIRE_STACK = 0, 1

analyzer = Analyzer(POLICIES)


def one_input(data: bytes) -> None:
    """Answers one request; whatever is raised here is what the fuzzer looks for."""
    request = request_of(data)
    if isinstance(request, pb.AnalyzeRequest):
        response = analyzer.Analyze(request, None)
    elif isinstance(request, pb.AnalyzeStackRequest):
        response = analyzer.AnalyzeStack(request, None)
    else:
        return
    response.SerializeToString()
    for diagnostic in response.diagnostics:
        if "failed and evaluated nothing here" in diagnostic.message:
            raise AssertionError(diagnostic.message)


def request_of(data: bytes) -> Message | None:
    """The request in `data`: the first byte says whether the rest is on the wire or a recipe."""
    if not data:
        return None
    if data[0] % 4 <= WIRE_STACK:
        return analyzer.read(pb.AnalyzeStackRequest if data[0] % 4 == WIRE_STACK else pb.AnalyzeRequest, data[1:])
    recipe = atheris.FuzzedDataProvider(data[1:])
    type_ = recipe.PickValueInList(TYPES)
    return pb.AnalyzeRequest(type=type_, urn=f"urn:pulumi:dev::x::{type_}::n", name="n", properties=struct(recipe, 6))


def struct(recipe: atheris.FuzzedDataProvider, depth: int) -> struct_pb2.Struct:
    """An object of up to four members."""
    message = struct_pb2.Struct()
    for _ in range(recipe.ConsumeIntInRange(0, 4)):
        message.fields[text(recipe)].CopyFrom(value(recipe, depth - 1))
    return message


def value(recipe: atheris.FuzzedDataProvider, depth: int) -> struct_pb2.Value:
    """Any value, at most `depth` levels deep."""
    kind = recipe.ConsumeIntInRange(0, 5)
    if kind == 0 and depth > 0:
        return struct_pb2.Value(struct_value=struct(recipe, depth))
    if kind == 1 and depth > 0:
        items = [value(recipe, depth - 1) for _ in range(recipe.ConsumeIntInRange(0, 4))]
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=items))
    if kind == 2:
        return struct_pb2.Value(number_value=recipe.ConsumeFloat())
    if kind == 3:
        return struct_pb2.Value(bool_value=recipe.ConsumeBool())
    return struct_pb2.Value(string_value=text(recipe))


def text(recipe: atheris.FuzzedDataProvider) -> str:
    """A word that checks look for, or any text."""
    if recipe.ConsumeBool():
        return str(recipe.PickValueInList(WORDS))
    return str(recipe.ConsumeUnicodeNoSurrogates(60))


def seeds(folder: Path) -> None:
    """Writes the requests of all cases into `folder`, as a start."""
    for policy in POLICIES:
        for i, case in enumerate(cases_of(policy.id)):
            stack = bytes([WIRE_STACK]) + stack_request(case.resources).SerializeToString()
            (folder / f"{policy.id}-{i}-stack").write_bytes(stack)
            for j, resource in enumerate(case.resources):
                single = bytes([WIRE_RESOURCE]) + analyze_request(resource).SerializeToString()
                (folder / f"{policy.id}-{i}-{j}").write_bytes(single)


def main() -> None:
    """Runs the fuzzer with the arguments of the command line."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        seeds(corpus)
        atheris.Setup([sys.argv[0], *LIMITS, *sys.argv[1:], str(corpus)], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
