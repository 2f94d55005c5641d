"""The policies of the pack: one module for each failure that needs code, and families whose facts are data.

`compiled.jsonl` lists them for the pack, which imports a module when one of its policies is asked; `make rules` writes
it. A module that is not named here does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from aws_preflight.preflight.listed import ListedPolicy
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.rules.declared import entries

MODULES: Final = (
    "acm_domain_from_load_balancer",
    "acm_domain_owned_by_aws",
    "acm_domain_too_long",
    "apigateway_stage_already_made",
    "asg_tag_not_string",
    "awslogs_group_unresolved",
    "dashboard_metrics_malformed",
    "ecr_lifecycle_policy_malformed",
    "ecs_service_without_listener_dependency",
    "event_pattern_matcher_malformed",
    "event_patterns",
    "event_target_placeholder_undeclared",
    "iam_tag_keys_differ_in_case",
    "log_filter_pattern_malformed",
    "output_stringified",
    "schedules",
    "ssm_document_parameter_undeclared",
    "access",
    "offers",
    "joins",
    "ordering",
    "rules",
)
"""The modules that declare policies: one that has the name of the module, or a family in capitals."""

COMPILED: Final = Path(__file__).with_name("compiled.jsonl")


@cache
def declared_in(module: str) -> Mapping[str, Policy]:
    """The policies that a module declares, by id, in its order."""
    declared = vars(import_module(f"{__name__}.{module}"))
    found = declared[module] if isinstance(declared.get(module), Policy) else declared[module.upper()]
    return {policy.id: policy for policy in ((found,) if isinstance(found, Policy) else found)}


def declared() -> tuple[Policy, ...]:
    """All policies as their modules declare them; a pack serves `POLICIES`."""
    return tuple(policy for module in MODULES for policy in declared_in(module).values())


def _listed(facts: dict[str, Any], summary: Callable[[], Sequence[str]]) -> ListedPolicy:
    module, id_ = facts.pop("module"), facts["id"]
    return ListedPolicy(facts, summary, lambda: declared_in(module)[id_])


POLICIES: Final[tuple[Policy, ...]] = tuple(_listed(dict(facts), summary) for facts, summary in entries(COMPILED))
"""All of them, ready to be served."""
