"""How well a type of resource is simulated, in words for the summary."""

from __future__ import annotations

from aws_preflight.policies.type_aliases import canonical
from aws_preflight.rehearsal.cloud import native, schema
from aws_preflight.rehearsal.cloud.catalog import KINDS

EXACT = "outputs in AWS's own formats"
BY_SCHEMA = "outputs of the right types"
GENERIC = "inputs and a made-up id only"


def fidelity(type_token: str) -> str:
    """What the simulation knows of a type."""
    if canonical(type_token) in KINDS:
        return EXACT
    return BY_SCHEMA if schema.resource(type_token) is not None or native.outputs(type_token) else GENERIC
