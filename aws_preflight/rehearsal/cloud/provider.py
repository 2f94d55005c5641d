"""A resource provider that creates nothing: it answers the Pulumi engine as AWS and its provider would.

The engine attaches to one that already runs, by way of an environment variable:

    with serve(["aws", "random"]) as providers:
        subprocess.run(["pulumi", "up"], env={**os.environ, "PULUMI_DEBUG_PROVIDERS": providers})

`python -m aws_preflight.rehearsal.cloud.provider aws random` serves until it is interrupted, and prints that value.
"""
# The protocol names the methods and gives each two arguments.
# ruff: noqa: N802, ARG002

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent import futures
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from aws_preflight.policies.type_aliases import canonical
from aws_preflight.rehearsal.cloud import (
    account,
    check,
    functions,
    kubernetes,
    lifecycle,
    marks,
    others,
    package_schema,
    schema,
)
from aws_preflight.rehearsal.cloud.catalog import kind_of
from aws_preflight.rehearsal.cloud.components import UNLIMITED, Code, Components, NoCode, NoCodeError
from aws_preflight.rehearsal.cloud.facts import Facts
from aws_preflight.rehearsal.cloud.refusals import INVALID, REFUSALS, Existing, RefusedError

_SPEED = 100.0
_DEFAULT_REGION = "us-east-1"
_WORKERS = 64
_WAITING = 512
"""Where a component is made, a thread waits for all of its resources, which need threads of their own."""

Documents = Callable[[], Iterable[Mapping[Any, Any]]]
"""Reads the documents of a program in YAML, once they are asked for."""

_NO_COMPONENT = "{type} ({name}) cannot be rehearsed: it is a component of a package, and {why}"
_NO_METHOD = "{token} cannot be rehearsed: it is a method of a component of a package, and {why}"


@dataclass(frozen=True)
class _Settings:
    """What one provider of a program is configured with."""

    region: str = _DEFAULT_REGION
    account: str = account.ACCOUNT
    default_tags: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, arguments: Mapping[str, Any]) -> _Settings:
        """Reads a provider's arguments; the SDKs send what is not text as JSON."""
        region = _told_region(arguments)
        tags = arguments.get("defaultTags")
        tags = json.loads(tags) if isinstance(tags, str) and tags.startswith("{") else tags
        tags = tags.get("tags") if isinstance(tags, dict) else None
        return cls(region or _DEFAULT_REGION, account.of(arguments), tags or {})


def _told_region(arguments: Mapping[str, Any]) -> str | None:
    """The region that a provider is told, by the program, the settings or the environment."""
    told = (arguments.get("region"), os.environ.get("AWS_REGION"), os.environ.get("AWS_DEFAULT_REGION"))
    return next((region for region in told if isinstance(region, str) and region), None)


