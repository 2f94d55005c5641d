"""S3."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.kinds import Kind

KINDS: Mapping[str, Kind] = {
    "aws:s3/bucket:Bucket": Kind(
        id="{bucket}",
        named="bucket",
        outputs={
            "arn": "arn:aws:s3:::{bucket}",
            "bucketDomainName": "{bucket}.s3.amazonaws.com",
            "bucketRegion": "{region}",
            "bucketRegionalDomainName": "{bucket}.s3.{region}.amazonaws.com",
            "hostedZoneId": "Z3BJ6K6RIION7M",
            "websiteDomain": "s3-website.{region}.amazonaws.com",
            "websiteEndpoint": "{bucket}.s3-website.{region}.amazonaws.com",
        },
    ),
    **dict.fromkeys(
        ("aws:s3/bucketObject:BucketObject", "aws:s3/bucketObjectv2:BucketObjectv2"),
        Kind(id="{bucket}/{key}", outputs={"arn": "arn:aws:s3:::{bucket}/{key}", "etag": "{hex:32}", "versionId": ""}),
    ),
    **{
        f"aws:s3/bucket{part}:Bucket{part}": Kind(id="{bucket}")
        for part in (
            "Acl",
            "CorsConfiguration",
            "LifecycleConfiguration",
            "Logging",
            "Notification",
            "OwnershipControls",
            "Policy",
            "PublicAccessBlock",
            "ServerSideEncryptionConfiguration",
            "Versioning",
        )
    },
    "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration": Kind(
        id="{bucket}",
        outputs={
            "websiteDomain": "s3-website.{region}.amazonaws.com",
            "websiteEndpoint": "{bucket}.s3-website.{region}.amazonaws.com",
        },
    ),
    "aws-native:s3:Bucket": Kind(
        id="{bucketName}",
        named="bucketName",
        outputs={
            "arn": "arn:aws:s3:::{bucketName}",
            "domainName": "{bucketName}.s3.amazonaws.com",
            "regionalDomainName": "{bucketName}.s3.{region}.amazonaws.com",
        },
    ),
}
