"""Stands between the engine and a language host, and changes what the engine would end the program for.

A backend that keeps files knows one organization, `organization`, and the engine refuses a `StackReference` to any
other. So this process gives such a stack another name on its way to the engine, and its own name back on the way to
the program (`references.py` has both). And what the program hands on without having built it becomes a stand-in
(`stand_ins.py`). Everything else passes unread. The engine starts it by the name of the host, which it starts in turn:
`write` makes the command.
"""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import language_pb2, provider_pb2, resource_pb2

from aws_preflight.rehearsal.program import references, stand_ins
from aws_preflight.rehearsal.program.forwarding import Forwarder, serve

_ROOT = Path(__file__).parents[3]
_REFERENCE = b"pulumi:pulumi:StackReference"
_OUTPUTS_OF_A_STACK = b"pulumi:pulumi:readStack"

Change = Callable[[bytes], bytes]
"""Reads a message and gives it back, changed or not."""


class _Language(Forwarder):
    """Forwards to the language host, and gives each program that it runs a monitor of ours."""

    def __init__(self, address: str, stand_ins: str) -> None:
        super().__init__(address)
        self._stand_ins = stand_ins

    async def request(self, method: str, message: bytes) -> bytes:
        """Puts our address in the place of the monitor's where a program is run."""
        if method != "Run":
            return message
        request = language_pb2.RunRequest.FromString(message)
        folders = [Path(folder) for folder in (request.pwd, request.info.root_directory) if folder]
        monitor = _Monitor(request.monitor_address, folders, self._stand_ins)
        request.monitor_address = f"127.0.0.1:{await _serve(monitor)}"
        return bytes(request.SerializeToString())


class _Monitor(Forwarder):
    """Forwards to the engine what a program asks of it."""

    def __init__(self, address: str, folders: Sequence[Path], stand_ins: str) -> None:
        super().__init__(address)
        self._folders = folders
        self._stand_ins = stand_ins

    async def request(self, method: str, message: bytes) -> bytes:
        """Gives stacks a name that the engine takes, and what is not there a stand-in."""
        if method == "RegisterResource" and stand_ins.MARK in message:
            message = self._with_stand_ins(message)
        return _REQUESTS[method](message) if method in _REQUESTS else message

    def _with_stand_ins(self, message: bytes) -> bytes:
        request = resource_pb2.RegisterResourceRequest.FromString(message)
        paths = stand_ins.put_in(request.object, self._folders)
        if not paths:
            return message
        with open(self._stand_ins, "a", encoding="utf-8") as stream:
            stream.writelines(f"{path}\n" for path in paths)
        return bytes(request.SerializeToString())

    def answer(self, method: str, message: bytes) -> bytes:
        """Gives stacks their own names back."""
        return _ANSWERS[method](message) if method in _ANSWERS else message


def _rename(properties: struct_pb2.Struct, rename: Callable[[str], str]) -> None:
    if "name" in properties.fields:
        properties["name"] = rename(str(properties["name"]))


def _request(kind: Any, about: str, token: bytes, field: str, id_: str = "") -> Change:
    """Gives a stack a name that the engine takes; the name stands in the properties of the request.

    Only a request whose member `about` is `token` is changed; where a stack is read, the `id_` is its name too.
    """

    def change(message: bytes) -> bytes:
        if token not in message:
            return message
        request = kind.FromString(message)
        if getattr(request, about).encode() == token:
            _rename(getattr(request, field), references.within_own_organization)
            if id_:
                setattr(request, id_, references.within_own_organization(getattr(request, id_)))
        return bytes(request.SerializeToString())

    return change


def _answer(kind: Any, field: str) -> Change:
    """Gives a stack its own name back; the name stands in the properties of the answer."""
    mark = references.MARK.encode()

    def change(message: bytes) -> bytes:
        if mark not in message:
            return message
        answer = kind.FromString(message)
        _rename(getattr(answer, field), references.in_its_own_organization)
        return bytes(answer.SerializeToString())

    return change


_REQUESTS: Mapping[str, Change] = {
    "ReadResource": _request(resource_pb2.ReadResourceRequest, "type", _REFERENCE, "properties", id_="id"),
    "RegisterResource": _request(resource_pb2.RegisterResourceRequest, "type", _REFERENCE, "object"),
    "Invoke": _request(resource_pb2.ResourceInvokeRequest, "tok", _OUTPUTS_OF_A_STACK, "args"),
}
_ANSWERS: Mapping[str, Change] = {
    "ReadResource": _answer(resource_pb2.ReadResourceResponse, "properties"),
    "RegisterResource": _answer(resource_pb2.RegisterResourceResponse, "object"),
    "Invoke": _answer(provider_pb2.InvokeResponse, "return"),
}

_servers: list[grpc.aio.Server] = []
"""A server ends when nobody knows it any more."""


async def _serve(forwarder: Forwarder) -> int:
    server, port = await serve(forwarder)
    _servers.append(server)
    return port


def _pass_on(stream: IO[bytes]) -> None:
    """What a host writes behind the line with its port is the output of its programs."""
    while piece := os.read(stream.fileno(), 65536):
        os.write(sys.stdout.fileno(), piece)


async def _run(command: list[str], stand_ins: str) -> int:
    """Serves until the language host ends; its exit code."""
    # It shares the input and the errors of this process. The engine asks the whole group to end, or this process alone.
    host = subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0)
    assert host.stdout is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, host.send_signal, number)
    port = await asyncio.to_thread(host.stdout.readline)
    if port.strip():
        print(await _serve(_Language(f"127.0.0.1:{int(port)}", stand_ins)), flush=True)
        await asyncio.to_thread(_pass_on, host.stdout)
    code = await asyncio.to_thread(host.wait)
    for server in _servers:
        await server.stop(grace=0.5)
    return code


def run(command: list[str], stand_ins: str) -> None:
    """Runs the language host with its arguments until it ends, and ends like it."""
    sys.exit(asyncio.run(_run(command, stand_ins)))


def write(folder: Path, host: str, stand_ins: Path) -> None:
    """Makes in `folder` a command of the same name as a language host, that runs it behind a proxy.

    The paths of what was not there are written to the file `stand_ins`.
    """
    code = (
        f"import sys; sys.path[0] = {str(_ROOT)!r}; from {__name__} import run; run(sys.argv[1:], {str(stand_ins)!r})"
    )
    command = folder / Path(host).name
    # Not as a script: the folder of the program, and that of this file, hold modules of any name.
    command.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, "-c", code, host])} "$@"\n', encoding="utf-8")
    command.chmod(0o755)
