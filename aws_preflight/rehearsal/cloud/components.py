"""Packaged components: their code runs in a plugin of its own, which registers its resources with the engine.

The simulated provider of a package takes the place of that plugin. What only the code can answer it asks the plugin, on
the user's machine, where there is one; all that concerns resources of a cloud it answers itself.
"""

# What one that runs no code is asked does not matter to it.
# ruff: noqa: ARG002

from __future__ import annotations

import contextlib
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
"""The options of a connection that takes messages of any size."""


class NoCodeError(Exception):
    """The code of a package cannot be run; the message says why, and what helps."""


class Code(Protocol):
    """Runs the code of packages."""

    def has_components(self, package: str) -> bool:
        """Whether a package is installed that holds components, and nothing that a cloud would make."""

    def start(self, package: str, engine: str) -> str:
        """Runs the code of a package for the engine at an address; its own address. Raises `NoCodeError`."""

    def monitor(self, component: provider_pb2.ConstructRequest) -> AbstractContextManager[str]:
        """The address of the engine for the code of one component, as long as it is made."""


@dataclass
class _Session:
    """What one provider of a program was told, and the plugin that has been told the same."""

    handshake: provider_pb2.ProviderHandshakeRequest = field(default_factory=provider_pb2.ProviderHandshakeRequest)
    engine: str = ""
    configuration: provider_pb2.ConfigureRequest = field(default_factory=provider_pb2.ConfigureRequest)
    plugin: Any = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Components:
    """The code of one package: a plugin is started when it is first asked, for each provider of the program."""

    def __init__(self, package: str, code: Code) -> None:
        self._package = package
        self._code = code
        self._sessions: dict[str, _Session] = {}

    @cached_property
    def at_hand(self) -> bool:
        """Whether there is code to run that holds components only."""
        return self._code.has_components(self._package)

    def attached(self, peer: str, engine: str) -> None:
        """Takes note of the engine that a connection comes from."""
        self._session(peer).engine = engine

    def greeted(self, peer: str, request: provider_pb2.ProviderHandshakeRequest) -> None:
        """Takes note of what the engine said first."""
        session = self._session(peer)
        session.handshake.CopyFrom(request)
        session.engine = session.engine or request.engine_address

    def configured(self, peer: str, request: provider_pb2.ConfigureRequest) -> None:
        """Takes note of a provider's arguments."""
        self._session(peer).configuration.CopyFrom(request)

    def construct(
        self, request: provider_pb2.ConstructRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConstructResponse:
        """Has the plugin make a component. Raises `NoCodeError`."""
        with self._code.monitor(request) as address:
            request.monitorEndpoint = address
            made: provider_pb2.ConstructResponse = self.ask("Construct", request, context)
        return made

    def ask(self, method: str, request: Any, context: grpc.ServicerContext) -> Any:
        """What the plugin answers; its error is the answer, too. Raises `NoCodeError`."""
        plugin = self._plugin(self._session(context.peer()))
        answer = getattr(plugin, method).future(request)
        context.add_callback(answer.cancel)
        try:
            return answer.result()
        except grpc.RpcError as error:
            trailing: Any = error.trailing_metadata() or ()
            context.set_trailing_metadata(tuple(trailing))
            context.abort(error.code(), error.details() or "")
            raise AssertionError from error  # abort has raised already

    def tried(self, method: str, request: Any, context: grpc.ServicerContext) -> Any:
        """What the plugin answers where there is one that holds components only, and nothing where it does not."""
        if not self.at_hand:
            return None
        try:
            return getattr(self._plugin(self._session(context.peer())), method)(request, timeout=60)
        except (grpc.RpcError, NoCodeError):
            return None

    def _session(self, peer: str) -> _Session:
        return self._sessions.setdefault(peer, _Session())

    def _plugin(self, session: _Session) -> Any:
        with session.lock:
            if session.plugin is None:
                address = self._code.start(self._package, session.engine)
                plugin = provider_pb2_grpc.ResourceProviderStub(grpc.insecure_channel(address, options=UNLIMITED))
                # Older SDKs know neither; without an answer they are what the engine takes them for, too.
                with contextlib.suppress(grpc.RpcError):
                    plugin.Handshake(session.handshake, wait_for_ready=True)
                with contextlib.suppress(grpc.RpcError):
                    plugin.Attach(plugin_pb2.PluginAttach(address=session.engine))
                with contextlib.suppress(grpc.RpcError):
                    plugin.GetPluginInfo(empty_pb2.Empty())
                with contextlib.suppress(grpc.RpcError):
                    plugin.Configure(session.configuration)
                session.plugin = plugin
            return session.plugin


class NoCode:
    """Runs no code of any package."""

    def has_components(self, package: str) -> bool:
        """Not one."""
        return False

    def start(self, package: str, engine: str) -> str:
        """Says so."""
        raise NoCodeError(f"the code of the package {package} does not run here")

    def monitor(self, component: provider_pb2.ConstructRequest) -> AbstractContextManager[str]:
        """The engine itself."""
        return contextlib.nullcontext(component.monitorEndpoint)
