"""Certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.kinds import Kind


def _validation_options(facts: Facts) -> list[dict[str, Any]]:
    names = [facts["domainName"], *(facts["subjectAlternativeNames"] or [])]
    apexes = dict.fromkeys(str(name).removeprefix("*.") for name in names)
    by_apex = {str(name).removeprefix("*."): name for name in reversed(names)}
    return [
        {
            "domainName": by_apex[apex],
            "resourceRecordName": facts.fill("_{hex:32/" + apex + "}") + f".{apex}.",
            "resourceRecordType": "CNAME",
            "resourceRecordValue": facts.fill("_{hex:32/v" + apex + "}.{lower:10}.acm-validations.aws."),
        }
        for apex in apexes
    ]


def _alternative_names(facts: Facts) -> list[Any]:
    return list(dict.fromkeys([facts["domainName"], *(facts["subjectAlternativeNames"] or [])]))


KINDS: Mapping[str, Kind] = {
    "aws:acm/certificate:Certificate": Kind(
        id="{arn}",
        outputs={
            "arn": "arn:aws:acm:{region}:{account}:certificate/{uuid}",
            "domainValidationOptions": _validation_options,
            "keyAlgorithm": "RSA_2048",
            "renewalEligibility": "INELIGIBLE",
            "status": "PENDING_VALIDATION",
            "subjectAlternativeNames": _alternative_names,
            "type": "AMAZON_ISSUED",
            "validationEmails": [],
        },
    ),
    "aws:acm/certificateValidation:CertificateValidation": Kind(id="2026-01-01 00:00:00 +0000 UTC", seconds=60),
    "aws-native:certificatemanager:Certificate": Kind(
        id="arn:aws:acm:{region}:{account}:certificate/{uuid}",
        outputs={"certificateArn": "arn:aws:acm:{region}:{account}:certificate/{uuid}"},
    ),
}
