"""Shows the pack at work: the broken payment system, refused at its first preview. `make preview` runs this.

With the real engine, an installed one or one built from its Go modules, on a simulated AWS. Where neither is to be
had, the recorded requests of the same preview go to the pack.
"""

from __future__ import annotations

import shutil
import sys

from aws_preflight.rehearsal.program.engine import EngineUnavailableError
from aws_preflight.report.model import name_of
from tools.recording.recorded import PROGRAM, ROOT, requests, running, send

MISTAKES = {
    "acm-domain-from-load-balancer",
    "awslogs-group-unresolved",
    "ecs-service-without-listener-dependency",
}


def with_the_engine() -> set[str]:
    """Runs `pulumi preview --policy-pack` and shows its output; the ids of the policies that refused something."""
    from aws_preflight.rehearsal.program.workspace import Workspace
    from tools.engine.cli import find_or_build

    if shutil.which("node") is None:
        raise EngineUnavailableError("the program is in TypeScript, and Node.js was not found")
    with Workspace(PROGRAM, engine=find_or_build()) as workspace:
        say(f"$ cd {PROGRAM.relative_to(ROOT)} && pulumi preview --policy-pack ../../..   (on a simulated AWS)")
        result = workspace.preview(policy_pack=ROOT)
    sys.stdout.write(result.output)
    return {violation.policy for violation in result.violations}


def with_the_recording() -> set[str]:
    """Sends the recorded preview to the pack and shows what it says; the ids of the policies that refused something."""
    found = set()
    with running(ROOT) as pack:
        for request in requests():
            for diagnostic in send(pack, request):
                found.add(diagnostic.policyName)
                resource = name_of(diagnostic.urn)
                sys.stdout.write(f"\n[mandatory] {diagnostic.policyName} ({resource})\n{diagnostic.message}\n")
    return found


def say(line: str) -> None:
    """A line about the run itself; the output of the run goes to standard output."""
    sys.stderr.write(f"{line}\n")


def main() -> int:
    """Runs the preview; the exit code is 0 when exactly the three mistakes were refused."""
    try:
        found = with_the_engine()
        how = "by the real engine"
    except EngineUnavailableError as missing:
        say(f"No Pulumi engine here ({missing})\nReplaying the recorded preview of the same program instead.")
        found = with_the_recording()
        how = "in a replay of its recorded preview; no engine ran"
    say(f"\nThe broken payment system was refused {how}, for {len(found)} mistakes that AWS would have found later.")
    return 0 if found == MISTAKES else 1


if __name__ == "__main__":
    raise SystemExit(main())
