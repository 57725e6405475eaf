"""Clean up after a parent that was killed: a program of its own, which imports nothing of the package.

It reads lines of JSON from stdin, ``["+", kind, subject]`` or ``["-", kind, subject]``, where the kind is ``group`` (the id of a
process group) or ``directory`` (a path). However the parent ends, its end of the pipe closes; then every group that is still
registered is killed, and every directory that is still registered is removed. After an orderly end there is nothing left to do.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterable

ATTEMPTS = 50
"""How often to try to empty a directory into which a dying process may still write; 0.1 s lie between."""


def watch(lines: Iterable[str]) -> None:
    """Follow the lines to their end, then end and remove what they left registered."""
    registered: set[tuple[str, str | int]] = set()
    for line in lines:
        sign, kind, subject = json.loads(line)
        change = registered.add if sign == "+" else registered.discard
        change((kind, subject))
    for kind, subject in registered:
        if kind == "group":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(int(subject), signal.SIGKILL)
    for kind, subject in registered:
        if kind == "directory":
            _remove(str(subject))


def _remove(directory: str) -> None:
    for _ in range(ATTEMPTS):
        shutil.rmtree(directory, ignore_errors=True)
        if not os.path.lexists(directory):
            return
        time.sleep(0.1)


if __name__ == "__main__":
    watch(sys.stdin)
