"""Which service comes to which resource, and what AWS says where it is not let in."""

from __future__ import annotations

from typing import Final

from aws_preflight.policies.access.reached import (
    BUCKET,
    FUNCTION,
    KEY,
    QUEUE,
    TOPIC,
    is_custom,
    logs_to_bucket,
    permission,
    statement,
)
from aws_preflight.policies.access.shut_out import Entry
from aws_preflight.preflight.finding import Answer, Code

_NOTIFICATION: Final = "aws:s3/bucketNotification:BucketNotification"
_DESTINATION: Final = "InvalidArgument: Unable to validate the following destination configurations"

ENTRIES: Final = (
    Entry(
        id="log-group-key-shuts-out-logs",
        title="A log group is encrypted with a key that CloudWatch Logs may not use",
        users=("aws:cloudwatch/logGroup:LogGroup",),
        via=("kmsKeyId",),
        to=KEY,
        services=("logs",),
        shown="logs.REGION.amazonaws.com",
        does="encrypt with this key",
        answer=Answer(
            text="The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:...'",
            operation="logs:CreateLogGroup",
            source="https://github.com/aws/aws-cdk/issues/28304",
        ),
        sources=(
            "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
            "https://github.com/aws/aws-cdk/issues/28304",
            "https://github.com/hashicorp/terraform-provider-aws/issues/29282",
        ),
        wrong=Code(
            typescript='new aws.cloudwatch.LogGroup("app", { kmsKeyId: key.arn }); // key: without a policy',
            python='aws.cloudwatch.LogGroup("app", kms_key_id=key.arn)  # key: without a policy',
        ),
        right=statement("logs.eu-west-1.amazonaws.com", "kms:*"),
        fix="give the key a policy with a statement for logs.REGION.amazonaws.com, beside the one for the account",
    ),
    Entry(
        id="cloudtrail-key-shuts-out-cloudtrail",
        title="A trail is encrypted with a key that CloudTrail may not use",
        users=("aws:cloudtrail/trail:Trail",),
        via=("kmsKeyId",),
        to=KEY,
        services=("cloudtrail",),
        shown="cloudtrail.amazonaws.com",
        does="encrypt with this key",
        answer=Answer(
            text=(
                "InsufficientEncryptionPolicyException: Insufficient permissions to access S3 bucket ... or KMS key ..."
            ),
            operation="cloudtrail:CreateTrail",
            source="https://github.com/aws/aws-cdk/issues/23391",
        ),
        sources=(
            "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
            "https://github.com/aws/aws-cdk/issues/23391",
            "https://github.com/aws/aws-cdk/issues/3822",
        ),
        wrong=Code(
            typescript='new aws.cloudtrail.Trail("all", { s3BucketName: logs.id, kmsKeyId: key.arn });',
            python='aws.cloudtrail.Trail("all", s3_bucket_name=logs.id, kms_key_id=key.arn)',
        ),
        right=statement("cloudtrail.amazonaws.com", "kms:GenerateDataKey*"),
        fix="give the key a policy with statements for cloudtrail.amazonaws.com, beside the one for the account",
    ),
    Entry(
        id="cloudtrail-bucket-shuts-out-cloudtrail",
        title="A trail writes to a bucket that does not let CloudTrail in",
        users=("aws:cloudtrail/trail:Trail",),
        via=("s3BucketName",),
        to=BUCKET,
        services=("cloudtrail",),
        shown="cloudtrail.amazonaws.com",
        does="write to this bucket",
        accounts=True,
        answer=Answer(
            text="InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket: ...",
            operation="cloudtrail:CreateTrail",
            source="https://github.com/aws/aws-cdk/issues/1172",
        ),
        sources=(
            "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
            "https://github.com/aws/aws-cdk/issues/1172",
        ),
        wrong=Code(
            typescript='new aws.cloudtrail.Trail("all", { s3BucketName: logs.id }); // logs: without a policy',
            python='aws.cloudtrail.Trail("all", s3_bucket_name=logs.id)  # logs: without a policy',
        ),
        right=statement("cloudtrail.amazonaws.com", "s3:PutObject"),
        fix="give the bucket a BucketPolicy for cloudtrail.amazonaws.com, and let the trail wait for it",
    ),
    Entry(
        id="cloudtrail-topic-shuts-out-cloudtrail",
        title="A trail notifies a topic that does not let CloudTrail in",
        users=("aws:cloudtrail/trail:Trail",),
        via=("snsTopicName",),
        to=TOPIC,
        services=("cloudtrail",),
        shown="cloudtrail.amazonaws.com",
        does="publish to this topic",
        accounts=True,
        answer=Answer(
            text="InsufficientSnsTopicPolicyException: SNS Topic does not exist or the topic policy is incorrect!",
            operation="cloudtrail:CreateTrail",
            source="https://github.com/ministryofjustice/modernisation-platform-terraform-baselines/pull/63",
        ),
        sources=(
            "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html",
            "https://github.com/ministryofjustice/modernisation-platform-terraform-baselines/pull/63",
        ),
        wrong=Code(
            typescript='new aws.cloudtrail.Trail("all", { s3BucketName: logs.id, snsTopicName: topic.name });',
            python='aws.cloudtrail.Trail("all", s3_bucket_name=logs.id, sns_topic_name=topic.name)',
        ),
        right=statement("cloudtrail.amazonaws.com", "sns:Publish"),
        fix="give the topic a TopicPolicy for cloudtrail.amazonaws.com, and let the trail wait for it",
    ),
    Entry(
        id="s3-notification-function-shuts-out-s3",
        title="A bucket notifies a function that S3 may not call",
        users=(_NOTIFICATION,),
        via=("lambdaFunctions",),
        to=FUNCTION,
        services=("s3",),
        shown="s3.amazonaws.com",
        does="call this function",
        answer=Answer(
            text=_DESTINATION,
            operation="s3:PutBucketNotificationConfiguration",
            source="https://github.com/hashicorp/terraform/issues/19756",
        ),
        sources=(
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
            "https://github.com/hashicorp/terraform/issues/19756",
        ),
        wrong=Code(
            typescript="""\
const lambdaFunctions = [{ lambdaFunctionArn: fn.arn }];
new aws.s3.BucketNotification("n", { bucket, lambdaFunctions });""",
            python='aws.s3.BucketNotification("n", bucket=bucket, lambda_functions=[{"lambda_function_arn": fn.arn}])',
        ),
        right=permission("s3.amazonaws.com"),
        fix="add a Permission of the function for s3.amazonaws.com, and let the notification wait for it",
    ),
    Entry(
        id="s3-notification-queue-shuts-out-s3",
        title="A bucket notifies a queue that does not let S3 in",
        users=(_NOTIFICATION,),
        via=("queues",),
        to=QUEUE,
        services=("s3",),
        shown="s3.amazonaws.com",
        does="send to this queue",
        answer=Answer(
            text=_DESTINATION,
            operation="s3:PutBucketNotificationConfiguration",
            source="https://github.com/hashicorp/terraform-provider-aws/issues/11219",
        ),
        sources=(
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
            "https://github.com/hashicorp/terraform-provider-aws/issues/11219",
        ),
        wrong=Code(
            typescript='new aws.s3.BucketNotification("new", { bucket, queues: [{ queueArn: queue.arn }] });',
            python='aws.s3.BucketNotification("new", bucket=bucket, queues=[{"queue_arn": queue.arn}])',
        ),
        right=statement("s3.amazonaws.com", "sqs:SendMessage"),
        fix="give the queue a QueuePolicy for s3.amazonaws.com, and let the notification wait for it",
    ),
    Entry(
        id="s3-notification-topic-shuts-out-s3",
        title="A bucket notifies a topic that does not let S3 in",
        users=(_NOTIFICATION,),
        via=("topics",),
        to=TOPIC,
        services=("s3",),
        shown="s3.amazonaws.com",
        does="publish to this topic",
        answer=Answer(
            text=_DESTINATION,
            operation="s3:PutBucketNotificationConfiguration",
            source="https://github.com/aws/aws-cdk/issues/28915",
        ),
        sources=(
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
            "https://github.com/aws/aws-cdk/issues/28915",
        ),
        wrong=Code(
            typescript='new aws.s3.BucketNotification("new", { bucket, topics: [{ topicArn: topic.arn }] });',
            python='aws.s3.BucketNotification("new", bucket=bucket, topics=[{"topic_arn": topic.arn}])',
        ),
        right=statement("s3.amazonaws.com", "sns:Publish"),
        fix="give the topic a TopicPolicy for s3.amazonaws.com, and let the notification wait for it",
    ),
    Entry(
        id="lb-log-bucket-shuts-out-delivery",
        title="A load balancer logs to a bucket that does not let the delivery of its logs in",
        users=("aws:lb/loadBalancer:LoadBalancer",),
        via=("accessLogs", "connectionLogs"),
        to=BUCKET,
        services=("logdelivery.elasticloadbalancing", "delivery.logs"),
        shown="the delivery of load balancer logs",
        does="write to this bucket",
        when=logs_to_bucket,
        accounts=True,
        answer=Answer(
            text="InvalidConfigurationRequest: Access Denied for bucket: ... Please check S3bucket permission",
            operation="elasticloadbalancing:ModifyLoadBalancerAttributes",
            source="https://github.com/aws/copilot-cli/issues/4169",
        ),
        sources=(
            "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
            "https://github.com/aws/copilot-cli/issues/4169",
            "https://github.com/hashicorp/terraform-provider-aws/issues/12010",
        ),
        wrong=Code(
            typescript='new aws.lb.LoadBalancer("web", { accessLogs: { bucket: logs.id, enabled: true }, ...args });',
            python='aws.lb.LoadBalancer("web", access_logs={"bucket": logs.id, "enabled": True}, **args)',
        ),
        right=statement("logdelivery.elasticloadbalancing.amazonaws.com", "s3:PutObject"),
        fix="give the bucket a BucketPolicy for the delivery of logs, and let the load balancer wait for it",
    ),
    Entry(
        id="lambda-target-shuts-out-load-balancer",
        title="A function is the target of a load balancer that may not call it",
        users=("aws:lb/targetGroupAttachment:TargetGroupAttachment",),
        via=("targetId",),
        to=FUNCTION,
        services=("elasticloadbalancing",),
        shown="elasticloadbalancing.amazonaws.com",
        does="call this function",
        answer=Answer(
            text=(
                "AccessDenied: elasticloadbalancing principal does not have permission to invoke arn:aws:lambda:..."
                " from target group arn:aws:elasticloadbalancing:..."
            ),
            operation="elasticloadbalancing:RegisterTargets",
            source="https://github.com/aws/aws-cdk/issues/4663",
        ),
        sources=(
            "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html",
            "https://github.com/aws/aws-cdk/issues/4663",
        ),
        wrong=Code(
            typescript='new aws.lb.TargetGroupAttachment("fn", { targetGroupArn: group.arn, targetId: fn.arn });',
            python='aws.lb.TargetGroupAttachment("fn", target_group_arn=group.arn, target_id=fn.arn)',
        ),
        right=permission("elasticloadbalancing.amazonaws.com"),
        fix="add a Permission of the function for elasticloadbalancing.amazonaws.com, and let the attachment wait",
    ),
    Entry(
        id="secret-rotation-function-shuts-out-secrets-manager",
        title="A secret is rotated by a function that Secrets Manager may not call",
        users=("aws:secretsmanager/secretRotation:SecretRotation",),
        via=("rotationLambdaArn",),
        to=FUNCTION,
        services=("secretsmanager",),
        shown="secretsmanager.amazonaws.com",
        does="call this function",
        answer=Answer(
            text=(
                "AccessDeniedException: Secrets Manager cannot invoke the specified Lambda function. Ensure that the"
                " function policy grants access to the principal secretsmanager.amazonaws.com."
            ),
            operation="secretsmanager:RotateSecret",
            source="https://github.com/hashicorp/terraform-provider-aws/blob/v6.34.0/internal/service/secretsmanager/secret_rotation.go#L119",
        ),
        sources=(
            "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html",
            "https://github.com/hashicorp/terraform-provider-aws/blob/v6.34.0/internal/service/secretsmanager/secret_rotation.go#L119",
        ),
        wrong=Code(
            typescript='new aws.secretsmanager.SecretRotation("db", { secretId: db.id, rotationLambdaArn: fn.arn });',
            python='aws.secretsmanager.SecretRotation("db", secret_id=db.id, rotation_lambda_arn=fn.arn)',
        ),
        right=permission("secretsmanager.amazonaws.com"),
        fix="add a Permission of the function for secretsmanager.amazonaws.com, and let the rotation wait for it",
    ),
    Entry(
        id="config-rule-function-shuts-out-config",
        title="A Config rule runs a function that AWS Config may not call",
        users=("aws:cfg/rule:Rule",),
        via=("source",),
        to=FUNCTION,
        services=("config",),
        shown="config.amazonaws.com",
        does="call this function",
        when=is_custom,
        answer=Answer(
            text=(
                "InsufficientPermissionsException: The AWS Lambda function arn:aws:lambda:... cannot be invoked. Check"
                " the specified function ARN, and check the function's permissions."
            ),
            operation="config:PutConfigRule",
            source="https://github.com/hashicorp/terraform-provider-aws/issues/8908",
        ),
        sources=(
            "https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html",
            "https://github.com/hashicorp/terraform-provider-aws/issues/8908",
        ),
        wrong=Code(
            typescript='new aws.cfg.Rule("own", { source: { owner: "CUSTOM_LAMBDA", sourceIdentifier: fn.arn } });',
            python='aws.cfg.Rule("own", source={"owner": "CUSTOM_LAMBDA", "source_identifier": fn.arn})',
        ),
        right=permission("config.amazonaws.com"),
        fix="add a Permission of the function for config.amazonaws.com, and let the rule wait for it",
    ),
    Entry(
        id="logs-filter-function-shuts-out-logs",
        title="A subscription of a log group calls a function that CloudWatch Logs may not call",
        users=("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",),
        via=("destinationArn",),
        to=FUNCTION,
        services=("logs",),
        shown="logs.amazonaws.com",
        does="call this function",
        answer=Answer(
            text=(
                "InvalidParameterException: Could not execute the lambda function. Make sure you have given CloudWatch"
                " Logs permission to execute your function."
            ),
            operation="logs:PutSubscriptionFilter",
            source="https://github.com/hashicorp/terraform-provider-aws/blob/v6.34.0/internal/service/logs/subscription_filter.go",
        ),
        sources=(
            "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
            "https://github.com/hashicorp/terraform-provider-aws/blob/v6.34.0/internal/service/logs/subscription_filter.go",
        ),
        wrong=Code(
            typescript='new aws.cloudwatch.LogSubscriptionFilter("all", { logGroup, destinationArn: fn.arn });',
            python='aws.cloudwatch.LogSubscriptionFilter("all", log_group=group, destination_arn=fn.arn)',
        ),
        right=permission("logs.amazonaws.com"),
        fix="add a Permission of the function for logs.amazonaws.com, and let the filter wait for it",
    ),
    Entry(
        id="ses-receipt-function-shuts-out-ses",
        title="Mail is handed to a function that SES may not call",
        users=("aws:ses/receiptRule:ReceiptRule",),
        via=("lambdaActions",),
        to=FUNCTION,
        services=("ses",),
        shown="ses.amazonaws.com",
        does="call this function",
        answer=Answer(
            text="InvalidLambdaFunction: Could not invoke Lambda function: arn:aws:lambda:...",
            operation="ses:CreateReceiptRule",
            source="https://github.com/hashicorp/terraform-provider-aws/issues/34259",
        ),
        sources=(
            "https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html",
            "https://github.com/hashicorp/terraform-provider-aws/issues/34259",
        ),
        wrong=Code(
            typescript='new aws.ses.ReceiptRule("mail", { ruleSetName, lambdaActions: [{ functionArn: fn.arn }] });',
            python='aws.ses.ReceiptRule("mail", rule_set_name=name, lambda_actions=[{"function_arn": fn.arn}])',
        ),
        right=permission("ses.amazonaws.com"),
        fix="add a Permission of the function for ses.amazonaws.com, and let the rule wait for it",
    ),
)
