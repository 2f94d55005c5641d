"""What the pack costs: time for each resource, and time to start. `make bench` runs this.

Beside it runs a pack of the `pulumi_policy` SDK with one empty policy, the least that any policy pack costs. Both get
the same requests in turn, some at a time, A B A B, and of each few the least time counts: what else the machine does
can only add to it. A whole preview is a process from its start to its end, with all that a pack does for the first
resource of a type. What the two families add (the traces of Outputs in any input, the order of creation) is measured
against the same pack without them. The stacks have 100, 1,000 and 10,000 resources of recorded programs (`stacks.py`).
Analyze is one call for each resource; AnalyzeStack is one call for all of them, counted for each resource. Last come
10 MB of user data, beside one search for a literal that is not there, and stacks that break a rule of order with every
fourth resource, beside one question about their graph, and stacks that grow fourfold in one direction, beside the small
ones.
`--plot FILE` draws the figures.
"""

from __future__ import annotations

import base64
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from aws_preflight.policies import POLICIES
from aws_preflight.policies.ordering import ORDERING, missing
from aws_preflight.policies.outputs.first_look import may_hold_traces
from aws_preflight.policies.outputs.traces import traces_in
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.wire import resource_of
from tools.bench.shapes import OF_JOINS, SHAPES, unknown
from tools.bench.stacks import requests_of, stack_of, types_of
from tools.recording.recorded import ROOT, running

SIZES = (100, 1_000, 10_000)
EDGES = 5
PROCESSES = 3
ROUNDS = {100: 20, 1_000: 10, 10_000: 3}
AT_A_TIME = 50
GROWING = (1_000, 4_000)
STARTS = 9
FAMILIES = {"output-stringified", *(policy.id for policy in ORDERING)}
LARGE = 10_000_000

KINDS = ("ResourceValidationPolicy", "StackValidationPolicy")
EMPTY_PACK = """\
from pulumi_policy import PolicyPack, {kinds}
policies = [
    kind(name=kind.__name__, description="empty", validate=lambda args, report: None) for kind in ({kinds},)
]
PolicyPack("empty", policies)
"""
WITHOUT_FAMILIES = """\
import sys
sys.path.insert(0, {root!r})
from aws_preflight.policies import POLICIES
from aws_preflight.preflight.crossguard import serve
serve([policy for policy in POLICIES if policy.id not in {families!r}])
"""

Stub = analyzer_pb2_grpc.AnalyzerStub
Figure = tuple[float, float, float]


@dataclass(frozen=True)
class Row:
    """One measured thing: seconds of this pack, seconds of the floor, and their ratio, all medians."""

    name: str
    size: int
    ours: float
    floor: float
    ratio: float


def paired(ours: Callable[[], float], floor: Callable[[], float], rounds: int) -> Figure:
    """Medians of the two figures in seconds, and the median of their ratios, measured in turn after a warm-up."""
    ours(), floor()
    return medians([(ours(), floor()) for _ in range(rounds)])


def medians(pairs: Sequence[tuple[float, float]]) -> Figure:
    """The medians of both sides, and the median of the ratios."""
    ratio = statistics.median(a / b for a, b in pairs)
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs), ratio


def analyzing(pack: Stub, size: int) -> list[Callable[[], float]]:
    """Seconds in Analyze, for some of the resources at a time."""

    def measure(some: Sequence[pb.AnalyzeRequest]) -> float:
        start = time.perf_counter()
        for request in some:
            pack.Analyze(request)
        return time.perf_counter() - start

    work = requests_of(size)
    return [partial(measure, work[i : i + AT_A_TIME]) for i in range(0, size, AT_A_TIME)]


def analyzing_stack(pack: Stub, size: int) -> list[Callable[[], float]]:
    """Seconds in AnalyzeStack, which is one call for all resources."""
    return [timed(partial(pack.AnalyzeStack, stack_of(size)))]


def least(
    ours: Sequence[Callable[[], float]], floor: Sequence[Callable[[], float]], rounds: int
) -> tuple[float, float]:
    """The seconds of both sides: all parts are measured in turn, several times, and of each its least time counts."""
    parts = list(zip(ours, floor, strict=True))
    for a, b in parts:
        a(), b()
    best = [(math.inf, math.inf)] * len(parts)
    for i in range(rounds):
        for k, (a, b) in enumerate(parts):
            # Whoever comes second may find the machine warmer, so they take turns in that, too.
            one, other = (a(), b()) if i % 2 else (b(), a())[::-1]
            best[k] = min(best[k][0], one), min(best[k][1], other)
    return sum(one for one, _ in best), sum(other for _, other in best)


def starting(pack: Path) -> Callable[[], float]:
    """Seconds from the start of the process to the port on its standard output."""

    def measure() -> float:
        start = time.perf_counter()
        # Compiled modules are kept, as on the machines of users.
        with running(pack, {"PYTHONDONTWRITEBYTECODE": ""}):
            return time.perf_counter() - start

    return measure


