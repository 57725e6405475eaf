"""What a delivery brings its driver: pure, and exact to the cent.

    base      base_cents of the region's rule
    distance  per_km_cents * distance_km
    time      per_minute_cents * minutes from the order's assignment to its delivery
    surge     surge_share * (surge - 1) * (base + distance + time): the driver's share of what the surge adds
    tip       tip_cents, all of it

Each component of each order is a whole number of cents, rounded once and halves up; the surge counts on the exact
components, not on the rounded ones. A day is the sum of its orders. A region's rule is the one that became valid last,
on the delivery date or before it. No number is a float.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from shared.earnings import COMPONENTS, Earnings
from shared.times import read_time

_HALF = Fraction(1, 2)
_MICROSECOND = timedelta(microseconds=1)
_MICROSECONDS_A_MINUTE = 60_000_000


class UnknownPayError(Exception):
    """What a driver's day brings cannot be known before somebody has seen to it."""


class UnknownRegionError(UnknownPayError):
    """No rule says what a delivery in this region brings on this day."""


class InvalidDeliveryError(UnknownPayError):
    """A delivered order lacks what its driver's pay depends on, or it cannot be true."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What deliveries in a region bring, from a day on."""

    region: str
    valid_from: str
    """YYYY-MM-DD."""
    base_cents: int
    per_km_cents: int
    per_minute_cents: int
    surge_share: Decimal
    """Which part of the surge is the driver's, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivered order, as far as its driver's pay depends on it."""

    region: str
    distance_km: Decimal
    surge: Decimal
    """The price multiplier of its assignment, at least 1."""
    duration: timedelta
    """From the assignment to the delivery."""
    tip_cents: int


@dataclass(frozen=True, slots=True)
class Pay:
    """What one order brings, in whole cents."""

    base_cents: int
    distance_cents: int
    time_cents: int
    surge_cents: int
    tip_cents: int


def read_delivery(item: Mapping[str, Any]) -> Delivery:
    """Return the delivery that an item of the orders table tells of; raise `InvalidDeliveryError`, which names the order."""
    try:
        # Two functions wrote the two times, and their clocks may differ by a moment.
        duration = max(read_time(item["delivered_at"]) - read_time(item["assigned_at"]), timedelta())
        delivery = Delivery(
            region=item["region"],
            distance_km=_read_number(item, "distance_km", at_least=0),
            surge=_read_number(item, "surge", at_least=1),
            duration=duration,
            tip_cents=_read_cents(item.get("tip_cents", 0)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidDeliveryError(f"order {item.get('order_id')}: {type(error).__name__}: {error}") from error
    return delivery


def choose_rules(rules: Iterable[Rule], delivery_date: str) -> dict[str, Rule]:
    """Return the rule of each region that is valid on this day."""
    valid = sorted((rule for rule in rules if rule.valid_from <= delivery_date), key=lambda rule: rule.valid_from)
    return {rule.region: rule for rule in valid}


def pay_delivery(delivery: Delivery, rule: Rule) -> Pay:
    """Return what a delivery brings by this rule."""
    distance = rule.per_km_cents * Fraction(delivery.distance_km)
    time = Fraction(rule.per_minute_cents * (delivery.duration // _MICROSECOND), _MICROSECONDS_A_MINUTE)
    surge = Fraction(rule.surge_share) * (Fraction(delivery.surge) - 1) * (rule.base_cents + distance + time)
    return Pay(
        base_cents=rule.base_cents,
        distance_cents=_round(distance),
        time_cents=_round(time),
        surge_cents=_round(surge),
        tip_cents=delivery.tip_cents,
    )


def pay_day(driver_id: str, delivery_date: str, deliveries: Iterable[Delivery], rules: Mapping[str, Rule]) -> Earnings:
    """Add up a driver's day; raise `UnknownRegionError` if a delivery's region has no rule."""
    pays = [pay_delivery(delivery, _find_rule(delivery.region, delivery_date, rules)) for delivery in deliveries]
    sums = {name: sum(getattr(pay, name) for pay in pays) for name in COMPONENTS}
    return Earnings(driver_id=driver_id, delivery_date=delivery_date, orders=len(pays), **sums)


def _find_rule(region: str, delivery_date: str, rules: Mapping[str, Rule]) -> Rule:
    if region not in rules:
        raise UnknownRegionError(f"pricing_rules has none for {region!r} on {delivery_date}")
    return rules[region]


def _round(cents: Fraction) -> int:
    return floor(cents + _HALF)


def _read_number(item: Mapping[str, Any], name: str, at_least: int) -> Decimal:
    value = item[name]
    if not isinstance(value, Decimal) or not value.is_finite() or value < at_least:
        raise ValueError(f"{name} must be a number, at least {at_least}")
    return value


def _read_cents(value: object) -> int:
    if not isinstance(value, int | Decimal) or isinstance(value, bool) or value != int(value) or value < 0:
        raise ValueError("tip_cents must be a whole number, not negative")
    return int(value)
