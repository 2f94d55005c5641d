"""Writes the file and the folder of a new policy. `make new-policy ID=some-bad-pattern` runs this.

The policy is listed in `aws_preflight/policies/__init__.py` and finds nothing yet, so its bad case fails: start there.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

POLICY = '''\
"""WHAT AWS REFUSES, in one line.

HOW PROGRAMS COME TO DO IT, and what it costs them.
"""

from __future__ import annotations

from collections.abc import Iterator

from aws_preflight.preflight.finding import Answer, Code, Finding, Fix
from aws_preflight.preflight.policy import resource_policy
from aws_preflight.preflight.resource import Resource
from aws_preflight.preflight.values import quote


@resource_policy(  # stack_policy, with a Stack for the check, where other resources matter
    id="{id}",
    types=("aws:MODULE/TYPE:TYPE",),
    reads=("PROPERTY",),
    title="WHAT IS WRONG, as a sentence",
    refuses="WHAT BREAKS IT.",
    why_not_preview="WHY PULUMI AND THE PROVIDER DO NOT SEE IT.",
    answer=Answer(
        text="AWS'S OWN WORDS",
        operation="SERVICE:OPERATION",
        source="https://WHERE-THE-WORDS-CAN-BE-READ",
    ),
    wrong=Code(typescript="TYPESCRIPT", python="PYTHON"),
    right=Code(typescript="TYPESCRIPT", python="PYTHON"),
    fix=Fix(words="WHAT MENDS IT, in one sentence", typescript="AT MOST THREE LINES", python="AT MOST THREE LINES"),
    sources=("https://",),
)
def {name}(resource: Resource) -> Iterator[Finding]:
    """WHAT IT YIELDS; one finding a mistake."""
    value = resource.get("PROPERTY")
    if isinstance(value, str) and False:
        yield Finding(resource=resource, at=("PROPERTY",), message="WHAT IS WRONG", evidence=quote(value))
'''

CASES = {
    "bad": """\
- title: WHAT IS WRONG
  type: aws:MODULE/TYPE:TYPE
  properties: {PROPERTY: bad}
  findings:
    - {at: PROPERTY, says: WHAT IS WRONG, answer: WHAT AWS ANSWERS}
""",
    "good": """\
- title: WHAT AWS TAKES
  type: aws:MODULE/TYPE:TYPE
  properties: {PROPERTY: good}
""",
    "look-alikes": """\
- title: WHAT ONLY LOOKS WRONG
  type: aws:MODULE/TYPE:TYPE
  properties: {PROPERTY: nearly bad}
""",
    "unknown": """\
- title: The value is unknown
  type: aws:MODULE/TYPE:TYPE
  properties: {PROPERTY: !unknown }
""",
    "wrong-types": """\
- title: The value is of another type
  type: aws:MODULE/TYPE:TYPE
  properties: {PROPERTY: [7]}
""",
}


def create(id_: str, root: Path = ROOT) -> list[Path]:
    """Writes the policy `id_` below `root` and lists it there; the new files.

    Raises `ValueError` with a message for people when the id is none or is taken. Then nothing was written.
    """
    check_id(id_, "acm-domain-too-long")
    name = id_.replace("-", "_")
    module = root / "aws_preflight" / "policies" / f"{name}.py"
    folder = root / "tests" / "cases" / id_
    for path in (module, folder):
        if path.exists():
            raise ValueError(f"{path.relative_to(root)} exists already: choose another id")
    listed = _listed((root / "aws_preflight" / "policies" / "__init__.py").read_text(encoding="utf-8"), name)
    folder.mkdir(parents=True)
    files = {folder / f"{kind}.yaml": text for kind, text in CASES.items()}
    files[module] = POLICY.replace("{id}", id_).replace("{name}", name)
    files[root / "aws_preflight" / "policies" / "__init__.py"] = listed
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    return list(files)


def check_id(id_: str, example: str) -> None:
    """Raises `ValueError`, with a message for people that shows an `example`, where `id_` is no id."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", id_):
        raise ValueError(f'"{id_}" is not an id: use small words joined by hyphens, such as {example}')


def _listed(text: str, name: str) -> str:
    """The list of modules with one more, those with one policy first and in alphabetical order."""
    head, opening, rest = text.partition("MODULES: Final = (\n")
    inside, closing, tail = rest.partition(")\n")
    modules = inside.splitlines(keepends=True)
    one_policy = [line for line in modules if "_" in line]
    families = [line for line in modules if "_" not in line]
    listed = "".join([*sorted([*one_policy, f'    "{name}",\n']), *families])
    return f"{head}{opening}{listed}{closing}{tail}"


def main(arguments: list[str]) -> int:
    """Runs the command line."""
    if len(arguments) != 1:
        sys.stderr.write("usage: make new-policy ID=some-bad-pattern\n")
        return 2
    try:
        files = create(arguments[0])
    except ValueError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    for path in files:
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
    sys.stdout.write(
        "\nReplace what stands in capitals, then: venv/bin/python -m pytest tests/test_cases.py -k "
        f"{arguments[0]}\nWhen it passes: make rules\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