def previewing(pack: Path, size: int) -> Callable[[], float]:
    """Seconds of all that a preview asks of a pack: its start, each resource once, and the stack."""
    work, stack = requests_of(size), stack_of(size)

    def measure() -> float:
        start = time.perf_counter()
        with running(pack, {"PYTHONDONTWRITEBYTECODE": ""}) as running_pack:
            for request in work:
                running_pack.Analyze(request)
            running_pack.AnalyzeStack(stack)
            return time.perf_counter() - start

    return measure


def packs_in(folder: Path) -> dict[str, Path]:
    """Writes the packs that ours is compared with, and names all: ours without the families, those of one policy."""
    codes = {
        "both": EMPTY_PACK.format(kinds=", ".join(KINDS)),
        "without": WITHOUT_FAMILIES.format(root=str(ROOT), families=FAMILIES),
        **{kind: EMPTY_PACK.format(kinds=kind) for kind in KINDS},
    }
    for kind, code in codes.items():
        (folder / kind).mkdir()
        (folder / kind / "__main__.py").write_text(code, encoding="utf-8")
    return {"ours": ROOT, **{kind: folder / kind for kind in codes}}


def compared(packs: dict[str, Path], resource_floor: str, stack_floor: str) -> list[Row]:
    """The rows of our pack beside two others, with a line of progress for each pair of processes.

    One process can be a tenth faster than another of the same pack for as long as it lives, so there are several pairs.
    """
    rows = []
    for name, kind, work in (("Analyze", resource_floor, analyzing), ("AnalyzeStack", stack_floor, analyzing_stack)):
        pairs: dict[int, list[tuple[float, float]]] = {size: [] for size in SIZES}
        for i in range(PROCESSES):
            say(f"{name}, beside {kind}, {i + 1} of {PROCESSES} ...")
            with running(packs["ours"]) as ours, running(packs[kind]) as floor:
                for size in SIZES:
                    a, b = least(work(ours, size), work(floor, size), ROUNDS[size])
                    pairs[size].append((a / size, b / size))
        rows += [Row(name, size, *medians(pairs[size])) for size in SIZES]
    return rows


