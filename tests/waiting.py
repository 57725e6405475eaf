"""Waiting for what other processes do."""

from __future__ import annotations

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


def number_in(path: Path) -> int:
    """Return the number that another process writes to a file, waiting for it."""
    until(lambda: path.exists() and path.read_text().strip())
    return int(path.read_text())
