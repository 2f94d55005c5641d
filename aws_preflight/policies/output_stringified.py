"""An input holds no value but the text that an Output leaves when a program turns it into one.

An Output is a value that is known later. A program that puts it into a template literal, an f-string, `JSON.stringify`
or a format gets a string at once: a warning of the SDK, `[object Object]`, `<pulumi.output.Output object at 0x...>`,
`{0xc000011f80}`, ... Preview takes any text. AWS refuses it where it checks the value, sometimes minutes later, and
takes it where it does not: the policy then permits nothing, the boot script fails, the parameter holds a sentence.

What was recorded: AWS refused the description of a Lambda function as too long; it created an IAM policy that permitted
nothing; it booted an instance whose script failed; it stored a parameter with which ECS failed later, in RunTask; it
never deployed an API again, because the text of the trigger is the same on every run.

Every text, key and JSON document in every input of every resource is searched, base64 strings included. A string that
only speaks of such a trace passes: a runbook, a log filter, a test, a comment.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.asg_tag_not_string import asg_tag_not_string
from aws_preflight.policies.awslogs_group_unresolved import awslogs_group_unresolved
from aws_preflight.policies.outputs.first_look import may_hold_traces
from aws_preflight.policies.outputs.fixes import NAME, fix_of
from aws_preflight.policies.outputs.free_text import most_characters
from aws_preflight.policies.outputs.strings import Trace
from aws_preflight.policies.outputs.traces import trace_in_name, traces_in
from aws_preflight.preflight.finding import NOT_RECORDED, Answer, Code, Finding, Fix
from aws_preflight.preflight.policy import ANY_TYPE, resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Path

# How much of the logical name auto-naming keeps at least: some names in AWS are short.
_AUTO_NAMED: Final = 12
# Policies that know more about a place: what they find there is theirs alone.
KNOW_MORE: Final = (asg_tag_not_string, awslogs_group_unresolved)

INPUTS_OUTPUTS: Final = "https://www.pulumi.com/docs/iac/concepts/inputs-outputs/"
DESCRIPTION = Answer(
    text=(
        "ValidationException: 1 validation error detected: Value 'Calling [toString] on an [Output<T>] is not"
        " supported. ... authorizer' at 'description' failed to satisfy constraint: Member must have length less than"
        " or equal to 256"
    ),
    operation="lambda:UpdateFunctionConfiguration",
    source="https://github.com/anomalyco/sst/issues/4398",
)
USER_DATA = Answer(
    text="no error: the instance starts, and its script runs `aws s3 cp s3://Calling [toString] on an [Output<T>]`",
    operation="ec2:RunInstances",
    source="https://openillumi.com/?p=101404",
)
NAMED = Answer(
    text="the logical name is a part of the URN, and auto-naming begins the name of the resource in AWS with it",
    operation="",
    basis="documented",
    who="Pulumi",
    source="https://www.pulumi.com/docs/iac/concepts/resources/names/",
)
# What is on record, by the beginning of the type and the property; other places have no answer.
ANSWERS: Final = {
    ("aws:lambda/function:", "description"): DESCRIPTION,
    ("aws:iam/policy:", "policy"): Answer(
        text="no error: the policy is created, with the sentence as its Resource, and permits nothing that was meant",
        operation="iam:CreatePolicy",
        source="https://github.com/pulumi/pulumi-aws/issues/944",
    ),
    ("aws:ec2/", "userData"): USER_DATA,
    ("aws:ec2/", "userDataBase64"): USER_DATA,
    ("aws:ssm/parameter:", "value"): Answer(
        text="no error: the sentence was stored as a list of subnets, and ECS refused it later in RunTask",
        operation="ssm:PutParameter",
        source="https://github.com/zxkane/mem9-on-aws",
    ),
    ("aws:apigateway/deployment:", "triggers"): Answer(
        text="no error: the trigger is the same constant text on every run, and the API is never deployed again",
        operation="apigateway:CreateDeployment",
        source="https://github.com/pulumi/pulumi/issues/12175",
    ),
}


@resource_policy(
    id="output-stringified",
    types=(ANY_TYPE,),
    first_look=may_hold_traces,
    title="An input holds the text of an Output instead of its value",
    refuses=(
        "A string, a key or a JSON document in any input of a resource that holds the trace of an Output, a resource, a"
        " promise or a missing value turned into text, in TypeScript, Python, .NET, Java or Go; also cut, encoded for"
        " URLs, HTML or base64, the members of an enumerated Output, and the logical name of a resource. Doubts are"
        " advisory, and so is free text that AWS takes."
    ),
    why_not_preview="To Pulumi and to the provider it is a string like any other; most inputs take every text.",
    answer=DESCRIPTION,
    wrong=Code(
        typescript="""\
