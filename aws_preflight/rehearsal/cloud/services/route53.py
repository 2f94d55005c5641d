"""Route 53 and Cloud Map."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.kinds import Kind


def _record_name(facts: Facts) -> str:
    return str(facts["name"]).rstrip(".")


KINDS: Mapping[str, Kind] = {
    "aws:route53/healthCheck:HealthCheck": Kind(id="{uuid}", outputs={"arn": "arn:aws:route53:::healthcheck/{uuid}"}),
    "aws:route53/record:Record": Kind(
        id=lambda facts: facts.fill(f"{{zoneId}}_{_record_name(facts)}_{{type}}"),
        seconds=30,
        outputs={"fqdn": _record_name, "setIdentifier": ""},
    ),
    "aws:route53/zone:Zone": Kind(
        id="{zoneId}",
        seconds=40,
        outputs={
            "zoneId": "Z{upper:20}",
            "arn": "arn:aws:route53:::hostedzone/{zoneId}",
            "nameServers": [
                "ns-{digits:3}.awsdns-{digits:2}.com",
                "ns-1{digits:3/b}.awsdns-{digits:2/b}.org",
                "ns-{digits:3/c}.awsdns-{digits:2/c}.net",
                "ns-1{digits:3/d}.awsdns-{digits:2/d}.co.uk",
            ],
            "primaryNameServer": "ns-{digits:3}.awsdns-{digits:2}.com",
        },
    ),
    "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace": Kind(
        id="ns-{lower:16}",
        outputs={
            "arn": "arn:aws:servicediscovery:{region}:{account}:namespace/ns-{lower:16}",
            "hostedZone": "Z{upper:20}",
        },
    ),
    "aws:servicediscovery/service:Service": Kind(
        id="srv-{lower:16}",
        named="name",
        outputs={"arn": "arn:aws:servicediscovery:{region}:{account}:service/srv-{lower:16}"},
    ),
}
