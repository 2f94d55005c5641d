"""DynamoDB."""

from __future__ import annotations

from collections.abc import Mapping

from aws_preflight.rehearsal.cloud.kinds import Kind, arn_named

KINDS: Mapping[str, Kind] = {
    "aws:dynamodb/table:Table": arn_named(
        "dynamodb",
        "table/",
        id_="{name}",
        billingMode="PROVISIONED",
        streamArn="{arn}/stream/2026-01-01T00:00:00.000",
        streamLabel="2026-01-01T00:00:00.000",
    ),
}
