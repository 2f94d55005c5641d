"""The page about joins, `docs/joins.md`: a section for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.joins import JOINS
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.values import quote
from tools.generate import join_rules
from tools.generate.join_rules import JoinSource
from tools.generate.markdown import code, link

PAGE: Final = "docs/joins.md"
GENERATED: Final = "<!-- Written by `make docs` from aws_preflight/policies/joins. Change that, not this page. -->"
HEAD: Final = """\
# Resources that do not go together

Each of these resources is valid; AWS refuses one of them because of another that it names. A join is data as a rule is,
in `aws_preflight/policies/joins/<service>.yaml`: `types` are those of the resource that is reported, and the condition
asks the resources that its inputs were made from with `of`
([rules-language.md](rules-language.md#conditions-on-a-stack)). A case is a stack: resources by name, the reported one
first; `!from NAME` is a value made from the resource of that name. `make rules` compiles the files.

`twice` stands for what two resources of the types may not have in common in one region: `of` names inputs with the type
of the one resource that they were made from, `equal` inputs with the same value, `overlap` an input with a CIDR block.
`refuse` is then a condition on the one that is reported, and `other` one on the other.

With a resource of a type in `absent` in the stack a join says nothing.

What a resource was made from is what the engine tells: where the other resource is not in the stack, or its property is
not known, the join is silent."""


def pages() -> dict[str, str]:
    """The page with its content, by its path from the root of the pack."""
    by_id = {join.id: join for join in JOINS}
    sections = [part for source in join_rules.sources() for part in _section(source, by_id[source.id])]
    return {PAGE: "\n\n".join([GENERATED, HEAD, *sections]) + "\n"}


def _section(source: JoinSource, join: Policy) -> Iterator[str]:
    answer = join.answer
    yield f"## {join.id}"
    yield f"**{join.title}.** {join.fix.words[0].upper()}{join.fix.words[1:]}."
    yield f"Level: {join.level} · {', '.join(f'`{type_}`' for type_ in source.facts['types'])}"
    yield f"{answer.introduction}:\n\n> {answer.text}"
    yield "Sources: " + ", ".join(map(link, join.sources))
    yield code("Wrong:", join.wrong)
    yield code("Right:", join.right)
    yield "\n".join(_cases(source))


def _cases(source: JoinSource) -> Iterator[str]:
    count = len(source.facts["bad"]) + len(source.facts["good"])
    yield f"<details><summary>{count} cases</summary>\n"
    for kind, title in (("bad", "Refused"), ("good", "Passes")):
        yield f"{title}:\n"
        for stack in source.cases(kind):
            shown = [f"{one.name}: {quote(dict(one.properties), 400)}" for one in stack]
            yield f"- `{'`; `'.join(shown)}`"
        yield ""
    yield "</details>"
