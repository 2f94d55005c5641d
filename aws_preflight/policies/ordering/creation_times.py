"""Which resources take ten seconds or more to create: whoever waits for one starts well behind all others.

Times of real deployments, as Terraform tells them (its provider is the one that Pulumi's is made from). Only what was
measured is here; a resource that is quick on some days is not. Nor is an EKS cluster, which takes minutes: node groups
that came before the policies of their role are on record all the same
(https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2425).
"""

from __future__ import annotations

from typing import Final

from aws_preflight.preflight.resource import Resource

_PUBLIC_SUBNET: Final = "aws:ec2/subnet:Subnet"
"""10 to 12 s where it gives its instances public addresses: the provider sets that afterwards, and sleeps before it
looks whether AWS has taken it; else 1 s.

https://github.com/hashicorp/terraform-provider-aws/blob/v6.34.0/internal/service/ec2/wait.go,
`waitSubnetMapPublicIPOnLaunchUpdated`; seen in https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2203:
`aws_subnet.public[0]: Creation complete after 10s`.
"""
_LONG: Final = frozenset(
    {
        # https://github.com/hashicorp-education/learn-terraform-provision-eks-cluster/issues/22: not ready after 80 s
        "aws:ec2/natGateway:NatGateway",
    }
)


def takes_long(resource: Resource) -> bool:
    """Whether the creation of a resource surely takes ten seconds or more."""
    if resource.type == _PUBLIC_SUBNET:
        return resource.get("mapPublicIpOnLaunch") is True
    return resource.type in _LONG
