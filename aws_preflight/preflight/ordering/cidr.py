"""CIDR blocks of two resources, compared."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network

from aws_preflight.preflight.ordering.chains import Property
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import Value


def lies_in(inner: Resource, at: Property, outer: Resource, around: Property) -> bool:
    """Whether a block of `inner` at `at` lies in one of `outer` at `around`; false where one is not known."""
    blocks = _blocks(outer, around)
    return any(_contains(block, one) for one in _blocks(inner, at) for block in blocks)


def lies_outside(inner: Resource, at: Property, outer: Resource, around: Property) -> bool:
    """Whether a block of `inner` lies outside all known ones of `outer`; false where one of the two has none."""
    own, blocks = _blocks(inner, at), _blocks(outer, around)
    return bool(own and blocks) and not any(_contains(block, one) for one in own for block in blocks)


def _contains(block: IPv4Network | IPv6Network, one: IPv4Network | IPv6Network) -> bool:
    if isinstance(block, IPv4Network) and isinstance(one, IPv4Network):
        return one.subnet_of(block)
    return isinstance(block, IPv6Network) and isinstance(one, IPv6Network) and one.subnet_of(block)


def _blocks(resource: Resource, at: Property) -> list[IPv4Network | IPv6Network]:
    return [block for value in at.values(resource) if (block := _block(value)) is not None]


def _block(value: Value) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        return None  # no CIDR block; AWS says so itself
