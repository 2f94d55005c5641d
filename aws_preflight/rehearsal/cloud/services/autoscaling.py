"""Auto Scaling, of instances and of anything else."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.kinds import Kind

KINDS: Mapping[str, Kind] = {
    "aws:appautoscaling/policy:Policy": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": "arn:aws:autoscaling:{region}:{account}:scalingPolicy:{uuid}:resource/{serviceNamespace}/"
            "{resourceId}:policyName/{name}",
            "alarmArns": [],
        },
    ),
    "aws:appautoscaling/target:Target": Kind(
        id="{resourceId}",
        outputs={
            "arn": "arn:aws:application-autoscaling:{region}:{account}:scalable-target/{hex:34}",
            "roleArn": "arn:aws:iam::{account}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/"
            "AWSServiceRoleForApplicationAutoScaling_ECSService",
        },
    ),
    "aws:autoscaling/group:Group": Kind(
        id="{name}",
        named="name",
        seconds=60,
        outputs={
            "arn": "arn:aws:autoscaling:{region}:{account}:autoScalingGroup:{uuid}:autoScalingGroupName/{name}",
            "availabilityZones": ["{region}a", "{region}b"],
            "defaultCooldown": 300,
            "healthCheckType": "EC2",
            "predictedCapacity": 0,
            "serviceLinkedRoleArn": "arn:aws:iam::{account}:role/aws-service-role/autoscaling.amazonaws.com/"
            "AWSServiceRoleForAutoScaling",
            "vpcZoneIdentifiers": [],
        },
    ),
    "aws:autoscaling/policy:Policy": Kind(
        id="{name}",
        named="name",
        outputs={
            "arn": "arn:aws:autoscaling:{region}:{account}:scalingPolicy:{uuid}:autoScalingGroupName/"
            "{autoscalingGroupName}:policyName/{name}"
        },
    ),
    "aws-native:autoscaling:AutoScalingGroup": Kind(
        id="{autoScalingGroupName}", named="autoScalingGroupName", seconds=60
    ),
}
