"""Waiting for what other processes do."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 30.0
"""Seconds until a test gives up."""


def until(condition: Callable[[], object], patience: float = PATIENCE) -> None:
    """Return as soon as the condition holds; fail where it never does."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


def alive(process_id: int) -> bool:
    """Tell whether a process runs; one that only waits to be collected by its parent does not."""
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not Path("/proc/self").exists()


def processes_below(directory: Path) -> list[int]:
    """Return the ids of all processes that work in a directory or below it, but for this one."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if process.joinpath("cwd").resolve(strict=True).is_relative_to(directory.resolve()):
                found.append(int(process.name))
    return [each for each in found if each != os.getpid()]


def number_in(path: Path) -> int:
    """Return the number that another process writes to a file, waiting for it."""
    until(lambda: path.exists() and path.read_text().strip())
    return int(path.read_text())
