"""How a child process ended."""

from __future__ import annotations

import contextlib
import re
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from paritycheck.errors import EngineError

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")


@dataclass(frozen=True, slots=True)
class Completed:
    """What a child that ended by itself left."""

    exit_code: int
    stdout: bytes
    """Captured output; empty where it was streamed."""
    stderr: str
    """The end of its stderr, without ANSI codes."""


def plain(text: str) -> str:
    """Return the text without ANSI escape sequences."""
    return _ANSI.sub("", text)


class ProcessError(EngineError):
    """A child could not start, failed, was killed, or was stopped."""

    def __init__(
        self, message: str, command: Sequence[str], *, status: int | None = None, stderr: str = "", hint: str | None = None
    ) -> None:
        """Keep what was run and how it ended; negative exit codes are signals, ``None`` is no end of its own."""
        super().__init__(message, hint=hint, details=stderr.strip() or None)
        self.command = tuple(command)
        self.status = status
        self.stderr = stderr

    @classmethod
    def ended(cls, title: str, command: Sequence[str], completed: Completed) -> ProcessError:
        """Return the error of a child that ended with a bad exit code, or by a signal."""
        code, hint = completed.exit_code, None
        if code >= 0:
            message = f"{title} failed with exit code {code}"
        else:
            message = f"{title} was killed by {_signal_name(-code)}"
            hint = "The system may have run out of memory; run it again, or plan on a larger machine." if code == -signal.SIGKILL else None
        return cls(message, command, status=code, stderr=completed.stderr, hint=hint)


def _signal_name(number: int) -> str:
    with contextlib.suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"
