"""Redshift makes no new cluster with nodes of the types before RA3.

Dense storage (DS, first DW) and dense compute (DC) have gone, DC2 last: an example that asks for `dc2.large`, long the
smallest node, is refused in the deployment.
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
    properties={"aws:redshift/cluster:Cluster": "nodeType"},
    values=re.compile(r"(?:dw[12]|dw\.hs1|ds[12]|dc[12])\.(?:large|xlarge|8xlarge)"),
    message="Redshift makes no new cluster of this node type (as of 2025-06); on offer: ra3.large and larger",
    from_another=("snapshotIdentifier", "snapshotArn", "snapshotClusterIdentifier"),
    only_aws=True,
)
ISSUE: Final = "https://github.com/aws-samples/amazon-bedrock-agents-healthcare-lifesciences/issues/122"


@stack_policy(
    id="redshift-node-type-not-offered",
    types=tuple(GONE.properties),
    creation=("arn",),
    existing="silent",
    title="A new Redshift cluster has a node type that Redshift no longer offers",
    refuses=(
        "A new cluster of nodes of DC2, DC1, DS2, DS1 or DW. One made from a snapshot is not judged, nor one in a"
        " region of another partition than `aws`, for which AWS has told no end."
    ),
    why_not_preview="The provider takes every node type.",
    answer=Answer(text="Invalid node type: dc2.large.", operation="redshift:CreateCluster", source=ISSUE),
    wrong=Code(
        typescript='new aws.redshift.Cluster("warehouse", { nodeType: "dc2.large", ...args });',
        python='aws.redshift.Cluster("warehouse", node_type="dc2.large", **args)',
    ),
    right=Code(
        typescript='new aws.redshift.Cluster("warehouse", { nodeType: "ra3.large", ...args });',
        python='aws.redshift.Cluster("warehouse", node_type="ra3.large", **args)',
    ),
    fix=Fix(words="take nodes of RA3"),
    sources=(
        "https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html",
        ISSUE,
        "https://github.com/nccgroup/sadcloud/issues/23",
    ),
)
def redshift_node_type_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every cluster of such nodes."""
    yield from GONE.found(stack)
