"""The page about services that are shut out, `docs/access.md`: a section for each policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.access import ACCESS
from aws_preflight.policies.access.entries import ENTRIES
from aws_preflight.policies.access.shut_out import PAGE, Entry
from aws_preflight.preflight.policy import Policy
from tools.generate.markdown import code, link

GENERATED: Final = "<!-- Written by `make docs` from aws_preflight/policies/access. Change that, not this page. -->"
HEAD: Final = """\
# Services that are shut out

A service of AWS comes to a resource on behalf of another one: CloudWatch Logs encrypts with the key of a log group, S3
calls the function of a notification. The resource has to let it in, with a policy or a permission. Both resources are
valid without that, and AWS refuses the second one in the deployment.

These policies refuse only what is certain: both resources are made in this stack, the one that shuts the service out is
about to be created, and nothing else in the stack could let the service in. A policy document that is not known, that
names the service in any statement, or lets everybody in, is silent; so is a permission that may be about this resource,
and a stack that runs commands or CloudFormation templates, which may do anything."""


def pages() -> dict[str, str]:
    """The page with its content, by its path from the root of the pack."""
    by_id = {policy.id: policy for policy in ACCESS}
    sections = [part for entry in sorted(ENTRIES, key=lambda one: one.id) for part in _section(entry, by_id[entry.id])]
    return {PAGE: "\n\n".join([GENERATED, HEAD, *sections]) + "\n"}


def _section(entry: Entry, policy: Policy) -> Iterator[str]:
    answer = policy.answer
    users = ", ".join(f"`{type_}`" for type_ in entry.users)
    yield f"## {policy.id}"
    yield f"**{policy.title}.** {policy.fix.words[0].upper()}{policy.fix.words[1:]}."
    yield f"Level: {policy.level} where the resource is about to be created, silent where it exists."
    targets = ", ".join(f"`{type_}`" for type_ in entry.to.types)
    yield f"{users}, in `{'`, `'.join(entry.via)}`, brings {entry.shown} to {targets}."
    yield f"{answer.introduction}:\n\n> {answer.text}"
    yield "Sources: " + ", ".join(map(link, policy.sources))
    yield code("Wrong:", policy.wrong)
    yield code("Right:", policy.right)
