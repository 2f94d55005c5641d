"""What is told of a rehearsal: its report, from all that is known of the last attempt."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from aws_preflight.preflight.message import DEFECT
from aws_preflight.rehearsal.cloud.fidelity import fidelity
from aws_preflight.rehearsal.cloud.marks import UNKNOWN
from aws_preflight.rehearsal.program import advice, references, yaml_program
from aws_preflight.rehearsal.program.attempt import Attempt
from aws_preflight.rehearsal.program.engine import Engine
from aws_preflight.rehearsal.program.error_text import readable
from aws_preflight.rehearsal.program.knowledge import REGION, Knowledge
from aws_preflight.rehearsal.program.outcome import Failure, Notice, Report, Simulated, Summary, Unresolved, by_line
from aws_preflight.rehearsal.program.project import Project
from aws_preflight.rehearsal.program.result import Result
from aws_preflight.rehearsal.program.settings import Settings
from aws_preflight.rehearsal.program.source import Sources
from aws_preflight.rehearsal.program.workspace import SILENT_SECONDS
from aws_preflight.report.model import Finding, Node, distinct, name_of
from aws_preflight.report.reading import told_by_pack

_LONGEST_DETAIL = 60
_OF_THE_ENGINE = ("update failed", "preview failed", "context canceled")
"""What it says of the run as a whole, after what is wrong."""

_SILENCE = f"After this error nothing came for {SILENT_SECONDS:g} seconds, so the program was ended. "
_NOT_ASKED = "The policies that look at the whole stack were not asked, since the deployment did not finish"
_PART = (
    "The deployment did not finish: the policies that look at the whole stack were asked about the part of it that "
    "exists, and what they find there is advisory"
)


def report(
    program: Path,
    what: Project,
    setup: Settings,
    knowledge: Knowledge,
    attempt: Attempt,
    engine: Engine,
    seconds: float,
) -> Report:
    """The report of a rehearsal of `program` that took so many `seconds`."""
    failure = (
        attempt.failure
        or _missing_config(setup, knowledge)
        or _missing_code(attempt)
        or _failure(attempt.result, program, what)
    )
    declared = yaml_program.places(program) if what.runtime == "yaml" else None
    events = attempt.result.events if attempt.result else []
    sources = Sources(attempt.resources, events, declared, _libraries(program.resolve(), attempt))
    # What was found with made-up configuration is no fact about the program.
    found = () if knowledge.missing and not knowledge.fill else attempt.found
    return Report(
        program=str(program),
        project=what.name,
        runtime=what.runtime,
        stack=setup.stack,
        date=datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        findings=_findings(found, sources),
        notices=[*_notices(setup, knowledge, attempt), *_doubts(attempt, failure)],
        failure=failure,
        summary=_summary(setup, attempt, engine, seconds),
        graph=_graph(attempt.resources),
        output=_shortened("\n".join(attempt.result.said)).split("\n") if attempt.result and attempt.result.said else (),
    )


def _libraries(program: Path, attempt: Attempt) -> list[str]:
    """The folders of code that is not the user's own: of packages that lie elsewhere than in the program."""
    folders = [package.folder.resolve() for package in attempt.ran]
    elsewhere = [folder for folder in folders if not folder.is_relative_to(program)]
    return [each for folder in elsewhere for each in (str(folder), os.path.relpath(folder, program))]


def _findings(found: Iterable[Finding], sources: Sources) -> list[Finding]:
    """The findings with their lines, in the order of these."""
    placed = (
        replace(one, source=sources.place(one.urn), components=tuple(sources.components(one.urn)))
        for one in found
        if one.details
    )
    return sorted(distinct(placed), key=by_line)


