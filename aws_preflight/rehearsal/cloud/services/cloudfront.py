"""CloudFront, and the firewall before it."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.kinds import Kind

KINDS: Mapping[str, Kind] = {
    "aws:cloudfront/distribution:Distribution": Kind(
        id="E{upper:13}",
        seconds=200,
        outputs={
            "arn": "arn:aws:cloudfront::{account}:distribution/E{upper:13}",
            "domainName": "d{lower:13}.cloudfront.net",
            "etag": "E{upper:13/etag}",
            "hostedZoneId": "Z2FDTNDATAQYW2",
            "status": "Deployed",
        },
    ),
    "aws:cloudfront/originAccessControl:OriginAccessControl": Kind(
        id="E{upper:13}",
        named="name",
        outputs={"arn": "arn:aws:cloudfront::{account}:origin-access-control/E{upper:13}", "etag": "E{upper:13/etag}"},
    ),
    "aws:cloudfront/originAccessIdentity:OriginAccessIdentity": Kind(
        id="E{upper:13}",
        outputs={
            "cloudfrontAccessIdentityPath": "origin-access-identity/cloudfront/E{upper:13}",
            "iamArn": "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E{upper:13}",
            "s3CanonicalUserId": "{hex:64}",
        },
    ),
    "aws:wafv2/webAcl:WebAcl": Kind(
        id="{uuid}",
        named="name",
        outputs={
            "arn": lambda facts: facts.fill(
                "arn:aws:wafv2:{region}:{account}:"
                + ("global" if facts["scope"] == "CLOUDFRONT" else "regional")
                + "/webacl/{name}/{uuid}"
            ),
            "capacity": 1,
        },
    ),
}
