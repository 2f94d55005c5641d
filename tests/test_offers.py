"""What is on offer: facts of creation, tables that lose nothing unnoticed, days that have not come."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aws_preflight.policies import POLICIES
from aws_preflight.policies.offers.ends import ended
from aws_preflight.policies.offers.engine_versions import Line
from aws_preflight.policies.offers.service_closed import TYPES as CLOSED
from aws_preflight.policies.offers.service_not_in_region import TYPES as SERVICES
from aws_preflight.policies.offers.tables import Table, table
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.resource import Resource, module_of
from aws_preflight.preflight.run import Run
from aws_preflight.preflight.values import UNKNOWN
from tests.conftest import ROOT

FOLDER = ROOT / "aws_preflight" / "policies" / "offers"
TABLES = sorted(path.stem for path in FOLDER.glob("*.json"))
BY_ID = {policy.id: policy for policy in POLICIES}
MOST_BYTES = 200_000

GONE = [
    (
        "rds-engine-version-not-offered",
        "aws:rds/cluster:Cluster",
        {"engine": "aurora-postgresql", "engineVersion": "15.4"},
    ),
    (
        "rds-instance-class-not-offered",
        "aws:rds/instance:Instance",
        {"engine": "mariadb", "instanceClass": "db.t1.micro"},
    ),
    ("lambda-runtime-not-offered", "aws:lambda/function:Function", {"runtime": "nodejs12.x"}),
    ("eks-version-not-offered", "aws:eks/cluster:Cluster", {"version": "1.24"}),
    ("dms-engine-version-not-offered", "aws:dms/replicationInstance:ReplicationInstance", {"engineVersion": "3.4.7"}),
    (
        "elasticache-engine-version-not-offered",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        {"engine": "redis", "engineVersion": "5.0.4"},
    ),
    ("docdb-engine-version-not-offered", "aws:docdb/cluster:Cluster", {"engineVersion": "6.0.0"}),
    ("neptune-engine-version-not-offered", "aws:neptune/cluster:Cluster", {"engineVersion": "1.1.0.0"}),
    ("opensearch-engine-version-not-offered", "aws:opensearch/domain:Domain", {"engineVersion": "OpenSearch_2.4"}),
    ("mq-engine-version-not-offered", "aws:mq/broker:Broker", {"engineType": "RabbitMQ", "engineVersion": "3.11.20"}),
    ("instance-type-not-offered", "aws:elasticache/cluster:Cluster", {"nodeType": "cache.t3.large"}),
    ("service-closed", "aws:timestreamwrite/database:Database", {"databaseName": "metrics"}),
    ("service-not-in-region", "aws:kendra/index:Index", {"region": "eu-north-1"}),
    ("redshift-node-type-not-offered", "aws:redshift/cluster:Cluster", {"nodeType": "dc2.large"}),
    ("rds-serverless-v1-not-offered", "aws:rds/cluster:Cluster", {"engineMode": "serverless"}),
    ("synthetics-runtime-not-offered", "aws:synthetics/canary:Canary", {"runtimeVersion": "syn-nodejs-puppeteer-7.0"}),
    (
        "kinesisanalytics-runtime-not-offered",
        "aws:kinesisanalyticsv2/application:Application",
        {"runtimeEnvironment": "FLINK-1_13"},
    ),
    (
        "beanstalk-platform-not-offered",
        "aws:elasticbeanstalk/environment:Environment",
        {"solutionStackName": "64bit Amazon Linux 2018.03 v2.12.2 running Docker 18.03.1-ce"},
    ),
    ("msk-version-not-offered", "aws:msk/cluster:Cluster", {"kafkaVersion": "2.8.1"}),
]
ENGINES = [
    (name, engine)
    for name in (
        *(f"{service}_engine_versions" for service in ("rds", "elasticache", "docdb", "opensearch", "mq")),
        "msk_versions",
    )
    for engine in table(name).values
]


@pytest.mark.parametrize(("id_", "type_", "properties"), GONE)
@pytest.mark.parametrize("preview", [True, None])
def test_what_exists_keeps_what_it_has(id_: str, type_: str, properties: dict[str, str], preview: bool | None) -> None:
    policy = BY_ID[id_]
    output = policy.creation[0]
    run = Run([policy])
    run.configure_stack({}, preview)

    def said(value: object) -> int:
        one = Resource(urn="urn", type=type_, name="x", properties={**properties, output: value})
        return len(run.evaluate_stack({type_}, lambda: Stack([one])))

    assert (said(UNKNOWN), said("arn:aws:made:by:aws")) == (1, 0)


@pytest.mark.parametrize(
    ("day", "found"),
    [("2030-01-01", ["advisory"]), ("2026-12-01", ["advisory"]), ("2026-11-30", []), ("2025-01-01", [])],
)
def test_an_announced_day_is_a_warning_once_it_has_come(day: str, found: list[str]) -> None:
    known = Table(
        {"old": {"create": "2024-01-01", "newer": "new"}, "soon": {"create": "2026-12-01", "newer": ""}}, "2026-10-20"
    )
    old, soon = (Resource(urn=name, type="t", name=name, properties={"runtime": name}) for name in ("old", "soon"))
    assert [one.level for one in ended(soon, "runtime", known, "things", day)] == found
    assert [one.level for one in ended(old, "runtime", known, "things", day)] == ["mandatory"]


@pytest.mark.parametrize(("name", "engine"), ENGINES)
def test_of_each_line_the_table_judges_what_it_knows_and_nothing_newer(name: str, engine: str) -> None:
    line = Line(engine, **table(name).values[engine])
    assert not any(map(line.refused, line.offered))
    # A prefix stands for what it completes, whatever it leaves out.
    heads = {version.rpartition(".")[0] for version in line.offered}
    assert not any(map(line.refused, heads))
    # Elasticsearch gets no newer version, and of brokers AWS chooses the patch.
    if engine not in ("Elasticsearch", "ActiveMQ", "RabbitMQ", "kafka"):
        assert not any(line.refused(f"{head}.999") for head in heads)
    # Some that the source calls withdrawn are what AWS completes: 8.0, 15.
    refused = [version for version in line.withdrawn if line.refused(version)]
    assert len(refused) >= 0.8 * len(line.withdrawn)
    assert all(line.nearest(version) for version in refused)


def test_the_tables_are_small_and_say_from_when_they_are() -> None:
    files = [FOLDER / f"{name}.json" for name in TABLES]
    assert sum(file.stat().st_size for file in files) < MOST_BYTES
    for name in TABLES:
        assert table(name).as_of.startswith("as of 20")


def test_every_service_that_is_judged_has_a_row() -> None:
    assert {module_of(type_) for type_ in SERVICES} == set(table("service_regions").values)
    assert set(CLOSED) == set(table("service_ends").values)


def size(values: object) -> int:
    if isinstance(values, dict):
        return sum(1 + size(value) for value in values.values())
    return len(values) if isinstance(values, list) else 0


@pytest.mark.parametrize("name", TABLES)
def test_no_value_disappears_without_a_note(name: str) -> None:
    """A table that shrinks judges less: whoever refreshes it looks at what has gone, and writes the new number here."""
    least: dict[str, int] = json.loads((ROOT / "tests" / "offers.json").read_text(encoding="utf-8"))
    assert size(table(name).values) >= least[name], "what has gone? see docs/policies/offers.md"


def test_the_numbers_are_of_these_tables() -> None:
    assert list(json.loads(Path(ROOT / "tests" / "offers.json").read_text(encoding="utf-8"))) == TABLES
