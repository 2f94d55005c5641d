"""Serves policies to the Pulumi engine. The only module that knows the engine's analyzer protocol.

The pack speaks the public protocol (`pulumi.runtime.proto`, analyzer.proto) itself instead of going through the server
of the `pulumi_policy` SDK, which decodes a resource again for each policy, drops the marks of secret values, hands
checks proxies that raise on an unknown value, fails the whole preview when a number is NaN, and ends the run without
a word when a policy raises (pulumi/pulumi#16741).
"""

# The protocol names the methods and gives each two arguments.
# ruff: noqa: N802, ARG002

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent import futures
from threading import Event
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2
from google.protobuf.message import Message
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc, engine_pb2, engine_pb2_grpc, plugin_pb2

from aws_preflight.preflight import PACK_NAME, PACK_VERSION, depth, wire
from aws_preflight.preflight.config import EXEMPTIONS, EXEMPTIONS_SCHEMA, for_engine
from aws_preflight.preflight.finding import Level
from aws_preflight.preflight.graph import Stack
from aws_preflight.preflight.language import runtime_of
from aws_preflight.preflight.message import DEFECT, printable
from aws_preflight.preflight.policy import Policy
from aws_preflight.preflight.run import EXEMPTIONS_TITLE, Run, Setting, Verdict, met
from aws_preflight.preflight.values import MAX_DEPTH

# As the SDK's own server: a stack with all its properties can be far larger than gRPC's default of 4 MiB.
MAX_MESSAGE_BYTES: Final = 400 * 1024 * 1024

GC_THRESHOLD: Final = 50_000
"""How many objects more than before begin a collection; Python's own 700 make up to a tenth of a call."""

UNEVALUATED: Final = (
    "aws-preflight: {} resource(s) not evaluated in full, because values are unknown in this preview."
    " `aws-preflight rehearse` resolves them."
)
NOT_READ: Final = (
    f"aws-preflight: not evaluated in full, because values are deeper than {MAX_DEPTH} levels or cannot be read: "
    "{} resource(s) or settings, the first is {}."
)
FAILED: Final = (
    f"aws-preflight: {{}} met {{}}. {DEFECT}"
    ' Please report this line to the maintainers: README.md, section "When the pack itself fails".'
)
_TELL_SECONDS: Final = 5

_LEVELS: Final[Mapping[Level, pb.EnforcementLevel.ValueType]] = {"advisory": pb.ADVISORY, "mandatory": pb.MANDATORY}
# Nothing here rewrites a program, so "remediate" can only mean that the mistake must not pass.
_SETTINGS: Final[Mapping[int, Setting]] = {
    pb.ADVISORY: "advisory",
    pb.MANDATORY: "mandatory",
    pb.REMEDIATE: "mandatory",
    pb.DISABLED: "disabled",
}


def serve(policies: Sequence[Policy]) -> None:
    """Serves `policies` to the engine until the process is ended."""
    run(Analyzer(policies))


