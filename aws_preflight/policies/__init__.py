"""The policies of the pack: one file for each failure that needs code, and the rules that are data.

A policy that is not listed here does not exist.
"""

from __future__ import annotations

from aws_preflight.policies.access import ACCESS
from aws_preflight.policies.acm_domain_from_load_balancer import acm_domain_from_load_balancer
from aws_preflight.policies.acm_domain_owned_by_aws import acm_domain_owned_by_aws
from aws_preflight.policies.acm_domain_too_long import acm_domain_too_long
from aws_preflight.policies.apigateway_stage_already_made import apigateway_stage_already_made
from aws_preflight.policies.asg_tag_not_string import asg_tag_not_string
from aws_preflight.policies.awslogs_group_unresolved import awslogs_group_unresolved
from aws_preflight.policies.dashboard_metrics_malformed import dashboard_metrics_malformed
from aws_preflight.policies.ecs_service_without_listener_dependency import ecs_service_without_listener_dependency
from aws_preflight.policies.joins import JOINS
from aws_preflight.policies.offers import OFFERS
from aws_preflight.policies.ordering import ORDERING
from aws_preflight.policies.output_stringified import output_stringified
from aws_preflight.policies.rules import RULES
from aws_preflight.preflight.policy import Policy

POLICIES: tuple[Policy, ...] = (
    acm_domain_from_load_balancer,
    acm_domain_owned_by_aws,
    acm_domain_too_long,
    apigateway_stage_already_made,
    asg_tag_not_string,
    awslogs_group_unresolved,
    dashboard_metrics_malformed,
    ecs_service_without_listener_dependency,
    output_stringified,
    *ACCESS,
    *OFFERS,
    *JOINS,
    *ORDERING,
    *RULES,
)
