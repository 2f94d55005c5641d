"""What is on offer, with the real engine: what is about to be created is refused, what exists is left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from aws_preflight.policies.offers import OFFERS
from aws_preflight.rehearsal.program.result import Result
from aws_preflight.rehearsal.program.workspace import Workspace
from tests.engine.conftest import ROOT

pytestmark = pytest.mark.engine

AT_EVERY_RUN = {
    ("iam-managed-policy-path", "path"): "mandatory",
    ("config-managed-rule-unknown", "rule"): "advisory",
}
AT_CREATION = {
    ("rds-engine-version-not-offered", "gone"): "mandatory",
    ("rds-instance-class-not-offered", "small"): "advisory",
    ("lambda-runtime-not-offered", "ended"): "mandatory",
    ("eks-version-not-offered", "old"): "mandatory",
    ("dms-engine-version-not-offered", "copy"): "mandatory",
    ("elasticache-engine-version-not-offered", "cache"): "mandatory",
    ("instance-type-not-offered", "large"): "advisory",
    ("docdb-engine-version-not-offered", "store"): "mandatory",
    ("neptune-engine-version-not-offered", "graph"): "advisory",
    ("opensearch-engine-version-not-offered", "search"): "advisory",
    ("mq-engine-version-not-offered", "queue"): "mandatory",
    ("msk-version-not-offered", "events"): "mandatory",
    ("redshift-node-type-not-offered", "warehouse"): "mandatory",
    ("rds-serverless-v1-not-offered", "serverless"): "mandatory",
    ("synthetics-runtime-not-offered", "probe"): "mandatory",
    ("kinesisanalytics-runtime-not-offered", "flow"): "mandatory",
    ("beanstalk-platform-not-offered", "site"): "advisory",
    ("service-not-in-region", "north"): "advisory",
    ("service-closed", "north"): "advisory",
}


def found(result: Result) -> dict[tuple[str, str], str]:
    ids = {policy.id for policy in OFFERS}
    return {(one.policy, one.urn.rpartition("::")[2]): one.level for one in result.violations if one.policy in ids}


@pytest.mark.parametrize("name", ["offers", "offers-typescript"])
def test_only_what_is_about_to_be_created(program: Callable[[str], Path], name: str) -> None:
    with Workspace(program(name), refusals=False) as workspace:
        first = workspace.preview(policy_pack=ROOT)
        assert found(first) == AT_CREATION | AT_EVERY_RUN, first.output
        assert workspace.up().exit_code == 0
        second = workspace.preview(policy_pack=ROOT)
        assert found(second) == AT_EVERY_RUN, second.output
