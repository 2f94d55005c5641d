"""A dress rehearsal: a program deployed as it is onto a simulated AWS, with the pack watching.

What a rehearsal cannot know in advance it learns from the engine: a package without a provider, a stack that the
program refers to, an output that it requires. It then starts anew, with nothing left of the attempt before.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_preflight.rehearsal.cloud import plausible
from aws_preflight.rehearsal.program import conclusion, config_calls, environment_calls, project, references, settings
from aws_preflight.rehearsal.program.attempt import Attempt, Progress, deploy
from aws_preflight.rehearsal.program.engine import Engine, EngineUnavailableError, find
from aws_preflight.rehearsal.program.knowledge import Knowledge
from aws_preflight.rehearsal.program.outcome import Failure, Report
from aws_preflight.rehearsal.program.project import Project, ProjectError
from aws_preflight.rehearsal.program.settings import NoStackError, Settings
from aws_preflight.rehearsal.program.workspace import Workspace

_MOST_ATTEMPTS = 40
_TIMEOUT_SECONDS = 1800.0
_PATIENCE_SECONDS = 10.0


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
    fill_config: bool = False
    """Whether required configuration that nobody gave is made up."""


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
    knowledge = _known(request, what, setup, given)
    last = _attempts(request, what, setup, policy_config, knowledge, engine, progress)
    return conclusion.report(request.program, what, setup, knowledge, last, engine, time.monotonic() - started)


def _known(request: Request, what: Project, setup: Settings, given: Mapping[str, references.Outputs]) -> Knowledge:
    """What can be known of a program's surroundings before it runs."""
    required = config_calls.required(request.program, what.name)
    knowledge = Knowledge(
        given,
        references.asked_for(request.program),
        stacks={name: dict(outputs) for name, outputs in references.spelled_out(given).items()},
        required={key: wanted for key, wanted in required.items() if not settings.sets(what, setup, key)},
        types=settings.types(what),
        region=settings.region(setup) or plausible.REGION,
        account=settings.account_of(setup),
        environment=_made_up_environment(request),
        fill=request.fill_config,
    )
    knowledge.any_organization = references.names_another_organization(request.program)
    return knowledge


def _made_up_environment(request: Request) -> dict[str, str]:
    names = environment_calls.required(request.program) if request.fill_config else []
    return {name: str(plausible.setting(name, "text")) for name in names}


def _attempts(
    request: Request,
    what: Project,
    setup: Settings,
    policy_config: Mapping[str, Any] | None,
    knowledge: Knowledge,
    engine: Engine,
    progress: Progress,
) -> Attempt:
    started = time.monotonic()

    def again(made: Attempt) -> bool:
        """Whether the engine has told anything that helps."""
        # The provider would end a preview here, and a program that reads the region gets none.
        news = not made.region and knowledge.needs_region() and knowledge.fill
        if made.result is not None and made.result.exit_code != 0:
            news |= knowledge.learn(f"{made.result.output}\n" + "\n".join(made.result.errors), what)
        # Once something is missing, a further attempt only tells what else is.
        patient = knowledge.fill or not knowledge.missing or time.monotonic() - started < _PATIENCE_SECONDS
        return news and patient

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
            stand_ins=knowledge.stand_ins,
            environment=knowledge.environment,
            refusals=False,
            timeout=_TIMEOUT_SECONDS,
            engine=engine,
        )
        made, once_more = deploy(workspace, policy_config, progress, again)
        if not once_more:
            break
        progress.step("Once more, with what the engine has asked for")
    return made


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
