"""SNS, SQS and Kinesis."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.kinds import Kind, arn_named

KINDS: Mapping[str, Kind] = {
    "aws:kinesis/stream:Stream": arn_named("kinesis", "stream/"),
    "aws:sns/topic:Topic": arn_named("sns", "", owner="{account}"),
    "aws:sns/topicPolicy:TopicPolicy": Kind(id="{arn}", outputs={"owner": "{account}"}),
    "aws:sns/topicSubscription:TopicSubscription": Kind(
        id="{arn}",
        outputs={"arn": "{topic}:{uuid}", "ownerId": "{account}", "pendingConfirmation": False},
    ),
    "aws:sqs/queue:Queue": Kind(
        id="{url}",
        named="name",
        seconds=25,
        outputs={
            "url": "https://sqs.{region}.amazonaws.com/{account}/{name}",
            "arn": "arn:aws:sqs:{region}:{account}:{name}",
        },
    ),
    "aws:sqs/queuePolicy:QueuePolicy": Kind(id="{queueUrl}"),
    "aws-native:sns:Topic": Kind(
        id="{topicArn}", named="topicName", outputs={"topicArn": "arn:aws:sns:{region}:{account}:{topicName}"}
    ),
    "aws-native:sqs:Queue": Kind(
        id="{queueUrl}",
        named="queueName",
        outputs={
            "queueUrl": "https://sqs.{region}.amazonaws.com/{account}/{queueName}",
            "arn": "arn:aws:sqs:{region}:{account}:{queueName}",
        },
    ),
}
