"""The pre-commit hook on a stack in which nothing has changed, against an interpreter that loads what any such program loads."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Row, alternate, child, children_time

ROOT = Path(__file__).parent.parent
HOOK = ["-m", "paritycheck", "run", "--engine", "offline"]
IMPORTS = ["-c", "import typer, rich, pydantic"]
LIMIT = 3


def rows() -> Iterator[Row]:
    """Measure processor time, on the complete stack with its policies; the verdict is kept in a directory for this alone."""
    with tempfile.TemporaryDirectory() as directory:
        os.environ["PARITYCHECK_CACHE_DIR"] = directory
        try:
            keep_verdict()
            warm, imports = alternate(lambda: child(HOOK, cwd=ROOT), lambda: child(IMPORTS), repeats=11, clock=children_time)
        finally:
            del os.environ["PARITYCHECK_CACHE_DIR"]
    note = f"{1000 * warm:.0f} ms against {1000 * imports:.0f} ms"
    yield Row("a hook's run, nothing changed / import typer, rich, pydantic", warm / imports, LIMIT, "x", note=note)


def keep_verdict() -> None:
    """Run until a verdict is kept and taken again; raise where that does not come to be."""
    for _ in range(4):
        done = subprocess.run([sys.executable, *HOOK], cwd=ROOT, capture_output=True, text=True, check=False)
        if done.stderr.startswith("nothing has changed"):
            return
    raise RuntimeError(f"the verdict is not kept: {done.stderr[-2000:]}")
