"""CloudWatch: dashboards, alarms, logs and events."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.kinds import Kind, arn_named

KINDS: Mapping[str, Kind] = {
    "aws:cloudwatch/dashboard:Dashboard": Kind(
        id="{dashboardName}", outputs={"dashboardArn": "arn:aws:cloudwatch::{account}:dashboard/{dashboardName}"}
    ),
    "aws:cloudwatch/eventRule:EventRule": arn_named("events", "rule/", id_="{name}"),
    "aws:cloudwatch/eventTarget:EventTarget": Kind(id="{rule}-{targetId}", outputs={"targetId": "terraform-{hex:26}"}),
    "aws:cloudwatch/logGroup:LogGroup": arn_named("logs", "log-group:", id_="{name}", logGroupClass="STANDARD"),
    "aws:cloudwatch/logStream:LogStream": Kind(
        id="{name}",
        named="name",
        outputs={"arn": "arn:aws:logs:{region}:{account}:log-group:{logGroupName}:log-stream:{name}"},
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": arn_named("cloudwatch", "alarm:", "name", id_="{name}"),
    "aws-native:cloudwatch:Dashboard": Kind(id="{dashboardName}", named="dashboardName"),
    "aws-native:logs:LogGroup": Kind(
        id="{logGroupName}",
        named="logGroupName",
        outputs={"arn": "arn:aws:logs:{region}:{account}:log-group:{logGroupName}:*"},
    ),
}