@dataclass
class Cloud:
    """What has been created, by URN. One is shared by all the providers of a rehearsal."""

    resources: dict[str, Existing] = field(default_factory=dict)
    invalid: dict[str, list[str]] = field(default_factory=dict)
    """By URN, what the provider's own check would refuse, where nothing is refused."""
    without_region: bool = False
    """Whether a provider of AWS was told no region: the real one then ends the preview."""
    folder: Path = Path()
    """The folder of the program, whose files its functions read."""
    declared: Callable[[str], Mapping[str, str]] = lambda _: {}
    """By the token of a type, the outputs that the program's SDK declares, each with its kind."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, urn: str, resource: Existing) -> None:
        """Adds or replaces a resource."""
        with self.lock:
            self.resources[urn] = resource

    def remove(self, urn: str) -> None:
        """Forgets a resource."""
        with self.lock:
            self.resources.pop(urn, None)

    def all(self) -> list[Existing]:
        """Everything there is at this moment."""
        with self.lock:
            return list(self.resources.values())


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """The simulated provider of any package: `aws` and `aws-native` with care, the others by the same rules."""

    def __init__(
        self,
        cloud: Cloud,
        speed: float = _SPEED,
        *,
        refusals: bool = True,
        package: str = "aws",
        documents: Documents = tuple,
        code: Code | None = None,
    ) -> None:
        self._components = Components(package, code or NoCode())
        self._package = package
        self._documents = documents
        self._cloud = cloud
        self._speed = speed
        self._refusals = refusals
        self._settings: dict[str, _Settings] = {}

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Takes secrets, which then stay secrets in the outputs; and all that a component may be given."""
        self._components.greeted(context.peer(), request)
        at_hand = self._components.at_hand
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=True, accept_resources=at_hand, accept_outputs=at_hand
        )

    def Attach(self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Has nothing to say to the engine; the code of a component may have."""
        self._components.attached(context.peer(), request.address)
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Passes for any version that a program asks for."""
        return plugin_pb2.PluginInfo(version="999.0.0")

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        """Tells the schema to programs without SDKs, such as those in YAML."""
        told: provider_pb2.GetSchemaResponse | None = self._components.tried("GetSchema", request, context)
        return told or provider_pb2.GetSchemaResponse(schema=self._schema)

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        """Accepts any configuration."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        """Never replaces a provider."""
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        """Learns the region and the default tags.

        A program may configure several providers of one package, and all of them attach here. No request says which of
        them it is for, but each has a connection of its own.
        """
        arguments = marks.plain_properties(request.args)
        self._settings[context.peer()] = _Settings.of(arguments)
        if self._package in ("aws", "aws-native") and _told_region(arguments) is None:
            self._cloud.without_region = True
        self._components.configured(context.peer(), request)
        at_hand = self._components.at_hand
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, acceptResources=at_hand, acceptOutputs=at_hand
        )

    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        """Answers a function."""
        told: provider_pb2.InvokeResponse | None = self._components.tried("Invoke", request, context)
        if told is not None:
            return told
        arguments = marks.plain_properties(request.args)
        settings = self._configured(context)
        region = _region(arguments, settings)
        made = self._cloud.all()
        result = functions.answer(request.tok, arguments, region, made, self._cloud.folder, settings.account)
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(marks.properties(result))
        return response

    def Construct(
        self, request: provider_pb2.ConstructRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ConstructResponse:
        """Has the code of the package make a component, which nobody else can."""
        if request.type in kubernetes.COMPONENTS:
            return kubernetes.construct(request)
        try:
            return self._components.construct(request, context)
        except NoCodeError as error:
            why = _NO_COMPONENT.format(type=request.type, name=request.name, why=error)
            context.abort(grpc.StatusCode.UNIMPLEMENTED, why)
            raise AssertionError from error  # abort has raised already

    def Call(self, request: provider_pb2.CallRequest, context: grpc.ServicerContext) -> provider_pb2.CallResponse:
        """Has the code of the package run a method of a component."""
        try:
            answer: provider_pb2.CallResponse = self._components.ask("Call", request, context)
        except NoCodeError as error:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, _NO_METHOD.format(token=request.tok, why=error))
            raise AssertionError from error  # abort has raised already
        return answer

    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        """Names and completes a resource's inputs, and says what is wrong with them, before AWS is asked."""
        facts = self._facts(request.urn, request.news, context)
        shape = schema.resource(facts.type)
        inputs = marks.marked_properties(request.news)
        reasons: list[str] = []
        if shape is not None:
            inputs = check.filled_in(facts, inputs, shape)
            reasons += check.missing(facts, marks.without_marks(inputs), shape)
        elif (named := kind_of(facts.type).named) and facts.inputs.get(named) is None:
            name = facts.auto_name()
            # Bucket names are the one kind that has no capital letters.
            inputs[named] = name.lower() if named.startswith("bucket") else name
        elif facts.type.startswith("kubernetes:"):
            inputs = others.named_object(facts, inputs)
        invalid = INVALID.get(canonical(facts.type))
        reasons += invalid(facts.logical_name, facts.inputs) if invalid else []
        if reasons and not self._refusals:
            self._cloud.invalid[request.urn] = reasons
        failures = [provider_pb2.CheckFailure(reason=reason) for reason in reasons if self._refusals]
        return provider_pb2.CheckResponse(inputs=marks.properties(inputs), failures=failures)

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        """Updates what differs, and never replaces."""
        self._remember(request.urn, request.old_inputs, request.olds)
        old, new = (marks.plain_properties(inputs) for inputs in (request.old_inputs, request.news))
        changed = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        changes = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=changes, diffs=changed)

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        """Makes up a resource; in a preview, only says which outputs there will be."""
        facts = self._facts(request.urn, request.properties, context)
        inputs = marks.marked_properties(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=marks.properties(lifecycle.planned(facts, inputs)))
        self._ask(facts, context)
        time.sleep(kind_of(facts.type).seconds / self._speed)
        id_, outputs = lifecycle.created(facts, inputs)
        outputs = {**others.declared(facts, self._cloud.declared), **outputs}
        properties = marks.properties(outputs)
        self._remember(request.urn, request.properties, properties)
        return provider_pb2.CreateResponse(id=id_, properties=properties)

    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        """Changes a resource; an output made from an input that is not known yet becomes unknown."""
        facts = self._facts(request.urn, request.news, context)
        before = self._facts(request.urn, request.old_inputs, context)
        if not request.preview:
            self._ask(facts, context)
        inputs, olds = (marks.marked_properties(values) for values in (request.news, request.olds))
        outputs = lifecycle.updated(facts, inputs, before, olds)
        properties = marks.properties({**others.declared(facts, self._cloud.declared), **outputs})
        if not request.preview:
            self._remember(request.urn, request.news, properties)
        return provider_pb2.UpdateResponse(properties=properties)

    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        """Finds any resource that a program asks for by its id, and finds an earlier one as it was."""
        facts = self._facts(request.urn, request.properties, context)
        outputs = lifecycle.found(facts, request.id, marks.marked_properties(request.properties))
        outputs = {**kubernetes.found(facts, request.id), **outputs}
        return provider_pb2.ReadResponse(id=request.id, properties=marks.properties(outputs), inputs=request.inputs)

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Forgets a resource."""
        self._cloud.remove(request.urn)
        return empty_pb2.Empty()

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Has nothing to undo."""
        return empty_pb2.Empty()

    @cached_property
    def _schema(self) -> str:
        return package_schema.of(self._package, self._documents())

    def _facts(self, urn: str, inputs: struct_pb2.Struct, context: grpc.ServicerContext) -> Facts:
        values = marks.plain_properties(inputs)
        settings = self._configured(context)
        known = {"defaultTags": settings.default_tags}
        return Facts(urn, values, _region(values, settings), known=known, account=settings.account)

    def _configured(self, context: grpc.ServicerContext) -> _Settings:
        return self._settings.get(context.peer(), _Settings())

    def _ask(self, facts: Facts, context: grpc.ServicerContext) -> None:
        """Ends the request with AWS's answer where AWS would refuse."""
        refusal = REFUSALS.get(canonical(facts.type)) if self._refusals else None
        if refusal is None:
            return
        try:
            refusal(facts.inputs, self._cloud.all())
        except RefusedError as error:
            context.abort(
                grpc.StatusCode.UNKNOWN,
                f"operation error {error.service}: {error.operation}, https response error StatusCode: 400, "
                f"RequestID: {facts.fill('{uuid}')}, {error}",
            )

    def _remember(self, urn: str, inputs: struct_pb2.Struct, outputs: struct_pb2.Struct) -> None:
        plain = marks.plain_properties
        type_token = canonical(Facts(urn, {}, "").type)
        self._cloud.put(urn, Existing(type_token, plain(inputs), plain(outputs)))