def run(analyzer: Analyzer) -> None:
    """Answers with `analyzer` on a free local port until the process is ended.

    The port goes to standard output, where the engine reads it; nothing else may be written there.
    """
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=4),
        options=[
            ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
            ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
        ],
    )
    server.add_generic_rpc_handlers([_handlers(analyzer)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    # What the start made stays until the end. The collector would go through all of it, again and again.
    gc.freeze()
    # One preview leaves next to nothing that only the collector can find, and makes much that is soon gone by itself.
    gc.set_threshold(GC_THRESHOLD)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        Event().wait()
    except KeyboardInterrupt:
        server.stop(0)


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers the engine: which policies there are, what they find at a resource, what they find in the stack."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        self._run = Run(policies)
        self._preview = False
        self._not_read: set[str] = set()

    def read(self, kind: type[Message], data: bytes) -> Message:
        """The request in `data`, whatever it holds; what cannot be read is told at the end of the run."""
        if kind is pb.AnalyzeStackRequest:
            stack, partly = depth.read_each(kind, pb.AnalyzerResource, data)
            self._not_read.update(getattr(resource, "urn", "") for resource in partly)
            return stack
        request, in_full = depth.read(kind, data)
        if not in_full:
            self._not_read.add(getattr(request, "urn", "the configuration"))
        return request

    def GetAnalyzerInfo(self, request: empty_pb2.Empty, context: object) -> pb.AnalyzerInfo:
        """The pack and its policies, as `pulumi policy publish` stores them."""
        return pb.AnalyzerInfo(
            name=PACK_NAME,
            displayName="AWS preflight",
            version=PACK_VERSION,
            provider="aws",
            tags=["aws"],
            supportsConfig=True,
            policies=[*map(_info, self._run.policies), _exemptions_info()],
        )

    def GetPluginInfo(self, request: empty_pb2.Empty, context: object) -> plugin_pb2.PluginInfo:
        """The version of this server."""
        return plugin_pb2.PluginInfo(version=PACK_VERSION)

    def Configure(self, request: pb.ConfigureAnalyzerRequest, context: object) -> empty_pb2.Empty:
        """Takes the levels and properties that the configuration of the pack sets."""
        configuration = request.policyConfig.items()
        self._run.configure(
            {id_: _SETTINGS.get(config.enforcementLevel, "mandatory") for id_, config in configuration},
            {id_: wire.decode(config.properties)[0] for id_, config in configuration},
        )
        return empty_pb2.Empty()

    def ConfigureStack(
        self, request: pb.AnalyzerStackConfigureRequest, context: object
    ) -> pb.AnalyzerStackConfigureResponse:
        """Takes the settings of the stack that is about to be analyzed."""
        self._preview = request.dry_run
        self._run.configure_stack(request.config, request.dry_run, runtime_of(request.project))
        return pb.AnalyzerStackConfigureResponse()

    def Analyze(self, request: pb.AnalyzeRequest, context: object) -> pb.AnalyzeResponse:
        """What the resource policies find at one resource."""
        verdicts = self._run.evaluate_resource(
            request.type,
            request.urn,
            lambda: wire.resource_of(request),
            lambda: b"\0".join((request.properties.SerializeToString(), request.name.encode())),
            request.properties.fields,
        )
        return pb.AnalyzeResponse(diagnostics=map(_diagnostic, verdicts))

    def AnalyzeStack(self, request: pb.AnalyzeStackRequest, context: object) -> pb.AnalyzeResponse:
        """What the stack policies find in the whole stack; the engine asks once, at the end."""
        types = {resource.type for resource in request.resources}
        verdicts = self._run.evaluate_stack(types, lambda: Stack(wire.resources_of(request.resources)))
        if self._preview and self._run.unevaluated:
            _tell(UNEVALUATED.format(self._run.unevaluated))
        if self._not_read:
            _tell(NOT_READ.format(len(self._not_read), printable(min(self._not_read)).replace("\n", " ")))
            self._not_read.clear()
        return pb.AnalyzeResponse(diagnostics=map(_diagnostic, verdicts))

    def Remediate(self, request: empty_pb2.Empty, context: object) -> pb.RemediateResponse:
        """Changes nothing: the pack only reports. So nobody reads the request."""
        return pb.RemediateResponse()


_METHODS: Final[Mapping[str, tuple[type[Message], type[Message]]]] = {
    "GetAnalyzerInfo": (empty_pb2.Empty, pb.AnalyzerInfo),
    "GetPluginInfo": (empty_pb2.Empty, plugin_pb2.PluginInfo),
    "Configure": (pb.ConfigureAnalyzerRequest, empty_pb2.Empty),
    "ConfigureStack": (pb.AnalyzerStackConfigureRequest, pb.AnalyzerStackConfigureResponse),
    "Analyze": (pb.AnalyzeRequest, pb.AnalyzeResponse),
    "AnalyzeStack": (pb.AnalyzeStackRequest, pb.AnalyzeResponse),
    "Remediate": (empty_pb2.Empty, pb.RemediateResponse),
}


def _handlers(analyzer: Analyzer) -> grpc.GenericRpcHandler[Any, Any]:
    """Answers each method with that of `analyzer`; the engine takes it well that the others are not implemented.

    gRPC itself would parse a request before anybody can guard that, and an exception there ends the run.
    """
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(
            _guarded(analyzer, name, *kinds), response_serializer=kinds[1].SerializeToString
        )
        for name, kinds in _METHODS.items()
    }
    service: grpc.GenericRpcHandler[Any, Any] = grpc.method_handlers_generic_handler("pulumirpc.Analyzer", handlers)
    return service


def _guarded(
    analyzer: Analyzer, name: str, request: type[Message], response: type[Message]
) -> Callable[[bytes, object], Message]:
    """The method `name`, which answers with an empty response where it fails: an error would end the whole run."""
    method = getattr(analyzer, name)

    def answer(data: bytes, context: object) -> Message:
        try:
            message: Message = method(analyzer.read(request, data), context)
        except Exception as error:  # noqa: BLE001 - see above
            _tell(FAILED.format(name, met(error)))
            return response()
        return message

    return answer


def _tell(line: str) -> None:
    """Has the engine show a line among the diagnostics of the run.

    What a pack writes to standard error is shown, too, but not always: the run may end before it is read. The address
    of the engine is the first argument of the process.
    """
    try:
        with grpc.insecure_channel(sys.argv[1]) as channel:
            request = engine_pb2.LogRequest(severity=engine_pb2.INFO, message=line)
            engine_pb2_grpc.EngineStub(channel).Log(request, timeout=_TELL_SECONDS)
    except (IndexError, grpc.RpcError):
        sys.stderr.write(f"{line}\n")


def _diagnostic(verdict: Verdict) -> pb.AnalyzeDiagnostic:
    return pb.AnalyzeDiagnostic(
        policyName=verdict.policy,
        policyPackName=PACK_NAME,
        policyPackVersion=PACK_VERSION,
        description=verdict.title,
        message=verdict.message,
        enforcementLevel=_LEVELS[verdict.level],
        urn=verdict.urn,
    )


def _info(policy: Policy) -> pb.PolicyInfo:
    summary = policy.summary
    info = pb.PolicyInfo(
        name=policy.id,
        displayName=summary.title,
        description=summary.refuses,
        enforcementLevel=_LEVELS[policy.level],
        policy_type=pb.POLICY_TYPE_STACK if policy.scope == "stack" else pb.POLICY_TYPE_RESOURCE,
        severity=pb.POLICY_SEVERITY_HIGH,
        tags=["aws", summary.operation.partition(":")[0]],
        url=summary.documentation,
        remediation_steps=summary.remediation,
    )
    if policy.properties:
        info.configSchema.properties.update(for_engine(policy.properties))
    return info


def _exemptions_info() -> pb.PolicyInfo:
    info = pb.PolicyInfo(
        name=EXEMPTIONS,
        displayName=EXEMPTIONS_TITLE,
        description="Holds the exemptions of the organization, and reports those that are wrong or no longer needed.",
        enforcementLevel=pb.ADVISORY,
        policy_type=pb.POLICY_TYPE_STACK,
        severity=pb.POLICY_SEVERITY_LOW,
        tags=["aws"],
    )
    info.configSchema.properties.update(EXEMPTIONS_SCHEMA)
    return info
