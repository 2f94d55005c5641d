"""Where in the user's program a resource is made, as the engine's state tells."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aws_preflight.report.model import Component, Place, name_of

_POSITION = re.compile(r"(?P<scheme>project|file)://(?P<path>[^#]*)(?:#(?P<line>\d+)(?:,(?P<column>\d+))?)?")
_LIBRARIES = re.compile(r"(^|/)(node_modules|site-packages|dist-packages|lib/python3\.\d+)(/|$)|^/snapshot/")
_EXECUTOR = "pulumi-language-"
_STACK = "pulumi:pulumi:Stack"


class Sources:
    """The lines that made the resources of a stack."""

    def __init__(
        self,
        resources: Sequence[Mapping[str, Any]],
        events: Sequence[Mapping[str, Any]] = (),
        declared: Mapping[str, Place] | None = None,
        libraries: Sequence[str] = (),
    ) -> None:
        """Reads the resources of an exported state; what was never created is looked up in the engine's events.

        Where a program has no code, `declared` says the places by the names of the resources: the lines that the state
        tells are then those of Pulumi's own interpreter. Lines below `libraries` are not the user's;
        those are folders as the state has them, absolute or relative to the folder of the project.
        """
        self._libraries = tuple(f"{Path(folder).as_posix()}/" for folder in libraries)
        self._declared = declared
        self._resources = {**dict(_begun(events)), **{resource["urn"]: resource for resource in resources}}

    def place(self, urn: str) -> Place | None:
        """The innermost line of the user's own code that made a resource, or else its component."""
        if self._declared is not None:
            return self._declared.get(name_of(urn))
        resource = self._resources.get(urn, {})
        own = next(self._own_frames(resource), None)
        return own or next((component.source for component in self.components(urn) if component.source), None)

    def components(self, urn: str) -> list[Component]:
        """The components around a resource, from the inside out."""
        found: list[Component] = []
        parent = self._resources.get(urn, {}).get("parent")
        while parent and parent not in (component.urn for component in found):
            resource = self._resources.get(parent, {})
            if resource.get("type", _STACK) == _STACK:
                break
            made = self.place(parent) if self._declared is not None else next(self._own_frames(resource), None)
            found.append(Component(parent, made))
            parent = resource.get("parent")
        return found

    def _own_frames(self, resource: Mapping[str, Any]) -> Iterator[Place]:
        """The lines of a resource's stack trace that belong to the user, from the inside out."""
        trace = resource.get("stackTrace") or []
        for position in (resource.get("sourcePosition"), *(frame.get("sourcePosition") for frame in trace)):
            place = _place(position or "")
            if place is not None and not place.file.startswith(self._libraries):
                yield place


def _begun(events: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for event in events:
        metadata = event.get("resourcePreEvent", {}).get("metadata", {})
        if metadata.get("new"):
            yield metadata["urn"], metadata["new"]


def _place(position: str) -> Place | None:
    """`project:///index.ts#31,17` as a place; None for the code of a library or of Pulumi."""
    match = _POSITION.fullmatch(position)
    if match is None or match["line"] is None:
        return None
    path = unquote(match["path"])
    # What follows `project:///` is relative to the folder of the project.
    file = os.path.normpath(path.removeprefix("/")) if match["scheme"] == "project" else path
    name = Path(file).as_posix()
    if _LIBRARIES.search(name) or Path(name).name.startswith(_EXECUTOR):
        return None
    return Place(name, int(match["line"]), int(match["column"]) if match["column"] else None)
