"""Auto Scaling takes tags whose key and value are strings, and nothing else.

Tags of an Auto Scaling group are a list of objects, so programs build them from a map of tags with
`Object.entries(...)`. Where that map is an Output, the entries are those of the Output object itself: `isKnown`,
`promise`, `toString`, ... become tags. Where a value of the map is no text (a number from a configuration file, a
nested object), it travels as it is: the provider refuses an object, and makes a string of its own out of a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.outputs.fingerprints import OUTPUT_MEMBERS, is_output
from aws_preflight.policies.outputs.traces import is_stringified
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN, Path, Value, items_of, kind_of, quote

GROUPS: Final = ("aws:autoscaling/group:Group", "aws-native:autoscaling:AutoScalingGroup")
TAG: Final = "aws:autoscaling/tag:Tag"

MAX_KEY: Final = 128
MAX_VALUE: Final = 256
MAX_TAGS: Final = 50

TAGGING_GUIDE: Final = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html"
STRINGS_ONLY = Answer(
    text="Tag: Key is a String of 1 to 128 characters, Value a String of 0 to 256 characters.",
    operation="autoscaling:CreateOrUpdateTags",
    source="https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Tag.html",
    basis="documented",
)
TOO_MANY = Answer(
    text="You tried to create more tags than allowed",
    operation="autoscaling:CreateAutoScalingGroup",
    source="https://github.com/badmintoncryer/cdk-preflight (rule pf-asg-tags-max-50)",
)
RESERVED = Answer(
    text="Your account is not allowed to create tag aws:...",
    operation="autoscaling:CreateAutoScalingGroup",
    source="https://github.com/badmintoncryer/cdk-preflight (rule pf-asg-tags-aws-prefix-rejected)",
)


def _too_long(member: str, limit: int) -> Answer:
    return Answer(
        text=(
            f"Value '...' at 'tags.N.member.{member}' failed to satisfy constraint: Member must have length less than"
            f" or equal to {limit}"
        ),
        operation="autoscaling:CreateAutoScalingGroup",
        source="https://github.com/fog/fog-aws/issues/125",
    )


@resource_policy(
    id="asg-tag-not-string",
    types=(*GROUPS, TAG),
    reads=("tags", "tag"),
    title="A key or a value of an Auto Scaling tag is not a string within AWS's limits",
    refuses=(
        "A tag of an Auto Scaling group whose key or value is a boolean, a number, an object, a list, null or missing;"
        " the members of an Output that was enumerated as an object; a key over 128 or a value over 256 characters, a"
        " key that begins with `aws:`, more than 50 tags."
    ),
    why_not_preview=(
        "The value usually comes out of an Output, which is unknown when the provider checks it, or from untyped"
        " configuration; the limits are checked by AWS alone."
    ),
    answer=Answer(
        text="Attribute must be a single value, not a map. Examine values at '<name>.tags'.",
        operation="autoscaling:CreateAutoScalingGroup",
        who="The AWS provider",
        source="https://github.com/hashicorp/terraform-plugin-sdk (helper/schema, validatePrimitive)",
    ),
    wrong=Code(
        typescript="""\
tags: Object.entries(pulumi.output(args.tags).apply(t => t)).map(([key, value]) => ({
    key, value: pulumi.output(value).apply(v => v), propagateAtLaunch: true,
}))""",
        python="""\
tags=[{"key": key, "value": value, "propagate_at_launch": True}
      for key, value in {"team": "payments", "owners": ["a", "b"]}.items()]""",
    ),
    right=Code(
        typescript="""\
tags: pulumi.output(args.tags).apply(tags => Object.entries(tags).map(([key, value]) => ({
    key, value: String(value), propagateAtLaunch: true,
})))""",
        python="""\
tags=pulumi.Output.from_input(tags).apply(lambda tags: [
    {"key": key, "value": str(value), "propagate_at_launch": True} for key, value in tags.items()])""",
    ),
    fix=Fix(
        words="make the tags inside .apply(...) of the Output, and each value a string",
        typescript="""\
