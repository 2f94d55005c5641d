"""Domain names of certificates: what ACM counts, and which names belong to AWS."""

from __future__ import annotations

from typing import Final

from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Path, Value, items_of

CERTIFICATES: Final = ("aws:acm/certificate:Certificate", "aws-native:certificatemanager:Certificate")

MAX_FIRST_NAME: Final = 64
MAX_NAME: Final = 253
MAX_LABEL: Final = 63

# "Amazon-owned domain names such as those ending in amazonaws.com, cloudfront.net, or elasticbeanstalk.com"
# (docs.aws.amazon.com/acm/latest/userguide/troubleshooting-failed.html). The zone of the Chinese regions is the same
# company's; the longest ending that fits is named.
_AWS_ZONES: Final = {
    "elb.amazonaws.com": "the DNS name of a load balancer",
    "execute-api.amazonaws.com": "the address of an API Gateway stage",
    "amazonaws.com": "a name of an AWS service",
    "amazonaws.com.cn": "a name of an AWS service",
    "cloudfront.net": "the domain name of a CloudFront distribution",
    "elasticbeanstalk.com": "the address of an Elastic Beanstalk environment",
}


def names_of(certificate: Resource) -> list[tuple[Path, Value]]:
    """Every name of a requested certificate with its path, the first name first.

    An imported certificate brings its names in its own body and is never requested: it has none here.
    """
    if any(certificate.get(key) is not None for key in ("certificateBody", "privateKey", "privateKeyWo")):
        return []
    alternatives = certificate.get("subjectAlternativeNames")
    return [
        (("domainName",), certificate.get("domainName")),
        *((("subjectAlternativeNames", i), name) for i, name in items_of(alternatives)),
    ]


def is_privately_issued(certificate: Resource) -> bool:
    """Whether a private CA signs: ACM asks nobody to prove that he owns the names then.

    docs.aws.amazon.com/acm/latest/userguide/domain-ownership-validation.html
    """
    return certificate.get("certificateAuthorityArn") is not None


def ascii_labels(name: str) -> list[str] | None:
    """The labels of `name` as they travel in DNS: non-ASCII labels in their `xn--` form, no trailing dot.

    `None` where a label has no such form. Lengths are not limited, unlike in `idna.encode`: they are what is evaluated.
    """
    labels = name.removesuffix(".").split(".")
    if name.isascii():
        return labels
    # Imported here: its tables make up a third of the pack's own start time, and such names are rare.
    import idna

    try:
        mapped = idna.uts46_remap(name.removesuffix("."), std3_rules=False).split(".")
        return [label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in mapped]
    except (idna.IDNAError, UnicodeError):
        return None


def is_first_name_too_long(name: Value) -> bool:
    """Whether ACM refuses `name` as the first name of a certificate for its length alone."""
    labels = ascii_labels(name) if isinstance(name, str) else None
    return labels is not None and len(".".join(labels)) > MAX_FIRST_NAME


def aws_zone(name: Value) -> tuple[str, str] | None:
    """The zone of AWS that `name` lies in and what such a name is; `None` for every other name.

    The test is on a label border: `amazonaws.com.example.org` and `notamazonaws.com` are somebody else's.
    """
    if not isinstance(name, str):
        return None
    labels = name.lower().removesuffix(".").split(".")
    for zone, meaning in _AWS_ZONES.items():
        ending = zone.split(".")
        # A regional name has the region before the zone's last two labels (...us-east-1.elb.amazonaws.com) or after
        # the service (...elb.cn-north-1.amazonaws.com.cn); only the ending counts.
        if labels[-len(ending) :] == ending:
            return zone, meaning
    return None
