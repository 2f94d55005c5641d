"""The pages about what must exist before what: one for each service, a section for each rule, and an index of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.ordering import page_of, rules_of
from aws_preflight.preflight.ordering.ordering_rule import OrderingRule
from tools.generate import ordering_rules
from tools.generate.markdown import link
from tools.generate.rule_files import Source

GENERATED: Final = "<!-- Written by `make docs` from policies/ordering. Change those files, not this page. -->"


def pages() -> dict[str, str]:
    """Every page with its content, by its path from the root of the repository."""
    sources = {source.id: source for source in ordering_rules.sources()}
    shared = ordering_rules.sets()
    declared = [ordering_rules.compiled(source, shared) for source in sources.values()]
    rules = sorted(rules_of({"sets": shared.needed, "rules": declared}), key=lambda rule: rule.id)
    found = {"docs/ordering/README.md": _index(rules)}
    for service in {rule.service for rule in rules}:
        sections = [_section(rule, sources[rule.id]) for rule in rules if rule.service == service]
        found[page_of(service)] = "\n\n".join([GENERATED, f"# Order of creation: {service}", *sections]) + "\n"
    return found


def _index(rules: list[OrderingRule]) -> str:
    levels = Counter(rule.level for rule in rules)
    counted = ", ".join(f"{number} {level}" for level, number in sorted(levels.items()))
    lines = [
        f"| [{rule.id}]({rule.service}.md#{rule.id}) | {', '.join(rule.consumer_kinds)} | {rule.kinds} | {rule.level} |"
        for rule in rules
    ]
    parts = [
        GENERATED,
        "# What must exist before what",
        f"{len(rules)} rules: {counted}. How they are written: [ordering.md](../ordering.md).",
        "\n".join(["| rule | resource | needs | level |", "|---|---|---|---|", *lines]),
    ]
    return "\n\n".join(parts) + "\n"


def _section(rule: OrderingRule, source: Source) -> str:
    return "\n\n".join([f"## {rule.id}", *filter(None, _facts(rule, source))])


def _facts(rule: OrderingRule, source: Source) -> Iterator[str]:
    consumers = ", ".join(f"`{type_}`" for type_ in sorted(rule.consumers))
    yield f"A resource of the type {consumers} needs {rule.kinds} to be there first. Level: {rule.level}."
    said = f"AWS {'documents' if rule.documented else 'answers'}:\n\n> {rule.answer}"
    yield said if rule.answer else "AWS's answer is not recorded."
    yield f"What is seen: {rule.effect}." if rule.effect else ""
    yield f"Retries of the provider: {rule.retries or 'not known'}."
    yield "Sources: " + ", ".join(map(link, source.facts["sources"]))
