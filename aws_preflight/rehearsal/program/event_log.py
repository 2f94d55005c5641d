"""The log that the engine writes its events to: read at the end, or followed while it runs."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

_POLL_SECONDS = 0.1

Watcher = Callable[[dict[str, Any]], None]
"""Is told each event of the engine while it runs."""


class Teller:
    """Passes on the events of the engine, and tells the supervisor when all is done."""

    def __init__(self, supervisor: IO[bytes], watcher: Watcher | None) -> None:
        self._supervisor = supervisor
        self._watcher = watcher
        self._failed = False
        self._last = time.monotonic()

    @property
    def silent_seconds(self) -> float:
        """How long the engine has reported nothing since something failed; 0 where nothing has."""
        return time.monotonic() - self._last if self._failed else 0.0

    def __call__(self, event: dict[str, Any]) -> None:
        """Takes one event."""
        self._last = time.monotonic()
        self._failed |= "resOpFailedEvent" in event or event.get("diagnosticEvent", {}).get("severity") == "error"
        # From here on the engine only waits for its plugins: as long as anything holds their output.
        if "summaryEvent" in event or "cancelEvent" in event:
            with contextlib.suppress(OSError, ValueError):
                self._supervisor.write(b".")
        if self._watcher is not None:
            self._watcher(event)


def text(file: Path) -> str:
    """What a file holds so far; nothing where there is none."""
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""


def read(log: Path) -> Iterator[dict[str, Any]]:
    """What the engine has reported; a last line that it did not finish is left out."""
    # A name may hold characters that Python takes for line breaks, such as U+0085; the engine writes them as they are.
    for line in text(log).split("\n"):
        with contextlib.suppress(ValueError):
            yield json.loads(line)


@contextlib.contextmanager
def following(log: Path, watcher: Watcher) -> Iterator[None]:
    """Tells `watcher` each event as the engine writes it."""
    over = threading.Event()
    thread = threading.Thread(target=_follow, args=(log, watcher, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _follow(log: Path, watcher: Watcher, over: threading.Event) -> None:
    while not log.exists():
        if over.wait(_POLL_SECONDS):
            return
    with log.open(encoding="utf-8", errors="replace", newline="\n") as stream:
        rest = ""
        while True:
            ending = over.is_set()
            *lines, rest = (rest + stream.read()).split("\n")
            for line in lines:
                with contextlib.suppress(ValueError):
                    watcher(json.loads(line))
            if ending:
                return
            time.sleep(_POLL_SECONDS)