tags: pulumi.output(tags).apply(tags =>
    Object.entries(tags).map(([key, value]) => ({ key, value: String(value), propagateAtLaunch: true }))),""",
        python=(
            "tags=pulumi.Output.from_input(tags).apply(lambda tags: [\n"
            '    {"key": key, "value": str(value), "propagate_at_launch": True} for key, value in tags.items()]),'
        ),
    ),
    sources=(TAGGING_GUIDE, "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Tag.html"),
)
def asg_tag_not_string(resource: Resource) -> Iterator[Finding]:
    """Every tag that AWS cannot take; the members of one enumerated Output are one mistake."""
    if resource.type == TAG:
        yield from _tag(resource, ("tag",), resource.get("tag"))
        return
    tags = items_of(resource.get("tags"))
    members = _enumerated_output([tag for _, tag in tags])
    if members:
        yield _enumeration(resource, [(i, tag) for i, tag in tags if _key(tag) in members])
    rest = [(i, tag) for i, tag in tags if _key(tag) not in members]
    for i, tag in rest:
        yield from _tag(resource, ("tags", i), tag)
    keys = {key for _, tag in rest if isinstance(key := _key(tag), str)}
    if len(keys) > MAX_TAGS:
        message = f"the group has {len(keys)} tags, {len(keys) - MAX_TAGS} more than AWS takes"
        yield Finding(resource=resource, at=("tags",), message=message, answer=TOO_MANY)


def _key(tag: Value) -> Value:
    key = tag.get("key") if isinstance(tag, dict) else None
    return key if isinstance(key, str) else None


def _enumerated_output(tags: list[Value]) -> frozenset[str]:
    """The keys that are members of an Output; empty when the tags are ordinary ones."""
    keys = {key for tag in tags if (key := _key(tag)) is not None}
    return OUTPUT_MEMBERS if is_output(keys) else frozenset()


def _enumeration(group: Resource, tags: list[tuple[int, Value]]) -> Finding:
    return Finding(
        resource=group,
        at=("tags", tags[0][0]),
        message=(
            f"from here on, {len(tags)} tags are the members of an Output object: the program enumerated an Output"
            " (Object.entries, Object.keys or for ... in) instead of the value inside it"
        ),
        evidence=f"keys: {', '.join(str(_key(tag)) for _, tag in tags)}",
    )


def _tag(resource: Resource, path: Path, tag: Value) -> Iterator[Finding]:
    if not isinstance(tag, dict):
        return  # unknown, or a shape that the provider refuses itself
    for member, limit in (("key", MAX_KEY), ("value", MAX_VALUE)):
        value = tag.get(member)
        at = (*path, member)
        if value is UNKNOWN:
            continue
        if not isinstance(value, str):
            yield _not_string(resource, at, member, value)
        elif len(value) > limit and not is_stringified(value, at):
            message = f"the {member} has {len(value)} characters, {len(value) - limit} more than AWS takes"
            yield Finding(
                resource=resource, at=at, message=message, evidence=quote(value), answer=_too_long(member, limit)
            )
        elif member == "key" and value == "":
            yield Finding(resource=resource, at=at, message="the key is empty", answer=STRINGS_ONLY)
        elif member == "key" and value.lower().startswith("aws:"):
            message = "keys that begin with aws: are reserved for AWS"
            yield Finding(resource=resource, at=at, message=message, evidence=quote(value), answer=RESERVED)


def _not_string(resource: Resource, at: Path, member: str, value: Value) -> Finding:
    message = (
        f"the {member} is {kind_of(value)}, not a string" if value is not None else f"the {member} is null or missing"
    )
    compound = isinstance(value, (list, dict))
    return Finding(
        resource=resource,
        at=at,
        message=message,
        evidence="" if value is None else quote(value, 80),
        answer=None if compound else STRINGS_ONLY,
    )
