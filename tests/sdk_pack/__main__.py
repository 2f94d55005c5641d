"""A pack of the `pulumi_policy` SDK with all rules: what `tests/test_contract.py` compares ours with."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from pulumi_policy import PolicyPack

from aws_preflight import sdk

if __name__ == "__main__":
    PolicyPack("own-pack", [*sdk.policies()])
