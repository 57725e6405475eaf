"""The program as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_KEPT = ("HOME", "LANG", "PATH", "SYSTEMROOT", "TMPDIR")
"""Variables that a child inherits; everything else could change what it prints."""

_SET = {"COLUMNS": "80", "PYTHONUTF8": "1", "PARITYCHECK_NO_CACHE": "1"}
"""Variables that a child has besides, where a test does not say otherwise."""


@dataclass(frozen=True)
class Outcome:
    """What a call of the program came to."""

    code: int
    out: str
    err: str


def paritycheck(*arguments: str | Path, cwd: Path, env: Mapping[str, str] | None = None) -> Outcome:
    """Run the program in a process of its own."""
    environ = {name: os.environ[name] for name in _KEPT if name in os.environ} | _SET | dict(env or {})
    command = [sys.executable, "-m", "paritycheck", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, timeout=120, check=False)
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
