"""What the pack costs: time for each resource, and time to start. `make bench` runs this.

Beside it runs a pack of the `pulumi_policy` SDK with one empty policy, the least that any policy pack costs. Both get
the same recorded requests of a 41-resource program in turn, A B A B, so that a ratio holds when the machine's speed
drifts. Analyze is one call for each resource; AnalyzeStack is one call for all of them, counted for each resource.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc

from tools.recorded import ROOT, Request, requests, running, send

ROUNDS = 15
REPEATS = 20
STARTS = 7

EMPTY_PACK = """\
from pulumi_policy import EnforcementLevel, PolicyPack, {kind}
PolicyPack("empty", [{kind}(name="empty", description="empty", validate=lambda args, report: None)])
"""


def paired(ours: Callable[[], float], floor: Callable[[], float], rounds: int) -> tuple[float, float, float]:
    """Medians of the two figures in seconds, and the median of their ratios, measured in turn after a warm-up."""
    ours(), floor()
    pairs = [(ours(), floor()) for _ in range(rounds)]
    ratio = statistics.median(a / b for a, b in pairs)
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs), ratio


def timer(pack: analyzer_pb2_grpc.AnalyzerStub, work: Sequence[Request], resources: int) -> Callable[[], float]:
    """Seconds for each resource."""

    def measure() -> float:
        start = time.perf_counter()
        for _ in range(REPEATS):
            for request in work:
                send(pack, request)
        return (time.perf_counter() - start) / REPEATS / resources

    return measure


def starter(pack: Path) -> Callable[[], float]:
    """Seconds from the start of the process to the port on its standard output."""

    def measure() -> float:
        start = time.perf_counter()
        with running(pack):
            return time.perf_counter() - start

    return measure


def main() -> int:
    """Measures and prints one line a figure."""
    work = requests()
    single = [request for request in work if isinstance(request, pb.AnalyzeRequest)]
    whole = [request for request in work if isinstance(request, pb.AnalyzeStackRequest)]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        empty = {}
        for kind in ("ResourceValidationPolicy", "StackValidationPolicy"):
            empty[kind] = Path(folder) / kind
            empty[kind].mkdir()
            (empty[kind] / "__main__.py").write_text(EMPTY_PACK.format(kind=kind), encoding="utf-8")
        for name, kind, requests_ in (
            ("Analyze, per resource", "ResourceValidationPolicy", single),
            ("AnalyzeStack, per resource", "StackValidationPolicy", whole),
        ):
            sys.stderr.write(f"measuring {name} ...\n")
            with running(ROOT) as ours, running(empty[kind]) as floor:
                count = len(single)
                figures = paired(timer(ours, requests_, count), timer(floor, requests_, count), ROUNDS)
            rows.append((name, *figures))
        sys.stderr.write("measuring the start ...\n")
        rows.append(("start", *paired(starter(ROOT), starter(empty["ResourceValidationPolicy"]), STARTS)))
    sys.stdout.write(f"{'':28}{'this pack':>12}{'one empty policy':>20}{'ratio':>8}\n")
    for name, ours_, floor_, ratio in rows:
        sys.stdout.write(f"{name:28}{ours_ * 1000:9.3f} ms{floor_ * 1000:17.3f} ms{ratio:8.2f}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
