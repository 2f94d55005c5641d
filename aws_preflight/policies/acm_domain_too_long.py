"""ACM refuses a certificate whose first domain name is longer than 64 octets.

The first name becomes the Common Name of the certificate, and RFC 5280 limits that to 64 octets. Every further name
may have 253. The count is of the name as it travels in DNS: with dots, with a leading `*.`, and with the `xn--` form of
international labels. The usual origin is a name that was put together from an environment, a region and a service, or
the DNS name of a load balancer (about 71 octets).
"""

from __future__ import annotations

from collections.abc import Iterator

from aws_preflight.policies.domain_names import (
    CERTIFICATES,
    MAX_FIRST_NAME,
    MAX_LABEL,
    MAX_NAME,
    ascii_labels,
    aws_zone,
    names_of,
)
from aws_preflight.policies.outputs.traces import is_stringified
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import quote

API_REFERENCE = "https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html"

NAME_LIMITS = Answer(
    text="Each name has at most 253 octets, and each label between two dots at most 63 (DomainNameString).",
    operation="acm:RequestCertificate",
    source=API_REFERENCE,
    basis="documented",
)


@resource_policy(
    id="acm-domain-too-long",
    types=CERTIFICATES,
    reads=("domainName", "subjectAlternativeNames"),
    title="The first domain name of an ACM certificate has more than 64 octets",
    refuses=(
        "A requested certificate whose first name (`domainName`) is longer than 64 octets, or that has any name over"
        " 253 octets or with a label over 63."
    ),
    why_not_preview=(
        "The provider checks only that names have 1 to 253 characters and no trailing dot; the limit of the first name"
        " is ACM's own and is checked when the certificate is requested."
    ),
    answer=Answer(
        text="InvalidDomainValidationOptionsException: The first domain name can be no longer than 64 characters.",
        operation="acm:RequestCertificate",
        source="https://github.com/badmintoncryer/cdk-preflight (rule pf-acm-domain-name-cn-64-octets)",
    ),
    wrong=Code(
        typescript="""\
new aws.acm.Certificate("api", {
    domainName: "payments-api.blue.staging.eu-central-1.internal.platform.example.com", // 68 octets
    validationMethod: "DNS",
});""",
        python="""\
aws.acm.Certificate("api",
    domain_name="payments-api.blue.staging.eu-central-1.internal.platform.example.com",  # 68 octets
    validation_method="DNS")""",
    ),
    right=Code(
        typescript="""\
new aws.acm.Certificate("api", {
    domainName: "platform.example.com", // at most 64 octets; the long name comes second, where 253 are allowed
    subjectAlternativeNames: ["payments-api.blue.staging.eu-central-1.internal.platform.example.com"],
    validationMethod: "DNS",
});""",
        python="""\
aws.acm.Certificate("api",
    domain_name="platform.example.com",  # at most 64 octets; the long name comes second, where 253 are allowed
    subject_alternative_names=["payments-api.blue.staging.eu-central-1.internal.platform.example.com"],
    validation_method="DNS")""",
    ),
    fix=Fix(
        words=(
            "put a name of at most 64 octets first (domainName), and the long one second"
            " (subjectAlternativeNames), where 253 are allowed"
        ),
        typescript=(
            'domainName: "example.com", subjectAlternativeNames: [longName], // at most 64 octets; the long name second'
        ),
        python=(
            'domain_name="example.com", subject_alternative_names=[long_name],  # at most 64 octets; the'
            " long name second"
        ),
    ),
    sources=(
        API_REFERENCE,
        "https://github.com/aws/aws-cdk/pull/21807",
        "https://www.rfc-editor.org/rfc/rfc5280#appendix-A.1",
    ),
)
def acm_domain_too_long(certificate: Resource) -> Iterator[Finding]:
    """Every name of a requested certificate that is over its limit; one finding a name."""
    for path, name in names_of(certificate):
        labels = ascii_labels(name) if isinstance(name, str) else None
        if labels is None or is_stringified(name, path):
            continue  # no domain name, or no name at all: output-stringified says what it is
        octets = len(".".join(labels))
        longest = max(len(label) for label in labels)
        if path == ("domainName",) and octets > MAX_FIRST_NAME:
            message = f"the first name has {octets} octets, {octets - MAX_FIRST_NAME} more than ACM takes"
            yield Finding(resource=certificate, at=path, message=message + _origin(name), evidence=quote(name))
        elif octets > MAX_NAME:
            message = f"the name has {octets} octets, {octets - MAX_NAME} more than a name may have"
            yield Finding(resource=certificate, at=path, message=message, evidence=quote(name), answer=NAME_LIMITS)
        elif longest > MAX_LABEL:
            message = f"a label of the name has {longest} octets, {longest - MAX_LABEL} more than a label may have"
            yield Finding(resource=certificate, at=path, message=message, evidence=quote(name), answer=NAME_LIMITS)


def _origin(name: str) -> str:
    zone = aws_zone(name)
    return f"; it is {zone[1]}, which AWS owns: use a name of your own" if zone else ""
