"""The part of the README that is written by `make docs`: how many policies there are for each service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from aws_preflight.policies import declared
from aws_preflight.policies.ordering import ORDERING
from aws_preflight.policies.rules import RULES
from aws_preflight.preflight.policy import ANY_TYPE, Policy
from aws_preflight.preflight.resource import module_of

FILE: Final = Path(__file__).parents[2] / "README.md"
BEGIN: Final = "<!-- Written by `make docs`, from here to the next comment. -->\n"
END: Final = "<!-- The end of what is written by `make docs`. -->\n"
SHOWN: Final = 8
"""A service with fewer policies shares the last row with the others."""


def page() -> str:
    """The README with its table of services as it should be."""
    text = FILE.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(
            f"{FILE.name}: the comments around the table of services are gone: see tools/generate/readme.py"
        )
    return "".join([before, begin, "\n", "\n".join(block()), "\n\n", end, after])


def block() -> Iterator[str]:
    """The lines between the comments."""
    counts: dict[str, Counter[str]] = {}
    for policy in declared():
        counts.setdefault(_service(policy), Counter())[policy.scope] += 1
    anything = counts.pop("", Counter())
    shown = sorted(
        (name for name in counts if counts[name].total() >= SHOWN), key=lambda name: (-counts[name].total(), name)
    )
    others = [name for name in counts if name not in shown]
    yield f"{len(declared())} policies for {len(counts)} services, by the names that Pulumi gives these:"
    yield ""
    yield "| service | one resource by itself | several resources | policies |"
    yield "|---|---|---|---|"
    for name in shown:
        yield _row(name, counts[name], linked=name)
    yield _row(f"{len(others)} more services", sum((counts[name] for name in others), Counter()))
    yield _row("any", anything)
    yield _row("all", sum(counts.values(), anything))
    yield ""
    yield "With code and a page of their own:"
    own = [policy for policy in declared() if _kind(policy) == "code"]
    yield from (f"- [{policy.id}]({policy.page}): {policy.title[0].lower()}{policy.title[1:]}" for policy in own)


def _kind(policy: Policy) -> str:
    return "rules" if policy in RULES else "ordering" if policy in ORDERING else "code"


def _service(policy: Policy) -> str:
    """The service that has the policy: that of its page, or of its first type."""
    if _kind(policy) != "code":
        return PurePosixPath(policy.page.partition("#")[0]).stem
    return "" if ANY_TYPE in policy.types else module_of(policy.types[0])


def _row(name: str, counts: Counter[str], linked: str = "") -> str:
    def cell(number: int, folder: str) -> str:
        file = f"docs/{folder}/{linked}.md"
        exists = linked and number and (FILE.parent / file).exists()
        return f"[{number}]({file})" if exists else str(number or "")

    return f"| {name} | {cell(counts['resource'], 'rules')} | {cell(counts['stack'], 'ordering')} | {counts.total()} |"
