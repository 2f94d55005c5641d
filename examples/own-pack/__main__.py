"""A pack of one's own: a rule of the company, and those of AWS preflight about three services."""

from __future__ import annotations

from pulumi_policy import (
    EnforcementLevel,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
)

from aws_preflight import sdk


def check_retention(args: ResourceValidationArgs, report: ReportViolation) -> None:
    if args.resource_type == "aws:cloudwatch/logGroup:LogGroup" and not args.props.get("retentionInDays"):
        report("Logs are kept for a time that somebody has chosen: set retentionInDays.")


log_group_without_retention = ResourceValidationPolicy(
    name="log-group-without-retention",
    description="A log group keeps its logs for ever",
    validate=check_retention,
    enforcement_level=EnforcementLevel.MANDATORY,
)

PolicyPack(
    "acme",
    [
        log_group_without_retention,
        *sdk.policies(
            services=["autoscaling", "cloudwatch", "ecs"],
            levels={"dashboard-metrics-malformed": "advisory"},
            exemptions=[
                {
                    "policy": "asg-tag-not-string",
                    "resource": "*::legacy-*",
                    "reason": "replaced in spring",
                    "owner": "platform team",
                    "expires": "2999-12-31",
                }
            ],
        ),
    ],
)
