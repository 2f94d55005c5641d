"""Previews or deploys one program on the simulated AWS, and shows what its author would see.

`python -m tools.engine.run program --policy-pack . --config aws:region=eu-central-1`
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from aws_preflight.rehearsal.program.engine import EngineUnavailableError
from aws_preflight.rehearsal.program.project import ProjectError
from aws_preflight.rehearsal.program.workspace import EngineCommandError, EngineTimeoutError, Workspace
from tools.engine.cli import find_or_build


def main() -> int:
    """Runs the engine; its exit code is the answer."""
    parser = argparse.ArgumentParser(description="Previews a Pulumi program on a simulated AWS.")
    parser.add_argument("program", type=Path, help="the folder of the program's Pulumi.yaml")
    parser.add_argument("--policy-pack", type=Path, help="the folder of a policy pack's PulumiPolicy.yaml")
    parser.add_argument("--config", action="append", default=["aws:region=us-east-1"], metavar="KEY=VALUE")
    parser.add_argument("--up", action="store_true", help="deploy the program, rather than preview it")
    arguments = parser.parse_args()
    config = dict(pair.split("=", 1) for pair in arguments.config)
    try:
        with Workspace(arguments.program, config=config, engine=find_or_build()) as workspace:
            run = workspace.up if arguments.up else workspace.preview
            result = run(arguments.policy_pack)
    except (EngineUnavailableError, EngineCommandError, EngineTimeoutError, ProjectError) as problem:
        sys.exit(f"error: {problem}")
    print(result.output, end="")
    return result.exit_code


if __name__ == "__main__":
    sys.exit(main())
