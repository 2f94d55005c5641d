"""The language hosts `pulumi-language-python` and `pulumi-language-nodejs`, as far as running programs needs them.

The engine starts a host as a process of its own, reads the port of a gRPC service from its first line of output, and
asks it to run programs and Python policy packs. What runs them ships with the SDKs: `@pulumi/pulumi/cmd/run` for
Node.js, and the script named by `--python-executor` for Python.

This file is run as a script in the folder of somebody's program, so it imports nothing of this project.
"""
# The protocol names the methods and gives each two arguments.
# ruff: noqa: N802, ARG002

from __future__ import annotations

import argparse
import contextlib
import json
import os
import queue
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent import futures
from pathlib import Path
from typing import IO, Any

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

_SHOWN_TO_USER = 32
"""What both executors exit with when the user has already been told what went wrong."""

_PATIENCE_SECONDS = 3
"""How long a process may take to end when asked. The engine kills a host that takes more than five seconds."""


class ProgramError(Exception):
    """A program cannot be started; the message is for its author."""


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs the programs and policy packs of one language."""

    def __init__(self, language: str, python_executor: str, engine: str) -> None:
        self._language = language
        self._python_executor = python_executor
        self._engine = engine
        self._children: set[subprocess.Popen[bytes]] = set()
        self._ending = False

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language_pb2.LanguageHandshakeResponse:
        """Learns nothing that the command line did not say."""
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Has no version: this host belongs to the checkout it lies in."""
        return plugin_pb2.PluginInfo()

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language_pb2.GetRequiredPackagesResponse:
        """Names no provider in advance: the engine asks for each when the first resource needs it."""
        return language_pb2.GetRequiredPackagesResponse()

    def Run(self, request: language_pb2.RunRequest, context: grpc.ServicerContext) -> language_pb2.RunResponse:
        """Runs a program to its end; what it prints goes to the engine by way of this process's own output."""
        try:
            command = self._node_program(request) if self._language == "nodejs" else self._python_program(request)
            process = self._start(command, request.pwd, _program_environment(request))
        except (ProgramError, OSError) as error:
            return language_pb2.RunResponse(error=str(error))
        self._end_with(context, process)
        code = process.wait()
        self._children.discard(process)
        if code == 0:
            return language_pb2.RunResponse()
        if code == _SHOWN_TO_USER:
            return language_pb2.RunResponse(bail=True)
        return language_pb2.RunResponse(error=f"Program exited with non-zero exit code: {code}")

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language_pb2.RunPluginResponse]:
        """Runs a Python policy pack or the code of a package: what it prints goes back until nobody asks."""
        if request.kind != "resource" and (self._language, request.kind) != ("python", "analyzer"):
            context.abort(
                grpc.StatusCode.UNIMPLEMENTED,
                f"expected a Python policy pack or a package, got a {self._language} plugin of kind {request.kind!r}",
            )
        try:
            command, folder = self._plugin(request)
            process = self._start(command, folder, _environment(request.env), piped=True)
        except (ProgramError, OSError) as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, f"cannot run {request.info.program_directory}: {error}")
        self._end_with(context, process)
        yield from _output(process)
        self._children.discard(process)
        yield language_pb2.RunPluginResponse(exitcode=process.wait())

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Ends whatever is running."""
        self.end()
        return empty_pb2.Empty()

    def end(self) -> None:
        """Ends every process that this host started, and starts no more."""
        self._ending = True
        for process in tuple(self._children):
            self._end(process)

    def _plugin(self, request: language_pb2.RunPluginRequest) -> tuple[list[str], str]:
        """The command of a plugin, and the folder that it runs in."""
        folder = request.info.program_directory
        if self._language == "nodejs":
            return ["node", _node_executor(folder, "run-plugin"), folder, *request.args], request.pwd
        python = _python(_options(request.info), Path(request.info.root_directory))
        if request.kind == "resource":
            return [python, "-u", folder, *request.args], request.pwd
        return [python, "-u", "-m", "pulumi.policy", *request.args, request.info.entry_point], folder

    def _start(
        self, command: list[str], folder: str, environment: Mapping[str, str], piped: bool = False
    ) -> subprocess.Popen[bytes]:
        stream = subprocess.PIPE if piped else None
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream
        )
        self._children.add(process)
        if self._ending:
            self._end(process)
        return process

    def _end_with(self, context: grpc.ServicerContext, process: subprocess.Popen[bytes]) -> None:
        """Ends a process with the request it serves: cancelling that is how the engine calls off a run."""
        if not context.add_callback(lambda: self._end(process)):
            self._end(process)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        self._children.discard(process)

    def _python_program(self, request: language_pb2.RunRequest) -> list[str]:
        python = _python(_options(request.info), Path(request.info.root_directory))
        return [python, "-u", self._python_executor, *self._settings(request, "_"), _entry_point(request)]

    def _node_program(self, request: language_pb2.RunRequest) -> list[str]:
        options = _options(request.info)
        arguments = options.get("nodeargs") or ""
        node = ["node", *(shlex.split(arguments) if isinstance(arguments, str) else map(str, arguments))]
        return [*node, _node_executor(request.pwd), *self._settings(request, "-"), _entry_point(request)]

    def _settings(self, request: language_pb2.RunRequest, separator: str) -> Iterator[str]:
        """The flags that both executors understand, but for how they join the words of a flag's name."""
        flags = {
            "monitor": request.monitor_address,
            "engine": self._engine,
            "organization": request.organization,
            "project": request.project,
            "root_directory": request.info.root_directory,
            "stack": request.stack,
            "pwd": request.pwd,
            "parallel": str(request.parallel),
        }
        for name, value in flags.items():
            if value:
                yield from (f"--{name.replace('_', separator)}", value)
        if request.dryRun:
            # A switch for Node.js, a value for Python.
            yield from (["--dry_run", "true"] if separator == "_" else ["--dry-run"])


