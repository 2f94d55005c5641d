"""EKS makes no new cluster of a Kubernetes version whose extended support has ended.

The clusters that exist are moved to the next version. AWS tells the days beforehand and moves them now and then: a day
that had passed when the table was made is a fact, a later one is an announcement.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.offers.ends import ended, today_utc
from aws_preflight.policies.offers.tables import table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy

TYPES: Final = ("aws:eks/cluster:Cluster",)
ISSUE: Final = "https://github.com/hashicorp/terraform-provider-aws/issues/38796"
SEEN: Final = (
    "https://github.com/pluralsight-cloud/"
    "content-deploying-and-managing-a-web-application-in-kubernetes-with-terraform/issues/1"
)


@stack_policy(
    id="eks-version-not-offered",
    types=TYPES,
    creation=("arn",),
    existing="silent",
    title="A new EKS cluster has a Kubernetes version that EKS no longer offers",
    refuses=(
        "A new cluster of a version whose extended support ended on a day that has passed. Where AWS had only announced"
        " that day when the table was made, an advisory says so."
    ),
    why_not_preview="The provider takes every version.",
    answer=Answer(
        text="InvalidParameterException: unsupported Kubernetes version 1.24",
        operation="eks:CreateCluster",
        source=SEEN,
    ),
    wrong=Code(
        typescript='new aws.eks.Cluster("apps", { version: "1.27", ...args });',
        python='aws.eks.Cluster("apps", version="1.27", **args)',
    ),
    right=Code(
        typescript='new aws.eks.Cluster("apps", { version: "1.34", ...args });',
        python='aws.eks.Cluster("apps", version="1.34", **args)',
    ),
    fix=Fix(words="take a version under support"),
    sources=(
        "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
        SEEN,
        ISSUE,
    ),
)
def eks_version_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every cluster of such a version."""
    known, today = table("eks_versions"), today_utc()
    for cluster in stack.of_type(*TYPES):
        yield from ended(cluster, "version", known, "clusters of this version", today)
