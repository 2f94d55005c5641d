import json

import pulumi
import pulumi_aws as aws


def letting_in(service: str, resource: pulumi.Input[str] = "*") -> pulumi.Output[str]:
    def document(arn: str) -> str:
        principal = {"Service": service}
        return json.dumps({"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "*", "Resource": arn}]})

    return pulumi.Output.from_input(resource).apply(document)


closed = aws.kms.Key("closed")
aws.cloudwatch.LogGroup("closed", kms_key_id=closed.arn)

other = aws.kms.Key("other", policy=letting_in("sns.amazonaws.com"))
aws.cloudwatch.LogGroup("other", kms_key_id=other.arn)

opened = aws.kms.Key("opened", policy=letting_in("logs.us-east-1.amazonaws.com"))
aws.cloudwatch.LogGroup("opened", kms_key_id=opened.arn)

role = aws.iam.Role("role", assume_role_policy="{}")


def function(name: str) -> aws.lambda_.Function:
    code = pulumi.AssetArchive({"index.js": pulumi.StringAsset("//")})
    return aws.lambda_.Function(name, runtime="nodejs22.x", handler="index.handler", role=role.arn, code=code)


bucket = aws.s3.Bucket("bucket")
called, forgotten = function("called"), function("forgotten")
allowed = aws.lambda_.Permission(
    "allowed", function=called.name, action="lambda:InvokeFunction", principal="s3.amazonaws.com"
)
aws.s3.BucketNotification(
    "called",
    bucket=bucket.id,
    lambda_functions=[{"lambda_function_arn": called.arn, "events": ["s3:ObjectCreated:*"]}],
    opts=pulumi.ResourceOptions(depends_on=[allowed]),
)
aws.s3.BucketNotification(
    "forgotten",
    bucket=aws.s3.Bucket("second").id,
    lambda_functions=[{"lambda_function_arn": forgotten.arn, "events": ["s3:ObjectCreated:*"]}],
)

# The policy is known only when the queue is there: silent in a preview.
queue = aws.sqs.Queue("queue")
later = aws.sqs.QueuePolicy("later", queue_url=queue.id, policy=letting_in("s3.amazonaws.com", queue.arn))
aws.s3.BucketNotification(
    "queued",
    bucket=aws.s3.Bucket("third").id,
    queues=[{"queue_arn": queue.arn, "events": ["s3:ObjectCreated:*"]}],
    opts=pulumi.ResourceOptions(depends_on=[later]),
)
