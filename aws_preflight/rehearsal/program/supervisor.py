"""Runs one command, and sees to it that nothing which the command started outlives it.

    python supervisor.py LEFT COMMAND ...
    python supervisor.py --hold-input LEFT COMMAND ...

A process may leave its session and its group and let its parent die: on Linux it then becomes a child of this process
and of no other, so none is lost. The command's exit code is this process's own. What could not be ended, such as a
process of another user, is written to the file LEFT, one a line.

Standard input says how far the run has come: a byte, that the command has done its work and only waits for what its
programs have left; the end of it, that the command itself is to end. So it also ends when whoever started it is gone.
The command's own input is empty. With `--hold-input` it stays open as long as this process runs: there are commands
that end with their input.

This file is run as a script with the standard library alone: it must cost next to nothing.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_PATIENCE_SECONDS = 15
"""How long the command may take to end when asked, and how long ending what it left may take."""

_POLL_SECONDS = 0.05


class _Supervisor:
    """One command and everything that came of it."""

    def __init__(self, command: list[str], hold_input: bool) -> None:
        self._woken, waking = os.pipe()
        for end in (self._woken, waking):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(waking)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._command = subprocess.Popen(command, stdin=subprocess.PIPE if hold_input else subprocess.DEVNULL)
        self._code: int | None = None

    def run(self) -> int:
        """Waits for the command to end by itself, or on demand."""
        listening, work_done, deadline = [sys.stdin.fileno(), self._woken], False, float("inf")
        while self._code is None:
            readable, _, _ = select.select(listening, [], [], _POLL_SECONDS if work_done else None)
            if sys.stdin.fileno() in readable:
                work_done = True
                if not os.read(sys.stdin.fileno(), 4096):
                    listening.remove(sys.stdin.fileno())
                    # Once, as Ctrl-C would: a second time tells the engine to leave everything as it is.
                    self._signal(self._command.pid, signal.SIGINT)
                    deadline = time.monotonic() + _PATIENCE_SECONDS
            if self._woken in readable:
                os.read(self._woken, 4096)
            if time.monotonic() > deadline:
                self._signal(self._command.pid, signal.SIGKILL)
            if work_done:
                self._end_orphans()
            self._collect()
        return self._code

    def sweep(self) -> list[int]:
        """Ends everything that the command has left; what could not be ended."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while self._collect() and time.monotonic() < deadline:
            self._end_orphans()
            time.sleep(_POLL_SECONDS / 5)
        return list(_children())

    def _end_orphans(self) -> None:
        for child in _children():
            if child != self._command.pid:
                self._signal(child, signal.SIGKILL)

    def _signal(self, process: int, number: signal.Signals) -> None:
        with contextlib.suppress(OSError):
            os.kill(process, number)

    def _collect(self) -> bool:
        """Takes note of the children that have ended; whether there are others."""
        try:
            while True:
                ended, status = os.waitpid(-1, os.WNOHANG)
                if ended == self._command.pid:
                    self._code = os.waitstatus_to_exitcode(status)
                if not ended:
                    return True
        except ChildProcessError:
            return False


def _children() -> Iterator[int]:
    """The children of this process, as far as the system tells (Linux)."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The name of the command, in brackets, may hold anything; after it come the state and the parent.
            state, parent = (process / "stat").read_text(errors="replace").rpartition(")")[2].split()[:2]
            if int(parent) == os.getpid() and state != "Z":
                yield int(process.name)


def _command_line(process: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_text(errors="replace").replace("\0", " ").strip()
    return ""


def main(left: Path, command: list[str], hold_input: bool = False) -> int:
    """Runs the command; its exit code, or 128 and the number of the signal that ended it."""
    # Other systems have no such call; there, what leaves its session is on its own.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    supervisor = _Supervisor(command, hold_input)
    code = supervisor.run()
    remaining = [f"{process} {_command_line(process)}" for process in supervisor.sweep()]
    left.write_text("".join(f"{line}\n" for line in remaining), encoding="utf-8")
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    hold = sys.argv[1:2] == ["--hold-input"]
    arguments = sys.argv[2 if hold else 1 :]
    sys.exit(main(Path(arguments[0]), arguments[1:], hold))
