"""`aws-preflight list`, `explain` and `check-config`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from aws_preflight.cli.config_file import UnreadableError, check
from aws_preflight.policies import POLICIES
from aws_preflight.policies.ordering import OTHER_PAGES
from aws_preflight.preflight.message import printable
from aws_preflight.preflight.policy import ANY_TYPE, Policy
from aws_preflight.preflight.values import suggestion

_PACKAGE: Final = Path(__file__).resolve().parents[1]
ROOT: Final = _PACKAGE if (_PACKAGE / "docs").exists() else _PACKAGE.parent
"""Where the pages are: a wheel has them inside the package, a clone beside it."""


@click.command("list")
@click.option("--service", metavar="NAME", help="Only policies about this service, as in aws:SERVICE/...: acm, ecs.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_policies(service: str | None, format_: str) -> None:
    """List the policies with their levels."""
    chosen = [policy for policy in POLICIES if service is None or service in policy.services]
    if format_ == "json":
        click.echo(json.dumps(list(map(_listed, chosen)), indent=2))
        return
    width = max((len(policy.id) for policy in chosen), default=0)
    for policy in chosen:
        click.echo(f"{policy.id:{width}}  {policy.level:9}  {policy.title}")


def _listed(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "level": policy.level,
        "title": policy.title,
        "services": list(policy.services),
        "types": [] if ANY_TYPE in policy.types else list(policy.types),
        "anyType": ANY_TYPE in policy.types,
        "answer": policy.answer.text,
        "documentation": policy.documentation,
    }


@click.command()
@click.argument("id", metavar="ID")
def explain(id: str) -> None:
    """Show the page of a policy: what it refuses, why, and how to mend it."""
    pages = {other: f"{page}#{other}" for other, page in OTHER_PAGES.items()} | {one.id: one.page for one in POLICIES}
    if id not in pages:
        click.echo(
            f"error: there is no policy {printable(id)}{suggestion(id, list(pages))} `aws-preflight list` names all",
            err=True,
        )
        sys.exit(2)
    click.echo(_read(pages[id]))


def _read(page: str) -> str:
    """A page of the docs, or the section of it that follows a `#`."""
    file, _, section = page.partition("#")
    text = (ROOT / file).read_text(encoding="utf-8")
    if section:
        heading = f"## {section}\n"
        text = heading + text.partition(f"\n{heading}")[2].partition("\n## ")[0]
    return "\n".join(line for line in text.splitlines() if not line.startswith("<!--")).strip()


@click.command("check-config")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
def check_config(files: Sequence[Path]) -> None:
    """Check files of levels and properties, or a Pulumi.yaml or Pulumi.<stack>.yaml with exemptions.

    The exit code is 0 when nothing is wrong, 1 when something is, and 2 when a file cannot be read.
    """
    sys.exit(max(map(_checked, files)))


def _checked(file: Path) -> int:
    try:
        mistakes = check(file.read_text(encoding="utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        click.echo(f"error: {file}: cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8 text'}", err=True)
        return 2
    except UnreadableError as error:
        click.echo(f"error: {file}: is neither JSON nor YAML: {printable(str(error))}", err=True)
        return 2
    for mistake in mistakes:
        place = f"{mistake.place}: " if mistake.place else ""
        click.echo(f"{file}:{mistake.line}: {printable(place + mistake.message)}")
    click.echo(f"{len(mistakes)} mistake(s)" if mistakes else f"{file}: nothing wrong", err=True)
    return 1 if mistakes else 0
