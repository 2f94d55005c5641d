"""`python -m preflight list`, `explain` and `check-config`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from commands.config_file import UnreadableError, check
from policies import POLICIES
from preflight.message import printable
from preflight.values import suggestion

ROOT = Path(__file__).parent.parent


@click.command("list")
def list_policies() -> None:
    """List the policies with their levels."""
    width = max(len(policy.id) for policy in POLICIES)
    for policy in POLICIES:
        click.echo(f"{policy.id:{width}}  {policy.level:9}  {policy.title}")


@click.command()
@click.argument("policy")
def explain(policy: str) -> None:
    """Show the page of a policy: what it refuses, why, and how to mend it."""
    found = next((known for known in POLICIES if known.id == policy), None)
    if found is None:
        close = suggestion(policy, [known.id for known in POLICIES])
        click.echo(
            f"error: there is no policy {printable(policy)}{close} `python -m preflight list` names all", err=True
        )
        sys.exit(2)
    page, _, section = found.page.partition("#")
    text = (ROOT / page).read_text(encoding="utf-8")
    if section:
        heading = f"## {section}\n"
        text = heading + text.partition(f"\n{heading}")[2].partition("\n## ")[0]
    click.echo("\n".join(line for line in text.splitlines() if not line.startswith("<!--")).strip())


@click.command("check-config")
@click.argument("file", type=click.Path(path_type=Path))
def check_config(file: Path) -> None:
    """Check a file of levels and properties, or a Pulumi.<stack>.yaml with exemptions.

    The exit code is 0 when nothing is wrong, 1 when something is, and 2 when the file cannot be read.
    """
    try:
        mistakes = check(file.read_text(encoding="utf-8"), file.name)
    except (OSError, UnicodeDecodeError) as error:
        click.echo(f"error: {file}: cannot be read: {getattr(error, 'strerror', None) or 'no UTF-8 text'}", err=True)
        sys.exit(2)
    except UnreadableError as error:
        click.echo(f"error: {file}: is neither JSON nor YAML: {printable(str(error))}", err=True)
        sys.exit(2)
    for mistake in mistakes:
        place = f"{mistake.place}: " if mistake.place else ""
        click.echo(f"{file}:{mistake.line}: {printable(place + mistake.message)}")
    if mistakes:
        click.echo(f"{len(mistakes)} mistake(s)", err=True)
        sys.exit(1)
    click.echo(f"{file}: nothing wrong", err=True)
