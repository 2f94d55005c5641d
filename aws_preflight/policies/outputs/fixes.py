"""What to write instead of an Output in a string: by the mistake, the place and the language.

Sources: https://www.pulumi.com/docs/iac/concepts/inputs-outputs/ and the SDKs (`pulumi.interpolate`,
`pulumi.jsonStringify`, `pulumi.all`; `pulumi.Output.format`, `pulumi.Output.json_dumps`, `pulumi.Output.all`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aws_preflight.policies.outputs.fingerprints import Mistake, in_any_string
from aws_preflight.policies.outputs.strings import Trace
from aws_preflight.preflight.finding import Fix
from aws_preflight.preflight.values import Value, snake_case

IN_A_KEY: Final = "in a key"
"""The `where` of a trace in a key."""
_LARGEST_LIST: Final = 100

_TEXT: Final = (
    "{0}: pulumi.interpolate`arn:aws:s3:::${{bucket.bucket}}/*`, // or .apply(name => ...)",
    '{0}=pulumi.Output.format("arn:aws:s3:::{{0}}/*", bucket.bucket),  # or .apply(lambda name: ...)',
)
_RESOURCE: Final = (
    "{0}: pulumi.interpolate`arn:aws:s3:::${{bucket.bucket}}/*`, // a property, not the resource itself",
    '{0}=pulumi.Output.format("arn:aws:s3:::{{0}}/*", bucket.bucket),  # a property, not the resource itself',
)
CODE: Final[Mapping[str, tuple[str, str]]] = {
    "text": _TEXT,
    "json": (
        "{0}: pulumi.jsonStringify({{ ... }}), // around the whole document, with the Outputs in it as they are",
        "{0}=pulumi.Output.json_dumps({{...}}),  # around the whole document, with the Outputs in it as they are",
    ),
    "key": (
        "{0}: name.apply(key => ({{ [key]: value }})), // around the whole map",
        "{0}=name.apply(lambda key: {{key: value}}),  # around the whole map",
    ),
    "list": (
        '{0}: pulumi.all(subnets.map(subnet => subnet.id)).apply(ids => ids.join(",")),',
        '{0}=pulumi.Output.all(*[subnet.id for subnet in subnets]).apply(lambda ids: ",".join(ids)),',
    ),
    "object": (
        "{0}: pulumi.output(args.tags).apply(tags =>\n"
        "    Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]))),",
        "{0}=pulumi.Output.from_input(tags).apply(\n"
        "    lambda tags: {{key: str(value) for key, value in tags.items()}}),",
    ),
    "resource": _RESOURCE,
    "token": _RESOURCE,
    "missing": (
        '{0}: `app-${{config.require("environment")}}`, // fails in the program where the value is missing',
        "{0}=f\"app-{{config.require('environment')}}\",  # fails in the program where the value is missing",
    ),
    "template": (
        "{0}: pulumi.interpolate`app-${{bucket.bucket}}`, // back quotes, not quotes",
        '{0}=pulumi.Output.format("app-{{0}}", bucket.bucket),',
    ),
    "number": (
        "{0}: queue.visibilityTimeoutSeconds.apply(seconds => 2 * seconds),",
        "{0}=queue.visibility_timeout_seconds.apply(lambda seconds: 2 * seconds),",
    ),
    "encode": (
        "{0}: pulumi.interpolate`#!/bin/sh\\naws s3 cp s3://${{bucket.bucket}}/app .`\n"
        '    .apply(text => Buffer.from(text).toString("base64")),',
        '{0}=pulumi.Output.format("#!/bin/sh\\naws s3 cp s3://{{0}}/app .", bucket.bucket).apply(\n'
        "    lambda text: base64.b64encode(text.encode()).decode()),",
    ),
    "bytes": (
        '{0}: Buffer.from(text).toString("base64"),',
        "{0}=base64.b64encode(text.encode()).decode(),",
    ),
}
"""By what is to be mended, the lines in TypeScript and in Python; `{0}` is the property."""
_WORDS: Final[Mapping[str, str]] = {
    "key": "make the whole map inside the apply function of the Output that names the key",
    "list": "wait for all Outputs of the list together, and join their values inside the apply function",
    "json": "make the whole document with Pulumi's JSON function for Outputs, or inside the apply function",
}
NAME: Final = Fix(
    words="use a plain string that the program knows itself as the name",
    typescript='new aws.ec2.Subnet("subnet-a", { vpcId: vpc.id, cidrBlock }); // a name that the program knows itself',
    python='aws.ec2.Subnet("subnet-a", vpc_id=vpc.id, cidr_block=cidr)  # a name that the program knows itself',
)


def fix_of(properties: Mapping[str, Value], trace: Trace) -> Fix:
    """What to write instead of `trace`, which was found in `properties`, in the languages that can have left it."""
    mistake = trace.mistake
    kind = _kind(properties, trace)
    # A trace in the name of a property stands in none.
    name = str(trace.at[0]) if trace.at and (len(trace.at) == 1 or kind == "json") else "value"
    typescript, python = CODE[kind]
    node, snake = _left_by(mistake)
    return Fix(
        words=mistake.instead if kind == mistake.fix else _WORDS[kind],
        typescript=typescript.format(name) if node else "",
        python=python.format(snake_case(name)) if snake else "",
    )


def _left_by(mistake: Mistake) -> tuple[bool, bool]:
    """Whether programs in TypeScript, and in Python, can have made a mistake."""
    everywhere = mistake.language == "all"
    return everywhere or "Node.js" in mistake.language or "CDK" in mistake.language, (
        everywhere or "Python" in mistake.language or "CDK" in mistake.language
    )


def _kind(properties: Mapping[str, Value], trace: Trace) -> str:
    if trace.mistake.fix not in ("text", "resource"):
        return trace.mistake.fix
    if trace.where == IN_A_KEY:
        return "key"
    text, document = _string_at(properties, trace)
    if document:
        return "json"
    parts = text.split(",")[:_LARGEST_LIST]
    return "list" if sum(in_any_string(part) is not None for part in parts) > 1 else trace.mistake.fix


def _string_at(properties: Mapping[str, Value], trace: Trace) -> tuple[str, bool]:
    """The input at or around the place of a trace, "" where it is none; and whether the place is inside a document."""
    value: Value = dict(properties)
    for step in trace.at:
        if isinstance(value, str):
            return "", True
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
    return (value, False) if isinstance(value, str) else ("", False)
