"""Which policy documents S3 calls public.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from __future__ import annotations

from typing import Final

from aws_preflight.preflight.json_documents import parse
from aws_preflight.preflight.ordering.row_conditions import Kinds
from aws_preflight.preflight.values import Value


def allows_everybody(policy: Value) -> bool:
    """Whether a policy document, as an object or as a string, has a statement that is public."""
    document = parse(policy) if isinstance(policy, str) else policy
    statements = document.get("Statement") if isinstance(document, dict) else None
    for statement in statements if isinstance(statements, list) else [statements]:
        if isinstance(statement, dict) and statement.get("Effect") == "Allow" and not statement.get("Condition"):
            principal = statement.get("Principal")
            named = principal.get("AWS") if isinstance(principal, dict) else principal
            if "*" in (named if isinstance(named, list) else [named]):
                return True
    return False


KINDS: Final[Kinds] = {"public": allows_everybody}
"""What may follow `is` in a row, beside the words of the language."""
