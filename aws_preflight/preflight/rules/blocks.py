"""CIDR blocks: whether one lies in another."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TypeAlias

from aws_preflight.preflight.rules.compare import Answer
from aws_preflight.preflight.values import Value

Block: TypeAlias = "IPv4Network | IPv6Network"


def lies_in(inner: Value, outer: Value) -> Answer:
    """Whether the block `inner` lies in the block `outer`; cannot tell where one of the two is none."""
    one, around = block(inner), block(outer)
    if one is None or around is None:
        return None
    if isinstance(one, IPv4Network) and isinstance(around, IPv4Network):
        return one.subnet_of(around)
    return isinstance(one, IPv6Network) and isinstance(around, IPv6Network) and one.subnet_of(around)


def block(value: Value) -> Block | None:
    """The block that a string states; an address is a block of one. `None` for everything else."""
    return _block(value) if isinstance(value, str) else None


@lru_cache(maxsize=1024)
def _block(text: str) -> Block | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None  # no CIDR block; AWS says so itself
