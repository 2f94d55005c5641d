"""Six to nine instances over three availability zones of the default VPC, and the dashboard that shows them."""

import json

import pulumi
import pulumi_aws as aws

config = pulumi.Config()
suffix = config.require("environmentSuffix")
tags = config.require_object("tags")
asg_name = f"asg-{suffix}"

zones = aws.get_availability_zones_output(
    state="available", filters=[{"name": "opt-in-status", "values": ["opt-in-not-required"]}]
)
image = aws.ec2.get_ami_output(
    owners=["amazon"],
    most_recent=True,
    filters=[
        {"name": "name", "values": ["al2023-ami-2023.*-x86_64"]},
        {"name": "architecture", "values": ["x86_64"]},
    ],
)

launch_template = aws.ec2.LaunchTemplate(
    f"launch-template-{suffix}",
    name=f"failover-{suffix}",
    image_id=image.id,
    instance_type="t3.micro",
    metadata_options={"http_endpoint": "enabled", "http_tokens": "required"},
)

asg = aws.autoscaling.Group(
    asg_name,
    name=asg_name,
    min_size=6,
    max_size=9,
    availability_zones=zones.names.apply(lambda names: names[:3]),
    launch_template={"id": launch_template.id, "version": "$Latest"},
    enabled_metrics=["GroupDesiredCapacity", "GroupInServiceInstances"],
    tags=[
        {
            "key": key,
            "value": value,
            "propagate_at_launch": True,
        }
        for key, value in tags.items()
    ],
)

dashboard = aws.cloudwatch.Dashboard(
    f"dashboard-{suffix}",
    dashboard_name=f"failover-{suffix}",
    dashboard_body=json.dumps(
        {
            "widgets": [
                {
                    "type": "metric",
                    "width": 24,
                    "height": 6,
                    "properties": {
                        "title": "Instances",
                        "region": aws.config.region,
                        "period": 60,
                        "stat": "Average",
                        "metrics": [
                            [
                                "AWS/AutoScaling",
                                "GroupDesiredCapacity",
                                {"stat": "Average", "dimensions": {"AutoScalingGroupName": asg_name}},
                            ],
                            [
                                ".",
                                "GroupInServiceInstances",
                                {"stat": "Average", "dimensions": {"AutoScalingGroupName": asg_name}},
                            ],
                        ],
                    },
                }
            ]
        }
    ),
)

pulumi.export("asg_name", asg.name)
pulumi.export("dashboard_name", dashboard.dashboard_name)
