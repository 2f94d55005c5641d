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
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any

from rehearsal import project
from rehearsal.engine import Engine, find
from rehearsal.provider import Cloud, serve

PACKAGES = ("aws", "aws-native", "random")
"""The packages that have a simulated provider unless a workspace says otherwise."""

DYNAMIC = ("pulumi-nodejs", "pulumi-python")
"""The packages of dynamic providers: code of the program, run by plugins that lie beside the CLI."""

_KEPT = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""What programs may read of the variables of AWS: they say where, not who."""

_NO_CREDENTIALS = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""An AWS SDK that the program uses by itself finds no account in the user's files, nor on the machine."""

_PATIENCE_SECONDS = 15
_POLL_SECONDS = 0.1

Watcher = Callable[[dict[str, Any]], None]
"""Is told each event of the engine while it runs."""


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
        config: Mapping[str, Any] | None = None,
        stack: str = "dev",
        packages: Sequence[str] = PACKAGES,
        references: Mapping[str, Mapping[str, Any]] | None = None,
        refusals: bool = True,
        environment: Mapping[str, str] | None = None,
        type_check: bool = False,
        timeout: float = 300,
        engine: Engine | None = None,
    ) -> None:
        """Takes a program's folder and its configuration: plain values, or objects.

        `references` are the outputs of the stacks that a `StackReference` may name, by the name it uses. Without
        `refusals` the simulated AWS accepts everything at once. A package without a simulated provider cannot be used
        at all. `type_check` has TypeScript programs checked as they are for a user, at the price of some seconds a run.
        """
        self.program = program.resolve()
        self._config = dict(config or {})
        self._stack = stack
        self._packages = packages
        self._references = dict(references or {})
        self._refusals = refusals
        self.cloud = Cloud()
        self._environment = dict(environment or {})
        self._type_check = type_check
        self._timeout = timeout
        self._engine = engine
        self._pulumi = Path()
        self._resources = contextlib.ExitStack()
        self._home = Path()

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
            providers = resources.enter_context(
                serve(
                    [*self._packages, *DYNAMIC, *self._elsewhere()], refusals=self._refusals, cloud=self.cloud, **speed
                )
            )
            self._environment = {**self._isolated(engine, providers), **self._environment}
            self._create_stack()
            self._resources = resources.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._resources.close()

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
        watcher: Watcher | None = None,
    ) -> Result:
        """`pulumi up`, without the preview that precedes it."""
        return self._run(["up", "--yes", "--skip-preview"], policy_pack, policy_config, watcher)

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

    def _elsewhere(self) -> Iterator[str]:
        """The packages whose plugins the engine would find without installing them."""
        yield from project.read(self.program).plugins
        for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
            for plugin in Path(folder or ".").glob("pulumi-resource-*"):
                yield plugin.stem.removeprefix("pulumi-resource-")

    def _isolated(self, engine: Engine, providers: str) -> dict[str, str]:
        """An environment without the user's accounts, in which nothing can be installed or reached."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        state, scratch = self._home / "state", self._home / "tmp"
        state.mkdir()
        scratch.mkdir()
        return {
            **engine.environment(inherited),
            **kept,
            **_NO_CREDENTIALS,
            "PULUMI_BACKEND_URL": state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
            "PULUMI_DEBUG_COMMANDS": "true",
            "PULUMI_DEBUG_PROVIDERS": providers,
            # The layout without projects, and names that are not judged: a stack is then found by whatever name a
            # StackReference gives it, organization and all.
            "PULUMI_DIY_BACKEND_IGNORE_DEPRECATION_WARNING": "true",
            "PULUMI_DIY_BACKEND_LEGACY_LAYOUT": "true",
            "PULUMI_SELF_MANAGED_STATE_LEGACY_LAYOUT": "true",
            "PULUMI_DISABLE_VALIDATION": "true",
            # Nobody goes on from half a rehearsal: the state is written once, at the end.
            "PULUMI_SKIP_CHECKPOINTS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(self._home / "pulumi"),
            "PULUMI_NODEJS_TRANSPILE_ONLY": "false" if self._type_check else "true",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PYTHONDONTWRITEBYTECODE": "1",
            "TMPDIR": str(scratch),
        }

    def _create_stack(self) -> None:
        """Makes the stack from a stand-in for the project: the settings are written next to the project's file."""
        self._settings.parent.mkdir()
        # JSON is YAML.
        stand_in = json.dumps({"name": project.read(self.program).name, "runtime": "nodejs"})
        (self._settings.parent / "Pulumi.yaml").write_text(stand_in, encoding="utf-8")
        self._settings.write_text(json.dumps({"config": self._config}), encoding="utf-8")
        self._command(["stack", "init", self._stack, "--no-select"])
        for name, outputs in self._references.items():
            self._create_reference(name, outputs)

    def _create_reference(self, name: str, outputs: Mapping[str, Any]) -> None:
        """Writes a stack that has outputs and nothing else, as the file backend keeps it."""
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise EngineCommandError(f"{name!r} cannot be the name of a stack")
        *_, owner, stack = ("project", *path.parts)
        root = {
            "urn": f"urn:pulumi:{stack}::{owner}::pulumi:pulumi:Stack::{owner}-{stack}",
            "custom": False,
            "type": "pulumi:pulumi:Stack",
            "outputs": outputs,
        }
        file = self._home / "state" / ".pulumi" / "stacks" / path.with_name(f"{path.name}.json")
        file.parent.mkdir(parents=True, exist_ok=True)
        manifest = {"time": "2026-01-01T00:00:00Z", "magic": "", "version": ""}
        latest = {"manifest": manifest, "resources": [root]}
        file.write_text(json.dumps({"version": 3, "checkpoint": {"stack": name, "latest": latest}}), encoding="utf-8")

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
        watcher: Watcher | None = None,
    ) -> Result:
        self._events.unlink(missing_ok=True)
        command = self.command(arguments, policy_pack, policy_config)
        with _following(self._events, watcher):
            exit_code, output = self._watch(command)
        return Result(exit_code, output, list(_events(self._events)))

    def _watch(self, command: list[str]) -> tuple[int, str]:
        # In a session of its own, so that Ctrl-C at the terminal reaches this process alone: the engine takes a second
        # interrupt for an order to leave everything as it is.
        process = subprocess.Popen(
            command,
            cwd=self.program,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=self._timeout)
        except BaseException as problem:
            output = _end(process)
            if isinstance(problem, subprocess.TimeoutExpired):
                took = f"`pulumi {command[1]}` was not done after {self._timeout:g} seconds and was ended"
                raise EngineTimeoutError(f"{took}. Its output:\n{output}") from None
            raise
        finally:
            _sweep(process.pid)
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


