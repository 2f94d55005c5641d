"""Kubernetes: what a program reads there, and what it has its provider read from files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import grpc
import yaml
from pulumi.runtime.proto import provider_pb2, resource_pb2, resource_pb2_grpc

from aws_preflight.rehearsal.cloud import marks
from aws_preflight.rehearsal.cloud.facts import Facts

_PACKAGE = "kubernetes:"
COMPONENTS = tuple(
    f"kubernetes:{name}"
    for name in ("helm.sh/v4:Chart", "kustomize/v2:Directory", "yaml/v2:ConfigFile", "yaml/v2:ConfigGroup")
)
"""What the provider of Kubernetes makes of files and charts, which are not there to be read."""


def found(facts: Facts, id_: str) -> dict[str, Any]:
    """What is known of an object that a program reads: its id is its name, after its namespace."""
    if not facts.type.startswith(_PACKAGE) or "metadata" in facts.inputs:
        return {}
    namespace, _, name = id_.rpartition("/")
    return {"metadata": {"name": name, **({"namespace": namespace} if namespace else {})}}


def construct(request: provider_pb2.ConstructRequest) -> provider_pb2.ConstructResponse:
    """Registers one of the components, with nothing in it."""
    component = resource_pb2.RegisterResourceRequest(
        type=request.type,
        name=request.name,
        parent=request.parent,
        dependencies=request.dependencies,
        providers=request.providers,
        acceptSecrets=True,
        acceptResources=True,
    )
    with grpc.insecure_channel(request.monitorEndpoint) as channel:
        monitor = resource_pb2_grpc.ResourceMonitorStub(channel)
        urn = monitor.RegisterResource(component).urn
        monitor.RegisterResourceOutputs(resource_pb2.RegisterResourceOutputsRequest(urn=urn))
    return provider_pb2.ConstructResponse(urn=urn, state=marks.properties({"resources": []}))


def answer(token: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The result of a function: objects as they are written in YAML, and none of a chart, which nobody downloads."""
    if token == "kubernetes:yaml:decode":
        return {"result": _objects(arguments.get("text"))}
    return {"result": []} if token in ("kubernetes:helm:template", "kubernetes:kustomize:directory") else {}


def _objects(text: Any) -> list[Any]:
    try:
        return [one for one in yaml.load_all(str(text or ""), yaml.SafeLoader) if isinstance(one, dict)]
    except yaml.YAMLError:
        return []