def _missing_config(setup: Settings, knowledge: Knowledge) -> Failure | None:
    if not knowledge.missing or knowledge.fill:
        return None
    keys, told = sorted(knowledge.missing), sorted(knowledge.told)
    more = [key for key in keys if key not in told]
    where = f"in {setup.file.name}" if setup.file else f"in a file Pulumi.{setup.stack}.yaml"
    message = f"The program requires configuration that the stack {setup.stack} does not have: {', '.join(told)}"
    if more:
        message += f". Its sources ask for more, where it comes so far: {', '.join(more)}"
    return Failure(
        kind="config",
        message=message,
        advice=f"There may be more. Set it {where}, or add: "
        + " ".join(f"--config {key}=VALUE" for key in keys)
        + (". AWS_REGION in the environment does as well" if REGION in keys else "")
        + ". With --fill-config the rehearsal makes values up",
    )


def _missing_code(attempt: Attempt) -> Failure | None:
    if not attempt.absent:
        return None
    packages, commands = " and ".join(sorted(attempt.absent)), sorted(set(attempt.absent.values()))
    return Failure(
        kind="component",
        message=f"The code of {packages} is not installed here, and only that knows which resources its components are",
        advice=f"Run {' and '.join(f'`{command}`' for command in commands)}, and rehearse again: the code then runs "
        "here, on the simulated AWS.",
        details=[
            error for error in (attempt.result.errors if attempt.result else []) if "cannot be rehearsed" in error
        ],
    )


def _failure(result: Result | None, program: Path, what: Project) -> Failure | None:
    if result is None:
        return None
    if result.exit_code == 0:
        defects = [line for line in _told(result) if DEFECT in line]
        return (
            Failure(kind="pack", message="The pack could not evaluate everything", details=defects) if defects else None
        )
    errors = [error for error in dict.fromkeys(result.errors) if error.strip() not in _OF_THE_ENGINE]
    # Some language hosts print what is wrong with a program and report no error: those of YAML do.
    printed = "\n".join(result.said) if result.resource_changes else ""
    details = errors or [printed or result.output]
    if all("non-zero exit code" in error for error in errors) and result.said:
        # It said itself what is wrong, and the engine only that it ended.
        details = [*errors, "\n".join(result.said)]
    own = any("unhandled exception" in error or "non-zero exit code" in error for error in errors)
    own = own or (not errors and bool(printed))
    return Failure(
        kind="program" if own else "deployment",
        message="The program ended with an error" if own else "The deployment did not finish",
        advice=f"{_SILENCE if result.fell_silent else ''}{advice.of(details, program, what)}"
        "What is reported is what came to light before.",
        details=[_shortened(readable(detail)) for detail in details],
    )


def _told(result: Result) -> list[str]:
    return [line for event in result.events for line in told_by_pack(event.get("diagnosticEvent") or {})]


def _shortened(text: str) -> str:
    lines = text.strip().split("\n")
    if len(lines) > _LONGEST_DETAIL:
        lines = [*lines[:_LONGEST_DETAIL], f"... and {len(lines) - _LONGEST_DETAIL} more lines"]
    return "\n".join(lines)


def _notices(setup: Settings, knowledge: Knowledge, attempt: Attempt) -> Iterator[Notice]:
    if setup.secrets:
        yield Notice(kind="secrets", text=f"Secrets replaced by dummies: {', '.join(sorted(setup.secrets))}")
    if knowledge.fill and knowledge.missing:
        made_up = ", ".join(f"{key} = {_written(value)}" for key, value in sorted(knowledge.missing.items()))
        yield Notice(kind="config", text=f"Made-up configuration: {made_up}. Give the real values with --config")
    for package in attempt.ran:
        text = f"The components of {package} were made by their own code, in {package.folder}"
        yield Notice(kind="component", text=text)
    if knowledge.environment:
        made_up = ", ".join(f"{name} = {value}" for name, value in sorted(knowledge.environment.items()))
        yield Notice(
            kind="config", text=f"Made-up environment variables: {made_up}. Set the real ones where they matter"
        )
    if attempt.refused_hosts:
        text = f"The code of components asked hosts that a rehearsal does not reach: {', '.join(attempt.refused_hosts)}"
        yield Notice(kind="component", text=text)
    yield from _not_built(attempt)
    for name in setup.environments:
        text = f"The environment {name} of Pulumi ESC was not opened; give what it sets with --config"
        yield Notice(kind="environment", text=text)
    if attempt.left:
        yield Notice(kind="process", text=f"Still running, and could not be ended: {'; '.join(attempt.left)}")
    referenced = {
        references.in_its_own_organization(str(one.get("id")))
        for one in attempt.resources
        if one["type"] == "pulumi:pulumi:StackReference"
    }
    for stack, names in knowledge.made_up_of(referenced).items():
        text = f"Made-up outputs of the stack {stack}: {names}. Give the real ones with --stack-outputs"
        yield Notice(kind="reference", text=text)