def _options(info: language_pb2.ProgramInfo) -> dict[str, Any]:
    """What stands under `runtime.options` in the project's or the pack's file."""
    return json_format.MessageToDict(info.options)


def _python(options: Mapping[str, Any], root: Path) -> str:
    configured = options.get("virtualenv")
    if configured:
        python = root / str(configured) / "bin" / "python"
        if python.exists():
            return str(python)
    return sys.executable


def _entry_point(request: language_pb2.RunRequest) -> str:
    return request.info.entry_point or request.program or "."


def _node_executor(folder: str, name: str = "run") -> str:
    """Where Node.js itself finds the executor for a program in `folder`: in any `node_modules` above it."""
    resolve = f"console.log(require.resolve('@pulumi/pulumi/cmd/{name}'))"
    try:
        found = subprocess.run(
            ["node", "-e", resolve], cwd=folder, capture_output=True, text=True, check=False, timeout=60
        )
    except FileNotFoundError as error:
        raise ProgramError("expected `node` on PATH to run a Node.js program: install Node.js 20 or newer") from error
    if found.returncode != 0:
        raise ProgramError(f"@pulumi/pulumi is not installed for the program in {folder}: run `npm install` there")
    return found.stdout.strip()


def _program_environment(request: language_pb2.RunRequest) -> dict[str, str]:
    environment = {
        **os.environ,
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }
    options = _options(request.info)
    if options.get("typescript", True):
        environment["PULUMI_NODEJS_TYPESCRIPT"] = "true"
    if options.get("tsconfig"):
        environment["PULUMI_NODEJS_TSCONFIG_PATH"] = str(options["tsconfig"])
    return environment


def _environment(variables: Iterable[str]) -> dict[str, str]:
    return dict(variable.split("=", 1) for variable in variables if "=" in variable)


def _output(process: subprocess.Popen[bytes]) -> Iterator[language_pb2.RunPluginResponse]:
    """What a process writes, as it comes, until both of its streams are closed."""
    pieces: queue.SimpleQueue[language_pb2.RunPluginResponse | None] = queue.SimpleQueue()

    def forward(stream: IO[bytes], wrap: Callable[[bytes], language_pb2.RunPluginResponse]) -> None:
        while piece := os.read(stream.fileno(), 65536):
            pieces.put(wrap(piece))
        pieces.put(None)

    streams = (
        (process.stdout, lambda piece: language_pb2.RunPluginResponse(stdout=piece)),
        (process.stderr, lambda piece: language_pb2.RunPluginResponse(stderr=piece)),
    )
    for stream_and_wrap in streams:
        threading.Thread(target=forward, args=stream_and_wrap, daemon=True).start()
    for _ in streams:
        while (piece := pieces.get()) is not None:
            yield piece


def _wait_for_the_end() -> None:
    """Returns when the engine asks this process to end, or is gone itself.

    The engine holds the other end of this process's input: it closes when the engine dies, in whatever way.
    """
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())

    def watch() -> None:
        with contextlib.suppress(OSError):
            while os.read(sys.stdin.fileno(), 4096):
                pass
        over.set()

    threading.Thread(target=watch, daemon=True).start()
    over.wait()


def _end_process_group() -> None:
    """Ends what the programs themselves may have left running.

    The engine puts a host in a process group of its own, which everything started from here belongs to.
    """
    if os.getpgrp() == os.getpid():
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.killpg(0, signal.SIGTERM)


def main() -> None:
    """Serves until the engine has no more use for this host."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", choices=["python", "nodejs"], required=True)
    parser.add_argument("--python-executor", required=True)
    # The engine may put flags for logging and tracing before its own address.
    arguments, rest = parser.parse_known_args()
    host = LanguageHost(arguments.language, arguments.python_executor, engine=rest[-1])
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    _wait_for_the_end()
    host.end()
    server.stop(grace=0.5).wait()
    _end_process_group()


if __name__ == "__main__":
    main()
