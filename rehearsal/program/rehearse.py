"""A dress rehearsal: a program deployed as it is onto a simulated AWS, with the pack watching.

What a rehearsal cannot know in advance it learns from the engine: a package without a provider, a stack that the
program refers to, an output that it requires. It then starts anew, with nothing left of the attempt before.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Protocol

from preflight.message import DEFECT
from rehearsal.cloud import plausible
from rehearsal.cloud.fidelity import fidelity
from rehearsal.cloud.marks import UNKNOWN
from rehearsal.program import project, references, settings, watch, yaml_program
from rehearsal.program.engine import Engine, EngineUnavailableError, find
from rehearsal.program.outcome import Failure, Notice, Report, Simulated, Summary, Unresolved, by_line
from rehearsal.program.project import Project, ProjectError
from rehearsal.program.result import Result
from rehearsal.program.settings import NoStackError, Settings
from rehearsal.program.source import Sources
from rehearsal.program.workspace import EngineCommandError, EngineTimeoutError, Workspace
from report.model import Finding, Node, distinct, name_of
from report.reading import told_by_pack

COMMON_PACKAGES = ("aws", "aws-native", "awsx", "command", "docker", "eks", "kubernetes", "null", "random", "tls")
"""Packages that are simulated from the start. Any other is found out by asking the engine, for one more attempt."""

_MOST_ATTEMPTS = 40
_REGION = "aws:region"
_TIMEOUT_SECONDS = 1800.0
_PATIENCE_SECONDS = 10.0
_LONGEST_DETAIL = 60

_NO_PLUGIN = re.compile(r"no resource plugin 'pulumi-resource-([^']+)' found")
_NO_STACK = re.compile(r'unknown stack "([^"\n]+)"')
_OTHER_ORGANIZATION = "organization name must be 'organization'"
_NO_OUTPUT = re.compile(r"Required output '([^'\n]+)' does not exist on stack '([^'\n]+)'")
_NO_KEY = re.compile(r"^KeyError: '([^'\n]+)'$", re.MULTILINE)
"""All that the Python SDK says of a required output: neither that it is one, nor of which stack."""

_NO_CONFIG = re.compile(r"[Mm]issing required configuration (?:variable|key) ['\"]([^'\"\n]+)['\"]")
_NO_PROJECT_CONFIG = re.compile(r"is missing configuration values? ((?:'[^'\n]+'(?:, | and )?)+)")


class Progress(Protocol):
    """Is told how a rehearsal comes along."""

    def step(self, text: str) -> None:
        """Something begins that takes a while."""

    def event(self, event: Mapping[str, Any]) -> None:
        """The engine reports something."""

    def left(self, what: Sequence[str]) -> None:
        """Something could not be put away: a process of the program, or a folder."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What to rehearse."""

    program: Path
    stack: str | None = None
    config: Sequence[str] = ()
    """`key=value`, each over what the settings say."""

    config_file: Path | None = None
    """The settings of the stack, where they are not in its own file."""

    stack_outputs: Path | None = None
    policy_config: Path | None = None


@dataclass
class _Knowledge:
    """What has been found out so far about a program's surroundings."""

    given: Mapping[str, references.Outputs]
    asked_for: Sequence[str]
    packages: set[str] = field(default_factory=lambda: set(COMMON_PACKAGES))
    stacks: dict[str, dict[str, Any]] = field(default_factory=dict)
    made_up: dict[str, set[str]] = field(default_factory=dict)
    """By stack, the outputs that nobody gave."""

    any_organization: bool = False
    """Whether the program refers to a stack of another organization than a rehearsal's own. That is known only where it
    is written out; otherwise the engine says so, which costs an attempt."""

    missing: dict[str, str] = field(default_factory=dict)
    """Required configuration, with a value to go on with: the next one that is missing shows only then."""

    def learn(self, text: str, of: Project) -> bool:
        """Reads what the engine says; whether there is anything new in it."""
        before = self._size()
        self.packages.update(_NO_PLUGIN.findall(text))
        text = references.in_its_own_organization(text)
        self.any_organization |= _OTHER_ORGANIZATION in text
        for name in _NO_STACK.findall(text):
            self._add_stack(name)
        for output, name in _NO_OUTPUT.findall(text):
            self._add_stack(name)
            self._make_up(name, [output])
        for output in set(_NO_KEY.findall(text)).intersection(self.asked_for):
            for name in self.stacks:
                self._make_up(name, [output])
        for key in _missing(text):
            full = key if ":" in key else f"{of.name}:{key}"
            self.missing.setdefault(full, plausible.setting(full.rpartition(":")[2]))
        return self._size() > before

    def _add_stack(self, name: str) -> None:
        if name in self.stacks:
            return
        outputs = references.given(name, self.given)
        self.stacks[name] = dict(outputs or {})
        if outputs is None:
            self._make_up(name, self.asked_for)

    def _make_up(self, name: str, outputs: Sequence[str]) -> None:
        new = [output for output in outputs if output not in self.stacks[name]]
        self.stacks[name].update(references.made_up(new))
        self.made_up.setdefault(name, set()).update(new)

    def made_up_of(self, referenced: Collection[str]) -> dict[str, str]:
        """By stack, the outputs that nobody gave, as far as a stack was referred to."""
        return {
            name: ", ".join(sorted(outputs)) or "none; what the program asks of it is undefined"
            for name, outputs in sorted(self.made_up.items())
            if not referenced or name in referenced
        }

    def _size(self) -> int:
        outputs = sum(len(outputs) + 1 for outputs in self.stacks.values())
        return len(self.packages) + len(self.missing) + self.any_organization + outputs


