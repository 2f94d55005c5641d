"""The pages of the rules that are data: one for each service, a section for each rule, and an index of all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from aws_preflight.policies.rules import RULES
from aws_preflight.preflight.rules.rule import Rule
from aws_preflight.preflight.values import Value, quote
from tools.generate import rules
from tools.generate.markdown import code, link
from tools.generate.rule_files import RuleCase, RuleSource

GENERATED: Final = "<!-- Written by `make docs` from the rules' YAML files. Change those, not this page. -->"
_LONGEST: Final = 400


def pages() -> dict[str, str]:
    """Every page with its content, by its path from the root of the pack."""
    by_service: dict[str, list[RuleSource]] = defaultdict(list)
    for source in rules.sources():
        by_service[source.service].append(source)
    by_id = {rule.id: rule for rule in RULES}
    found = {f"docs/rules/{name}.md": _page(name, own, by_id) for name, own in by_service.items()}
    return found | {"docs/rules/README.md": _index(by_service, by_id)}


def _index(by_service: dict[str, list[RuleSource]], by_id: Mapping[str, Rule]) -> str:
    levels = Counter(rule.level for rule in by_id.values())
    counted = " and ".join(f"{number} {level}" for level, number in sorted(levels.items(), reverse=True))
    rows = [
        f"| [{source.id}]({service}.md#{source.id}) | {by_id[source.id].level} | {by_id[source.id].title} |"
        for service, own in sorted(by_service.items())
        for source in own
    ]
    parts = [
        GENERATED,
        "# Rules",
        f"{len(by_id)} rules, {counted}: what AWS refuses in the inputs of one resource. How one is written:"
        " [rules-language.md](../rules-language.md). The policies that need code: [policies](../policies/README.md).",
        "\n".join(["| rule | level | what is wrong |", "|---|---|---|", *rows]),
    ]
    return "\n\n".join(parts) + "\n"


def _page(service: str, own: list[RuleSource], by_id: Mapping[str, Rule]) -> str:
    head = [GENERATED, f"# Rules for {service}", "All rules: [README.md](README.md)."]
    return "\n\n".join([*head, *(part for source in own for part in _section(source, by_id[source.id]))]) + "\n"


def _section(source: RuleSource, rule: Rule) -> Iterator[str]:
    answer = rule.answer
    yield f"## {rule.id}"
    yield f"**{rule.title}.** {source.facts['fix'][0].upper()}{source.facts['fix'][1:]}."
    yield f"Level: {rule.level} · {', '.join(f'`{type_}`' for type_ in (*source.scopes, *rule.twins))}"
    yield f"{answer.introduction}:\n\n> {answer.text}"
    seen = f"{'Seen at' if answer.basis == 'recorded' else 'Read at'}: {link(answer.source)}."
    docs = f" AWS documents it: <{rule.sources[0]}>." if rule.sources[0] != answer.source else ""
    yield f"{seen}{docs} {rule.why_not_preview}"
    if "doubt" in source.facts:
        yield f"Doubt: {source.facts['doubt']}"
    yield code("Wrong:", rule.wrong)
    yield code("Right:", rule.right)
    yield _cases(source)


def _cases(source: RuleSource) -> str:
    lines: list[str] = []
    for kind, title in (("bad", "Refused"), ("good", "Passes")):
        cases = zip(source.cases(kind), source.facts[kind], strict=True)
        lines += [f"{title}:", "", *(_case(case, raw) for case, raw in cases), ""]
    count = len(source.facts["bad"]) + len(source.facts["good"])
    return "\n".join([f"<details><summary>{count} cases</summary>", "", *lines, "</details>"])


def _case(case: RuleCase, raw: Value) -> str:
    inputs = raw["inputs"] if isinstance(raw.get("inputs"), dict) else raw
    facts = [
        f"at `{case.at}`" if case.at else "",
        f"in {case.region}" if case.region else "",
        case.note,
    ]
    told = ", ".join(fact for fact in facts if fact)
    shown = quote(inputs, _LONGEST).replace('"UNKNOWN"', "(unknown)")
    return f"- `{shown}`{': ' + told if told else ''}"
