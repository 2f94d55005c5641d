"""A gRPC service that sends every call on as it comes, for those that change a few of them."""
# What a method does not use belongs to those that replace it.
# ruff: noqa: ARG002

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import grpc

from aws_preflight.rehearsal.cloud.components import UNLIMITED

_OF_THE_CONNECTION = re.compile(r":|grpc-|(user-agent|content-type|te)$")
"""The metadata that belong to a connection and not to the call."""

_STREAMS_OF_REQUESTS = ("RunPlugin2",)
"""The methods that are sent more than one message; all others get one, and answer with one or with many."""

if TYPE_CHECKING:
    _Handler = grpc.GenericRpcHandler[bytes, bytes]
else:
    _Handler = grpc.GenericRpcHandler
_Context = grpc.aio.ServicerContext[bytes, bytes]


class Forwarder(_Handler):
    """Sends every call on as it comes; on the wire, an answer of one message is a stream of one."""

    def __init__(self, address: str) -> None:
        self._channel = grpc.aio.insecure_channel(address, options=UNLIMITED)

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


async def serve(forwarder: Forwarder) -> tuple[grpc.aio.Server, int]:
    """Serves on a free local port; a server ends when nobody knows it any more."""
    server = grpc.aio.server(options=UNLIMITED)
    server.add_generic_rpc_handlers((forwarder,))
    port: int = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, port