def user_data() -> list[Row]:
    """Seconds for 10 MB of user data, and for one search in them for a literal that is not there."""
    line = 'if [ "$A" = "undefined" ]; then aws s3 cp "s3://${BUCKET}/app" /opt/app --region eu-central-1; fi  # [1]\n'
    script = (line * (LARGE // len(line) + 1))[:LARGE]
    strings = {
        "a script": script,
        "the same in base64": base64.b64encode(script.encode()).decode()[:LARGE],
        "one letter": "x" * LARGE,
        "near traces": ("Calling [t %s {0 arn:aws: " * (LARGE // 26 + 1))[:LARGE],
    }
    rows = []
    for name, text in strings.items():
        search, floor = partial(traces_in, {"userData": text}), partial(text.find, "\0?")
        rows.append(Row(name, 0, *paired(timed(search), timed(floor), 9)))
    return rows


def first_look() -> list[Row]:
    """Seconds of the first look at a resource without traces, and of decoding it."""
    quiet = [one for one in requests_of(1_000) if not may_hold_traces(one.properties.SerializeToString())]
    look = timed(lambda: [may_hold_traces(one.properties.SerializeToString()) for one in quiet])
    decode = timed(lambda: [resource_of(one) for one in quiet])
    ours, floor, ratio = paired(look, decode, 9)
    return [Row("first look, each resource", 0, ours / len(quiet), floor / len(quiet), ratio)]


def dense_stack(size: int) -> list[Resource]:
    """A stack in which every fourth resource breaks a rule of order, each with edges to earlier ones."""
    choose = random.Random(size)
    resources: list[Resource] = []

    def add(type_: str, **sources: str) -> str:
        earlier = [one.urn for one in choose.sample(resources[-1000:], min(EDGES, len(resources[-1000:])))]
        resources.append(
            Resource(
                urn=f"urn:pulumi:dev::dense::{type_}::r{len(resources)}",
                type=type_,
                name=f"r{len(resources)}",
                properties={name: unknown(name) for name in sources},
                dependencies=(*earlier, *sources.values()),
                property_dependencies={name: (urn,) for name, urn in sources.items()},
            )
        )
        return resources[-1].urn

    while len(resources) < size:
        role = add("aws:iam/role:Role")
        add("aws:iam/rolePolicy:RolePolicy", role=role)
        function = add("aws:lambda/function:Function", role=role, vpcConfig=role)
        add("aws:lambda/permission:Permission", function=function)
        api = add("aws:apigateway/restApi:RestApi")
        add("aws:apigateway/method:Method", restApi=api)
        add("aws:apigateway/deployment:Deployment", restApi=api)
        vpc = add("aws:ec2/vpc:Vpc")
        add("aws:ec2/internetGateway:InternetGateway", vpcId=vpc)
        add("aws:lb/loadBalancer:LoadBalancer", subnets=add("aws:ec2/subnet:Subnet", vpcId=vpc))
    return resources[:size]


def dense() -> list[Row]:
    """Seconds for each resource of a stack that breaks many rows, beside one question about its graph."""
    rows = []
    for size in SIZES:
        resources = dense_stack(size)
        ours, one, ratio = paired(
            timed(partial(_missing_in, resources)), timed(partial(_who_waits, resources)), PROCESSES
        )
        rows.append(Row("rules of order", size, ours / size, one / size, ratio))
    return rows


def growing() -> list[Row]:
    """Seconds for each resource in all stack policies, of 4,000 beside 1,000: a ratio of 1 is linear cost."""
    small, large = GROWING
    rows = []
    for name, shape in (*SHAPES.items(), *OF_JOINS.items()):
        few, many = shape(small), shape(large)
        ours, floor, _ = paired(timed(partial(_evaluate, many)), timed(partial(_evaluate, few)), PROCESSES)
        ours, floor = ours / len(many), floor / len(few)
        rows.append(Row(name, 0, ours, floor, ours / floor))
    return rows


def _evaluate(resources: list[Resource]) -> object:
    stack = Stack(resources)
    return [policy.on_stack(stack) for policy in POLICIES if policy.scope == "stack"]


def _missing_in(resources: list[Resource]) -> object:
    return missing(Stack(resources))


def _who_waits(resources: list[Resource]) -> object:
    return Stack(resources).waiting_for(resources[:1])


def timed(work: Callable[[], object]) -> Callable[[], float]:
    """Seconds of one call."""

    def measure() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return measure


def say(line: str) -> None:
    """A line about the run itself."""
    sys.stderr.write(f"measuring: {line}\n")


def table(rows: Sequence[Row], floor: str) -> str:
    """The rows for people; both parts of a preview together have a line of their own."""
    lines = [f"{'':36}{'this pack':>12}{floor:>20}{'ratio':>8}"]
    both = [
        Row("both", a.size, a.ours + b.ours, a.floor + b.floor, (a.ours + b.ours) / (a.floor + b.floor))
        for a in rows
        for b in rows
        if (a.name, b.name) == ("Analyze", "AnalyzeStack") and a.size == b.size
    ]
    for row in (*rows, *both):
        of = " of" if row.name == "a whole preview" else ", each of"
        name = row.name if not row.size else f"{row.name}{of} {row.size:,} resources"
        lines.append(f"{name:36}{row.ours * 1000:9.3f} ms{row.floor * 1000:17.3f} ms{row.ratio:8.2f}")
    return "\n".join(lines) + "\n"


def plot(rows: Sequence[Row], file: Path) -> None:
    """Draws time for each resource over the size of the stack: a line that stays flat is linear cost."""
    # Imported here: only a plot needs it.
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "aws-preflight"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4))
    for name, marker in (("Analyze", "o"), ("AnalyzeStack", "s")):
        own = [row for row in rows if row.name == name]
        sizes = [row.size for row in own]
        axes.plot(sizes, [row.ours * 1000 for row in own], f"{marker}-", label=f"{name}, this pack")
        axes.plot(sizes, [row.floor * 1000 for row in own], f"{marker}--", label=f"{name}, one empty policy")
    axes.set(xscale="log", yscale="log", xlabel="resources in the stack", ylabel="milliseconds for each resource")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})


def main(arguments: list[str]) -> int:
    """Measures, prints the table, and draws it where asked."""
    with tempfile.TemporaryDirectory() as folder:
        packs = packs_in(Path(folder))
        rows = compared(packs, "ResourceValidationPolicy", "StackValidationPolicy")
        say("start ...")
        rows.append(Row("start", 0, *paired(starting(ROOT), starting(packs["ResourceValidationPolicy"]), STARTS)))
        for size in SIZES[:2]:
            say(f"whole previews of {size:,} resources ...")
            measured = paired(previewing(ROOT, size), previewing(packs["both"], size), STARTS)
            rows.append(Row("a whole preview", size, *measured))
        families = compared(packs, "without", "without")
    types = types_of(stack_of(SIZES[-1]))
    sys.stdout.write(f"{len(POLICIES)} policies, resources of {types} types\n" + table(rows, "one empty policy"))
    sys.stdout.write("\n" + table(families, "without families"))
    sys.stdout.write("\nA resource without traces\n" + table(first_look(), "decoding it"))
    sys.stdout.write("\n10 MB of user data\n" + table(user_data(), "one search"))
    sys.stdout.write("\nA stack that breaks many rules of order\n" + table(dense(), "who waits for one"))
    small, large = GROWING
    title = f"\nEach resource of a stack with {large:,} of each, all stack policies\n"
    sys.stdout.write(title + table(growing(), f"with {small:,} of each"))
    if arguments[:1] == ["--plot"]:
        plot(rows, Path(arguments[1]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
