"""What a driver earned on a day, as the settlement's functions hand it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

COMPONENTS = ("base_cents", "distance_cents", "time_cents", "surge_cents", "tip_cents")
"""What a day's earnings are made of."""


class InvalidEarningsError(ValueError):
    """What was handed on is no driver's day."""


@dataclass(frozen=True, slots=True)
class Earnings:
    """A driver's day: how many orders he delivered, and what they bring, in whole cents."""

    driver_id: str
    delivery_date: str
    """YYYY-MM-DD, in UTC."""
    orders: int
    base_cents: int
    distance_cents: int
    time_cents: int
    surge_cents: int
    tip_cents: int

    def __post_init__(self) -> None:
        if not self.driver_id or not isinstance(self.driver_id, str):
            raise InvalidEarningsError("driver_id must be a text")
        for name in ("orders", *COMPONENTS):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                raise InvalidEarningsError(f"{name} must be a whole number, not negative")
        if self.orders == 0 and self.total_cents > 0:
            raise InvalidEarningsError("nothing is earned without orders")

    @property
    def total_cents(self) -> int:
        """What the driver is paid."""
        return sum(getattr(self, name) for name in COMPONENTS)

    def to_json(self) -> dict[str, Any]:
        """Return what travels from function to function."""
        return {**asdict(self), "total_cents": self.total_cents}


@dataclass(frozen=True, slots=True)
class UnknownEarnings:
    """A driver's day that cannot be paid before somebody has seen to it."""

    driver_id: str
    delivery_date: str
    """YYYY-MM-DD, in UTC."""
    unknown: str
    """Why nobody knows what it brings."""

    def __post_init__(self) -> None:
        if not all(isinstance(getattr(self, field.name), str) for field in fields(self)):
            raise InvalidEarningsError("a driver's day that is not known must say of what driver, what day, and why")

    def to_json(self) -> dict[str, str]:
        """Return what travels from function to function."""
        return asdict(self)


def read_day(value: object) -> Earnings | UnknownEarnings:
    """Return the driver's day whose `to_json` made this value; raise `InvalidEarningsError` for any other one."""
    if isinstance(value, Mapping) and value.keys() == {field.name for field in fields(UnknownEarnings)}:
        return UnknownEarnings(**value)
    return read_earnings(value)


def read_earnings(value: object) -> Earnings:
    """Return the earnings that `Earnings.to_json` made this value of; raise `InvalidEarningsError` for any other one."""
    names = {field.name for field in fields(Earnings)}
    if not isinstance(value, Mapping) or value.keys() != names | {"total_cents"}:
        raise InvalidEarningsError("a driver's day must be an object with exactly its fields")
    earnings = Earnings(**{name: value[name] for name in names})
    if value["total_cents"] != earnings.total_cents:
        raise InvalidEarningsError("total_cents must be the sum of what it is made of")
    return earnings
