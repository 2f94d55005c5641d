"""Tells the engine which line of the program a packaged component comes from.

The engine hands a plugin a mark of the stack that led to a component, and the SDKs of today do not hand it back with
the resources of the component. So between the two stands a monitor for each component, which adds the mark.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import grpc
from pulumi.runtime.proto import provider_pb2, resource_pb2

from aws_preflight.rehearsal.program.forwarding import Forwarder, serve

_REQUESTS: Mapping[str, Any] = {
    "RegisterResource": resource_pb2.RegisterResourceRequest,
    "ReadResource": resource_pb2.ReadResourceRequest,
}


class _Traced(Forwarder):
    """Forwards to the engine what the code of a component asks of it."""

    def __init__(self, component: provider_pb2.ConstructRequest) -> None:
        super().__init__(component.monitorEndpoint)
        self._component = component

    async def request(self, method: str, message: bytes) -> bytes:
        """Adds the mark to each resource that has none."""
        kind = _REQUESTS.get(method)
        if kind is None:
            return message
        request = kind.FromString(message)
        request.parentStackTraceHandle = request.parentStackTraceHandle or self._component.stack_trace_handle
        if (request.type, request.name) == (self._component.type, self._component.name):
            # The component itself is made by the program: what led to it in the plugin is plumbing.
            request.ClearField("sourcePosition")
            request.ClearField("stackTrace")
        return bytes(request.SerializeToString())


class TracedMonitors:
    """Serves monitors, in a thread of its own from the first one on."""

    @contextlib.contextmanager
    def of(self, component: provider_pb2.ConstructRequest) -> Iterator[str]:
        """The address of a monitor in the place of the engine's own, as long as a component is made."""
        if not component.stack_trace_handle:
            yield component.monitorEndpoint
            return
        server, port = asyncio.run_coroutine_threadsafe(_serve(component), self._loop).result()
        try:
            yield f"127.0.0.1:{port}"
        finally:
            asyncio.run_coroutine_threadsafe(server.stop(grace=None), self._loop).result()

    def close(self) -> None:
        """Ends the thread, if there is one."""
        if "_loop" in self.__dict__:
            self._loop.call_soon_threadsafe(self._loop.stop)

    @cached_property
    def _loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        threading.Thread(target=loop.run_forever, daemon=True).start()
        return loop


async def _serve(component: provider_pb2.ConstructRequest) -> tuple[grpc.aio.Server, int]:
    # Made here: a channel belongs to the loop in which it was made.
    return await serve(_Traced(component))
