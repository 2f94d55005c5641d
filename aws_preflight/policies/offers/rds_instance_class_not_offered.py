"""RDS has no instance of every class for every engine.

Aurora has none of the general-purpose classes (`db.m5.large`), nor the smallest burstable ones (`db.t3.micro`); the
first generations are left for MySQL and PostgreSQL only. Whether a region has capacity only the account knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from aws_preflight.policies.offers.tables import finding, string_at, table
from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.policy import stack_policy
from aws_preflight.preflight.resource import Resource

TYPES: Final = ("aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance")
ISSUE: Final = "https://github.com/elastic/beats/issues/38473"


@stack_policy(
    id="rds-instance-class-not-offered",
    types=TYPES,
    creation=("arn",),
    existing="silent",
    level="advisory",
    title="A new database instance has a class that RDS does not have for its engine",
    refuses=(
        "A new instance of Aurora, MariaDB, MySQL or PostgreSQL with a class that other engines have and its own has"
        " nowhere. An unknown class is not judged."
    ),
    why_not_preview="The provider takes every class, and does not know which engine has which.",
    answer=Answer(
        text=(
            "InvalidParameterCombination: RDS does not support creating a DB instance with the following combination:"
            " DBInstanceClass=db.t2.micro, Engine=mysql, EngineVersion=8.0.35, LicenseModel=general-public-license."
        ),
        operation="rds:CreateDBInstance",
        source=ISSUE,
    ),
    wrong=Code(
        typescript='new aws.rds.ClusterInstance("db", { ...args, instanceClass: "db.t3.micro" }); // Aurora',
        python='aws.rds.ClusterInstance("db", engine="aurora-mysql", instance_class="db.t3.micro", **args)',
    ),
    right=Code(
        typescript='new aws.rds.ClusterInstance("db", { ...args, instanceClass: "db.t3.medium" });',
        python='aws.rds.ClusterInstance("db", engine="aurora-mysql", instance_class="db.t3.medium", **args)',
    ),
    fix=Fix(words="take a class that the engine has: https://aws.amazon.com/rds/instance-types/ lists them"),
    sources=(
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Support.html",
        "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.DBInstanceClass.SupportAurora.html",
        ISSUE,
        "https://github.com/aws-cloudformation/cfn-lint (the classes)",
    ),
)
def rds_instance_class_not_offered(stack: Stack) -> Iterator[Finding]:
    """Every instance with such a class."""
    for instance in stack.of_type(*TYPES):
        yield from _check(instance)


def _check(instance: Resource) -> Iterator[Finding]:
    engine, class_ = string_at(instance, "engine"), string_at(instance, "instanceClass")
    known = table("rds_instance_classes")
    family, _, size = class_.rpartition(".")
    if engine not in known.values or not any(size in families.get(family, ()) for families in known.values.values()):
        return
    if _has_none(known.values[engine], family, size):
        message = f"RDS has this class for other engines, and not for {engine} ({known.as_of})"
        yield finding(instance, "instanceClass", message)


def _has_none(families: Mapping[str, Sequence[str]], family: str, size: str) -> bool:
    """Whether an engine has no class of the family, or of a burstable one not this size: those are all known."""
    return family not in families or (family.startswith("db.t") and size not in families[family])
