"""The command as a user runs it: what it prints, how it exits, and what it leaves behind."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from aws_preflight.cli import rehearse_command
from aws_preflight.cli.interruption import Interrupted
from aws_preflight.rehearsal.program.attempt import Progress
from aws_preflight.rehearsal.program.rehearse import Request
from tests.engine.conftest import NODE_MODULES, ROOT, slow

pytestmark = pytest.mark.engine


class Command:
    """`aws-preflight rehearse`, with a folder of its own for temporary files."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.environment = {**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": str(ROOT)}

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        command = [sys.executable, str(ROOT / "aws-preflight"), "rehearse", *map(str, arguments)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=pipe, stderr=pipe, text=True)

    def __call__(self, *arguments: str | Path) -> tuple[int, str, str]:
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=120)
        assert "Traceback (most recent call last)" not in errors
        return process.returncode, output, errors

    def leftovers(self) -> list[str]:
        """Temporary files, and processes that know of the folder."""
        marker = f"TMPDIR={self.scratch}".encode()
        running = [p.name for p in Path("/proc").glob("[0-9]*") if marker in environment_of(p)]
        return [*running, *(path.name for path in self.scratch.iterdir())]


def environment_of(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:
        return b""


@pytest.fixture
def command(tmp_path: Path) -> Command:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return Command(scratch)


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_the_text_of_a_refusal(command: Command) -> None:
    code, output, errors = command("examples/failover/broken")
    assert code == 1
    assert output.startswith("level      policy, resource             line, path, what")
    place = "examples/failover/broken/monitoring-stack.ts:57"
    assert place in output
    assert "dashboardBody.widgets[3].properties.metrics[0]: widget 3, row 0: dimensions stand in the row" in output
    assert "in the component monitoring, made at examples/failover/broken/index.ts:49" in output
    assert "AWS answers (cloudwatch:PutDashboard): InvalidParameterInput" in output
    assert "Fix in TypeScript:" in output
    assert "Fix in Python:" not in output
    assert "Rehearsed 44 resources of 23 types in 6 components, with Pulumi v3." in output
    assert output.endswith("Refused: 3 findings (3 mandatory, 0 advisory).\n")
    assert "\x1b" not in output + errors
    assert errors == "Deploying failover (dev) onto a simulated AWS ...\n"
    assert command.leftovers() == []


@pytest.mark.slow
def test_json_is_versioned_and_goes_to_a_file(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    code, output, _ = command("examples/failover-python/broken", "--format", "json", "--output", file)
    assert (code, output) == (1, "")
    report = json.loads(file.read_text())
    assert (report["version"], report["kind"], report["outcome"], report["exitCode"]) == (2, "rehearsal", "refused", 1)
    assert [finding["source"]["file"] for finding in report["findings"]] == ["__main__.py"] * len(report["findings"])
    assert set(report["findings"][0]) >= {"policy", "level", "resource", "path", "summary", "message"}


@pytest.mark.slow
def test_nothing_of_the_user_is_touched_or_told(command: Command, program: Callable[[str], Path]) -> None:
    folder = program("settings")
    home = command.scratch.parent / "home"
    home.mkdir()
    (home / ".boto").write_text("[Credentials]\naws_access_key_id = AKIA\naws_secret_access_key = x\n")
    secrets = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_PROFILE": "production", "PULUMI_ACCESS_TOKEN": "pul-secret"}
    command.environment |= {**secrets, "BOTO_CONFIG": str(home / ".boto"), "HOME": str(home), "AWS_REGION": "eu-west-1"}
    # The program writes down what it sees; anything else in its folder stays as it is.
    (folder / "__main__.py").open("a").write(
        "\nimport pathlib; pathlib.Path(os.environ['HOME'], 'seen').write_text(json.dumps(dict(os.environ)))\n"
    )
    before = hashes(folder)
    code, _, errors = command(folder)
    assert code == 1, errors
    assert hashes(folder) == before
    seen = json.loads((home / "seen").read_text())
    assert secrets.keys().isdisjoint(seen)
    assert seen["AWS_REGION"] == "eu-west-1"
    assert seen["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    # botocore reads ~/.boto where this is not set.
    assert seen["BOTO_CONFIG"] == os.devnull
    assert seen["PULUMI_BACKEND_URL"].startswith(command.scratch.as_uri())
    assert {path.name for path in home.iterdir()} == {".boto", "seen"}
    assert command.leftovers() == []


@pytest.mark.parametrize("number", slow([signal.SIGINT, signal.SIGTERM], [signal.SIGTERM]))
def test_an_interrupted_rehearsal_leaves_nothing_behind(
    command: Command, program: Callable[[str], Path], tmp_path: Path, number: signal.Signals
) -> None:
    started = tmp_path / "started"
    process = command.start(program("waits"), "--config", f"started={started}")
    deadline = time.monotonic() + 60
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert command.leftovers()
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert errors.endswith("Interrupted; nothing is left behind.\n")
    assert command.leftovers() == []


def test_an_interruption_names_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test can make a process that it may not end itself, such as one of another user."""

    def interrupted(request: Request, progress: Progress) -> None:
        progress.left(["4711 sudo tail -f /var/log/syslog"])
        raise Interrupted(signal.SIGINT)

    monkeypatch.setattr(rehearse_command, "rehearse", interrupted)
    result = CliRunner().invoke(rehearse_command.command, ["examples/failover/broken"])
    assert result.exit_code == 130
    assert "Interrupted; left behind: 4711 sudo tail -f /var/log/syslog\n" in result.output


@pytest.mark.slow
def test_a_failure_leaves_nothing_behind(command: Command, program: Callable[[str], Path]) -> None:
    code, output, _ = command(program("fails"))
    assert code == 2
    assert "The rehearsal did not finish: The program ended with an error" in output
    assert "no such environment: prod" in output
    assert command.leftovers() == []


SAYS = {
    "python": (
        "__main__.py",
        "import pulumi, sys\n"
        "print('stage: \\u202eprod')\n"
        "sys.stderr.write('nothing to do\\n')\n"
        "pulumi.log.warn('no such stage')\n"
        "pulumi.log.debug('for debuggers')\n",
    ),
    "nodejs": (
        "index.ts",
        "import * as pulumi from '@pulumi/pulumi';\n"
        "console.log('stage: \\u202eprod');\n"
        "console.error('nothing to do');\n"
        "pulumi.log.warn('no such stage');\n"
        "pulumi.log.debug('for debuggers');\n",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("runtime", SAYS)
def test_a_program_without_resources_is_not_called_clean(command: Command, tmp_path: Path, runtime: str) -> None:
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "Pulumi.yaml").write_text(f"name: empty\nruntime: {runtime}\n")
    file, code = SAYS[runtime]
    (folder / file).write_text(code)
    (folder / "node_modules").symlink_to(NODE_MODULES)
    exit_code, output, _ = command(folder)
    assert exit_code == 0
    assert output.startswith("Nothing was rehearsed: the program made no resource.\nIt printed and logged:\n")
    assert "Nothing refused" not in output
    said = [line.strip() for line in output.splitlines()]
    for line in ("stage: \\u202eprod", "nothing to do", "no such stage"):
        assert line in said
    assert "for debuggers" not in output
    _, data, _ = command(folder, "--format", "json")
    assert "no such stage" in json.loads(data)["output"]


@pytest.mark.slow
def test_names_from_a_program_are_harmless(command: Command, program: Callable[[str], Path]) -> None:
    code, output, errors = command(program("hostile"))
    assert code == 1, errors
    assert "[bold red]\\u001b[31m\\u202elive[/]" in output
    assert "\x1b" not in output
    assert "\u202e" not in output


def test_without_pulumi_the_user_is_told_how_to_get_it(command: Command, tmp_path: Path) -> None:
    command.environment["PATH"] = str(tmp_path)
    code, output, _ = command("examples/failover/broken")
    assert code == 2
    assert "`pulumi` was not found on PATH. Install Pulumi (https://www.pulumi.com/docs/install/)" in output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "there is no Pulumi.yaml in"),
        (["examples/failover/broken", "--config", "nothing"], "--config 'nothing': expected key=value"),
        (["examples/failover/broken", "--stack-outputs", "missing.yaml"], "missing.yaml cannot be read"),
        (["examples/failover/broken", "--policy-pack-config", "README.md"], "README.md cannot be read as JSON"),
    ],
)
def test_what_cannot_be_read_is_named(command: Command, arguments: list[str], message: str) -> None:
    code, output, _ = command(*arguments)
    assert code == 2
    assert message in output
