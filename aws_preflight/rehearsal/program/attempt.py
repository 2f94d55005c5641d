"""One deployment of a program, with the pack watching: what it was, and what came to light."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from aws_preflight.rehearsal.program import watch
from aws_preflight.rehearsal.program.component_packages import ComponentPackage
from aws_preflight.rehearsal.program.outcome import Failure
from aws_preflight.rehearsal.program.result import Result
from aws_preflight.rehearsal.program.workspace import EngineCommandError, EngineTimeoutError, Workspace
from aws_preflight.report.model import Finding


class Progress(Protocol):
    """Is told how a rehearsal comes along."""

    def step(self, text: str) -> None:
        """Something begins that takes a while."""

    def event(self, event: Mapping[str, Any]) -> None:
        """The engine reports something."""

    def left(self, what: Sequence[str]) -> None:
        """Something could not be put away: a process of the program, or a folder."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One deployment from beginning to end."""

    result: Result | None
    found: Sequence[Finding] = ()
    """What the pack said: findings, and notes about the run, which have no details."""
    resources: Sequence[Mapping[str, Any]] = ()
    failure: Failure | None = None
    invalid: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By URN, what the provider itself would refuse at preview."""

    left: Sequence[str] = ()
    """The processes of the program that could not be ended."""
    region: bool = True
    """Whether each provider of AWS was told a region."""

    ran: Sequence[ComponentPackage] = ()
    """The packages of components whose own code was run."""

    absent: Mapping[str, str] = field(default_factory=dict)
    """The packages whose components the program wants, and whose code is not installed: by name, what installs it."""

    refused_hosts: Sequence[str] = ()
    """The hosts that the code of components asked for, and did not reach."""

    stand_ins: Sequence[str] = ()
    """The paths of what the program hands on and has not built."""

    images: Sequence[str] = ()
    """What the program told `docker` to build."""

    part_asked: bool = False
    """Whether the policies of the stack were asked about the part that exists."""

    @property
    def exit_code(self) -> int | None:
        """That of the engine, where it came to its end."""
        return self.result.exit_code if self.result else None


def deploy(
    workspace: Workspace,
    policy_config: Mapping[str, Any] | None,
    progress: Progress,
    again: Callable[[Attempt], bool],
) -> tuple[Attempt, bool]:
    """Deploys the program of a workspace, and whether there is reason to do it `again`.

    An engine that does not run becomes the failure of the attempt. Where a deployment has failed for good, the policies
    that look at the whole stack are asked about the part that exists.
    """
    try:
        with workspace:
            made = _deployed(workspace, policy_config, progress)
            if again(made):
                return made, True
            if made.exit_code and made.resources:
                only_read = [one["urn"] for one in made.resources if one.get("external")]
                part = _of_the_part(workspace, policy_config, only_read)
                made = replace(made, found=[*made.found, *(part or ())], part_asked=part is not None)
            return made, False
    except (EngineCommandError, EngineTimeoutError, OSError) as error:
        return Attempt(result=None, failure=Failure(kind="engine", message=str(error))), False
    finally:
        if workspace.left:
            progress.left(workspace.left)


def _deployed(workspace: Workspace, policy_config: Mapping[str, Any] | None, progress: Progress) -> Attempt:
    findings = workspace.home / "findings.jsonl"
    watch.write_pack(workspace.home / "pack", findings)
    result, failure = None, None
    try:
        result = workspace.up(workspace.home / "pack", policy_config, progress.event)
    except EngineTimeoutError as error:
        failure = Failure(kind="timeout", message=str(error), advice="Does the program wait for something?")
    resources = workspace.export()["deployment"].get("resources") or []
    return Attempt(
        result=result,
        found=watch.read(findings),
        resources=resources,
        failure=failure,
        invalid=workspace.cloud.invalid,
        left=tuple(workspace.left),
        region=not workspace.cloud.without_region,
        ran=tuple(workspace.plugins.ran.values()),
        absent=dict(workspace.plugins.absent),
        refused_hosts=workspace.hosts.refused(),
        stand_ins=workspace.stand_ins(),
        images=workspace.images(),
    )


def _of_the_part(
    workspace: Workspace, policy_config: Mapping[str, Any] | None, only_read: Sequence[str]
) -> Sequence[Finding] | None:
    """What the policies that look at the whole stack find in the part of it that exists; nothing if nobody can ask.

    Nothing of it is mandatory: what they miss may have been about to come.
    """
    findings, pack = workspace.home / "part.jsonl", workspace.home / "part"
    watch.write_pack(pack, findings, watch.Part(*workspace.for_pack(), only_read))
    try:
        workspace.analyze(pack, policy_config)
    except (EngineCommandError, EngineTimeoutError):
        return None  # What came to light before is worth more than what this would add.
    return [replace(one, level="advisory") for one in watch.read(findings) if one.details]
