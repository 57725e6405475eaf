"""The watchdog, as this process sees it."""

from __future__ import annotations

import atexit
import contextlib
import json
import subprocess
import sys
import threading

from paritycheck.process import watchdog


class Guard:
    """What must not outlive this process, told to a `watchdog` that starts with the first entry."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._watchdog: subprocess.Popen[bytes] | None = None

    def add(self, kind: str, subject: str | int) -> None:
        """Register a process group to be killed (``group``) or a directory to be removed (``directory``)."""
        self._tell("+", kind, subject)

    def discard(self, kind: str, subject: str | int) -> None:
        """Forget an entry, whose end has been seen to."""
        self._tell("-", kind, subject)

    def _tell(self, sign: str, kind: str, subject: str | int) -> None:
        with self._lock, contextlib.suppress(OSError):
            self._watchdog = self._watchdog or self._start()
            if self._watchdog.stdin is not None:
                self._watchdog.stdin.write(json.dumps([sign, kind, subject]).encode() + b"\n")

    def _start(self) -> subprocess.Popen[bytes]:
        null = subprocess.DEVNULL
        program = subprocess.Popen(  # noqa: S603 -- our own file
            [sys.executable, "-I", "-S", watchdog.__file__],
            stdin=subprocess.PIPE,
            stdout=null,
            stderr=null,
            bufsize=0,
            start_new_session=True,
        )
        atexit.register(_close, program)
        return program


def _close(program: subprocess.Popen[bytes]) -> None:
    """Let the watchdog end, which it does at once: nothing is registered any more."""
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        program.communicate(timeout=5)


guard = Guard()
"""The process's own guard."""
