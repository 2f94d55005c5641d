"""A resource is created beside what AWS demands of it, and whether that goes well depends on luck.

The same mistakes as in `prerequisite-not-awaited`, in milder form: the provider repeats the refused call for some time,
AWS takes the resource and it becomes healthy later or not at all, its answer is not on record, or what is needed starts
earlier and is mostly there in time. Such a program deploys on most days. The table of
[prerequisites](../prerequisites.md) has a row for each pair of resources.
"""

from __future__ import annotations

from collections.abc import Iterator

from preflight.finding import Answer, Code, Finding, Fix
from preflight.graph import Stack
from preflight.policy import Properties, stack_policy
from preflight.prerequisites.report import CONSUMERS, PROPERTIES, findings


@stack_policy(
    id="prerequisite-race",
    types=CONSUMERS,
    creation=("id",),
    properties=PROPERTIES,
    level="advisory",
    title="A resource races with what AWS demands to exist first",
    refuses=(
        "A resource that may be created before another one of the same stack which it needs, where the provider's"
        " retries or a head start mostly hide the mistake."
    ),
    why_not_preview=(
        "Every resource is valid alone. Only the order of creation is left to chance, and Pulumi takes the order from"
        " the inputs, which do not name what is needed."
    ),
    answer=Answer(
        text="InvalidParameterValueException: The provided execution role does not have permissions to call "
        "ReceiveMessage on SQS",
        operation="lambda:CreateEventSourceMapping",
        source="https://github.com/aws/aws-cdk/issues/6770",
    ),
    wrong=Code(
        typescript="""\
new aws.iam.RolePolicyAttachment("receive", { role: role.name, policyArn: receivePolicyArn });
const fn = new aws.lambda.Function("worker", { role: role.arn, runtime, handler, code });
new aws.lambda.EventSourceMapping("jobs", { functionName: fn.arn, eventSourceArn: queue.arn });""",
        python="""\
aws.iam.RolePolicyAttachment("receive", role=role.name, policy_arn=receive_policy_arn)
fn = aws.lambda_.Function("worker", role=role.arn, runtime=runtime, handler=handler, code=code)
aws.lambda_.EventSourceMapping("jobs", function_name=fn.arn, event_source_arn=queue.arn)""",
    ),
    right=Code(
        typescript="""\
const receive = new aws.iam.RolePolicyAttachment("receive", { role: role.name, policyArn: receivePolicyArn });
const fn = new aws.lambda.Function("worker", { role: role.arn, runtime, handler, code });
new aws.lambda.EventSourceMapping("jobs", { functionName: fn.arn, eventSourceArn: queue.arn },
    { dependsOn: [receive] });""",
        python="""\
receive = aws.iam.RolePolicyAttachment("receive", role=role.name, policy_arn=receive_policy_arn)
fn = aws.lambda_.Function("worker", role=role.arn, runtime=runtime, handler=handler, code=code)
aws.lambda_.EventSourceMapping("jobs", function_name=fn.arn, event_source_arn=queue.arn,
    opts=pulumi.ResourceOptions(depends_on=[receive]))""",
    ),
    fix=Fix(
        words="give the resource the option dependsOn with what it needs",
        typescript="new aws.Something(name, args, { dependsOn: [needed] });",
        python="aws.Something(name, ..., opts=pulumi.ResourceOptions(depends_on=[needed]))",
    ),
    sources=(
        "https://www.pulumi.com/docs/iac/concepts/resources/options/dependson/",
        "https://github.com/aws/aws-cdk/issues/6770",
    ),
)
def prerequisite_race(stack: Stack, properties: Properties) -> Iterator[Finding]:
    """Every resource that may come before what it needs, where that mostly ends well."""
    return findings(stack, "advisory", properties)
