"""What a program said at its end, without the frames of code that is not the user's own."""

from __future__ import annotations

import re

_LIBRARY = (
    r"node_modules/|node:|/site-packages/|/dist-packages/|/lib/python3\.\d+/|pulumi-language-|/snapshot/|<frozen "
)
_NODE_FRAME = re.compile(rf"^\s+at .*(?:{_LIBRARY}|\(<anonymous>\)).*$")
_PYTHON_FRAME = re.compile(r'^\s*File "(?P<file>[^"]+)", line \d+')
_NOT_READ = re.compile(r"^(Syntax|Indentation|Tab)Error: ", re.MULTILINE)
_PYTHON_LIBRARY = re.compile(_LIBRARY)
_CHAIN = re.compile(
    r"\n*(?:During handling of the above exception, another exception occurred|The above exception was the direct cause"
    r" of the following exception):\n*"
)
_HEADER = "Traceback (most recent call last):"


def readable(text: str) -> str:
    """The message and the lines of the program."""
    *causes, last = _CHAIN.split(text)
    own = [part for cause in causes if (part := _without_libraries(cause)) and _HEADER in part]
    return "\n".join([*own, _without_libraries(last)])


def _without_libraries(text: str) -> str:
    kept: list[str] = []
    skipping = False
    lines = text.split("\n")
    # Only the last frame tells where what Python could not read is.
    wanted = max((n for n, line in enumerate(lines) if _PYTHON_FRAME.match(line)), default=-1)
    wanted = wanted if _NOT_READ.search(text) else -1
    for number, line in enumerate(lines):
        if frame := _PYTHON_FRAME.match(line):
            skipping = number != wanted and _PYTHON_LIBRARY.search(frame["file"]) is not None
        elif skipping and not line.startswith("    "):
            # What belongs to a frame stands further to the right than the frame.
            skipping = False
        if not skipping and not _NODE_FRAME.match(line):
            kept.append(line)
    return _without_empty_header(kept)


def _without_empty_header(lines: list[str]) -> str:
    """Leaves out the header of a traceback of which no frame is left."""
    kept = [
        line
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if line.strip() != _HEADER or _PYTHON_FRAME.match(following)
    ]
    return "\n".join(kept).strip("\n")
