"""Kubernetes: what a program reads there, and what it has its provider read from files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from aws_preflight.rehearsal.cloud.facts import Facts

_PACKAGE = "kubernetes:"


def found(facts: Facts, id_: str) -> dict[str, Any]:
    """What is known of an object that a program reads: its id is its name, after its namespace."""
    if not facts.type.startswith(_PACKAGE) or "metadata" in facts.inputs:
        return {}
    namespace, _, name = id_.rpartition("/")
    return {"metadata": {"name": name, **({"namespace": namespace} if namespace else {})}}


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
