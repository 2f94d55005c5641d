"""ACM never issues a public certificate for a name that AWS owns.

Names under `amazonaws.com`, `cloudfront.net` and `elasticbeanstalk.com` belong to AWS: nobody else can prove to own
them. The request itself is accepted; the certificate then goes to the status FAILED, and everything that waits for it
(a `CertificateValidation`, an HTTPS listener) fails minutes later.
"""

from __future__ import annotations

from collections.abc import Iterator

from aws_preflight.policies.domain_names import (
    CERTIFICATES,
    aws_zone,
    is_first_name_too_long,
    is_privately_issued,
    names_of,
)
from aws_preflight.policies.outputs.traces import is_stringified
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import quote


@resource_policy(
    id="acm-domain-owned-by-aws",
    types=CERTIFICATES,
    reads=("domainName", "subjectAlternativeNames"),
    title="An ACM certificate is requested for a domain name that AWS owns",
    refuses=(
        "A requested public certificate for a known name under `amazonaws.com`, `cloudfront.net` or"
        " `elasticbeanstalk.com`."
    ),
    why_not_preview=(
        "The request is valid in form, and ACM accepts it. It fails when ACM validates the name, after the resource was"
        " created."
    ),
    answer=Answer(
        text=(
            "You cannot request a certificate for Amazon-owned domain names such as those ending in amazonaws.com,"
            " cloudfront.net, or elasticbeanstalk.com. (status FAILED, reason ADDITIONAL_VERIFICATION_REQUIRED)"
        ),
        operation="acm:DescribeCertificate",
        source="https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-failed.html",
        basis="documented",
    ),
    wrong=Code(
        typescript="""\
new aws.acm.Certificate("web", {
    domainName: "web-1234567890.eu-central-1.elb.amazonaws.com",
    validationMethod: "DNS",
});""",
        python="""\
aws.acm.Certificate("web",
    domain_name="web-1234567890.eu-central-1.elb.amazonaws.com",
    validation_method="DNS")""",
    ),
    right=Code(
        typescript="""\
const certificate = new aws.acm.Certificate("web", {
    domainName: "www.example.com", // a name in a zone of yours, with an alias record to the load balancer
    validationMethod: "DNS",
});""",
        python="""\
certificate = aws.acm.Certificate("web",
    domain_name="www.example.com",  # a name in a zone of yours, with an alias record to the load balancer
    validation_method="DNS")""",
    ),
    fix=Fix(
        words=(
            "request the certificate for a name in a zone of yours, and point that name to what AWS named"
            " with an alias record"
        ),
        typescript=(
            'domainName: "www.example.com", // a name in a zone of yours, with an alias record to the load balancer'
        ),
        python='domain_name="www.example.com",  # a name in a zone of yours, with an alias record to the load balancer',
    ),
    sources=("https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-failed.html",),
)
def acm_domain_owned_by_aws(certificate: Resource) -> Iterator[Finding]:
    """Every name in a zone of AWS; a first name that is also too long is left to `acm-domain-too-long`."""
    if is_privately_issued(certificate):
        return
    for path, name in names_of(certificate):
        zone = aws_zone(name)
        if zone is None or is_stringified(name, path) or (path == ("domainName",) and is_first_name_too_long(name)):
            continue
        message = f"this is {zone[1]}: AWS owns {zone[0]}, and the certificate can never be validated"
        yield Finding(resource=certificate, at=path, message=message, evidence=quote(name))
