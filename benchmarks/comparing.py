"""`paritycheck compare` of three large plans against `orjson.loads`, and against DeepDiff over the whole documents."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import orjson
from deepdiff import DeepDiff

from benchmarks.measure import Row, alternate, child, peak_memory, seconds
from benchmarks.plans import write_plans


def _command(paths: list[Path]) -> list[str]:
    report = paths[0].parent / "report.json"
    return ["-m", "paritycheck", "compare", *map(str, paths), "--no-cache", "--format", "json", "--output", str(report)]


def rows() -> Iterator[Row]:
    """Measure 10,000 resources an environment; DeepDiff at 1,000, as it would take minutes at 10,000."""
    with tempfile.TemporaryDirectory() as directory:
        paths = write_plans(Path(directory), 10_000)
        size = sum(path.stat().st_size for path in paths)
        command = _command(paths)
        ours, loads = alternate(
            lambda: child(command, codes=(1,), cwd=Path(directory)), lambda: [orjson.loads(path.read_bytes()) for path in paths]
        )
        note = f"{ours:.2f} s against {loads:.2f} s for {size / 1e6:.0f} MB, the interpreter's start included"
        yield Row("compare 3 x 10,000 resources / orjson.loads of the files", ours / loads, 4, "x", note=note)
        memory = peak_memory(command, code=1, cwd=Path(directory)) - peak_memory(["-c", "pass"])
        yield Row("compare 3 x 10,000 resources: peak memory / size of the files", memory / size, 8, "x", note=f"{memory / 1e6:.0f} MB")

    with tempfile.TemporaryDirectory() as directory:
        first, *others = [orjson.loads(path.read_bytes()) for path in write_plans(Path(directory), 1_000)]
        theirs = 10 * seconds(lambda: [DeepDiff(first, other) for other in others], repeats=1)
        note = f"{theirs:.0f} s, ten times what it takes for 1,000 resources, against {ours:.2f} s"
        yield Row("DeepDiff over the whole documents / compare", theirs / ours, 50, "x", at_least=True, note=note)
