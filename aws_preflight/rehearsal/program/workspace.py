"""Runs a Pulumi program on a simulated AWS, with the commands that a user types.

    with Workspace(Path("program"), config={"aws:region": "eu-central-1"}) as workspace:
        result = workspace.preview(policy_pack=Path("."))
        assert result.refused

Nothing real can be started from a workspace: its engine has a home, a backend and a stack of its own, all of them
temporary; it installs no plugin, and every plugin that it could find by itself is replaced by the simulation.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any

from aws_preflight.preflight import PACK_NAME
from aws_preflight.rehearsal.cloud.provider import Cloud, serve
from aws_preflight.rehearsal.program import event_log, isolation, language_proxy, project, stand_in_docker, yaml_program
from aws_preflight.rehearsal.program.component_plugins import ComponentPlugins
from aws_preflight.rehearsal.program.engine import Engine, beside, find
from aws_preflight.rehearsal.program.references import OWN_ORGANIZATION, within_own_organization
from aws_preflight.rehearsal.program.result import Result
from aws_preflight.rehearsal.program.sdk_types import SdkTypes
from aws_preflight.rehearsal.program.settings import secret_of_project
from aws_preflight.rehearsal.program.simulated_hosts import SimulatedHosts

PACKAGES = ("aws", "aws-native", "random")
"""The packages that have a simulated provider unless a workspace says otherwise."""

DYNAMIC = ("pulumi-nodejs", "pulumi-python")
"""The packages of dynamic providers: code of the program, run by plugins that lie beside the CLI."""

_STAND_INS = "stand-ins.txt"
_IMAGES = "images.txt"
_SUPERVISOR = Path(__file__).with_name("supervisor.py")
SILENT_SECONDS = 30.0
"""How long after an error a run may go on without a word: some SDKs wait for ever for what has failed."""

_POLL_SECONDS = 1.0


class EngineTimeoutError(RuntimeError):
    """A command of the engine took too long and was ended."""


class EngineCommandError(RuntimeError):
    """A command that only prepares or inspects a stack failed."""


class Workspace:
    """A stack of somebody's program on a simulated AWS of its own, gone when the workspace is left.

    Nothing is written to the folder of the program: the stack's settings and state lie in a temporary folder.
    """

    def __init__(
        self,
        program: Path,
        *,
        config: Mapping[str, Any] | None = None,
        stack: str = "dev",
        packages: Sequence[str] = PACKAGES,
        references: Mapping[str, Mapping[str, Any]] | None = None,
        any_organization: bool = False,
        stand_ins: bool = False,
        refusals: bool = True,
        environment: Mapping[str, str] | None = None,
        type_check: bool = False,
        timeout: float = 300,
        engine: Engine | None = None,
    ) -> None:
        """Takes a program's folder and its configuration: plain values, or objects.

        `references` are the outputs of the stacks that a `StackReference` may name, by the name it uses; where that
        names another organization than `organization`, `any_organization` is needed. With `stand_ins`, files and
        archives that the program only hands on need not be there. Without `refusals` the simulated AWS accepts
        everything at once. A package without a simulated provider cannot be used at all. `type_check` has TypeScript
        programs checked as they are for a user, at the price of some seconds a run.
        """
        self.program = program.resolve()
        self._config = dict(config or {})
        self._stack = stack
        self._packages = packages
        self._references = dict(references or {})
        self._any_organization = any_organization
        self._stand_ins = stand_ins
        self._project = project.read(self.program)
        self._refusals = refusals
        self.cloud = Cloud(folder=self.program, declared=SdkTypes(self.program).outputs)
        self._environment = dict(environment or {})
        self._type_check = type_check
        self._timeout = timeout
        self._engine = engine
        self._pulumi = Path()
        self._resources = contextlib.ExitStack()
        self._home = Path()
        self.left: list[str] = []
        """What could not be put away: processes of a program, with their ids, and the temporary folder."""

    def __enter__(self) -> Workspace:
        with self._resources as resources:
            engine = self._engine or find()
            self._pulumi = engine.pulumi
            self._home = Path(
                resources.enter_context(
                    tempfile.TemporaryDirectory(prefix="aws-preflight-", ignore_cleanup_errors=True)
                )
            )
            # What takes AWS minutes matters only where a race is to come out as it would for real.
            speed = {} if self._refusals else {"speed": float("inf")}
            self.hosts = SimulatedHosts(self._home)
            resources.callback(self.hosts.stop)
            self.plugins = ComponentPlugins(self._project, self.program, self._pulumi, self._home)
            resources.callback(lambda: self.left.extend(self.plugins.stop()))
            providers = resources.enter_context(
                serve(
                    [*self._packages, *DYNAMIC, *isolation.packages_at_hand(self._project.plugins)],
                    refusals=self._refusals,
                    cloud=self.cloud,
                    documents=partial(yaml_program.documents, self.program),
                    code=self.plugins,
                    **speed,
                )
            )
            isolated = isolation.environment(engine, self._home, self.program, providers, type_check=self._type_check)
            self._environment = {**isolated, **self.hosts.for_program(isolated), **self._environment}
            self.plugins.environment = {**self._environment, **self.hosts.for_components(self._environment)}
            self._put_before_path()
            if self._any_organization or self._stand_ins:
                self._put_proxy_before_language_host()
            self._create_stack()
            self._resources = resources.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._resources.close()
        if self._home.exists():
            self.left.append(str(self._home))

    @property
    def home(self) -> Path:
        """The temporary folder of this workspace."""
        return self._home

    @property
    def environment(self) -> dict[str, str]:
        """The environment that the engine's commands run in."""
        return dict(self._environment)

    def preview(self, policy_pack: Path | None = None, policy_config: Mapping[str, Any] | None = None) -> Result:
        """`pulumi preview`."""
        return self._run(["preview"], policy_pack, policy_config)

    def up(
        self,
        policy_pack: Path | None = None,
        policy_config: Mapping[str, Any] | None = None,
        watcher: event_log.Watcher | None = None,
    ) -> Result:
        """`pulumi up`, without the preview that precedes it."""
        return self._run(["up", "--yes", "--skip-preview"], policy_pack, policy_config, watcher)

    def destroy(self) -> Result:
        """`pulumi destroy`."""
        return self._run(["destroy", "--yes", "--skip-preview"])

    def analyze(self, policy_pack: Path, policy_config: Mapping[str, Any] | None = None) -> None:
        """`pulumi policy analyze`: the pack is asked about the state of the stack."""
        command = ["policy", "analyze", "--stack", self._stack, "--policy-pack", str(policy_pack)]
        if policy_config is not None:
            command += ["--policy-pack-config", str(self._policy_config(policy_config))]
        self._command(command)

    def for_pack(self) -> tuple[str, dict[str, str]]:
        """The runtime of the program, and the settings of the stack that are for this pack."""
        own = {key: value for key, value in self._config.items() if key.startswith(f"{PACK_NAME}:")}
        return self._project.runtime, {k: v if isinstance(v, str) else json.dumps(v) for k, v in own.items()}

    def stand_ins(self) -> list[str]:
        """The paths of files and archives that were not there and got a stand-in."""
        return sorted(set(event_log.text(self._home / _STAND_INS).splitlines()))

    def images(self) -> list[str]:
        """What the program itself told `docker` to build, and nobody has built."""
        return sorted(set(event_log.text(self._home / _IMAGES).splitlines()))

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
            command += ["--policy-pack-config", str(self._policy_config(policy_config))]
        return command

    def _policy_config(self, policy_config: Mapping[str, Any]) -> Path:
        file = self._home / "policy-config.json"
        file.write_text(json.dumps(policy_config), encoding="utf-8")
        return file

    @property
    def _events(self) -> Path:
        return self._home / "events.jsonl"

    @property
    def _settings(self) -> Path:
        return self._home / "project" / f"Pulumi.{self._stack}.yaml"

    def _put_before_path(self) -> None:
        """A folder for the commands that a program is not to have as they are."""
        folder = self._home / "bin"
        folder.mkdir()
        stand_in_docker.write(folder, self._home / _IMAGES)
        self._environment["PATH"] = os.pathsep.join([str(folder), self._environment["PATH"]])

    def _put_proxy_before_language_host(self) -> None:
        """The engine takes a language host from PATH before any other."""
        name = f"pulumi-language-{self._project.runtime}"
        host = beside(str(self._pulumi), name, self._environment["PATH"])
        if host is None:
            return  # The engine says so.
        language_proxy.write(self._home / "bin", host, self._home / _STAND_INS)

    def _create_stack(self) -> None:
        """Makes the stack from a stand-in for the project: the settings are written next to the project's file."""
        self._settings.parent.mkdir()
        # JSON is YAML.
        stand_in = json.dumps({"name": self._project.name, "runtime": "nodejs"})
        (self._settings.parent / "Pulumi.yaml").write_text(stand_in, encoding="utf-8")
        self._settings.write_text(json.dumps({"config": self._config}), encoding="utf-8")
        self._command(["stack", "init", self._stack, "--no-select"])
        self._encrypt()
        for name, outputs in self._references.items():
            self._create_reference(name, outputs)

    def _encrypt(self) -> None:
        """The engine refuses a plain value of a key that the project declares secret, and its default, too."""
        for key, default in secret_of_project(self._project).items():
            value = self._config.get(key, default)
            if isinstance(value, (str, int, float)):
                text = value if isinstance(value, str) else json.dumps(value)
                # Not as an argument: other processes can read those.
                self._command(["config", "set", "--secret", "--stack", self._stack, "--", key], stdin=text)

    def _create_reference(self, name: str, outputs: Mapping[str, Any]) -> None:
        """Writes a stack that has outputs and nothing else, as the file backend keeps it.

        That may be the very stack of the program: some read the outputs of their own last deployment.
        """
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise EngineCommandError(f"{name!r} cannot be the name of a stack")
        if len(path.parts) > 1 and path.parts[0] != OWN_ORGANIZATION:
            if not self._any_organization:
                return  # No program can read it.
            path = PurePosixPath(within_own_organization(name))
        # The engine reads `organization/stack` as a stack of the program's own project.
        owner = path.parts[-2] if len(path.parts) > 2 else self._project.name
        stack = path.name
        root = {
            "urn": f"urn:pulumi:{stack}::{owner}::pulumi:pulumi:Stack::{owner}-{stack}",
            "custom": False,
            "type": "pulumi:pulumi:Stack",
            "outputs": outputs,
        }
        file = self._home / "state" / ".pulumi" / "stacks" / owner / f"{stack}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        manifest = {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""}
        latest = {"manifest": manifest, "resources": [root]}
        file.write_text(json.dumps({"version": 3, "checkpoint": {"stack": name, "latest": latest}}), encoding="utf-8")

    def _command(self, arguments: list[str], stdin: str = "") -> str:
        try:
            done = subprocess.run(
                [str(self._pulumi), "--non-interactive", *arguments],
                cwd=self._settings.parent,
                env=self._environment,
                input=stdin,
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
        watcher: event_log.Watcher | None = None,
    ) -> Result:
        self._events.unlink(missing_ok=True)
        exit_code, output, fell_silent = self._watch(self.command(arguments, policy_pack, policy_config), watcher)
        return Result(exit_code, output, list(event_log.read(self._events)), fell_silent)

    def _has_ended(self, process: subprocess.Popen[bytes], teller: event_log.Teller) -> bool:
        """Waits for the engine to end; not where its program waits for an answer that has failed."""
        deadline = time.monotonic() + self._timeout
        while process.poll() is None:
            if teller.silent_seconds >= SILENT_SECONDS:
                return False
            if time.monotonic() >= deadline:
                raise subprocess.TimeoutExpired(process.args, self._timeout)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(min(_POLL_SECONDS, max(0.0, deadline - time.monotonic())))
        return True

    def _watch(self, command: list[str], watcher: event_log.Watcher | None) -> tuple[int, str, bool]:
        """Runs the engine to its end, and ends with it whatever its programs have started."""
        output, left = self._home / "output.txt", self._home / "left.txt"
        with output.open("wb") as stream:
            # In a session of its own, so that Ctrl-C at the terminal reaches this process alone. The output goes to a
            # file: nobody has to wait until the last process that holds it has let go of it.
            process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_SUPERVISOR), str(left), *command],
                cwd=self.program,
                env=self._environment,
                stdin=subprocess.PIPE,
                bufsize=0,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        assert process.stdin is not None
        try:
            teller = event_log.Teller(process.stdin, watcher)
            with event_log.following(self._events, teller):
                fell_silent = not self._has_ended(process, teller)
        except subprocess.TimeoutExpired:
            process.stdin.close()
            process.wait()
            took = f"`pulumi {command[1]}` was not done after {self._timeout:g} seconds and was ended"
            raise EngineTimeoutError(f"{took}. Its output:\n{event_log.text(output)}") from None
        finally:
            # This ends the engine where it still runs, as Ctrl-C would, so that it ends what it started.
            process.stdin.close()
            process.wait()
            self.left += event_log.text(left).splitlines()
        return process.returncode, event_log.text(output), fell_silent
