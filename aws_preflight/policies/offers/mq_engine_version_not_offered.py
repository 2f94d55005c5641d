"""Amazon MQ makes no new broker of an engine version that it has withdrawn, and chooses the patch itself.

Since ActiveMQ 5.18 and RabbitMQ 3.13 a program names the line alone, `3.13`: AWS refuses a patch of it, `3.13.7`, with
which it shows the brokers that exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from aws_preflight.policies.offers.engine_versions import not_offered
from aws_preflight.policies.offers.tables import string_at, table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy

TYPES: Final = ("aws:mq/broker:Broker", "aws:mq/configuration:Configuration")
# The provider takes the engine in any letter case.
ENGINES: Final[Mapping[str, str]] = {"activemq": "ActiveMQ", "rabbitmq": "RabbitMQ"}
ISSUE: Final = "https://github.com/hashicorp/terraform-provider-aws/pull/47285"
PATCH: Final = "https://github.com/hashicorp/terraform-provider-aws/issues/38708"


@stack_policy(
    id="mq-engine-version-not-offered",
    types=TYPES,
    creation=("arn",),
    existing="silent",
    title="A new broker or its configuration has an engine version that Amazon MQ does not offer",
    refuses=(
        "A new broker or configuration of ActiveMQ or RabbitMQ with a version that Amazon MQ has withdrawn, or with a"
        " patch of one that it has: `5.18.4` where it takes `5.18`. A version newer than all that are known is never"
        " refused."
    ),
    why_not_preview="The provider takes every version.",
    answer=Answer(
        text=(
            "BadRequestException: Broker engine version [5.17.6] is invalid for broker engine type [ACTIVEMQ]. Valid"
            " values: [5.19, 5.18]."
        ),
        operation="mq:CreateConfiguration",
        source=ISSUE,
    ),
    wrong=Code(
        typescript='new aws.mq.Broker("queue", { engineType: "RabbitMQ", engineVersion: "3.11.20", ...args });',
        python='aws.mq.Broker("queue", engine_type="RabbitMQ", engine_version="3.11.20", **args)',
    ),
    right=Code(
        typescript='new aws.mq.Broker("queue", { engineType: "RabbitMQ", engineVersion: "3.13", ...args });',
        python='aws.mq.Broker("queue", engine_type="RabbitMQ", engine_version="3.13", **args)',
    ),
    fix=Fix(words="take a version on offer, without a patch"),
    sources=(
        "https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/activemq-version-management.html",
        "https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-version-management.html",
        ISSUE,
        PATCH,
        "https://github.com/awsdocs/amazon-mq-developer-guide/issues/1 (CreateBroker)",
    ),
)
def mq_engine_version_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every broker and configuration of such a version."""
    known = table("mq_engine_versions")
    for one in stack.of_type(*TYPES):
        engine = ENGINES.get(string_at(one, "engineType").lower(), "")
        what = f"Amazon MQ does not offer this version of {engine} for something new"
        yield from not_offered(one, "engineVersion", engine, string_at(one, "engineVersion"), known, what)
