"""Stands between the engine and a language host, so that a program may name stacks of any organization.

A backend that keeps files knows one organization, `organization`, and the engine refuses a `StackReference` to any
other. So this process gives such a stack another name on its way to the engine, and its own name back on the way to
the program (`references.py` has both). Everything else passes unread. The engine starts it by the name of
the host, which it starts in turn: `write` makes the command.
"""
# What a method does not use belongs to those that replace it.
# ruff: noqa: ARG002

from __future__ import annotations

import asyncio
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import grpc
from google.protobuf import struct_pb2
from pulumi.runtime.proto import language_pb2, provider_pb2, resource_pb2

from aws_preflight.rehearsal.program import references

_ROOT = Path(__file__).parents[3]
_UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
_OF_THE_CONNECTION = re.compile(r":|grpc-|(user-agent|content-type|te)$")
"""The metadata that belong to a connection and not to the call."""

_STREAMS_OF_REQUESTS = ("RunPlugin2",)
"""The methods that are sent more than one message; all others get one, and answer with one or with many."""

_REFERENCE = b"pulumi:pulumi:StackReference"
_OUTPUTS_OF_A_STACK = b"pulumi:pulumi:readStack"

if TYPE_CHECKING:
    _Handler = grpc.GenericRpcHandler[bytes, bytes]
else:
    _Handler = grpc.GenericRpcHandler
_Context = grpc.aio.ServicerContext[bytes, bytes]
Change = Callable[[bytes], bytes]
"""Reads a message and gives it back, changed or not."""


class _Forwarder(_Handler):
    """Sends every call on as it comes; on the wire, an answer of one message is a stream of one."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.aio.insecure_channel(address, options=_UNLIMITED)

    async def request(self, method: str, message: bytes) -> bytes:
        """What is sent on for a message to a method."""
        return message

    def answer(self, method: str, message: bytes) -> bytes:
        """What is sent back for a message from a method."""
        return message

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[bytes, bytes]:
        """Handles any method."""
        method = details.method.rpartition("/")[2]
        metadata = [(key, value) for key, value in details.invocation_metadata if not _OF_THE_CONNECTION.match(key)]

        async def one(request: bytes, context: _Context) -> AsyncIterator[bytes]:
            send = self._channel.unary_stream(details.method, None, None)
            async for answer in _answers(send(await self.request(method, request), metadata=metadata), context):
                yield self.answer(method, answer)

        async def many(requests: AsyncIterator[bytes], context: _Context) -> AsyncIterator[bytes]:
            send = self._channel.stream_stream(details.method, None, None)
            async for answer in _answers(send(requests, metadata=metadata), context):
                yield answer

        # Not all of them as streams: where a call fails at once, grpc may not have sent its only message, and takes
        # that for an error of its own.
        if method in _STREAMS_OF_REQUESTS:
            return grpc.stream_stream_rpc_method_handler(many)
        return grpc.unary_stream_rpc_method_handler(one)


async def _answers(call: Any, context: _Context) -> AsyncIterator[bytes]:
    """What a call answers, in the end its error."""
    try:
        async for answer in call:
            yield answer
    except grpc.aio.AioRpcError as error:
        trailing: Any = error.trailing_metadata()
        await context.abort(error.code(), error.details() or "", tuple(trailing))
    finally:
        call.cancel()


class _Language(_Forwarder):
    """Forwards to the language host, and gives each program that it runs a monitor of ours."""

    async def request(self, method: str, message: bytes) -> bytes:
        """Puts our address in the place of the monitor's where a program is run."""
        if method != "Run":
            return message
        request = language_pb2.RunRequest.FromString(message)
        request.monitor_address = f"127.0.0.1:{await _serve(_Monitor(request.monitor_address))}"
        return bytes(request.SerializeToString())


class _Monitor(_Forwarder):
    """Forwards to the engine what a program asks of it."""

    async def request(self, method: str, message: bytes) -> bytes:
        """Gives stacks a name that the engine takes."""
        return _REQUESTS[method](message) if method in _REQUESTS else message

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


async def _serve(forwarder: _Forwarder) -> int:
    server = grpc.aio.server(options=_UNLIMITED)
    server.add_generic_rpc_handlers((forwarder,))
    port: int = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    _servers.append(server)
    return port


def _pass_on(stream: IO[bytes]) -> None:
    """What a host writes behind the line with its port is the output of its programs."""
    while piece := os.read(stream.fileno(), 65536):
        os.write(sys.stdout.fileno(), piece)


async def _run(command: list[str]) -> int:
    """Serves until the language host ends; its exit code."""
    # It shares the input and the errors of this process. The engine asks the whole group to end, or this process alone.
    host = subprocess.Popen(command, stdout=subprocess.PIPE, bufsize=0)
    assert host.stdout is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, host.send_signal, number)
    port = await asyncio.to_thread(host.stdout.readline)
    if port.strip():
        print(await _serve(_Language(f"127.0.0.1:{int(port)}")), flush=True)
        await asyncio.to_thread(_pass_on, host.stdout)
    code = await asyncio.to_thread(host.wait)
    for server in _servers:
        await server.stop(grace=0.5)
    return code


def run(command: list[str]) -> None:
    """Runs the language host with its arguments until it ends, and ends like it."""
    sys.exit(asyncio.run(_run(command)))


def write(folder: Path, host: str) -> None:
    """Makes in `folder` a command of the same name as a language host, that runs it behind a proxy."""
    code = f"import sys; sys.path[0] = {str(_ROOT)!r}; from {__name__} import run; run(sys.argv[1:])"
    command = folder / Path(host).name
    # Not as a script: the folder of the program, and that of this file, hold modules of any name.
    command.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, "-c", code, host])} "$@"\n', encoding="utf-8")
    command.chmod(0o755)
