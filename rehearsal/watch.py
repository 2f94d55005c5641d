"""The pack as a rehearsal runs it: nothing stops the deployment, and every finding is written down in full.

The engine starts a policy pack from a folder; `write_pack` makes one whose only line of code leads back here.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from policies import POLICIES
from preflight import PACK_NAME
from preflight.crossguard import Analyzer, run
from preflight.finding import Finding
from preflight.message import printable
from preflight.policy import Policy
from preflight.run import Run, Verdict
from preflight.values import format_path

_ROOT = Path(__file__).parent.parent


class Watch(Run):
    """Tells the engine of every finding as an advisory, and writes it to a file with the level it really has.

    A mandatory finding would end the deployment at the first resource that is refused.
    """

    def __init__(self, policies: Sequence[Policy], file: Path) -> None:
        super().__init__(policies)
        self._file = file
        self._lock = threading.Lock()

    def _verdict(self, policy: Policy, finding: Finding) -> Verdict:
        verdict = super()._verdict(policy, finding)
        line = json.dumps(_record(policy, finding, verdict))
        with self._lock, self._file.open("a", encoding="utf-8") as stream:
            stream.write(f"{line}\n")
        return replace(verdict, level="advisory")


class Watcher(Analyzer):
    """The pack, watching."""

    def __init__(self, policies: Sequence[Policy], file: Path) -> None:
        super().__init__(policies)
        self._run = Watch(policies, file)


def write_pack(folder: Path, file: Path) -> None:
    """Makes `folder` a policy pack that writes its findings to `file`, and runs in this Python."""
    folder.mkdir()
    options = {"toolchain": "pip"}
    if (Path(sys.prefix) / "bin" / "python").exists():
        options["virtualenv"] = sys.prefix
    # JSON is YAML.
    project = json.dumps({"name": PACK_NAME, "runtime": {"name": "python", "options": options}})
    (folder / "PulumiPolicy.yaml").write_text(project, encoding="utf-8")
    code = f"import sys\nsys.path.insert(0, {str(_ROOT)!r})\nfrom rehearsal.watch import serve\nserve({str(file)!r})\n"
    (folder / "__main__.py").write_text(code, encoding="utf-8")


def serve(file: str) -> None:
    """Serves the policies until the process is ended."""
    run(Watcher(POLICIES, Path(file)))


def read(file: Path) -> Iterator[dict[str, Any]]:
    """What a pack has written down."""
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        yield json.loads(line)


def _record(policy: Policy, finding: Finding, verdict: Verdict) -> dict[str, Any]:
    answer = finding.answer or policy.answer
    fix = finding.fix or policy.right
    secret = finding.resource.is_secret(finding.at)
    return {
        "policy": policy.id,
        "level": verdict.level,
        "title": policy.title,
        "page": policy.page,
        "urn": finding.resource.urn,
        "path": printable(format_path(finding.at)),
        "says": printable(finding.says),
        "shows": "" if secret else printable(finding.shows),
        "secret": secret,
        # What stands above the title is about an exemption.
        "exemption": verdict.message.partition(policy.title)[0].strip(),
        "answer": {"introduction": answer.introduction, "text": answer.text, "source": answer.source},
        "fix": {"typescript": fix.typescript, "python": fix.python},
        "missing": finding.missing,
        "message": verdict.message,
    }