def _sweep(session: int) -> None:
    """Ends what a program left running, where the system tells (Linux): everything in the session of the engine."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (left := list(_running_in(session))) and time.monotonic() < deadline:
        for process in left:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        time.sleep(_POLL_SECONDS / 10)


def _running_in(session: int) -> Iterator[int]:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The name of the command, in brackets, may hold anything; after it come the state, two ids, the session.
            state, _, _, its_session = (process / "stat").read_text(errors="replace").rpartition(")")[2].split()[:4]
            if int(its_session) == session and state != "Z":
                yield int(process.name)


def _events(log: Path) -> Iterator[dict[str, Any]]:
    """What the engine has reported; a last line that it did not finish is left out."""
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    for line in lines:
        with contextlib.suppress(ValueError):
            yield json.loads(line)


@contextlib.contextmanager
def _following(log: Path, watcher: Watcher | None) -> Iterator[None]:
    """Tells `watcher` each event as the engine writes it."""
    if watcher is None:
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_follow, args=(log, watcher, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _follow(log: Path, watcher: Watcher, over: threading.Event) -> None:
    while not log.exists():
        if over.wait(_POLL_SECONDS):
            return
    with log.open(encoding="utf-8", errors="replace") as stream:
        rest = ""
        while True:
            ending = over.is_set()
            *lines, rest = (rest + stream.read()).split("\n")
            for line in lines:
                with contextlib.suppress(ValueError):
                    watcher(json.loads(line))
            if ending:
                return
            time.sleep(_POLL_SECONDS)
