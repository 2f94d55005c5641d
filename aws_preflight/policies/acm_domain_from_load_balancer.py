"""A certificate for the DNS name that AWS gives to a load balancer can never be issued.

The name (`alb.dnsName`) is under `elb.amazonaws.com`, which AWS owns, and it is about 71 octets long where ACM takes
64. At the first preview it is unknown, so no check of the value can see it. Its origin is known: the engine says which
resource an input was made from.
"""

from __future__ import annotations

from collections.abc import Iterator

from aws_preflight.policies.domain_names import CERTIFICATES, is_privately_issued, names_of
from aws_preflight.policies.type_aliases import with_aliases
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import UNKNOWN, Path

LOAD_BALANCERS = frozenset(
    with_aliases(
        "aws:lb/loadBalancer:LoadBalancer",
        "aws:elb/loadBalancer:LoadBalancer",
        "aws-native:elasticloadbalancingv2:LoadBalancer",
    )
)


@stack_policy(
    id="acm-domain-from-load-balancer",
    types=CERTIFICATES,
    title="An ACM certificate is requested for the DNS name of a load balancer",
    refuses=(
        "A requested public certificate with a name that is unknown at preview and made from a load balancer alone:"
        " only its computed DNS name can be meant."
    ),
    why_not_preview=(
        "The DNS name exists only after the load balancer was created, so Pulumi and the provider see an unknown value."
    ),
    answer=Answer(
        text="InvalidDomainValidationOptionsException: The first domain name can be no longer than 64 characters.",
        operation="acm:RequestCertificate",
        source="https://github.com/badmintoncryer/cdk-preflight (rule pf-acm-domain-name-cn-64-octets)",
    ),
    wrong=Code(
        typescript="""\
new aws.acm.Certificate("web", {
    domainName: pulumi.interpolate`${alb.dnsName}`,
    validationMethod: "DNS",
});""",
        python="""\
aws.acm.Certificate("web",
    domain_name=alb.dns_name,
    validation_method="DNS")""",
    ),
    right=Code(
        typescript="""\
const certificate = new aws.acm.Certificate("web", {
    domainName: "www.example.com", // a name in a zone of yours
    validationMethod: "DNS",
});
new aws.route53.Record("web", {
    zoneId, name: "www.example.com", type: "A",
    aliases: [{ name: alb.dnsName, zoneId: alb.zoneId, evaluateTargetHealth: true }],
});""",
        python="""\
certificate = aws.acm.Certificate("web",
    domain_name="www.example.com",  # a name in a zone of yours
    validation_method="DNS")
aws.route53.Record("web", zone_id=zone_id, name="www.example.com", type="A",
    aliases=[{"name": alb.dns_name, "zone_id": alb.zone_id, "evaluate_target_health": True}])""",
    ),
    fix=Fix(
        words=(
            "request the certificate for a name in a zone of yours, and point that name to the load"
            " balancer with an alias record"
        ),
        typescript=(
            'domainName: "www.example.com", // a name in a zone of yours, with an alias record to the load balancer'
        ),
        python='domain_name="www.example.com",  # a name in a zone of yours, with an alias record to the load balancer',
    ),
    sources=(
        "https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html",
        "https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-failed.html",
    ),
)
def acm_domain_from_load_balancer(stack: Stack) -> Iterator[Finding]:
    """Every unknown name whose only source is a load balancer."""
    for certificate in stack.of_type(*CERTIFICATES):
        if is_privately_issued(certificate):
            continue
        for path in _unknown_names(certificate):
            balancer = _only_load_balancer(stack, certificate, str(path[0]))
            if balancer is not None:
                message = (
                    f'the name is unknown yet and made from the load balancer "{balancer.name}" alone, so it is the DNS'
                    " name that AWS will give it: AWS owns it, and with about 71 octets it is mostly too long as well"
                )
                yield Finding(resource=certificate, at=path, message=message)


def _unknown_names(certificate: Resource) -> list[Path]:
    names = names_of(certificate)
    if names and certificate.get("subjectAlternativeNames") is UNKNOWN:
        names.append((("subjectAlternativeNames",), UNKNOWN))
    return [path for path, name in names if name is UNKNOWN]


def _only_load_balancer(stack: Stack, certificate: Resource, name: str) -> Resource | None:
    """The load balancer that the input `name` was made from, when it was made from nothing else.

    With a second source the unknown part may come from there. A load balancer whose own name is unknown (`namePrefix`)
    may stand for that name: `${alb.name}.example.com` is a fine domain name.
    """
    urns = set(certificate.property_dependencies.get(name, ()))
    sources = stack.sources_of(certificate, name)
    balancers = [source for source in sources if source.type in LOAD_BALANCERS and isinstance(source.get("name"), str)]
    return balancers[0] if urns and len(balancers) == len(urns) else None
