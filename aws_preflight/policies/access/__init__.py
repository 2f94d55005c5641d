"""Services of AWS that are shut out: what they need is made in the stack, and nothing in it lets them in.

A log group is encrypted with a key whose policy names no statement for CloudWatch Logs; a bucket notifies a function
that S3 may not call. Each of the two resources is valid. `entries.py` has the facts, `grants.py` tells what a policy
document lets in. Certain only where the resource is about to be created and nothing in the stack could let the service
in: anything else is silent.
"""

from __future__ import annotations

from typing import Final

from aws_preflight.policies.access.entries import ENTRIES
from aws_preflight.policies.access.shut_out import policy_of
from aws_preflight.preflight.policy import Policy

ACCESS: Final[tuple[Policy, ...]] = tuple(sorted(map(policy_of, ENTRIES), key=lambda policy: policy.id))
"""A policy for each entry of the table."""
