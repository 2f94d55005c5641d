"""Types of the AWS provider that have more than one token: the one table of them.

A program keeps the token of the SDK that it was written with, so a policy has to know all of them. The source are the
aliases that the provider's SDK declares (pulumi_aws 7.51.1; tests/test_schema.py compares). Two modules, `alb` and
`lb`, and classes with and without `V2` stand beside each other there for the same resources of AWS.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final


def _token(module: str, name: str) -> str:
    return f"aws:{module}/{name[0].lower()}{name[1:]}:{name}"


def _aliases() -> Iterator[tuple[str, str]]:
    """Each token that stands for another one, with that."""
    for name in _BALANCED:
        for module in ("alb", "applicationloadbalancing", "elasticloadbalancingv2"):
            yield _token(module, name), _token("lb", name)
    for name in _CLASSIC:
        yield _token("elasticloadbalancing", name), _token("elb", name)
    for name in _VERSIONED:
        yield _token("s3", f"{name}V2"), _token("s3", name)
    yield from _RENAMED.items()


_BALANCED: Final = (
    *("Listener", "ListenerCertificate", "ListenerRule"),
    *("LoadBalancer", "TargetGroup", "TargetGroupAttachment"),
)
_CLASSIC: Final = (
    *("AppCookieStickinessPolicy", "Attachment", "ListenerPolicy", "LoadBalancer", "LoadBalancerBackendServerPolicy"),
    *("LoadBalancerCookieStickinessPolicy", "LoadBalancerPolicy", "SslNegotiationPolicy"),
)
_VERSIONED: Final = (
    *("Bucket", "BucketAccelerateConfiguration", "BucketAcl", "BucketCorsConfiguration"),
    *("BucketLifecycleConfiguration", "BucketLogging", "BucketObjectLockConfiguration"),
    *("BucketRequestPaymentConfiguration", "BucketServerSideEncryptionConfiguration", "BucketVersioning"),
    "BucketWebsiteConfiguration",
)
_RENAMED: Final[Mapping[str, str]] = {
    "aws:chime/voiceConnectorOrganization:VoiceConnectorOrganization": (
        "aws:chime/voiceConnectorOrigination:VoiceConnectorOrigination"
    ),
    "aws:directoryservice/conditionalForwader:ConditionalForwader": (
        "aws:directoryservice/conditionalForwarder:ConditionalForwarder"
    ),
    "aws:directoryservice/logService:LogService": "aws:directoryservice/logSubscription:LogSubscription",
    "aws:ec2/encryptionControl:EncryptionControl": "aws:ec2/vpcEncryptionControl:VpcEncryptionControl",
    "aws:ec2/transitGatewayPeeringAttachmentAccepter:TransitGatewayPeeringAttachmentAccepter": (
        "aws:ec2transitgateway/peeringAttachmentAccepter:PeeringAttachmentAccepter"
    ),
    "aws:lambda/microvmsImage:MicrovmsImage": "aws:lambdamicrovms/image:Image",
    "aws:s3/BucketObject:BucketObject": "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:ses/confgurationSet:ConfgurationSet": "aws:ses/configurationSet:ConfigurationSet",
    "aws:workspaces/webBrowserSettings:WebBrowserSettings": "aws:workspacesweb/browserSettings:BrowserSettings",
    "aws:workspaces/webNetworkSettings:WebNetworkSettings": "aws:workspacesweb/networkSettings:NetworkSettings",
    "aws:workspaces/webUserSettings:WebUserSettings": "aws:workspacesweb/userSettings:UserSettings",
}

CANONICAL: Final[Mapping[str, str]] = dict(_aliases())
"""By alias, the token under which tables know the type."""


def canonical(token: str) -> str:
    """The token under which tables know the type of `token`: itself for most types."""
    return CANONICAL.get(token, token)


def with_aliases(*tokens: str) -> tuple[str, ...]:
    """The tokens, each followed by those that stand for it."""
    return tuple(one for token in tokens for one in (token, *_BY_CANONICAL.get(token, ())))


_BY_CANONICAL: Final[dict[str, list[str]]] = {}
for _alias, _known in CANONICAL.items():
    _BY_CANONICAL.setdefault(_known, []).append(_alias)
