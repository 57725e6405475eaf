"""Which drivers' days are to be settled: pure, with the time passed in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

DAYS_BACK = 14
"""How far back a day is still looked for: twice the longest time between two runs, which is a week."""

CLOSING_TIME = timedelta(minutes=15)
"""How long after midnight a day may still get orders: a delivery's write is retried, and the index follows the table."""

GROUP_SIZE = 100
"""Drivers whose earnings one call calculates and pays."""

MAX_DRIVER_DAYS = 6_000
"""Drivers' days that fit into one execution."""

MAX_BYTES = 250_000
"""Of the 256 KiB that travel between two states; with longer ids fewer drivers' days fit."""

_GROUP_BYTES = 64
_SEPARATOR_BYTES = 2

DriverDay = tuple[str, str]
"""A delivery date and a driver's id; sorted, the oldest come first."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What the settlement must know of a driver."""

    driver_id: str
    settled: frozenset[str] = frozenset()
    """The delivery dates that are paid."""


@dataclass(frozen=True, slots=True)
class Group:
    """Drivers with the same day to settle."""

    delivery_date: str
    driver_ids: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return what the state machine hands on."""
        return {"delivery_date": self.delivery_date, "driver_ids": list(self.driver_ids)}


@dataclass(frozen=True, slots=True)
class Listing:
    """What one run settles."""

    groups: tuple[Group, ...]
    left: int
    """Drivers' days that had no room, and wait for the next run."""


def closed_days(scheduled_at: datetime) -> list[str]:
    """Return the days that are over at this time and not too old, the oldest first."""
    today = (scheduled_at.astimezone(UTC) - CLOSING_TIME).date()
    return [(today - timedelta(days=back)).isoformat() for back in range(DAYS_BACK, 0, -1)]


def list_groups(profiles: Iterable[Profile], scheduled_at: datetime) -> Listing:
    """Return the closed days that are not settled, by date and in groups; the oldest first, and no more than fit."""
    days = closed_days(scheduled_at)
    open_days = sorted({(day, profile.driver_id) for profile in profiles for day in days if day not in profile.settled})
    taken = open_days[: _count_fitting(open_days)]
    groups = [
        Group(day, drivers[start : start + GROUP_SIZE])
        for day, of_day in groupby(taken, key=itemgetter(0))
        for drivers in [tuple(driver for _, driver in of_day)]
        for start in range(0, len(drivers), GROUP_SIZE)
    ]
    return Listing(tuple(groups), left=len(open_days) - len(taken))


def _count_fitting(driver_days: Sequence[DriverDay]) -> int:
    """Count the first drivers' days that fit into the payload; a group's frame is spread over its drivers, or one's own."""
    size = 0
    in_group = 0
    last_day = None
    for count, (day, driver) in enumerate(driver_days):
        opens_group = day != last_day or in_group == GROUP_SIZE
        in_group = 1 if opens_group else in_group + 1
        last_day = day
        size += len(json.dumps(driver)) + _SEPARATOR_BYTES + (_GROUP_BYTES if opens_group else 0)
        if size > MAX_BYTES or count == MAX_DRIVER_DAYS:
            return count
    return len(driver_days)
