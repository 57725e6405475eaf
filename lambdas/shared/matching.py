"""How drivers and orders are matched: the rules from the environment, and what the order processor hands to the matcher."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from shared.fields import is_degrees
from shared.geo import Place
from shared.orders import PoisonError

POSITION_SECONDS = 300
"""A driver whose position is older than this is no candidate."""
NO_SURGE = Decimal("1.00")
"""The price multiplier of a zone that nothing is known of."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What the criteria count for; they add up to one."""

    distance: Decimal
    workload: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class Surge:
    """How prices rise where orders wait."""

    step: Decimal
    """What each further waiting order a driver adds to the multiplier."""
    limit: Decimal
    """The highest multiplier; more than one."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The matching's numbers, the same in every environment; see the formulas beside them in `tap_stack.tf`."""

    radius_km: Decimal
    max_active_orders: int
    weights: Weights
    surge: Surge


def read_rules(text: str) -> Rules:
    """Return the rules in the JSON of the variable `MATCHING`; raise `KeyError` with the name of one that is missing."""
    values = json.loads(text, parse_int=Decimal, parse_float=Decimal)
    weights, surge = values["weights"], values["surge"]
    return Rules(
        radius_km=values["radius_km"],
        max_active_orders=int(values["max_active_orders"]),
        weights=Weights(distance=weights["distance"], workload=weights["workload"], price=weights["price"]),
        surge=Surge(step=surge["step"], limit=surge["limit"]),
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """A driver who may be near enough, and where he was last."""

    driver_id: str
    latitude: float
    longitude: float
    recorded_at: int
    """Milliseconds since the epoch."""

    @property
    def place(self) -> Place:
        """Where the driver was."""
        return Place(self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class MatchRequest:
    """One asynchronous call of the matcher: an order in want of a driver, and the drivers around its restaurant."""

    order_id: str
    region: str
    destination: Place
    """The customer's place."""
    pickup: Place
    """The restaurant's place."""
    candidates: tuple[Candidate, ...]

    def to_event(self) -> dict[str, Any]:
        """Return the event that `read_request` reads."""
        return {
            "order": {"order_id": self.order_id, "destination": asdict(self.destination)},
            "pickup": asdict(self.pickup),
            "region": self.region,
            "candidates": [asdict(candidate) for candidate in self.candidates],
        }


def read_request(event: object) -> MatchRequest:
    """Return the request in a matcher's event; fields that it does not need are ignored.

    Raises:
        PoisonError: A field is missing, of a wrong type, or out of its range.
    """
    fields = _object(event, "event")
    order = _object(fields.get("order"), "order")
    candidates = fields.get("candidates")
    if not isinstance(candidates, list):
        raise PoisonError("candidates is not a list")
    return MatchRequest(
        order_id=_text(order, "order_id"),
        region=_text(fields, "region"),
        destination=_place(_object(order.get("destination"), "destination")),
        pickup=_place(_object(fields.get("pickup"), "pickup")),
        candidates=tuple(_candidate(_object(candidate, "candidate")) for candidate in candidates),
    )


def _candidate(fields: Mapping[str, Any]) -> Candidate:
    place = _place(fields)
    recorded_at = fields.get("recorded_at")
    if not isinstance(recorded_at, int) or isinstance(recorded_at, bool):
        raise PoisonError("recorded_at is not a whole number")
    return Candidate(_text(fields, "driver_id"), place.latitude, place.longitude, recorded_at)


def _place(fields: Mapping[str, Any]) -> Place:
    return Place(latitude=_degrees(fields, "latitude", 90), longitude=_degrees(fields, "longitude", 180))


def _degrees(fields: Mapping[str, Any], name: str, limit: int) -> float:
    value = fields.get(name)
    if is_degrees(value, limit):
        return float(value)
    raise PoisonError(f"{name} is not a number from -{limit} to {limit}")


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if isinstance(value, str) and value:
        return value
    raise PoisonError(f"{name} is not a text")


def _object(value: object, name: str) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise PoisonError(f"{name} is not an object")
