"""Writes `aws_preflight/policies/compiled.jsonl`: the index of all policies in one line, and what the engine is told of
each in a line of its own. `make rules` runs this last, as the other compiled files are read for it.

`--check` says whether the file is stale (exit code 1).
"""

from __future__ import annotations

import json
import sys

from aws_preflight.policies import COMPILED, MODULES, declared_in
from aws_preflight.preflight.listed import index_entry
from tools.generate.rule_files import refreshed


def text() -> str:
    """The content of the file."""
    declared = [(module, policy) for module in MODULES for policy in declared_in(module).values()]
    index = [{"module": module, **index_entry(policy)} for module, policy in declared]
    lines = [index, *(policy.summary for _, policy in declared)]
    return "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def main(arguments: list[str]) -> int:
    """Runs the command line."""
    return 0 if refreshed(COMPILED, text(), check="--check" in arguments) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
