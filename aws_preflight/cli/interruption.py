"""How a command ends when somebody wants it to: with what it has started, and with an exit code that says so."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any, Final

_SIGNALS: Final = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_SECONDS_TO_NOTICE: Final = 2
_SECONDS_TO_END: Final = 20


class Interrupted(BaseException):
    """Somebody wants this process to end."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    @property
    def exit_code(self) -> int:
        """The one that shells use."""
        return 128 + self.number


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """Turns the first signal to end into `Interrupted`, and ignores any more while things are put away."""

    def interrupt(number: int, _frame: FrameType | None) -> None:
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(number)

    before = {number: signal.signal(number, interrupt) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def run(command: Sequence[str], **options: Any) -> int:
    """The exit code of a command, which does not outlive this process."""
    with subprocess.Popen(command, **options) as process:
        try:
            return process.wait()
        except Interrupted:
            _end(process)
            raise


def _end(process: subprocess.Popen[bytes]) -> None:
    # Ctrl-C at a terminal has reached it as well, and a second one would have it leave things behind.
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_SECONDS_TO_NOTICE)
        return
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_SECONDS_TO_END)
        return
    process.kill()
