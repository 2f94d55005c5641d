"""Properties that people read and no machine does, in which AWS takes any text up to a length.

The lengths are those of the service models that AWS's own SDK ships (boto/botocore, botocore/data/<service>; the call
and its member stand beside each). Descriptions that AWS restricts to some characters (security groups, web ACLs) are
not here: it refuses there what a program did not mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aws_preflight.policies.type_aliases import canonical

_MOST_CHARACTERS: Final[Mapping[tuple[str, str], int]] = {
    ("aws:athena/workgroup:Workgroup", "description"): 1024,  # athena CreateWorkGroup.Description
    ("aws:cloudwatch/compositeAlarm:CompositeAlarm", "alarmDescription"): 1024,  # cloudwatch PutCompositeAlarm
    ("aws:cloudwatch/eventRule:EventRule", "description"): 512,  # events PutRule.Description
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "alarmDescription"): 1024,  # cloudwatch PutMetricAlarm
    ("aws:codebuild/project:Project", "description"): 255,  # codebuild CreateProject.description
    ("aws:cognito/userGroup:UserGroup", "description"): 2048,  # cognito-idp CreateGroup.Description
    ("aws:ec2/launchTemplate:LaunchTemplate", "description"): 255,  # ec2 CreateLaunchTemplate.VersionDescription
    ("aws:elasticbeanstalk/application:Application", "description"): 200,  # elasticbeanstalk CreateApplication
    ("aws:glue/job:Job", "description"): 2048,  # glue CreateJob.Description
    ("aws:guardduty/filter:Filter", "description"): 512,  # guardduty CreateFilter.Description
    ("aws:iam/policy:Policy", "description"): 1000,  # iam CreatePolicy.Description
    ("aws:iam/role:Role", "description"): 1000,  # iam CreateRole.Description
    ("aws:kms/key:Key", "description"): 8192,  # kms CreateKey.Description
    ("aws:lambda/function:Function", "description"): 256,  # lambda CreateFunction.Description
    ("aws:lambda/layerVersion:LayerVersion", "description"): 256,  # lambda PublishLayerVersion.Description
    ("aws:organizations/policy:Policy", "description"): 512,  # organizations CreatePolicy.Description
    ("aws:scheduler/schedule:Schedule", "description"): 512,  # scheduler CreateSchedule.Description
    ("aws:secretsmanager/secret:Secret", "description"): 2048,  # secretsmanager CreateSecret.Description
    ("aws:servicecatalog/portfolio:Portfolio", "description"): 2000,  # servicecatalog CreatePortfolio.Description
    ("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace", "description"): 1024,  # CreatePrivateDnsNamespace
    ("aws:ssm/parameter:Parameter", "description"): 1024,  # ssm PutParameter.Description
}


def most_characters(type_: str, name: str) -> int | None:
    """The most characters that AWS takes in the free text `name` of a type; `None` where it is not known to be one."""
    return _MOST_CHARACTERS.get((canonical(type_), name))