def _not_built(attempt: Attempt) -> Iterator[Notice]:
    if attempt.stand_ins:
        text = f"Not built, and replaced by stand-ins, which nothing reads: {', '.join(attempt.stand_ins)}"
        yield Notice(kind="file", text=text)
    if attempt.images:
        text = f"Images that were not built, their digests are made up: docker {'; docker '.join(attempt.images)}"
        yield Notice(kind="file", text=text)


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _doubts(attempt: Attempt, failure: Failure | None) -> Iterator[Notice]:
    if failure is not None and attempt.exit_code and any(not _is_engines(one) for one in attempt.resources):
        text = _PART if attempt.part_asked else _NOT_ASKED
        yield Notice(kind="incomplete", text=text)
    told = [line for line in _told(attempt.result) if DEFECT not in line] if attempt.result else []
    for message in sorted({*told, *(one.message.strip() for one in attempt.found if not one.details)}):
        yield Notice(kind="pack", text=message)
    # A rehearsal goes on after such a refusal; where a policy says more about it, the notice would say it twice.
    for urn in sorted(attempt.invalid.keys() - {one.urn for one in attempt.found if one.details}):
        name = name_of(urn)
        for reason in attempt.invalid[urn]:
            yield Notice(kind="provider", text=f"The provider itself would refuse {name} at preview: {reason}")


def _summary(setup: Settings, attempt: Attempt, engine: Engine, seconds: float) -> Summary:
    resources = attempt.resources
    custom = [one for one in resources if one.get("custom") and not _is_engines(one)]
    counts = Counter(resource["type"] for resource in custom)
    types = [Simulated(type=type_, count=count, fidelity=fidelity(type_)) for type_, count in sorted(counts.items())]
    stack = sum(resource["type"] == "pulumi:pulumi:Stack" for resource in resources)
    return Summary(
        resources=len(custom),
        components=sum(not resource.get("custom") for resource in resources) - stack,
        types=types,
        packages=sorted({type_.partition(":")[0] for type_ in counts}),
        secrets=sorted(setup.secrets),
        unknown=[Unresolved(urn=r["urn"], path=path) for r in resources for path in _unknown(r.get("inputs"), "")],
        engine=engine.version,
        seconds=round(seconds, 1),
    )


def _is_engines(resource: Mapping[str, Any]) -> bool:
    """Whether a resource is the engine's own: the stack, a provider, a reference to a stack."""
    return str(resource["type"]).startswith("pulumi:")


def _graph(resources: Sequence[Mapping[str, Any]]) -> list[Node]:
    """What waits for what, by URN; the stack itself and the providers are nothing to wait for."""
    shown = [one for one in resources if not one["type"].startswith(("pulumi:providers:", "pulumi:pulumi:Stack"))]
    known = {one["urn"] for one in shown}
    nodes = [
        Node(
            urn=one["urn"],
            type=one["type"],
            name=name_of(one["urn"]),
            waits_for=sorted(known.intersection(_dependencies(one))),
        )
        for one in shown
    ]
    return sorted(nodes, key=lambda node: node.urn)


def _dependencies(resource: Mapping[str, Any]) -> Iterator[str]:
    yield from resource.get("dependencies") or ()
    for urns in (resource.get("propertyDependencies") or {}).values():
        yield from urns or ()


def _unknown(value: Any, at: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from _unknown(member, f"{at}.{name}" if at else name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unknown(item, f"{at}[{index}]")
    elif isinstance(value, str) and UNKNOWN in value:
        yield at
