"""Measuring: medians of wall-clock time and of processor time, and the peak memory of a child process."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One measured figure beside what it has to reach."""

    what: str
    measured: float
    limit: float
    unit: str
    """``x`` for a ratio, ``%`` for a share, ``s`` for seconds."""
    at_least: bool = False
    """Whether the limit is the smallest good figure rather than the largest."""
    note: str = ""

    @property
    def reached(self) -> bool:
        """Whether the figure is within its limit."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    def __str__(self) -> str:
        bound = ("≥" if self.at_least else "≤") + f" {self.limit:g} {self.unit}"
        verdict = "ok" if self.reached else "MISSED"
        return f"{self.what:<62} {self.measured:8.2f} {self.unit}   {bound:<9} {verdict:<7} {self.note}".rstrip()


def seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """Return the median wall-clock seconds of some runs of a piece of work."""
    return statistics.median(_once(work) for _ in range(repeats))


def alternate(*works: Callable[[], object], repeats: int = 5, clock: Callable[[], float] = time.perf_counter) -> tuple[float, ...]:
    """Return the median seconds, by a clock, of pieces of work that take turns, so that all meet the same noise."""
    rounds = [[_once(work, clock) for work in works] for _ in range(repeats)]
    return tuple(statistics.median(times) for times in zip(*rounds, strict=True))


def _once(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    start = clock()
    work()
    return clock() - start


def children_time() -> float:
    """Return the processor time, in seconds, of all child processes that have ended: what waits for a busy machine does not count."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def child(arguments: Sequence[str], codes: tuple[int, ...] = (0,), cwd: Path | None = None) -> None:
    """Run a Python child process to its end; raise where it exits with another code than those expected."""
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=cwd)
    if done.returncode not in codes:
        raise RuntimeError(f"{arguments} exited with {done.returncode}:\n{done.stderr[-2000:]}")


_MEASURE = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, *sys.argv[2:]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if done.returncode == int(sys.argv[1]) else -1)
"""


def peak_memory(arguments: Sequence[str], code: int = 0, cwd: Path | None = None) -> int:
    """Return the peak resident memory, in bytes, of a Python child process; raise where it exits with another code.

    A small process starts and measures it: a child's figure begins with the size of the process that it was forked from.
    """
    measure = [sys.executable, "-c", _MEASURE, str(code), *arguments]
    peak = int(subprocess.run(measure, capture_output=True, text=True, check=True, cwd=cwd).stdout.splitlines()[-1])
    if peak < 0:
        raise RuntimeError(f"{arguments} did not exit with {code}")
    return peak * (1 if sys.platform == "darwin" else 1024)
