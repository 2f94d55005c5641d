"""What 50 rules of one type cost at a resource that is already decoded: with plain inputs, and with a document.

`python -m tools.bench.rule_cost`, part of `make bench`.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace

from aws_preflight.policies.rules import RULES
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.rules.rule import Rule
from aws_preflight.preflight.run import Run

OF_ONE_TYPE = 50


def evaluating(rules: list[Rule], one: Resource) -> Callable[[], float]:
    """Seconds to evaluate the rules for a resource that is already decoded, as a run does."""
    run = Run(rules)

    def measure() -> float:
        resources = [replace(one, urn=f"{one.urn}-{i}") for i in range(200)]
        start = time.perf_counter()
        for fresh in resources:
            run.evaluate_resource(fresh.type, fresh.urn, lambda fresh=fresh: fresh)  # type: ignore[misc]
        return (time.perf_counter() - start) / len(resources)

    return measure


def of_one_type() -> list[tuple[str, float]]:
    """The least seconds for `OF_ONE_TYPE` rules of a type with plain inputs, and of one with a document."""
    statement = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::bucket/*"}
    document = '{"Version": "2012-10-17", "Statement": [%s]}' % str(statement).replace("'", '"')  # noqa: UP031
    plain = {"engine": "postgres", "storageType": "gp3", "allocatedStorage": 400, "port": 5432, "username": "app"}
    figures = []
    for type_, properties in (("aws:rds/instance:Instance", plain), ("aws:iam/policy:Policy", {"policy": document})):
        own = [rule for rule in RULES if rule.applies_to(type_)]
        copies = [replace(own[i % len(own)], id=f"copy-{i}") for i in range(OF_ONE_TYPE)]
        measure = evaluating(copies, Resource(urn="urn", type=type_, name="x", properties=properties))
        measure()
        figures.append((type_, min(measure() for _ in range(50))))
    return figures


def main() -> int:
    """Measures and prints."""
    for type_, seconds in of_one_type():
        sys.stdout.write(f"{OF_ONE_TYPE} rules for one {type_}: {seconds * 1e3:.3f} ms\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
