"""Runs a Pulumi program on the simulated AWS, with the commands that a user types.

In Python:

    with Workspace(Path("program"), config={"aws:region": "eu-central-1"}) as workspace:
        result = workspace.preview(policy_pack=Path("."))
        assert result.refused

At a prompt: `python -m tools.engine.run program --policy-pack . --config aws:region=eu-central-1`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import yaml

from rehearsal.provider import serve
from tools.engine.cli import Engine, EngineUnavailableError, find_or_build

PACKAGES = ("aws", "aws-native", "random")
"""The packages that have a simulated provider unless a workspace says otherwise."""

_PATIENCE_SECONDS = 15


class EngineTimeoutError(RuntimeError):
    """A command of the engine took too long and was ended."""


class EngineCommandError(RuntimeError):
    """A command that only prepares or inspects a stack failed."""


@dataclass(frozen=True)
class Violation:
    """One finding of a policy, as the engine reports it."""

    policy: str
    urn: str
    message: str
    level: str


@dataclass(frozen=True)
class Result:
    """What became of one `pulumi preview`, `up` or `destroy`."""

    exit_code: int
    output: str
    """What the user sees."""

    events: list[dict[str, Any]]
    """Everything the engine reported, in order."""

    @property
    def violations(self) -> list[Violation]:
        """What the policies found, in a stable order."""
        found = {
            Violation(
                policy=event["policyName"],
                urn=event.get("resourceUrn", ""),
                message=event["message"].rstrip("\n"),
                level=event["enforcementLevel"],
            )
            for event in self._of_kind("policyEvent")
        }
        return sorted(found, key=lambda violation: (violation.urn, violation.policy, violation.message))

    @property
    def refused(self) -> bool:
        """Whether a mandatory policy was violated."""
        return any(violation.level == "mandatory" for violation in self.violations)

    @property
    def resource_changes(self) -> dict[str, int]:
        """How many resources were created, updated and so on; empty when the run did not come to its end."""
        return next((dict(event.get("resourceChanges") or {}) for event in self._of_kind("summaryEvent")), {})

    @property
    def errors(self) -> list[str]:
        """The errors that the program, a provider or the engine reported."""
        return [
            event["message"].rstrip("\n") for event in self._of_kind("diagnosticEvent") if event["severity"] == "error"
        ]

    def _of_kind(self, kind: str) -> list[dict[str, Any]]:
        return [event[kind] for event in self.events if kind in event]


class Workspace:
    """A stack of somebody's program on a simulated AWS of its own, gone when the workspace is left.

    Nothing is written to the folder of the program: the stack's settings and state lie in a temporary folder.
    """

    def __init__(
        self,
        program: Path,
        *,
        config: Mapping[str, str] | None = None,
        stack: str = "dev",
        packages: Sequence[str] = PACKAGES,
        environment: Mapping[str, str] | None = None,
        type_check: bool = False,
        timeout: float = 300,
        engine: Engine | None = None,
    ) -> None:
        """Takes a program's folder and its configuration.

        A package without a simulated provider cannot be used at all: nothing real is ever started. `type_check` has
        TypeScript programs checked as they are for a user, at the price of some seconds a run.
        """
        self.program = program.resolve()
        self._config = dict(config or {})
        self._stack = stack
        self._packages = packages
        self._environment = dict(environment or {})
        self._type_check = type_check
        self._timeout = timeout
        self._engine = engine
        self._pulumi = Path()
        self._resources = contextlib.ExitStack()
        self._home = Path()

    def __enter__(self) -> Workspace:
        with self._resources as resources:
            engine = self._engine or find_or_build()
            self._pulumi = engine.pulumi
            self._home = Path(
                resources.enter_context(
                    tempfile.TemporaryDirectory(prefix="aws-preflight-", ignore_cleanup_errors=True)
                )
            )
            providers = resources.enter_context(serve(self._packages))
            self._environment = {**self._isolated(engine, providers), **self._environment}
            self._create_stack()
            self._resources = resources.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._resources.close()

    @property
    def environment(self) -> dict[str, str]:
        """The environment that the engine's commands run in."""
        return dict(self._environment)

    def preview(self, policy_pack: Path | None = None, policy_config: Mapping[str, Any] | None = None) -> Result:
        """`pulumi preview`."""
        return self._run(["preview"], policy_pack, policy_config)

    def up(self, policy_pack: Path | None = None, policy_config: Mapping[str, Any] | None = None) -> Result:
        """`pulumi up`, without the preview that precedes it."""
        return self._run(["up", "--yes", "--skip-preview"], policy_pack, policy_config)

    def destroy(self) -> Result:
        """`pulumi destroy`."""
        return self._run(["destroy", "--yes", "--skip-preview"])

    def export(self) -> dict[str, Any]:
        """The stack's state."""
        exported: dict[str, Any] = json.loads(self._command(["stack", "export", "--stack", self._stack]))
        return exported

    def command(
        self,
        arguments: Sequence[str],
        policy_pack: Path | None = None,
        policy_config: Mapping[str, Any] | None = None,
    ) -> list[str]:
        """The command line of an operation on the stack, to be run in `program` with `environment`."""
        command = [str(self._pulumi), *arguments, "--stack", self._stack, "--config-file", str(self._settings)]
        command += ["--non-interactive", "--color", "never", "--event-log", str(self._events)]
        if policy_pack is not None:
            command += ["--policy-pack", str(policy_pack.resolve())]
        if policy_config is not None:
            settings = self._home / "policy-config.json"
            settings.write_text(json.dumps(policy_config), encoding="utf-8")
            command += ["--policy-pack-config", str(settings)]
        return command

    @property
    def _events(self) -> Path:
        return self._home / "events.jsonl"

    @property
    def _settings(self) -> Path:
        return self._home / "project" / f"Pulumi.{self._stack}.yaml"

    def _isolated(self, engine: Engine, providers: str) -> dict[str, str]:
        """An environment without the user's accounts, in which nothing can be installed or reached."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
        state = self._home / "state"
        state.mkdir()
        return {
            **engine.environment(inherited),
            "PULUMI_BACKEND_URL": state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
            "PULUMI_DEBUG_COMMANDS": "true",
            "PULUMI_DEBUG_PROVIDERS": providers,
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(self._home / "pulumi"),
            "PULUMI_NODEJS_TRANSPILE_ONLY": "false" if self._type_check else "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def _create_stack(self) -> None:
        """Makes the stack from a stand-in for the project: the settings are written next to the project's file."""
        project = yaml.safe_load((self.program / "Pulumi.yaml").read_text(encoding="utf-8"))
        self._settings.parent.mkdir()
        # JSON is YAML.
        stand_in = json.dumps({"name": project["name"], "runtime": "nodejs"})
        (self._settings.parent / "Pulumi.yaml").write_text(stand_in, encoding="utf-8")
        self._settings.write_text(json.dumps({"config": self._config}), encoding="utf-8")
        self._command(["stack", "init", self._stack, "--no-select"])

    def _command(self, arguments: list[str]) -> str:
        try:
            done = subprocess.run(
                [str(self._pulumi), *arguments, "--non-interactive"],
                cwd=self._settings.parent,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
                timeout=self._timeout,
            )
        except subprocess.TimeoutExpired as problem:
            raise EngineTimeoutError(f"`pulumi {' '.join(arguments)}` took more than {problem.timeout:g} s") from None
        if done.returncode != 0:
            raise EngineCommandError(f"`pulumi {' '.join(arguments)}` failed:\n{done.stderr.strip()}")
        return done.stdout

    def _run(
        self,
        arguments: Sequence[str],
        policy_pack: Path | None = None,
        policy_config: Mapping[str, Any] | None = None,
    ) -> Result:
        self._events.unlink(missing_ok=True)
        exit_code, output = self._watch(self.command(arguments, policy_pack, policy_config))
        lines = self._events.read_text(encoding="utf-8").splitlines() if self._events.exists() else []
        return Result(exit_code, output, [json.loads(line) for line in lines])

    def _watch(self, command: list[str]) -> tuple[int, str]:
        process = subprocess.Popen(
            command,
            cwd=self.program,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            output, _ = process.communicate(timeout=self._timeout)
        except BaseException as problem:
            output = _end(process)
            if isinstance(problem, subprocess.TimeoutExpired):
                took = f"`pulumi {command[1]}` was not done after {self._timeout:g} seconds and was ended"
                raise EngineTimeoutError(f"{took}. Its output:\n{output}") from None
            raise
        return process.returncode, output


def _end(process: subprocess.Popen[str]) -> str:
    """Ends the engine as Ctrl-C would, so that it ends what it started; its language hosts end when it is gone."""
    process.send_signal(signal.SIGINT)
    try:
        output, _ = process.communicate(timeout=_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
    return output


def main() -> int:
    """Previews or deploys one program, and shows what its author would see."""
    parser = argparse.ArgumentParser(description="Previews a Pulumi program on a simulated AWS.")
    parser.add_argument("program", type=Path, help="the folder of the program's Pulumi.yaml")
    parser.add_argument("--policy-pack", type=Path, help="the folder of a policy pack's PulumiPolicy.yaml")
    parser.add_argument("--config", action="append", default=["aws:region=us-east-1"], metavar="KEY=VALUE")
    parser.add_argument("--up", action="store_true", help="deploy the program, rather than preview it")
    arguments = parser.parse_args()
    config = dict(pair.split("=", 1) for pair in arguments.config)
    try:
        with Workspace(arguments.program, config=config) as workspace:
            run = workspace.up if arguments.up else workspace.preview
            result = run(arguments.policy_pack)
    except (EngineUnavailableError, EngineCommandError, EngineTimeoutError) as problem:
        sys.exit(f"error: {problem}")
    print(result.output, end="")
    return result.exit_code


if __name__ == "__main__":
    sys.exit(main())
