"""What AWS offers no longer, or never did: versions, runtimes, classes, names of AWS's own things.

The tables are JSON beside this file, written by `make offers`. Only what has gone, or never was, is refused: what is
newer than the newest known value of its line, or of an engine that the tables do not know, is never judged.
"""

from __future__ import annotations

from typing import Final

from aws_preflight.policies.offers.beanstalk_platform_not_offered import beanstalk_platform_not_offered
from aws_preflight.policies.offers.config_managed_rule_unknown import config_managed_rule_unknown
from aws_preflight.policies.offers.dms_engine_version_not_offered import dms_engine_version_not_offered
from aws_preflight.policies.offers.docdb_engine_version_not_offered import docdb_engine_version_not_offered
from aws_preflight.policies.offers.eks_version_not_offered import eks_version_not_offered
from aws_preflight.policies.offers.elasticache_engine_version_not_offered import elasticache_engine_version_not_offered
from aws_preflight.policies.offers.iam_managed_policy_path import iam_managed_policy_path
from aws_preflight.policies.offers.instance_type_not_offered import instance_type_not_offered
from aws_preflight.policies.offers.kinesisanalytics_runtime_not_offered import kinesisanalytics_runtime_not_offered
from aws_preflight.policies.offers.lambda_runtime_not_offered import lambda_runtime_not_offered
from aws_preflight.policies.offers.mq_engine_version_not_offered import mq_engine_version_not_offered
from aws_preflight.policies.offers.msk_version_not_offered import msk_version_not_offered
from aws_preflight.policies.offers.neptune_engine_version_not_offered import neptune_engine_version_not_offered
from aws_preflight.policies.offers.opensearch_engine_version_not_offered import opensearch_engine_version_not_offered
from aws_preflight.policies.offers.rds_engine_version_not_offered import rds_engine_version_not_offered
from aws_preflight.policies.offers.rds_instance_class_not_offered import rds_instance_class_not_offered
from aws_preflight.policies.offers.rds_serverless_v1_not_offered import rds_serverless_v1_not_offered
from aws_preflight.policies.offers.redshift_node_type_not_offered import redshift_node_type_not_offered
from aws_preflight.policies.offers.service_closed import service_closed
from aws_preflight.policies.offers.service_not_in_region import service_not_in_region
from aws_preflight.policies.offers.synthetics_runtime_not_offered import synthetics_runtime_not_offered
from aws_preflight.preflight.policy import Policy

OFFERS: Final[tuple[Policy, ...]] = (
    beanstalk_platform_not_offered,
    config_managed_rule_unknown,
    dms_engine_version_not_offered,
    docdb_engine_version_not_offered,
    eks_version_not_offered,
    elasticache_engine_version_not_offered,
    iam_managed_policy_path,
    instance_type_not_offered,
    kinesisanalytics_runtime_not_offered,
    lambda_runtime_not_offered,
    mq_engine_version_not_offered,
    msk_version_not_offered,
    neptune_engine_version_not_offered,
    opensearch_engine_version_not_offered,
    rds_engine_version_not_offered,
    rds_instance_class_not_offered,
    rds_serverless_v1_not_offered,
    redshift_node_type_not_offered,
    service_closed,
    service_not_in_region,
    synthetics_runtime_not_offered,
)
