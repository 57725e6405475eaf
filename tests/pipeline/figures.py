"""What a run looks like from outside at a moment: the figures that are shown while it goes on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.pipeline.functions import Invocation
from tests.pipeline.scenario import Progress

STAGES = ("placed", "assigned", "accepted", "picked_up", "delivered")


@dataclass(slots=True)
class Calls:
    """What a function did so far."""

    calls: int = 0
    records: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    failed: int = 0

    def add(self, invocation: Invocation) -> None:
        """Count a call."""
        self.calls += 1
        self.records += invocation.records
        self.seconds += invocation.seconds
        self.slowest = max(self.slowest, invocation.seconds)
        self.failed += invocation.error is not None


@dataclass(slots=True)
class Figures:
    """All of them."""

    functions: dict[str, Calls] = field(default_factory=dict)
    """By role, those that were never called, too."""
    progress: Progress | None = None
    dead_letters: int = 0
    elapsed: float = 0.0
    """Seconds since the pipeline runs."""
    _counted: int = 0

    def count(self, invocations: list[Invocation]) -> None:
        """Count the calls that came since the last time."""
        for invocation in invocations[self._counted :]:
            self.functions.setdefault(invocation.function, Calls()).add(invocation)
        self._counted = len(invocations)

    @property
    def records(self) -> int:
        """Return how many records were delivered."""
        return sum(calls.records for calls in self.functions.values())

    def slowest(self) -> tuple[str, Calls]:
        """Return the function that took longest for a call, on average, and what it did."""
        called = [(role, calls) for role, calls in self.functions.items() if calls.calls]
        return max(called, key=lambda each: each[1].seconds / each[1].calls, default=("none", Calls()))


def start_figures(roles: Iterable[str], calls_before: int = 0) -> Figures:
    """Return figures of functions that nobody has called yet, but for calls that do not count."""
    return Figures({role: Calls() for role in roles}, _counted=calls_before)
