"""Elastic Beanstalk makes no new environment on a platform of the first Amazon Linux.

A platform is named with its version, and AWS keeps few of them. Those of the first Amazon Linux, `2018.03` and older,
were retired in July 2022, and stayed for some months with those who used them. What an account still sees only the
account knows, so this warns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.offers.gone import Gone
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy

GONE: Final = Gone(
    properties={"aws:elasticbeanstalk/environment:Environment": "solutionStackName"},
    # AWS still lists one of Packer, and one of Java 8.
    values=re.compile(r"(?:32|64)bit Amazon Linux 20[01][0-9]\.[0-9]{2} v[0-9.]+ running (?!Packer |Java 8$).+"),
    message="platforms of the first Amazon Linux are retired (as of 2022-07)",
    from_another=("templateName",),
)
ISSUE: Final = "https://github.com/cloudposse/terraform-aws-elastic-beanstalk-environment/issues/80"


@stack_policy(
    id="beanstalk-platform-not-offered",
    types=tuple(GONE.properties),
    creation=("arn",),
    existing="silent",
    level="advisory",
    title="A new Beanstalk environment is on a platform of the first Amazon Linux",
    refuses="A new environment with a solution stack of Amazon Linux 2018.03 or older.",
    why_not_preview="The provider takes every name.",
    answer=Answer(
        text=(
            "InvalidParameterValue: No Solution Stack named '64bit Amazon Linux 2018.03 v2.12.2 running Docker"
            " 18.03.1-ce' found."
        ),
        operation="elasticbeanstalk:CreateEnvironment",
        source=ISSUE,
    ),
    wrong=Code(
        typescript='solutionStackName: "64bit Amazon Linux 2018.03 v2.12.2 running Docker 18.03.1-ce",',
        python='solution_stack_name="64bit Amazon Linux 2018.03 v2.12.2 running Docker 18.03.1-ce",',
    ),
    right=Code(
        typescript=(
            "solutionStackName: aws.elasticbeanstalk.getSolutionStackOutput("
            '{ mostRecent: true, nameRegex: "running Docker$" }).name,'
        ),
        python=(
            "solution_stack_name=aws.elasticbeanstalk.get_solution_stack("
            'most_recent=True, name_regex="running Docker$").name,'
        ),
    ),
    fix=Fix(words="ask for the newest platform with getSolutionStack"),
    sources=(
        "https://docs.aws.amazon.com/elasticbeanstalk/latest/platforms/platforms-retiring.html",
        "https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/platforms-support-policy.html",
        ISSUE,
    ),
)
def beanstalk_platform_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every environment on such a platform."""
    yield from GONE.found(stack, advisory=True)
