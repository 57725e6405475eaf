"""`paritycheck compare` of three large plans against `orjson.loads`, and against DeepDiff over the whole documents."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import orjson
from deepdiff import DeepDiff

from benchmarks.measure import Row, child, peak_memory, seconds
from benchmarks.plans import write_plans


def _command(paths: list[Path]) -> list[str]:
    report = paths[0].parent / "report.json"
    return ["-m", "paritycheck", "compare", *map(str, paths), "--format", "json", "--output", str(report)]


def rows() -> Iterator[Row]:
    """Measure 10,000 resources an environment; DeepDiff at 1,000, as it would take minutes at 10,000."""
    with tempfile.TemporaryDirectory() as directory:
        paths = write_plans(Path(directory), 10_000)
        size = sum(path.stat().st_size for path in paths)
        start = seconds(lambda: child(["-c", "pass"]))
        loads = seconds(lambda: [orjson.loads(path.read_bytes()) for path in paths])
        ours = seconds(lambda: child(_command(paths), codes=(1,))) - start
        note = f"{ours:.2f} s against {loads:.2f} s for {size / 1e6:.0f} MB, the whole command less the interpreter's start"
        yield Row("compare 3 x 10,000 resources / orjson.loads of the files", ours / loads, 4, "x", note=note)
        memory = peak_memory(_command(paths)) - peak_memory(["-c", "pass"])
        yield Row("compare 3 x 10,000 resources: peak memory / size of the files", memory / size, 8, "x", note=f"{memory / 1e6:.0f} MB")

    with tempfile.TemporaryDirectory() as directory:
        paths = write_plans(Path(directory), 1_000)
        ours = seconds(lambda: child(_command(paths), codes=(1,)))
        first, *others = [orjson.loads(path.read_bytes()) for path in paths]
        theirs = seconds(lambda: [DeepDiff(first, other) for other in others], repeats=1)
        note = f"at 1,000 resources: {theirs:.1f} s against {ours:.2f} s"
        yield Row("DeepDiff over the whole documents / compare", theirs / ours, 50, "x", at_least=True, note=note)
