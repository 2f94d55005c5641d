"""The environment that keeps a program away from the user's accounts and from everything that is not simulated."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from aws_preflight.rehearsal.program.engine import Engine
from aws_preflight.rehearsal.program.simulated_hosts import with_preload

_KEPT = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""What programs may read of the variables of AWS: they say where, not who."""

_NO_CREDENTIALS = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    # botocore also reads ~/.boto and /etc/boto.cfg, unless it is told another file.
    "BOTO_CONFIG": os.devnull,
}
"""An AWS SDK that the program uses by itself finds no account in the user's files, nor on the machine."""


def environment(engine: Engine, home: Path, program: Path, providers: str, *, type_check: bool) -> dict[str, str]:
    """An environment without the user's accounts, in which nothing can be installed or reached.

    What is written goes to `home`, packages are answered by `providers` (a value of `PULUMI_DEBUG_PROVIDERS`), and
    TypeScript programs in `program` are checked where `type_check` says so.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    state, scratch = home / "state", home / "tmp"
    state.mkdir()
    scratch.mkdir()
    return {
        **engine.environment(inherited),
        "PWD": str(program),
        **kept,
        **_NO_CREDENTIALS,
        "NODE_OPTIONS": with_preload("plain-errors.cjs", inherited.get("NODE_OPTIONS", "")),
        "PULUMI_BACKEND_URL": state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "rehearsal",
        "PULUMI_DEBUG_COMMANDS": "true",
        "PULUMI_DEBUG_PROVIDERS": providers,
        # A StackReference may hold any name; Pulumi Cloud is not asked what it thinks of it.
        "PULUMI_DISABLE_VALIDATION": "true",
        # Nobody goes on from half a rehearsal: the state is written once, at the end.
        "PULUMI_SKIP_CHECKPOINTS": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(home / "pulumi"),
        "PULUMI_NODEJS_TRANSPILE_ONLY": "false" if type_check else "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(scratch),
    }


def packages_at_hand(plugins: Iterable[str]) -> Iterator[str]:
    """The packages whose plugins the engine would find without installing them: those of a project, and on PATH."""
    yield from plugins
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        for plugin in Path(folder or ".").glob("pulumi-resource-*"):
            yield plugin.stem.removeprefix("pulumi-resource-")
