"""EKS."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.kinds import Kind, arn_named, slow

KINDS: Mapping[str, Kind] = {
    "aws:eks/cluster:Cluster": slow(
        arn_named(
            "eks",
            "cluster/",
            id_="{name}",
            certificateAuthorities=[{"data": "LS0tLS1CRUdJTi{lower:40}"}],
            certificateAuthority={"data": "LS0tLS1CRUdJTi{lower:40}"},
            createdAt="2026-01-01T00:00:00Z",
            endpoint="https://{hex:32}.gr7.{region}.eks.amazonaws.com",
            identities=[{"oidcs": [{"issuer": "https://oidc.eks.{region}.amazonaws.com/id/{hex:32}"}]}],
            platformVersion="eks.1",
            status="ACTIVE",
            version="1.33",
        ),
        500,
    ),
    "aws:eks/nodeGroup:NodeGroup": Kind(
        id="{clusterName}:{nodeGroupName}",
        outputs={
            "arn": "arn:aws:eks:{region}:{account}:nodegroup/{clusterName}/{nodeGroupName}/{uuid}",
            "resources": [{"autoscalingGroups": [{"name": "eks-{nodeGroupName}-{uuid}"}]}],
            "status": "ACTIVE",
        },
    ),
}