def _region(inputs: Mapping[str, Any], settings: _Settings) -> str:
    own = inputs.get("region")
    return own if isinstance(own, str) and own and own != marks.UNKNOWN else settings.region


@contextlib.contextmanager
def serve(
    packages: Sequence[str],
    speed: float = _SPEED,
    *,
    refusals: bool = True,
    cloud: Cloud | None = None,
    documents: Documents = tuple,
    code: Code | None = None,
) -> Iterator[str]:
    """Serves packages on this machine; gives the value of `PULUMI_DEBUG_PROVIDERS` that leads the engine here.

    What takes AWS a hundred seconds takes `100 / speed` seconds here. Without `refusals` everything is accepted: a
    rehearsal lets the policies speak, and goes on after a mistake. What was created is in `cloud` afterwards. The
    `documents` of a program in YAML tell what its packages have that is not known here; `code` runs that of components.
    """
    everything = cloud or Cloud()
    workers, waiting = (futures.ThreadPoolExecutor(max_workers=number) for number in (_WORKERS, _WAITING))
    with contextlib.ExitStack() as running:
        ports: dict[str, int] = {}
        for package in dict.fromkeys(packages):
            # No request says which package it is for, but each has a port of its own.
            of_cloud = package in ("aws", "aws-native")
            server = grpc.server(workers if of_cloud else waiting, options=UNLIMITED)
            provider = Provider(everything, speed, refusals=refusals, package=package, documents=documents, code=code)
            provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
            ports[package] = server.add_insecure_port("127.0.0.1:0")
            server.start()
            running.callback(_stop, server)
        yield ",".join(f"{package}:{port}" for package, port in ports.items())


def _stop(server: grpc.Server) -> None:
    server.stop(grace=None).wait()


def main(packages: Sequence[str]) -> None:
    """Serves until interrupted."""
    # A handler that sets an event could meet the lock of the event that it interrupts. Blocked signals wait instead.
    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    with serve(packages or ["aws", "aws-native", "random"]) as providers:
        print(providers, flush=True)
        signal.sigwait(ends)


if __name__ == "__main__":
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    main(sys.argv[1:])
