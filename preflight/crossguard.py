"""Serves policies to the Pulumi engine. The only module that knows the engine's analyzer protocol.

The pack speaks the public protocol (`pulumi.runtime.proto`, analyzer.proto) itself instead of going through the server
of the `pulumi_policy` SDK, which decodes a resource again for each policy, drops the marks of secret values, hands
checks proxies that raise on an unknown value, fails the whole preview when a number is NaN, and ends the run without
a word when a policy raises (pulumi/pulumi#16741).
"""

from __future__ import annotations

import sys
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent import futures
from pathlib import Path
from threading import Event
from typing import TypeVar

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2

from preflight import PACK_NAME, PACK_VERSION, wire
from preflight.finding import Finding, Level
from preflight.graph import Stack
from preflight.message import printable, render
from preflight.policy import Policy

# As the SDK's own server: a stack with all its properties can be far larger than gRPC's default of 4 MiB.
MAX_MESSAGE_BYTES = 400 * 1024 * 1024

Subject = TypeVar("Subject")

_LEVELS: dict[Level, pb.EnforcementLevel.ValueType] = {"advisory": pb.ADVISORY, "mandatory": pb.MANDATORY}


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
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(analyzer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    try:
        Event().wait()
    except KeyboardInterrupt:
        server.stop(0)


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers the engine: which policies there are, what they find at a resource, what they find in the stack."""

    def __init__(self, policies: Sequence[Policy]) -> None:
        self._policies = policies
        self._levels: dict[str, pb.EnforcementLevel.ValueType] = {}
        self._by_type: dict[str, list[Policy]] = defaultdict(list)
        for policy in policies:
            for type_ in policy.types if policy.scope == "resource" else ():
                self._by_type[type_].append(policy)

    def GetAnalyzerInfo(self, request: empty_pb2.Empty, context: object) -> pb.AnalyzerInfo:  # noqa: ARG002, N802
        """The pack and its policies, as `pulumi policy publish` stores them."""
        return pb.AnalyzerInfo(
            name=PACK_NAME,
            displayName="AWS preflight",
            version=PACK_VERSION,
            provider="aws",
            supportsConfig=True,
            policies=[_info(policy) for policy in self._policies],
        )

    def GetPluginInfo(self, request: empty_pb2.Empty, context: object) -> plugin_pb2.PluginInfo:  # noqa: ARG002, N802
        """The version of this server."""
        return plugin_pb2.PluginInfo(version=PACK_VERSION)

    def Configure(self, request: pb.ConfigureAnalyzerRequest, context: object) -> empty_pb2.Empty:  # noqa: ARG002, N802
        """Takes the levels that the configuration of the pack sets."""
        self._levels = {id_: config.enforcementLevel for id_, config in request.policyConfig.items()}
        return empty_pb2.Empty()

    def ConfigureStack(  # noqa: N802
        self,
        request: pb.AnalyzerStackConfigureRequest,  # noqa: ARG002
        context: object,  # noqa: ARG002
    ) -> pb.AnalyzerStackConfigureResponse:
        """Accepts the stack that is about to be analyzed; no policy depends on it."""
        return pb.AnalyzerStackConfigureResponse()

    def Analyze(self, request: pb.AnalyzeRequest, context: object) -> pb.AnalyzeResponse:  # noqa: ARG002, N802
        """What the resource policies find at one resource."""
        policies = self._enabled(self._by_type.get(request.type, ()))
        if not policies:
            return pb.AnalyzeResponse()
        return self._run(policies, lambda: wire.resource_of(request), Policy.on_resource, request.urn)

    def AnalyzeStack(self, request: pb.AnalyzeStackRequest, context: object) -> pb.AnalyzeResponse:  # noqa: ARG002, N802
        """What the stack policies find in the whole stack."""
        types = {resource.type for resource in request.resources}
        policies = self._enabled(p for p in self._policies if p.scope == "stack" and not types.isdisjoint(p.types))
        if not policies:
            return pb.AnalyzeResponse()
        return self._run(policies, lambda: Stack(wire.resources_of(request.resources)), Policy.on_stack, "")

    def Remediate(self, request: pb.AnalyzeRequest, context: object) -> pb.RemediateResponse:  # noqa: ARG002, N802
        """Changes nothing: the pack only reports."""
        return pb.RemediateResponse()

    def _enabled(self, policies: Iterable[Policy]) -> list[Policy]:
        return [policy for policy in policies if self._level(policy) != pb.DISABLED]

    def _level(self, policy: Policy) -> pb.EnforcementLevel.ValueType:
        level = self._levels.get(policy.id, _LEVELS[policy.level])
        # Nothing here rewrites a program, so "remediate" can only mean that the mistake must not pass.
        return pb.MANDATORY if level == pb.REMEDIATE else level

    def _run(
        self,
        policies: list[Policy],
        read: Callable[[], Subject],
        judge: Callable[[Policy, Subject], list[Finding]],
        urn: str,
    ) -> pb.AnalyzeResponse:
        """The findings of `policies` on the subject that `read` gives; no exception leaves this method.

        An exception would end the preview of every stack that the pack guards.
        """
        response = pb.AnalyzeResponse()
        try:
            subject = read()
        except Exception as error:  # noqa: BLE001
            response.diagnostics.append(_crash(policies[0], error, urn))
            return response
        for policy in policies:
            try:
                diagnostics = [self._diagnostic(policy, finding) for finding in judge(policy, subject)]
            except Exception as error:  # noqa: BLE001
                diagnostics = [_crash(policy, error, urn)]
            response.diagnostics.extend(diagnostics)
        return response

    def _diagnostic(self, policy: Policy, finding: Finding) -> pb.AnalyzeDiagnostic:
        level = self._level(policy)
        return pb.AnalyzeDiagnostic(
            policyName=policy.id,
            policyPackName=PACK_NAME,
            policyPackVersion=PACK_VERSION,
            description=policy.title,
            message=f"{policy.title}\n{render(policy, finding)}",
            enforcementLevel=pb.ADVISORY if finding.level == "advisory" else level,
            urn=finding.resource.urn,
        )


def _info(policy: Policy) -> pb.PolicyInfo:
    return pb.PolicyInfo(
        name=policy.id,
        displayName=policy.title,
        description=policy.refuses,
        enforcementLevel=_LEVELS[policy.level],
        policy_type=pb.POLICY_TYPE_STACK if policy.scope == "stack" else pb.POLICY_TYPE_RESOURCE,
    )


def _crash(policy: Policy, error: Exception, urn: str) -> pb.AnalyzeDiagnostic:
    """The one advisory that a defect of a policy causes.

    It names the place in the code and the type of the exception. It leaves out the text of the exception, which may
    quote a value of the program.
    """
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
    message = (
        f"The policy {policy.id} of {PACK_NAME} {PACK_VERSION} failed and judged nothing here; "
        "this is a defect of the policy, not of your program, and nothing is blocked by it.\n"
        f"It met {type(error).__name__} at {place}, at the resource {urn or '(the whole stack)'}.\n"
        'Please report these lines to the maintainers: README.md, section "When the pack itself fails".'
    )
    return pb.AnalyzeDiagnostic(
        policyName=policy.id,
        policyPackName=PACK_NAME,
        policyPackVersion=PACK_VERSION,
        description=policy.title,
        message=printable(message),
        enforcementLevel=pb.ADVISORY,
        urn=urn,
    )
