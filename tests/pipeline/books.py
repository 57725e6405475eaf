"""What the stores, and those outside the stack, hold after a run: the other side of the accounting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Item = dict[str, Any]
"""Of a table, a row, a message or a log line."""


@dataclass(slots=True)
class Books:
    """All that is there."""

    orders: list[Item] = field(default_factory=list)
    driver_orders: list[Item] = field(default_factory=list)
    driver_locations: list[Item] = field(default_factory=list)
    driver_profiles: list[Item] = field(default_factory=list)
    connections: list[Item] = field(default_factory=list)
    driver_earnings: list[Item] = field(default_factory=list)
    analytics_orders: list[Item] = field(default_factory=list)
    receipts: dict[str, Item] = field(default_factory=dict)
    """By their keys in the bucket."""
    ratings: dict[str, dict[str, int]] = field(default_factory=dict)
    """By restaurant, what Redis counts for it."""
    waiting: dict[str, list[str]] = field(default_factory=dict)
    """By zone, the orders that Redis thinks are waiting for a driver."""
    indexed: dict[str, tuple[float, float]] = field(default_factory=dict)
    """By driver, the latitude and the longitude in Redis's index."""
    handovers: list[Item] = field(default_factory=list)
    """What restaurants' POS systems took."""
    notifications: list[Item] = field(default_factory=list)
    """What the external notification service was told."""
    logs: list[Item] = field(default_factory=list)
    dead_letters: dict[str, int] = field(default_factory=dict)
    """By queue, how many records lie in it."""
    max_active_orders: int = 3
    radius_km: float = 5.0

    def workloads(self) -> dict[str, Item]:
        """Return the counts of the drivers' orders."""
        return {item["driver_id"]: item for item in self.driver_orders if item["order_id"] == "#workload"}

    def logged(self, event: str) -> list[Item]:
        """Return the log lines of an event."""
        return [line for line in self.logs if line.get("event") == event]


def count_letters(letters: Sequence[Item]) -> int:
    """Return how many records dead letters tell of: one of a stream may name several."""
    count = 0
    for letter in letters:
        body = letter["body"] if isinstance(letter.get("body"), Mapping) else {}
        info = body.get("KinesisBatchInfo") or body.get("DDBStreamBatchInfo") or {}
        count += int(info.get("batchSize", 1))
    return count
