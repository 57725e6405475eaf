"""What a delivered order teaches: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shared.fields import is_id
from shared.orders import PoisonError, Status
from shared.times import read_time

RATINGS = range(1, 6)

_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivered order."""

    order_id: str
    restaurant_id: str
    region: str
    driver_id: str
    placed_at: datetime
    delivered_at: datetime
    """Both in UTC."""
    total_cents: int
    tip_cents: int
    surge: Decimal
    rating: int | None
    """From 1 to 5, once the customer gave one."""

    @property
    def seconds(self) -> int:
        """How long the customer waited, in whole seconds."""
        return round((self.delivered_at - self.placed_at).total_seconds())

    @property
    def minutes(self) -> Decimal:
        """How long the customer waited, to the hundredth of a minute."""
        return (Decimal(self.seconds) / 60).quantize(_HUNDREDTH, ROUND_HALF_UP)


def read_delivered(image: Mapping[str, Any]) -> Delivered:
    """Return the order that a new image of the orders table holds; raise `PoisonError` if it is none that was delivered."""
    if image.get("status") != Status.DELIVERED:
        raise PoisonError("the order is not delivered")
    delivered = Delivered(
        order_id=_read_id(image, "order_id"),
        restaurant_id=_read_id(image, "restaurant_id"),
        region=_read_id(image, "region"),
        driver_id=_read_id(image, "driver_id"),
        placed_at=_read_time(image, "placed_at"),
        delivered_at=_read_time(image, "delivered_at"),
        total_cents=_read_whole(image, "total_cents", range(2**31)),
        tip_cents=_read_whole({"tip_cents": Decimal(0), **image}, "tip_cents", range(2**31)),
        surge=_read_surge(image),
        rating=_read_whole(image, "rating", RATINGS) if image.get("rating") is not None else None,
    )
    if delivered.delivered_at < delivered.placed_at:
        raise PoisonError("delivered_at is before placed_at")
    return delivered


def _read_id(image: Mapping[str, Any], name: str) -> str:
    value = image.get(name)
    if is_id(value):
        return value
    raise PoisonError(f"{name} is not a name")


def _read_time(image: Mapping[str, Any], name: str) -> datetime:
    try:
        return read_time(image.get(name))
    except ValueError as error:
        raise PoisonError(f"{name} is not a time") from error


def _read_whole(image: Mapping[str, Any], name: str, allowed: range) -> int:
    value = image.get(name)
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value() and int(value) in allowed:
        return int(value)
    raise PoisonError(f"{name} is not a whole number from {allowed.start} to {allowed.stop - 1}")


def _read_surge(image: Mapping[str, Any]) -> Decimal:
    value = image.get("surge", Decimal(1))
    if isinstance(value, Decimal) and value.is_finite() and 1 <= value <= 100:
        return value.quantize(_HUNDREDTH, ROUND_HALF_UP)
    raise PoisonError("surge is not a multiplier from 1 to 100")
