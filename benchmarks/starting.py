"""How soon the command line answers when there is little to do."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Row, child, seconds


def rows() -> Iterator[Row]:
    """Measure `--help` and an error in parity.yaml."""
    yield Row("paritycheck --help", seconds(lambda: child(["-m", "paritycheck", "--help"]), 5), 0.4, "s")
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "parity.yaml")
        path.write_text("version: 1\nenvironmets: {}\n", encoding="utf-8")
        run = ["-m", "paritycheck", "run", "--config", str(path)]
        yield Row("an error in parity.yaml", seconds(lambda: child(run, codes=(2,)), 5), 0.4, "s")
