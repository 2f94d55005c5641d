"""Writes the pages of the policies, `docs/policies/*.md`, from their declarations and cases, those of the rules,
`docs/rules/*.md`, those of the rules of order,
`docs/ordering/*.md`, and the README's table of services.

`python -m tools.generate.docs` writes them, `python -m tools.generate.docs --check` says which are stale (exit code 1).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from aws_preflight.policies import declared
from aws_preflight.preflight.policy import ANY_TYPE, Policy
from tools.cases import Case, cases_of
from tools.generate import access_page, join_pages, ordering_pages, readme, rule_pages
from tools.generate.markdown import code, link

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "policies"
RULES = ROOT / "docs" / "rules"
ORDERING_PAGES = ROOT / "docs" / "ordering"
GENERATED = "<!-- Written by `make docs` from the policy and its cases. Change those, not this page. -->"


def page(policy: Policy) -> str:
    """The page of one policy, in Markdown."""
    answer = policy.answer
    parts = [
        GENERATED,
        f"# {policy.id}",
        f"**{policy.title}**",
        f"Level: {_level(policy)} · evaluates: one {policy.scope}",
        policy.doc,
        f"## What it refuses\n\n{policy.refuses}\n\nResource types: {_types(policy)}",
        f"## Why a preview does not see it\n\n{policy.why_not_preview}",
        f"## What AWS says\n\n{answer.introduction}:\n\n> {answer.text}\n\nSeen at: {link(answer.source)}",
        code("## Wrong", policy.wrong),
        code("## Right", policy.right),
        _cases(cases_of(policy.id)),
        _configuration(policy),
        "## Sources\n\n" + "\n".join(f"- {link(source)}" for source in policy.sources),
    ]
    return "\n\n".join(parts) + "\n"


def _level(policy: Policy) -> str:
    if not policy.creation or (policy.level == "advisory" and policy.existing != "silent"):
        return policy.level
    where = "silent" if policy.existing == "silent" else "advisory"
    return f"{policy.level} where the resource is about to be created or replaced, {where} where it exists already"


def index() -> str:
    """The list of all policies, in Markdown."""
    rows = [
        f"| [{policy.id}]({policy.id}.md) | {policy.scope} | {policy.level} | {policy.refuses} |"
        for policy in declared()
        if not policy.section_of
    ]
    head = ["| policy | evaluates | level | what it refuses |", "|---|---|---|---|"]
    more = (
        "The rules that are data: [rules](../rules/README.md). What is behind the policies about [offers](offers.md)."
    )
    return f"{GENERATED}\n\n# Policies\n\n{more}\n\n" + "\n".join([*head, *rows]) + "\n"


def pages() -> dict[Path, str]:
    """Every generated file with its content."""
    general = {FOLDER / "README.md": index(), readme.FILE: readme.page()}
    own = {ROOT / policy.page: page(policy) for policy in declared() if not policy.section_of}
    families = rule_pages.pages() | ordering_pages.pages() | access_page.pages() | join_pages.pages()
    return general | own | {ROOT / path: text for path, text in families.items()}


def stale() -> list[Path]:
    """The generated files that are not as they should be, and pages of policies that no longer exist."""
    wanted = pages()
    outdated = [path for path, text in wanted.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    written = sorted([*FOLDER.glob("*.md"), *ORDERING_PAGES.glob("*.md"), *RULES.glob("*.md")])
    return outdated + [path for path in written if path not in wanted and _is_generated(path)]


def _is_generated(page_: Path) -> bool:
    return page_.read_text(encoding="utf-8").startswith("<!-- Written by")


def _types(policy: Policy) -> str:
    if ANY_TYPE in policy.types:
        return "any, of any provider"
    return ", ".join(f"`{type_}`" for type_ in policy.types)


def _cases(cases: Sequence[Case]) -> str:
    refused = [case for case in cases if case.findings]
    passing = [case for case in cases if not case.findings and not case.mended]
    lines = ["## Cases", "", "Found:", ""]
    for case in refused:
        places = ", ".join(f"`{finding.at}`" for finding in case.findings)
        doubt = " (advisory)" if all(finding.level == "advisory" for finding in case.findings) else ""
        lines.append(f"- {case.title}: {places}{doubt}")
    lines += ["", "Passes:", "", *(f"- {case.title}" for case in passing)]
    return "\n".join(lines)


def _configuration(policy: Policy) -> str:
    own = "\n".join(f"- `{name}`: {schema['description']}" for name, schema in policy.properties.items())
    said = f"The policy takes these properties:\n\n{own}\n\n" if own else "The policy has no properties of its own. "
    return f"""\
## Configuration

{said}Its level can be set for a run, or for a policy group in Pulumi Cloud:

```json
{{ "{policy.id}": "advisory" }}
```

`pulumi preview --policy-pack . --policy-pack-config levels.json` takes such a file; the levels are `mandatory`,
`advisory` and `disabled`. Findings that are a doubt rather than a refusal stay advisory at every level."""


def main(arguments: list[str]) -> int:
    """Runs the command line; the exit code is 1 when `--check` finds a stale page."""
    outdated = stale()
    for path in outdated:
        sys.stdout.write(f"{'stale' if '--check' in arguments else 'written'}: {path.relative_to(ROOT)}\n")
    if "--check" in arguments:
        return 1 if outdated else 0
    for folder in (FOLDER, ORDERING_PAGES, RULES):
        folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in outdated:
        if path in wanted:
            path.write_text(wanted[path], encoding="utf-8")
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
