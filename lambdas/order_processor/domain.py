"""What is known of a placed order, who is around its restaurant, and how prices rise there: pure, with the time passed in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from shared.fields import is_degrees, is_id
from shared.geo import Place, cell_of, distance_km
from shared.matching import NO_SURGE, POSITION_SECONDS, Candidate, Rules, Surge
from shared.order_events import read_json
from shared.orders import MAX_TOTAL_CENTS, PoisonError
from shared.times import read_time

WAITING_SECONDS = 1800
"""An order that waits for longer raises no price any more."""
MAX_CANDIDATES = 1000
"""The nearest ones, so that the matcher's event stays within the 256 KB that Lambda takes."""

MAX_DELIVERY_KM = 50
"""As the crow flies, from the restaurant to the customer: drivers are paid by the kilometer, whatever a customer writes."""
MAX_AHEAD_MS = 60_000
"""How far the clock that placed an order may be ahead: one of next year would be delivered before it was placed."""
MAX_LATITUDE = 85
"""Beyond it geohash cells get so narrow that thousands of them are within the radius; no restaurant is there."""

_IDS = ("order_id", "customer_id", "restaurant_id", "region")
_FIELDS = (*_IDS, "destination", "items", "total_cents", "placed_at")

SAID_BY_CUSTOMER = tuple(name for name in _FIELDS if name not in {"order_id", "placed_at"})
"""What is the same in every repetition of an order."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What an order needs to know of its restaurant."""

    region: str
    latitude: float
    longitude: float
    open: bool
    preparation_minutes: int

    @property
    def place(self) -> Place:
        """Where the restaurant is."""
        return Place(self.latitude, self.longitude)


@dataclass(frozen=True, slots=True)
class PlacedOrder:
    """An order from the stream."""

    order_id: str
    restaurant_id: str
    region: str
    destination: Place
    placed_ms: int
    """Milliseconds since the epoch."""
    fields: Mapping[str, Any]
    """What an order has when it is placed; numbers with a fraction are Decimal."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Who is around a restaurant."""

    candidates: tuple[Candidate, ...]
    """Drivers within the radius, the nearest first."""
    drivers: Mapping[str, int]
    """How many drivers each zone has, in the radius or not; who has none may be absent."""


def read_order(data: bytes) -> PlacedOrder:
    """Return the order in a record of the orders stream; raise `PoisonError` if it holds none."""
    try:
        values = read_json(data)
        fields = {name: values[name] for name in _FIELDS}
        destination = fields["destination"]
        placed = read_time(fields["placed_at"])
        order = PlacedOrder(
            order_id=fields["order_id"],
            restaurant_id=fields["restaurant_id"],
            region=fields["region"],
            destination=Place(_degrees(destination["latitude"], 90), _degrees(destination["longitude"], 180)),
            placed_ms=int(placed.timestamp() * 1000),
            fields=fields,
        )
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise PoisonError(f"not an order: {type(error).__name__}") from error
    if not all(is_id(fields[name]) for name in _IDS):
        raise PoisonError("not an order: an id is none")
    if not _adds_up(fields["items"], fields["total_cents"]):
        raise PoisonError("not an order: its total is not the sum of its items")
    return order


def check_time(order: PlacedOrder, now_ms: int) -> None:
    """Raise `PoisonError` for an order that is yet to be placed."""
    if order.placed_ms > now_ms + MAX_AHEAD_MS:
        raise PoisonError("placed_at is in the future")


def check_restaurant(order: PlacedOrder, profile: Profile) -> None:
    """Raise `PoisonError` for an order that its restaurant's drivers cannot bring."""
    if order.region != profile.region:
        # It would be matched and priced elsewhere.
        raise PoisonError("the restaurant is in another region")
    if abs(profile.latitude) > MAX_LATITUDE:
        raise PoisonError("the restaurant is too near to a pole")
    if distance_km(profile.place, order.destination) > MAX_DELIVERY_KM:
        raise PoisonError("the destination is too far from the restaurant")


def make_item(order: PlacedOrder, profile: Profile) -> dict[str, Any]:
    """Return the order as the orders table keeps it.

    One for a closed restaurant is kept as well, with `held_reason`: it stays placed, and no driver is sent for it.
    """
    held = {} if profile.open else {"held_reason": "restaurant_closed"}
    pickup = {"latitude": Decimal(str(profile.latitude)), "longitude": Decimal(str(profile.longitude))}
    kept = {"status": "placed", "pickup": pickup, "preparation_minutes": profile.preparation_minutes}
    return {**order.fields, **kept, **held}


def survey(found: Iterable[Candidate], pickup: Place, rules: Rules, now_ms: int) -> Surroundings:
    """Return who is around of the drivers that were found, positions of more than five minutes ago left out."""
    # Who moves to another cell while they are read is found twice, or not at all.
    newest = {candidate.driver_id: candidate for candidate in sorted(found, key=lambda candidate: candidate.recorded_at)}
    fresh = [candidate for candidate in newest.values() if now_ms - candidate.recorded_at <= POSITION_SECONDS * 1000]
    ways = {candidate.driver_id: distance_km(candidate.place, pickup) for candidate in fresh}
    near = [candidate for candidate in fresh if ways[candidate.driver_id] <= rules.radius_km]
    near.sort(key=lambda candidate: (ways[candidate.driver_id], candidate.driver_id))
    return Surroundings(tuple(near[:MAX_CANDIDATES]), Counter(cell_of(candidate.place) for candidate in fresh))


def price(waiting: int, drivers: int, surge: Surge) -> Decimal:
    """Return a zone's price multiplier, in hundredths."""
    multiplier = 1 + surge.step * (Decimal(waiting) / max(drivers, 1) - 1)
    return min(max(multiplier, NO_SURGE), surge.limit).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _adds_up(items: object, total_cents: object) -> bool:
    """Tell whether items have amounts in whole cents, and the total is their sum."""
    if not isinstance(items, list) or not items or not _is_whole(total_cents, 1, MAX_TOTAL_CENTS):
        return False
    if not all(isinstance(item, dict) and is_id(item.get("sku")) for item in items):
        return False
    if not all(_is_whole(item.get("quantity"), 1) and _is_whole(item.get("price_cents"), 0) for item in items):
        return False
    return bool(total_cents == sum(item["quantity"] * item["price_cents"] for item in items))


def _is_whole(value: object, low: int, high: int = MAX_TOTAL_CENTS) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _degrees(value: object, limit: int) -> float:
    if is_degrees(value, limit):
        return float(value)
    raise ValueError("no degrees")
