"""Runs the code of component packages that the user has installed, in the isolation of a rehearsal."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, provider_pb2

from aws_preflight.rehearsal.cloud.components import UNLIMITED, NoCodeError
from aws_preflight.rehearsal.program import component_packages, event_log
from aws_preflight.rehearsal.program.component_packages import ComponentPackage
from aws_preflight.rehearsal.program.engine import beside
from aws_preflight.rehearsal.program.project import Project, read_yaml
from aws_preflight.rehearsal.program.traced_monitors import TracedMonitors

_SUPERVISOR = Path(__file__).with_name("supervisor.py")
_PATIENCE_SECONDS = 300.0
"""How long code may take until it listens: that of some languages is compiled first."""

_MOST_LINES = 20


class ComponentPlugins:
    """The plugins that one rehearsal has started. They end with it."""

    def __init__(self, project: Project, program: Path, pulumi: Path, home: Path) -> None:
        self._project = project
        self._program = program
        self._pulumi = pulumi
        self._home = home
        self._running: list[_Supervised] = []
        self._lock = threading.Lock()
        self._monitors = TracedMonitors()
        self.environment: Mapping[str, str] = os.environ
        self.ran: dict[str, ComponentPackage] = {}
        """The packages whose code was run, by name."""

        self.absent: dict[str, str] = {}
        """The packages whose code was wanted and is not installed: by name, the command that installs it."""

    def has_components(self, package: str) -> bool:
        """Whether a package is installed that holds components, and nothing that a cloud would make."""
        found = component_packages.find(package, self._project, self._program)
        return found is not None and found.holds_only_components

    def start(self, package: str, engine: str) -> str:
        """Runs the code of a package for the engine at an address; its own address."""
        found = component_packages.find(package, self._project, self._program)
        if found is None:
            self.absent[package] = install = component_packages.how_to_install(package, self._program)
            raise NoCodeError(f"the code of the package {package} is not installed here: run `{install}`")
        self.ran[package] = found
        with self._lock:
            command = [str(found.command)] if found.command else [self._host(found)]
            process = _Supervised([*command, engine], self._program, self.environment, self._home, len(self._running))
            self._running.append(process)
        port = process.port()
        if port is not None and found.command is None:
            port = self._through_host(found, engine, port)
        if port is None:
            raise NoCodeError(f"the code of {found} in {found.folder} did not start:\n{process.said()}")
        return f"127.0.0.1:{port}"

    def monitor(self, component: provider_pb2.ConstructRequest) -> AbstractContextManager[str]:
        """The address of the engine for the code of one component, as long as it is made."""
        return self._monitors.of(component)

    def stop(self) -> list[str]:
        """Ends all that was started; what could not be ended."""
        self._monitors.close()
        for process in self._running:
            process.end()
        return [line for process in self._running for line in process.left()]

    def _host(self, package: ComponentPackage) -> str:
        name = f"pulumi-language-{package.runtime}"
        host = beside(str(self._pulumi), name, self.environment.get("PATH", os.defpath))
        if host is None:
            raise NoCodeError(f"{name}, which runs the code of {package}, was not found: it comes with Pulumi")
        return host

    def _through_host(self, package: ComponentPackage, engine: str, host: int) -> int | None:
        """Has a language host run the code of a package; the port that the code listens on."""
        channel = grpc.insecure_channel(f"127.0.0.1:{host}", options=UNLIMITED)
        runtime = read_yaml(package.folder / "PulumiPlugin.yaml").get("runtime")
        options = struct_pb2.Struct()
        options.update(runtime.get("options") or {} if isinstance(runtime, dict) else {})
        folder = str(package.folder.resolve())
        request = language_pb2.RunPluginRequest(
            pwd=str(self._program),
            args=[engine],
            env=[f"{name}={value}" for name, value in self.environment.items()],
            kind="resource",
            name=package.name,
            info=language_pb2.ProgramInfo(
                root_directory=folder, program_directory=folder, entry_point=".", options=options
            ),
        )
        with contextlib.suppress(grpc.FutureTimeoutError):
            grpc.channel_ready_future(channel).result(_PATIENCE_SECONDS)
        return _port(_lines(language_pb2_grpc.LanguageRuntimeStub(channel).RunPlugin(request)))


class _Supervised:
    """One process, in a session of its own, and everything that comes of it."""

    def __init__(
        self, command: list[str], program: Path, environment: Mapping[str, str], home: Path, number: int
    ) -> None:
        self._left = home / f"plugin-{number}-left.txt"
        self._errors = home / f"plugin-{number}.txt"
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_SUPERVISOR), "--hold-input", str(self._left), *command],
                cwd=program,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                bufsize=0,
                start_new_session=True,
            )

    def port(self) -> int | None:
        """What the process says first: the port that it listens on."""
        assert self._process.stdout is not None
        return _port(_read(self._process.stdout))

    def said(self) -> str:
        """The end of what it wrote to its standard error."""
        return "\n".join(event_log.text(self._errors).strip().splitlines()[-_MOST_LINES:]) or "it said nothing"

    def end(self) -> None:
        """Asks it to end."""
        assert self._process.stdin is not None
        self._process.stdin.close()

    def left(self) -> list[str]:
        """Waits for the end; the processes that could not be ended."""
        self._process.wait()
        return event_log.text(self._left).splitlines()


def _port(lines: Iterator[bytes]) -> int | None:
    """The number in the first line, and nothing where there is none in time; the rest is read and left aside."""
    first: list[bytes] = []
    there = threading.Event()

    def read() -> None:
        with contextlib.suppress(grpc.RpcError, OSError, ValueError):
            for line in lines:
                first.append(line)
                there.set()
        there.set()

    threading.Thread(target=read, daemon=True).start()
    there.wait(_PATIENCE_SECONDS)
    return int(first[0]) if first and first[0].strip().isdigit() else None


def _read(stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline():
        yield line


def _lines(output: Any) -> Iterator[bytes]:
    """The lines of what a program prints, as a language host passes it on in pieces."""
    rest = b""
    for piece in output:
        *lines, rest = (rest + piece.stdout).split(b"\n")
        yield from lines
