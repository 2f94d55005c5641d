"""Managed Service for Apache Flink makes no new application with a runtime that it has deprecated.

The first versions of Flink have gone, and the applications in SQL with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from aws_preflight.policies.offers.gone import Gone
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy

GONE: Final = Gone(
    properties={"aws:kinesisanalyticsv2/application:Application": "runtimeEnvironment"},
    values=re.compile(r"FLINK-1_(?:6|8|11|13)|SQL-1_0"),
    message="no new application is made with this runtime (as of 2026-09)",
)
RULES: Final = "https://github.com/badmintoncryer/cdk-preflight rules/kinesisanalytics"
OF_SQL: Final = Answer(
    text=(
        "CreateApplication is not supported for SQL applications in this Region. You can use KDA Studio to build"
        " streaming applications with Flink SQL."
    ),
    operation="kinesisanalytics:CreateApplication",
    source=f"{RULES}/pf-kinesisanalytics-sql-runtime-unsupported/meta.yaml",
)


@stack_policy(
    id="kinesisanalytics-runtime-not-offered",
    types=tuple(GONE.properties),
    creation=("arn",),
    existing="silent",
    title="A new Flink application has a runtime that AWS has deprecated",
    refuses="A new application of Flink 1.6, 1.8, 1.11 or 1.13, or in SQL.",
    why_not_preview="The provider knows all runtimes there ever were, and takes them.",
    answer=Answer(
        text="Runtime FLINK-1_13 is deprecated. Please choose a valid version",
        operation="kinesisanalytics:CreateApplication",
        source=f"{RULES}/pf-kinesisanalytics-runtime-deprecated/meta.yaml",
    ),
    wrong=Code(
        typescript='new aws.kinesisanalyticsv2.Application("flow", { runtimeEnvironment: "FLINK-1_13", ...args });',
        python='aws.kinesisanalyticsv2.Application("flow", runtime_environment="FLINK-1_13", **args)',
    ),
    right=Code(
        typescript='new aws.kinesisanalyticsv2.Application("flow", { runtimeEnvironment: "FLINK-1_20", ...args });',
        python='aws.kinesisanalyticsv2.Application("flow", runtime_environment="FLINK-1_20", **args)',
    ),
    fix=Fix(words="take a newer version of Flink"),
    sources=(
        "https://docs.aws.amazon.com/managed-flink/latest/java/release-version-list.html",
        f"{RULES}/pf-kinesisanalytics-runtime-deprecated/meta.yaml",
        OF_SQL.source,
    ),
)
def kinesisanalytics_runtime_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every application with such a runtime."""
    for found in GONE.found(stack):
        sql = found.resource.get("runtimeEnvironment") == "SQL-1_0"
        yield replace(found, answer=OF_SQL) if sql else found
