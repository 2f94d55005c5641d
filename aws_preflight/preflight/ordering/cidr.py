"""CIDR blocks of two resources, compared."""

from __future__ import annotations

from aws_preflight.preflight.ordering.chains import Property
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.rules import blocks


def lies_in(inner: Resource, at: Property, outer: Resource, around: Property) -> bool:
    """Whether a block of `inner` at `at` lies in one of `outer` at `around`; false where one is not known."""
    outside = around.values(outer)
    return any(blocks.lies_in(one, other) for one in at.values(inner) for other in outside)