@dataclass(frozen=True, kw_only=True)
class _Attempt:
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


def rehearse(request: Request, progress: Progress, engine: Engine | None = None) -> Report:
    """Rehearses a program. Whatever stands in the way becomes the report's failure."""
    started = time.monotonic()
    try:
        what = project.read(request.program.resolve())
        setup = settings.read(what, request.stack, request.config, request.config_file)
        given = references.read(request.stack_outputs) if request.stack_outputs else {}
        policy_config = _policy_config(request.policy_config)
        # The pack is in Python, whatever the program is in.
        engine = engine or find("python", what.runtime)
    except NoStackError as error:
        return Report(program=str(request.program), failure=Failure(kind="config", message=str(error)))
    except ProjectError as error:
        return Report(program=str(request.program), failure=Failure(kind="project", message=str(error)))
    except EngineUnavailableError as error:
        return Report(program=str(request.program), failure=Failure(kind="engine", message=str(error)))
    stacks = {name: dict(outputs) for name, outputs in references.spelled_out(given).items()}
    knowledge = _Knowledge(given, references.asked_for(request.program), stacks=stacks)
    knowledge.any_organization = references.names_another_organization(request.program)
    attempt = _attempts(request, what, setup, policy_config, knowledge, engine, progress)
    return _report(request, what, setup, knowledge, attempt, engine, time.monotonic() - started)


def _attempts(
    request: Request,
    what: Project,
    setup: Settings,
    policy_config: Mapping[str, Any] | None,
    knowledge: _Knowledge,
    engine: Engine,
    progress: Progress,
) -> _Attempt:
    started = time.monotonic()
    progress.step(f"Deploying {what.name} ({setup.stack}) onto a simulated AWS")
    for _ in range(_MOST_ATTEMPTS):
        workspace = Workspace(
            request.program,
            # With everything inside a resource, a missing value would be a stand-in.
            config={**knowledge.missing, **setup.values},
            stack=setup.stack,
            packages=sorted(knowledge.packages),
            references=knowledge.stacks,
            any_organization=knowledge.any_organization,
            refusals=False,
            timeout=_TIMEOUT_SECONDS,
            engine=engine,
        )
        attempt = _attempt(workspace, policy_config, progress)
        if not attempt.region:
            # The provider would end a preview here, and a program that reads the region gets none.
            knowledge.missing.setdefault(_REGION, "us-east-1")
        if attempt.result is None or attempt.result.exit_code == 0:
            break
        if not knowledge.learn(f"{attempt.result.output}\n" + "\n".join(attempt.result.errors), what):
            break
        # Once something is missing, a further attempt only tells what else is.
        if knowledge.missing and time.monotonic() - started > _PATIENCE_SECONDS:
            break
        progress.step("Once more, with what the engine has asked for")
    return attempt


def _attempt(workspace: Workspace, policy_config: Mapping[str, Any] | None, progress: Progress) -> _Attempt:
    try:
        with workspace:
            return _deployed(workspace, policy_config, progress)
    except (EngineCommandError, EngineTimeoutError, OSError) as error:
        return _Attempt(result=None, failure=Failure(kind="engine", message=str(error)))
    finally:
        if workspace.left:
            progress.left(workspace.left)


def _deployed(workspace: Workspace, policy_config: Mapping[str, Any] | None, progress: Progress) -> _Attempt:
    findings = workspace.home / "findings.jsonl"
    watch.write_pack(workspace.home / "pack", findings)
    result, failure = None, None
    try:
        result = workspace.up(workspace.home / "pack", policy_config, progress.event)
    except EngineTimeoutError as error:
        failure = Failure(kind="timeout", message=str(error), advice="Does the program wait for something?")
    resources = workspace.export()["deployment"].get("resources") or []
    return _Attempt(
        result=result,
        found=watch.read(findings),
        resources=resources,
        failure=failure,
        invalid=workspace.cloud.invalid,
        left=tuple(workspace.left),
        region=not workspace.cloud.without_region,
    )


