"""The order of the house: files short enough to read, imports that lead down only, no name for two modules."""

from __future__ import annotations

import ast
import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from aws_preflight.rehearsal.cloud import catalog
from aws_preflight.rehearsal.cloud.others import OTHERS
from tests.conftest import ROOT

PACKAGE = ROOT / "aws_preflight"
ROOMS = ("preflight", "policies", "report", "rehearsal/cloud", "rehearsal/program", "rehearsal", "cli")
"""From the ground up: a room imports from itself and from those before it, and never from tools or tests."""

MOST_LINES = 400
LONGER: dict[str, str] = {}
SAME_NAME: dict[str, str] = {
    "joins": "the mechanism in preflight, the facts in policies",
    "ordering": "the mechanism in preflight, the facts in policies",
    "rules": "the mechanism in preflight, the facts in policies",
}
UPWARDS: frozenset[tuple[str, str]] = frozenset()
"""By file, the modules that it imports although they stand above it."""

FILES = [
    path.relative_to(PACKAGE)
    for room in ("preflight", "policies", "report", "rehearsal", "cli")
    for path in (PACKAGE / room).rglob("*.py")
]


def room_of(module: Path) -> str | None:
    """The innermost room that a file or folder lies in."""
    return max((room for room in ROOMS if module.is_relative_to(room)), key=len, default=None)


def imports(file: Path) -> Iterator[Path]:
    """The modules that a file imports, as paths without an ending."""
    for node in ast.walk(ast.parse((PACKAGE / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (inside(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file}: a relative import"
            module = inside(node.module or "")
            # What is imported from a room may be a module of it.
            yield from (inner if is_module(inner := module / alias.name) else module for alias in node.names)


def inside(module: str) -> Path:
    """The path of a module, from the package on; that of another package as it is."""
    return Path(*module.removeprefix("aws_preflight.").split("."))


def is_module(path: Path) -> bool:
    """Whether this is a file or folder of Python in the package."""
    return (PACKAGE / path).is_dir() or (PACKAGE / path).with_suffix(".py").exists()


def test_no_file_is_longer_than_can_be_read() -> None:
    long = {str(file) for file in FILES if len((PACKAGE / file).read_text(encoding="utf-8").splitlines()) > MOST_LINES}
    assert long == LONGER.keys()


def test_imports_lead_down_only() -> None:
    up = set()
    for file in FILES:
        own = room_of(file)
        assert own is not None
        for module in imports(file):
            assert module.parts[0] not in ("tools", "tests"), file
            room = room_of(module)
            if room is not None and ROOMS.index(room) > ROOMS.index(own):
                up.add((file.as_posix(), ".".join(module.parts)))
    assert up == UPWARDS


def test_no_two_modules_have_one_name() -> None:
    named = defaultdict(set)
    for file in FILES:
        if file.name == "__init__.py":
            named[file.parent.name].add(file)
        elif file.name != "__main__.py":
            named[file.stem].add(file)
    assert {name for name, files in named.items() if len(files) > 1} == SAME_NAME.keys()


def test_every_service_of_the_cloud_is_in_its_catalog_once() -> None:
    names = [
        file.stem for file in (PACKAGE / "rehearsal" / "cloud" / "services").glob("*.py") if file.stem != "__init__"
    ]
    services = [importlib.import_module(f"aws_preflight.rehearsal.cloud.services.{name}") for name in names]
    types = [type_ for service in services for type_ in service.KINDS]
    assert len(types) == len(set(types))
    assert {*types, *OTHERS} == catalog.KINDS.keys()


CLOUD_WORDS = re.compile(
    r"(?i)\b(?:arns?|iam|ec2|ecs|eks|rds|s3|sqs|sns|kms|acm|dynamodb|cloudwatch|cloudfront|route53|vpcs?|subnets?"
    r"|buckets?|listeners?|target groups?|security groups?|load balancers?|log groups?|queues?|certificates?)\b"
)
EXAMPLE = re.compile(r"`[^`\n]*`|https?://\S+")


def test_the_mechanism_knows_no_word_of_the_cloud() -> None:
    """What it works on comes from `policies`; an example in a docstring stands in back quotes."""
    for file in FILES:
        if file.parts[0] == "preflight":
            text = EXAMPLE.sub("", (PACKAGE / file).read_text(encoding="utf-8"))
            assert not (found := CLOUD_WORDS.search(text)), f"{file}: {found}"
