"""EFS."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.kinds import Kind

KINDS: Mapping[str, Kind] = {
    "aws:efs/accessPoint:AccessPoint": Kind(
        id="fsap-{hex:17}",
        outputs={
            "arn": "arn:aws:elasticfilesystem:{region}:{account}:access-point/fsap-{hex:17}",
            "fileSystemArn": "arn:aws:elasticfilesystem:{region}:{account}:file-system/{fileSystemId}",
            "ownerId": "{account}",
        },
    ),
    "aws:efs/fileSystem:FileSystem": Kind(
        id="fs-{hex:17}",
        outputs={
            "arn": "arn:aws:elasticfilesystem:{region}:{account}:file-system/fs-{hex:17}",
            "creationToken": "terraform-{hex:26}",
            "dnsName": "fs-{hex:17}.efs.{region}.amazonaws.com",
            "ownerId": "{account}",
        },
    ),
    "aws:efs/mountTarget:MountTarget": Kind(
        id="fsmt-{hex:17}",
        seconds=90,
        outputs={"dnsName": "{fileSystemId}.efs.{region}.amazonaws.com", "ipAddress": "10.0.1.{digits:2}"},
    ),
}
