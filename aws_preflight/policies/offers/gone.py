"""Values with which nothing new is made any more, and which do not come back: a pattern says which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aws_preflight.policies.offers.tables import finding, is_made_from_another, string_at
from aws_preflight.preflight.finding import Finding
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.rules.paths import region_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What has gone: the values of a property that `values` matches as a whole."""

    properties: Mapping[str, str]
    """By type, the property."""
    values: re.Pattern[str]
    message: str
    from_another: tuple[str, ...] = ()
    """What is made from another thing has, or may have, the value of that: the properties that say so."""
    only_aws: bool = False
    """Whether AWS has told the end for its own partition only: silent in regions of others."""

    def found(self, stack: Stack, *, advisory: bool = False) -> Iterator[Finding]:
        """The findings in a stack."""
        for resource in stack.of_type(*self.properties):
            name = self.properties[resource.type]
            if not self.values.fullmatch(string_at(resource, name)):
                continue
            if is_made_from_another(resource, self.from_another):
                continue
            region = region_of(resource)
            if not (self.only_aws and isinstance(region, str) and region.startswith(("cn-", "us-gov-", "us-iso"))):
                yield finding(resource, name, self.message, advisory=advisory)
