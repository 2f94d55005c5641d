"""OpenSearch Service has some versions of OpenSearch and Elasticsearch, and not the ones between them.

Of OpenSearch 2 it has nearly every other minor version; of Elasticsearch none after 7.10, the last one whose licence
lets AWS offer it. The provider checks how a version is written. No record shows AWS refuse one of them, so this warns.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from aws_preflight.policies.offers.engine_versions import not_offered
from aws_preflight.policies.offers.tables import string_at, table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy

# By type, the property with the version: `OpenSearch_2.11`, for Elasticsearch also `7.10`.
PROPERTIES: Final = {
    "aws:opensearch/domain:Domain": "engineVersion",
    "aws:elasticsearch/domain:Domain": "elasticsearchVersion",
}
ISSUE: Final = "https://github.com/hashicorp/terraform-provider-aws/issues/26453"


@stack_policy(
    id="opensearch-engine-version-not-offered",
    types=tuple(PROPERTIES),
    creation=("arn",),
    existing="silent",
    level="advisory",
    title="A new domain has a version that OpenSearch Service does not offer",
    refuses=(
        "A new domain with a version that AWS's list does not have and that is older than the newest of its major"
        " version, and any of Elasticsearch that the list does not have. A newer version of OpenSearch is never judged."
    ),
    why_not_preview="The provider checks how a version is written, and not whether AWS has it.",
    answer=Answer(
        text="ValidationException: 1 validation error detected: Value 'OpenSearch_1.3' at 'engineVersion'",
        operation="es:CreateDomain",
        source=ISSUE,
    ),
    wrong=Code(
        typescript='new aws.opensearch.Domain("search", { engineVersion: "OpenSearch_2.4" });',
        python='aws.opensearch.Domain("search", engine_version="OpenSearch_2.4")',
    ),
    right=Code(
        typescript='new aws.opensearch.Domain("search", { engineVersion: "OpenSearch_2.19" });',
        python='aws.opensearch.Domain("search", engine_version="OpenSearch_2.19")',
    ),
    fix=Fix(words="take a version on offer"),
    sources=(
        "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/what-is.html#choosing-version",
        ISSUE,
    ),
)
def opensearch_engine_version_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every domain of such a version."""
    known = table("opensearch_engine_versions")
    for domain in stack.of_type(*PROPERTIES):
        name = PROPERTIES[domain.type]
        engine, _, version = string_at(domain, name).rpartition("_")
        engine = engine or "Elasticsearch"
        what = f"OpenSearch Service does not offer this version of {engine} for a new domain"
        yield from not_offered(domain, name, engine, version, known, what, advisory=True)
