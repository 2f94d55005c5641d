"""A resource must not be created before what AWS demands of it exists.

Much of what AWS checks when a resource is created is not among its inputs: the gateway of the VPC that a public load
balancer stands in, the permission of the function that a bucket notifies, the methods of an API that is deployed. A
program that creates both in one stack has to say so with `dependsOn`; otherwise Pulumi creates them side by side. Which
resource needs which is in the table of [prerequisites](../prerequisites.md), one row for each, with AWS's answer.

This policy reports the rows in which AWS's refusal is on record and the order is lost: both start at the same time,
what is needed is slow to create, or it waits for something else itself. Where it has a head start,
`prerequisite-race` warns.
"""

from __future__ import annotations

from collections.abc import Iterator

from preflight.finding import Answer, Code, Finding, Fix
from preflight.graph import Stack
from preflight.policy import Properties, stack_policy
from preflight.prerequisites.report import CONSUMERS, PROPERTIES, findings


@stack_policy(
    id="prerequisite-not-awaited",
    types=CONSUMERS,
    creation=("id",),
    properties=PROPERTIES,
    title="A resource does not wait for what AWS demands to exist first",
    refuses=(
        "A resource that AWS refuses until another one exists, which is created in the same stack, no earlier, and"
        " which it does not wait for. The table of prerequisites has the pairs."
    ),
    why_not_preview=(
        "Every resource is valid alone. Only the order of creation is wrong, and Pulumi takes the order from the"
        " inputs, which do not name what is needed."
    ),
    answer=Answer(
        text="InvalidArgument: Unable to validate the following destination configurations",
        operation="s3:PutBucketNotificationConfiguration",
        source="https://github.com/hashicorp/terraform/issues/19756",
    ),
    wrong=Code(
        typescript="""\
new aws.lambda.Permission("from-bucket", {
    action: "lambda:InvokeFunction", function: fn.name, principal: "s3.amazonaws.com", sourceArn: bucket.arn,
});
new aws.s3.BucketNotification("uploads", {
    bucket: bucket.id, lambdaFunctions: [{ lambdaFunctionArn: fn.arn, events: ["s3:ObjectCreated:*"] }],
});""",
        python="""\
aws.lambda_.Permission("from-bucket",
    action="lambda:InvokeFunction", function=fn.name, principal="s3.amazonaws.com", source_arn=bucket.arn)
aws.s3.BucketNotification("uploads",
    bucket=bucket.id, lambda_functions=[{"lambda_function_arn": fn.arn, "events": ["s3:ObjectCreated:*"]}])""",
    ),
    right=Code(
        typescript="""\
const permission = new aws.lambda.Permission("from-bucket", {
    action: "lambda:InvokeFunction", function: fn.name, principal: "s3.amazonaws.com", sourceArn: bucket.arn,
});
new aws.s3.BucketNotification("uploads", {
    bucket: bucket.id, lambdaFunctions: [{ lambdaFunctionArn: fn.arn, events: ["s3:ObjectCreated:*"] }],
}, { dependsOn: [permission] });""",
        python="""\
permission = aws.lambda_.Permission("from-bucket",
    action="lambda:InvokeFunction", function=fn.name, principal="s3.amazonaws.com", source_arn=bucket.arn)
aws.s3.BucketNotification("uploads",
    bucket=bucket.id, lambda_functions=[{"lambda_function_arn": fn.arn, "events": ["s3:ObjectCreated:*"]}],
    opts=pulumi.ResourceOptions(depends_on=[permission]))""",
    ),
    fix=Fix(
        words="give the resource the option dependsOn with what it needs",
        typescript="new aws.Something(name, args, { dependsOn: [needed] });",
        python="aws.Something(name, ..., opts=pulumi.ResourceOptions(depends_on=[needed]))",
    ),
    sources=(
        "https://www.pulumi.com/docs/iac/concepts/resources/options/dependson/",
        "https://github.com/hashicorp/terraform/issues/19756",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html",
    ),
)
def prerequisite_not_awaited(stack: Stack, properties: Properties) -> Iterator[Finding]:
    """Every resource that AWS will refuse, because what it needs is not there yet."""
    return findings(stack, "mandatory", properties)