new aws.iam.Policy("read", {
    policy: JSON.stringify({ Version: "2012-10-17", Statement: [{
        Effect: "Allow", Action: "s3:GetObject", Resource: `${bucket.arn}/*`,
    }] }),
});""",
        python="""\
aws.iam.Policy("read", policy=json.dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{bucket.arn}/*",
}]}))""",
    ),
    right=Code(
        typescript="""\
new aws.iam.Policy("read", {
    policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [{
        Effect: "Allow", Action: "s3:GetObject", Resource: pulumi.interpolate`${bucket.arn}/*`,
    }] }),
});""",
        python="""\
aws.iam.Policy("read", policy=pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Action": "s3:GetObject", "Resource": pulumi.Output.concat(bucket.arn, "/*"),
}]}))""",
    ),
    fix=Fix(
        words="use the Output itself, or make the string inside of it: interpolate, format, apply",
        typescript="value: pulumi.interpolate`arn:aws:s3:::${bucket.bucket}/*`, // or .apply(name => ...)",
        python='value=pulumi.Output.format("arn:aws:s3:::{0}/*", bucket.bucket),  # or .apply(lambda name: ...)',
    ),
    sources=(
        INPUTS_OUTPUTS,
        "https://github.com/anomalyco/sst/issues/4398",
        "https://github.com/pulumi/pulumi-aws/issues/944",
        "https://github.com/pulumi/pulumi/issues/4261",
        "https://github.com/pulumi/pulumi/issues/12175",
        "https://github.com/METR/hawk/pull/465",
        "https://openillumi.com/?p=101404",
        "https://github.com/zxkane/mem9-on-aws",
    ),
)
def output_stringified(resource: Resource) -> Iterator[Finding]:
    """Every trace of an Output; one finding for a place, and none where a policy that knows more speaks."""
    name = trace_in_name(resource.name)
    if name:
        yield _finding_in_name(resource, name)
    traces = traces_in(resource.properties)
    if traces:
        others = _places_of_others(resource)
        for trace in traces:
            if not any(_overlap(trace.at, other) for other in others) and not (
                name and _is_auto_named(resource, trace)
            ):
                yield _finding(resource, trace)


def _places_of_others(resource: Resource) -> list[Path]:
    return [
        finding.at
        for policy in KNOW_MORE
        if policy.applies_to(resource.type)
        for finding in policy.on_resource(resource)
    ]


def _overlap(one: Path, other: Path) -> bool:
    return one[: len(other)] == other[: len(one)]


def _is_auto_named(resource: Resource, trace: Trace) -> bool:
    """Whether a trace stands in the name that the provider has made of the logical one: that is the same mistake."""
    value = resource.get(str(trace.at[0])) if len(trace.at) == 1 else None
    return isinstance(value, str) and value.lower().startswith(resource.name.lower()[:_AUTO_NAMED])


def _finding_in_name(resource: Resource, trace: Trace) -> Finding:
    mistake = trace.mistake
    return Finding(
        resource=resource,
        at=(),
        message=f"in the logical name of the resource: {mistake.misuse} ({mistake.language})",
        answer=NAMED,
        fix=NAME,
        level=trace.level,
    )


def _taken(resource: Resource, at: Path) -> Answer | None:
    """What is said of a free text that AWS takes as it is; `None` for any other place."""
    if len(at) != 1:
        return None
    name = str(at[0])
    most, text = most_characters(resource.type, name), resource.get(name)
    if most is None or not isinstance(text, str) or len(text) > most:
        return None
    return Answer(
        text=f"any text of up to {most:,} characters is taken here, so it is stored, and people read it",
        operation="",
        basis="documented",
        source="https://github.com/boto/botocore/tree/develop/botocore/data",
    )


def _finding(resource: Resource, trace: Trace) -> Finding:
    mistake = trace.mistake
    where = f"{trace.where}: " if trace.where else ""
    taken = _taken(resource, trace.at)
    known = (answer for (type_, name), answer in ANSWERS.items() if _is_at(resource, trace.at, type_, name))
    return Finding(
        resource=resource,
        at=trace.at,
        message=f"{where}{mistake.misuse} ({mistake.language})",
        evidence=trace.evidence,
        answer=taken or next(known, NOT_RECORDED),
        fix=fix_of(resource.properties, trace),
        level="advisory" if taken else trace.level,
    )


def _is_at(resource: Resource, at: Path, type_: str, name: str) -> bool:
    return resource.type.startswith(type_) and at[:1] == (name,)
