"""IAM refuses two tags of a role or a user whose keys differ in nothing but letter case.

Tag keys of roles and users are not case-sensitive, while those of nearly everything else in AWS are. So `Environment`
of a program and `environment` of an organization go well together until they meet at a role.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Path, Value, dig, items_of

DOCUMENTATION: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html"
REFUSED: Final = "https://github.com/github-aws-runners/terraform-aws-github-runner/pull/1346"


@resource_policy(
    id="iam-tag-keys-differ-in-case",
    types=("aws:iam/role:Role", "aws:iam/user:User", "aws-native:iam:Role", "aws-native:iam:User"),
    reads=("tags", "tagsAll"),
    title="Two tags of a role or a user have keys that differ only in letter case",
    refuses=(
        "Two tags of a role or a user whose keys are the same but for letter case, those of the provider's"
        " `defaultTags` among them."
    ),
    why_not_preview="Pulumi and the provider compare keys letter by letter, as most services do; only IAM does not.",
    answer=Answer(
        text="InvalidInput: Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        operation="iam:CreateRole",
        source=REFUSED,
    ),
    wrong=Code(
        typescript='new aws.iam.Role("app", { assumeRolePolicy, tags: { Environment: "prod", environment: "prod" } });',
        python='aws.iam.Role("app", assume_role_policy=trust, tags={"Environment": "prod", "environment": "prod"})',
    ),
    right=Code(
        typescript='new aws.iam.Role("app", { assumeRolePolicy, tags: { environment: "prod" } });',
        python='aws.iam.Role("app", assume_role_policy=trust, tags={"environment": "prod"})',
    ),
    fix=Fix(words="leave one of the two tags out, or give it another key"),
    sources=(DOCUMENTATION, REFUSED, "https://github.com/kubernetes/kops/issues/11727"),
)
def iam_tag_keys_differ_in_case(resource: Resource) -> Iterator[Finding]:
    """The second of two keys that are the same to IAM; with the tags of the provider, where they are known."""
    own = _keys(resource.get("tags"))
    first: dict[str, str] = {}
    for key in sorted({*own, *_keys(resource.get("tagsAll"))}):
        other = first.setdefault(key.lower(), key)
        if other != key:
            yield Finding(
                resource=resource,
                at=("tags", *own.get(key, ())),
                message="IAM takes this key for the one of another tag: they differ only in letter case",
                evidence=f"{other}, {key}",
            )


def _keys(tags: Value) -> dict[str, Path]:
    """The keys of tags with their places: an object, or in `aws-native` a list of keys and values."""
    if isinstance(tags, dict):
        return {key: (key,) for key in tags}
    keys = ((dig(tag, "key"), i) for i, tag in items_of(tags))
    return {key: (i, "key") for key, i in keys if isinstance(key, str)}
