"""A resource provider that creates nothing: it answers the Pulumi engine as AWS and its provider would.

The engine attaches to one that already runs, by way of an environment variable:

    with serve(["aws", "random"]) as providers:
        subprocess.run(["pulumi", "up"], env={**os.environ, "PULUMI_DEBUG_PROVIDERS": providers})

`python -m rehearsal.provider aws random` serves until it is interrupted, and prints that value.
"""
# The protocol names the methods and gives each two arguments.
# ruff: noqa: N802, ARG002

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent import futures
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from rehearsal import functions, wire
from rehearsal.aws import canonical, kind_of
from rehearsal.facts import Facts
from rehearsal.refusals import INVALID, REFUSALS, Existing, RefusedError

_SPEED = 100.0
_DEFAULT_REGION = "us-east-1"
_WORKERS = 64


@dataclass
class Cloud:
    """What has been created, by URN. One is shared by all the providers of a rehearsal."""

    resources: dict[str, Existing] = field(default_factory=dict)
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

    def __init__(self, cloud: Cloud, speed: float = _SPEED) -> None:
        self._cloud = cloud
        self._speed = speed
        self._regions: dict[str, str] = {}

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> provider_pb2.ProviderHandshakeResponse:
        """Takes secrets, which then stay secrets in the outputs."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, accept_resources=False)

    def Attach(self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Has nothing to say to the engine."""
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Passes for any version that a program asks for."""
        return plugin_pb2.PluginInfo(version="999.0.0")

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        """Has no schema: programs bring their own SDKs."""
        return provider_pb2.GetSchemaResponse(schema="{}")

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
        """Learns the region.

        A program may configure several providers of one package, and all of them attach here. No request says which of
        them it is for, but each has a connection of its own.
        """
        region = wire.plain_properties(request.args).get("region")
        self._regions[context.peer()] = region if isinstance(region, str) and region else _DEFAULT_REGION
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        """Answers a function."""
        arguments = wire.plain_properties(request.args)
        result = functions.answer(request.tok, arguments, self._region(arguments, context))
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(wire.properties(result))
        return response

    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        """Gives a resource a name where the program does not, and changes nothing else of its inputs."""
        inputs = struct_pb2.Struct()
        inputs.CopyFrom(request.news)
        facts = self._facts(request.urn, inputs, context)
        named = kind_of(facts.type).named
        if named and facts.inputs.get(named) is None:
            name = facts.auto_name()
            # Bucket names are the one kind that has no capital letters.
            inputs[named] = name.lower() if named.startswith("bucket") else name
        invalid = INVALID.get(canonical(facts.type))
        reasons = invalid(facts.logical_name, facts.inputs) if invalid else []
        failures = [provider_pb2.CheckFailure(reason=reason) for reason in reasons]
        return provider_pb2.CheckResponse(inputs=inputs, failures=failures)

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        """Updates what differs, and never replaces."""
        self._remember(request.urn, request.old_inputs, request.olds)
        old, new = (wire.plain_properties(inputs) for inputs in (request.old_inputs, request.news))
        changed = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        changes = provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=changes, diffs=changed)

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        """Makes up a resource; in a preview, only says which outputs there will be."""
        facts = self._facts(request.urn, request.properties, context)
        kind = kind_of(facts.type)
        if request.preview:
            expected = {**dict.fromkeys(kind.outputs, wire.UNKNOWN), **_early(kind.outputs, facts)}
            return provider_pb2.CreateResponse(properties=_outputs(request.properties, expected))
        self._ask(facts, context)
        time.sleep(kind.seconds / self._speed)
        outputs = self._complete(facts, request.properties)
        self._remember(request.urn, request.properties, outputs)
        return provider_pb2.CreateResponse(id=str(facts.fill(kind.id)), properties=outputs)

    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        """Changes a resource; an output made from an input that is not known yet becomes unknown."""
        facts = self._facts(request.urn, request.news, context)
        if not request.preview:
            self._ask(facts, context)
        outputs = self._complete(facts, request.news)
        if not request.preview:
            self._remember(request.urn, request.news, outputs)
        return provider_pb2.UpdateResponse(properties=outputs)

    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        """Finds any resource that a program asks for by its id."""
        facts = self._facts(request.urn, request.properties, context)
        named = kind_of(facts.type).named
        if request.id.startswith("arn:"):
            facts.outputs["arn"] = request.id
        elif named and kind_of(facts.type).id == f"{{{named}}}":
            facts.outputs[named] = request.id
        outputs = self._complete(facts, request.properties)
        return provider_pb2.ReadResponse(id=request.id, properties=outputs, inputs=request.inputs)

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Forgets a resource."""
        self._cloud.remove(request.urn)
        return empty_pb2.Empty()

    def Cancel(self, request: empty_pb2.Empty, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Has nothing to undo."""
        return empty_pb2.Empty()

    def _region(self, inputs: dict[str, Any], context: grpc.ServicerContext) -> str:
        own = inputs.get("region")
        return own if isinstance(own, str) and own else self._regions.get(context.peer(), _DEFAULT_REGION)

    def _facts(self, urn: str, inputs: struct_pb2.Struct, context: grpc.ServicerContext) -> Facts:
        values = wire.plain_properties(inputs)
        return Facts(urn, values, self._region(values, context))

    def _complete(self, facts: Facts, inputs: struct_pb2.Struct) -> struct_pb2.Struct:
        for name, template in kind_of(facts.type).outputs.items():
            if facts.inputs.get(name) is None and name not in facts.outputs:
                facts.outputs[name] = facts.fill(template)
        return _outputs(inputs, facts.outputs)

    def _ask(self, facts: Facts, context: grpc.ServicerContext) -> None:
        """Ends the request with AWS's answer where AWS would refuse."""
        refusal = REFUSALS.get(canonical(facts.type))
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
        plain = wire.plain_properties
        type_token = canonical(Facts(urn, {}, "").type)
        self._cloud.put(urn, Existing(type_token, plain(inputs), plain(outputs)))


def _early(outputs: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """The one output that a provider can tell before it asks AWS."""
    return {"region": facts.region} if "region" in outputs else {}


def _outputs(inputs: struct_pb2.Struct, computed: dict[str, Any]) -> struct_pb2.Struct:
    """The inputs, secrets and all, and the computed values where the program set none."""
    outputs = struct_pb2.Struct()
    outputs.CopyFrom(inputs)
    for name, value in computed.items():
        if name not in inputs.fields or inputs.fields[name].HasField("null_value"):
            outputs[name] = value
    return outputs


@contextlib.contextmanager
def serve(packages: Sequence[str], speed: float = _SPEED) -> Iterator[str]:
    """Serves packages on this machine; gives the value of `PULUMI_DEBUG_PROVIDERS` that leads the engine here.

    What takes AWS a hundred seconds takes `100 / speed` seconds here.
    """
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=_WORKERS))
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(Cloud(), speed), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield ",".join(f"{package}:{port}" for package in packages)
    finally:
        server.stop(grace=None).wait()


def main(packages: Sequence[str]) -> None:
    """Serves until interrupted."""
    over = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: over.set())
    with serve(packages or ["aws", "aws-native", "random"]) as providers:
        print(providers, flush=True)
        over.wait()


if __name__ == "__main__":
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    main(sys.argv[1:])
