"""Aurora makes no new cluster of its first serverless mode.

`engineMode: serverless` was Aurora Serverless v1, which has ended. The second one is a class of the instances,
`db.serverless`, in a cluster of the ordinary mode.
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
    properties={"aws:rds/cluster:Cluster": "engineMode"},
    values=re.compile("serverless"),
    message="Aurora Serverless v1 has ended (as of 2026-09): no new cluster has this mode",
    from_another=("snapshotIdentifier", "restoreToPointInTime", "replicationSourceIdentifier"),
)
SEEN: Final = (
    "https://github.com/badmintoncryer/cdk-preflight rules/rds/pf-rds-engine-mode-serverless-retired/meta.yaml"
)


@stack_policy(
    id="rds-serverless-v1-not-offered",
    types=tuple(GONE.properties),
    creation=("arn",),
    existing="silent",
    title="A new Aurora cluster asks for the first serverless mode, which has ended",
    refuses="A new cluster whose `engineMode` is `serverless`. One made from a snapshot or another one is not judged.",
    why_not_preview="The provider knows the mode, and takes it.",
    answer=Answer(
        text="The engine mode serverless you requested is currently unavailable.",
        operation="rds:CreateDBCluster",
        source=SEEN,
    ),
    wrong=Code(
        typescript='new aws.rds.Cluster("db", { engine: "aurora-postgresql", engineMode: "serverless" });',
        python='aws.rds.Cluster("db", engine="aurora-postgresql", engine_mode="serverless")',
    ),
    right=Code(
        typescript=(
            'new aws.rds.Cluster("db", { engine: "aurora-postgresql",'
            " serverlessv2ScalingConfiguration: { minCapacity: 0, maxCapacity: 4 } });"
        ),
        python=(
            'aws.rds.Cluster("db", engine="aurora-postgresql",'
            ' serverlessv2_scaling_configuration={"min_capacity": 0, "max_capacity": 4})'
        ),
    ),
    fix=Fix(words="leave engineMode out, set serverlessv2ScalingConfiguration, and add an instance of db.serverless"),
    sources=(
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.html",
        SEEN,
    ),
)
def rds_serverless_v1_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every cluster of that mode."""
    yield from GONE.found(stack)
