"""The lines that make one resource wait for others, and how resources are named in words."""

from __future__ import annotations

from collections.abc import Sequence
from keyword import iskeyword

from aws_preflight.preflight.finding import Fix
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import quote, snake_case


def depends_on(consumer: Resource, missing: Sequence[Resource]) -> Fix:
    """What makes `consumer` wait for `missing`: one line in each language."""
    names = _variables(missing)
    camel = [name[0].lower() + name[1:] for name in names]
    snake = list(map(snake_case, names))
    typescript, python = class_of(consumer.type)

    def legend(variables: list[str]) -> str:
        return "; ".join(f"{variable}: {title(one)}" for variable, one in zip(variables, missing, strict=True))

    return Fix(
        words=f"give {title(consumer)} the option dependsOn with {', '.join(map(title, missing))}",
        typescript=f"new {typescript}(name, args, {{ dependsOn: [{', '.join(camel)}] }}); // {legend(camel)}",
        python=(
            f"{python}(name, ..., opts=pulumi.ResourceOptions(depends_on=[{', '.join(snake)}]))  # {legend(snake)}"
        ),
    )


def title(resource: Resource) -> str:
    """`the Role "lambda"`."""
    return f"the {kind(resource)} {quote(resource.name, 80)}"


def kind(resource: Resource) -> str:
    """`Role` for `aws:iam/role:Role`."""
    return resource.type.rpartition(":")[2]


def _variables(resources: Sequence[Resource]) -> list[str]:
    kinds = [kind(one) or "resource" for one in resources]
    return [f"{one}{i + 1}" if kinds.count(one) > 1 else one for i, one in enumerate(kinds)]


def class_of(type_: str) -> tuple[str, str]:
    """`aws.iam.Role` for `aws:iam/role:Role`, in TypeScript and in Python."""
    package, _, rest = type_.partition(":")
    module, _, class_ = rest.rpartition(":")
    parts = [part for part in (package, module.partition("/")[0], class_) if part]
    # A module that is called as a word of Python gets a `_` there.
    return ".".join(parts), ".".join(f"{part}_" if iskeyword(part) else part for part in parts)