def _report(
    request: Request,
    what: Project,
    setup: Settings,
    knowledge: _Knowledge,
    attempt: _Attempt,
    engine: Engine,
    seconds: float,
) -> Report:
    failure = attempt.failure or _missing_config(setup, knowledge) or _failure(attempt.result)
    declared = yaml_program.places(request.program) if what.runtime == "yaml" else None
    sources = Sources(attempt.resources, attempt.result.events if attempt.result else [], declared)
    # What was found with made-up configuration is no fact about the program.
    found = () if knowledge.missing else attempt.found
    return Report(
        program=str(request.program),
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


def _findings(found: Iterable[Finding], sources: Sources) -> list[Finding]:
    """The findings with their lines, in the order of these."""
    placed = (
        replace(one, source=sources.place(one.urn), components=tuple(sources.components(one.urn)))
        for one in found
        if one.details
    )
    return sorted(distinct(placed), key=by_line)


def _policy_config(file: Path | None) -> dict[str, Any] | None:
    if file is None:
        return None
    try:
        config = json.loads(file.read_text(encoding="utf-8") or "{}")
    except (OSError, ValueError) as error:
        raise ProjectError(f"{file} cannot be read as JSON: {error}") from error
    if not isinstance(config, dict):
        raise ProjectError(f"{file} holds no JSON object of policies and levels")
    return config


def _missing(text: str) -> Iterator[str]:
    """The keys of required configuration that the engine or an SDK did not find."""
    yield from _NO_CONFIG.findall(text)
    for names in _NO_PROJECT_CONFIG.findall(text):
        yield from re.findall(r"'([^']+)'", names)


def _missing_config(setup: Settings, knowledge: _Knowledge) -> Failure | None:
    if not knowledge.missing:
        return None
    keys = sorted(knowledge.missing)
    where = f"in {setup.file.name}" if setup.file else f"in a file Pulumi.{setup.stack}.yaml"
    return Failure(
        kind="config",
        message=f"The program requires configuration that the stack {setup.stack} does not have: {', '.join(keys)}",
        advice=f"There may be more. Set it {where}, or add: "
        + " ".join(f"--config {key}=VALUE" for key in keys)
        + (". AWS_REGION in the environment does as well" if _REGION in keys else ""),
    )


def _failure(result: Result | None) -> Failure | None:
    if result is None:
        return None
    if result.exit_code == 0:
        defects = [line for line in _told(result) if DEFECT in line]
        return Failure(kind="pack", message="The pack could not judge everything", details=defects) if defects else None
    errors = [
        error for error in dict.fromkeys(result.errors) if error.strip() not in ("update failed", "preview failed")
    ]
    # Some language hosts print what is wrong with a program and report no error: those of YAML do.
    printed = "\n".join(result.said) if result.resource_changes else ""
    details = errors or [printed or result.output]
    program = any("unhandled exception" in error or "non-zero exit code" in error for error in errors)
    program = program or (not errors and bool(printed))
    return Failure(
        kind="program" if program else "deployment",
        message="The program ended with an error" if program else "The deployment did not come to its end",
        advice="What is reported is what came to light before.",
        details=[_shortened(detail) for detail in details],
    )


def _told(result: Result) -> list[str]:
    return [line for event in result.events for line in told_by_pack(event.get("diagnosticEvent") or {})]


def _shortened(text: str) -> str:
    lines = text.strip().split("\n")
    if len(lines) > _LONGEST_DETAIL:
        lines = [*lines[:_LONGEST_DETAIL], f"... and {len(lines) - _LONGEST_DETAIL} more lines"]
    return "\n".join(lines)


def _notices(setup: Settings, knowledge: _Knowledge, attempt: _Attempt) -> Iterator[Notice]:
    if setup.secrets:
        yield Notice(kind="secrets", text=f"Secrets replaced by dummies: {', '.join(sorted(setup.secrets))}")
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


def _doubts(attempt: _Attempt, failure: Failure | None) -> Iterator[Notice]:
    if any(one.details for one in attempt.found) and failure is not None:
        text = "The policies that look at the whole stack were not asked, since the deployment did not finish"
        yield Notice(kind="incomplete", text=text)
    told = [line for line in _told(attempt.result) if DEFECT not in line] if attempt.result else []
    for message in sorted({*told, *(one.message.strip() for one in attempt.found if not one.details)}):
        yield Notice(kind="pack", text=message)
    # A rehearsal goes on after such a refusal; where a policy says more about it, the notice would say it twice.
    for urn in sorted(attempt.invalid.keys() - {one.urn for one in attempt.found if one.details}):
        name = name_of(urn)
        for reason in attempt.invalid[urn]:
            yield Notice(kind="provider", text=f"The provider itself would refuse {name} at preview: {reason}")


def _summary(setup: Settings, attempt: _Attempt, engine: Engine, seconds: float) -> Summary:
    resources = attempt.resources
    # Providers and references to stacks are the engine's own.
    custom = [one for one in resources if one.get("custom") and not one["type"].startswith("pulumi:")]
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
