"""Whether a resource policy lets a service of AWS in, as far as its text tells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aws_preflight.preflight.json_documents import NOT_JSON, parse
from aws_preflight.preflight.values import UNKNOWN, Value


def lets_in(document: Value, service: re.Pattern[str], *, accounts: bool = False) -> bool | None:
    """Whether a statement of the policy `document` allows `service` anything; `None` where that cannot be told.

    Actions, resources and conditions are not looked at: a service that a statement names was thought of. With
    `accounts` the service may also come as an account of AWS, so that no known account is judged.
    """
    if isinstance(document, str):
        document = parse(document)
    if not isinstance(document, dict) or document is NOT_JSON:
        return None
    statements = document.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list):
        return None
    answers = [_of_statement(one, service, accounts) for one in statements]
    return True if True in answers else None if None in answers else False


def _of_statement(statement: Value, service: re.Pattern[str], accounts: bool) -> bool | None:
    if not isinstance(statement, dict) or statement.get("Effect") is UNKNOWN or "NotPrincipal" in statement:
        return None
    if statement.get("Effect") != "Allow":
        return False
    principal = statement.get("Principal")
    if principal == "*":
        return True
    if not isinstance(principal, dict):
        return None
    answers = [_of_principal(kind, name, service, accounts) for kind, name in _names(principal)]
    return True if True in answers else None if None in answers else False


def _names(principal: dict[str, Value]) -> Iterator[tuple[str, Value]]:
    for kind, value in principal.items():
        for name in value if isinstance(value, list) else [value]:
            yield kind, name


def _of_principal(kind: str, name: Value, service: re.Pattern[str], accounts: bool) -> bool | None:
    if not isinstance(name, str):
        return None
    if kind == "Service":
        return bool(service.fullmatch(name))
    if kind == "AWS" and name == "*":
        return True
    return None if accounts and kind == "AWS" else False
