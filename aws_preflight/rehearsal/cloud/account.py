"""Whose account the simulated AWS is: the one that the arguments of a provider name, where they name one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from aws_preflight.preflight.json_documents import document_of

ACCOUNT = "123456789012"
"""That of nobody in particular."""

_OF_ROLE = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/.+")
_ID = re.compile(r"\d{12}")


def of(arguments: Mapping[str, Any]) -> str:
    """The account of a provider: that of the role it assumes last, or else the only one that it is allowed."""
    # The SDKs send what is not text as JSON.
    roles = list(_roles(arguments))
    if roles:
        return roles[-1]
    allowed = document_of(arguments.get("allowedAccountIds"))
    only = str(allowed[0]) if isinstance(allowed, list) and len(allowed) == 1 else ""
    return only if _ID.fullmatch(only) else ACCOUNT


def _roles(arguments: Mapping[str, Any]) -> Iterator[str]:
    for name in ("assumeRoleWithWebIdentity", "assumeRole", "assumeRoles"):
        given = document_of(arguments.get(name))
        for one in given if isinstance(given, list) else [given]:
            role = one.get("roleArn") if isinstance(one, dict) else None
            if isinstance(role, str) and (match := _OF_ROLE.fullmatch(role)):
                yield match[1]
