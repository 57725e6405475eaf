"""What a driver's position is, and which positions of a batch count: pure, with the time passed in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.fields import is_degrees
from shared.geo import Place
from shared.orders import PoisonError

MAX_AHEAD_MS = 60_000
"""How far a phone's clock may be ahead: a position of next year would keep out all that follow."""
MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class Position:
    """Where a driver was."""

    driver_id: str
    place: Place
    recorded_at: int
    """Epoch milliseconds, by the driver's phone."""
    region: str
    """The delivery region that the driver works in."""

    def is_over(self, *, now_ms: int, ttl_seconds: int) -> bool:
        """Tell whether the position is too old to say where the driver is."""
        return now_ms - self.recorded_at > ttl_seconds * 1000

    def to_message(self, order_id: str) -> dict[str, Any]:
        """Return what the customer is told, who waits for this order: where it is, and not who brings it."""
        return {
            "type": "driver_location",
            "order_id": order_id,
            "latitude": self.place.latitude,
            "longitude": self.place.longitude,
            "recorded_at": self.recorded_at,
        }


def read_position(data: bytes, *, now_ms: int) -> Position:
    """Return the position that a record of the locations stream holds; raise `PoisonError` with what is wrong with it."""
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise PoisonError("not_json") from error
    if not isinstance(fields, dict):
        raise PoisonError("not_an_object")
    return Position(
        driver_id=_read_text(fields, "driver_id"),
        place=Place(_read_degrees(fields, "latitude", 90), _read_degrees(fields, "longitude", 180)),
        recorded_at=_read_time(fields, now_ms),
        region=_read_region(fields),
    )


def choose_newest(positions: Iterable[Position]) -> dict[str, Position]:
    """Return the newest position of each driver.

    A position is a state, not an event: the newest one replaces all before it, nobody asks for those in between, and the
    driver's next one comes in seconds. Of equal times the last one counts.
    """
    newest: dict[str, Position] = {}
    for position in positions:
        other = newest.get(position.driver_id)
        if other is None or other.recorded_at <= position.recorded_at:
            newest[position.driver_id] = position
    return newest


def _read_text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, str) and 1 <= len(value) <= MAX_TEXT and value.isprintable() and value == value.strip():
        return value
    raise PoisonError(f"invalid_{name}")


def _read_region(fields: Mapping[str, Any]) -> str:
    region = _read_text(fields, "region")
    # Braces say which part of a key's name chooses its shard.
    if set(region) & set("{}"):
        raise PoisonError("invalid_region")
    return region


def _read_degrees(fields: Mapping[str, Any], name: str, limit: int) -> float:
    value = fields.get(name)
    if is_degrees(value, limit):
        return float(value)
    raise PoisonError(f"invalid_{name}")


def _read_time(fields: Mapping[str, Any], now_ms: int) -> int:
    value = fields.get("recorded_at")
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        raise PoisonError("invalid_recorded_at")
    if value > now_ms + MAX_AHEAD_MS:
        raise PoisonError("recorded_in_the_future")
    return value
