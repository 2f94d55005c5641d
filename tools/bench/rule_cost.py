"""What rules cost: the start and both calls of a pack with 400 rules, and the evaluation of 50 rules of one type.

`python -m tools.bench.rule_cost`, part of `make bench`. The packs are compared as `tools/bench/pack_cost.py` does it:
in turn, with the least that any policy pack costs. The 400 are the rules there are and copies of them under other ids;
the requests are those of recorded programs, of which most have types with rules.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from aws_preflight.policies.rules import RULES
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.rules.rule import Rule
from aws_preflight.preflight.run import Run
from tools.bench.pack_cost import EMPTY_PACK, analyzing, analyzing_stack, medians, paired, starting
from tools.bench.stacks import stack_of
from tools.recording.recorded import ROOT, running

NUMBER = 400
OF_ONE_TYPE = 50
SIZE = 1_000
PROCESSES = 3
STARTS = 9

PACK = """\
import json, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from aws_preflight.policies import POLICIES
from aws_preflight.preflight.crossguard import serve
from aws_preflight.preflight.rules.rule import load
rules = load(Path(__file__).with_name("compiled.jsonl"), lambda *types: types)
serve([*(policy for policy in POLICIES if not policy.section_of), *rules])
"""


def many_rules() -> str:
    """A compiled file of `NUMBER` rules."""
    file = ROOT / "aws_preflight" / "policies" / "rules" / "compiled.jsonl"
    index, *lines = file.read_text(encoding="utf-8").splitlines()
    facts = json.loads(index)
    copies = [{**facts[i % len(facts)], "id": f"copy-{i}"} for i in range(NUMBER)]
    return "\n".join([json.dumps(copies), *(lines[i % len(lines)] for i in range(NUMBER))])


def packs_in(folder: Path) -> tuple[Path, Path, Path]:
    """The pack with the rules, and the least packs of a resource and of a stack policy."""
    packs = (folder / "rules", folder / "resource", folder / "stack")
    codes = (
        PACK.format(root=str(ROOT)),
        EMPTY_PACK.format(kind="ResourceValidationPolicy"),
        EMPTY_PACK.format(kind="StackValidationPolicy"),
    )
    for pack, code in zip(packs, codes, strict=True):
        pack.mkdir()
        (pack / "__main__.py").write_text(code, encoding="utf-8")
    (packs[0] / "compiled.jsonl").write_text(many_rules(), encoding="utf-8")
    return packs


def evaluating(rules: list[Rule], one: Resource) -> Callable[[], float]:
    """Seconds to evaluate the rules for a resource that is already decoded, as a run does."""
    run = Run(rules)

    def measure() -> float:
        start = time.perf_counter()
        for i in range(200):
            fresh = replace(one, urn=f"{one.urn}-{i}")
            run.evaluate_resource(fresh.type, fresh.urn, lambda fresh=fresh: fresh)  # type: ignore[misc]
        return (time.perf_counter() - start) / 200

    return measure


def of_one_type() -> list[tuple[str, float]]:
    """Seconds for `OF_ONE_TYPE` rules of a type with plain inputs, and of one with a document."""
    statement = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::bucket/*"}
    document = '{"Version": "2012-10-17", "Statement": [%s]}' % str(statement).replace("'", '"')  # noqa: UP031
    plain = {"engine": "postgres", "storageType": "gp3", "allocatedStorage": 400, "port": 5432, "username": "app"}
    figures = []
    for type_, properties in (("aws:rds/instance:Instance", plain), ("aws:iam/policy:Policy", {"policy": document})):
        own = [rule for rule in RULES if rule.applies_to(type_)]
        copies = [replace(own[i % len(own)], id=f"copy-{i}") for i in range(OF_ONE_TYPE)]
        measure = evaluating(copies, Resource(urn="urn", type=type_, name="x", properties=properties))
        measure()
        figures.append((type_, statistics.median(measure() for _ in range(9))))
    return figures


def main() -> int:
    """Measures and prints."""
    for type_, seconds in of_one_type():
        sys.stdout.write(f"{OF_ONE_TYPE} rules for one {type_}: {seconds * 1e3:.3f} ms\n")
    stack = stack_of(SIZE)
    with tempfile.TemporaryDirectory() as folder:
        ours, for_resources, for_stacks = packs_in(Path(folder))
        figures = {f"start, {NUMBER} rules": paired(starting(ours), starting(for_resources), STARTS)}
        for name, floor, work in (("Analyze", for_resources, analyzing), ("AnalyzeStack", for_stacks, analyzing_stack)):
            pairs = []
            for _ in range(PROCESSES):
                with running(ours) as a, running(floor) as b:
                    x, y = work(a, stack), work(b, stack)
                    x(), y()
                    pairs += [(x(), y()) for _ in range(3)]
            figures[f"{name}, each of {SIZE} resources"] = medians(pairs)
        for name, (mine, least, ratio) in figures.items():
            sys.stdout.write(f"{name}: {mine * 1e3:.2f} ms, the least {least * 1e3:.2f} ms, ratio {ratio:.2f}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
