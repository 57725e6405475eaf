"""The orders: each that was taken is in the table, once, as it was placed, delivered, and with its proof."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.pipeline.books import Books
from tests.pipeline.discrepancies import Discrepancy, compare_sets, compare_values
from tests.pipeline.ledger import Ledger, Placement
from tests.pipeline.wishes import Fate
from tests.pipeline.world import Place, World

_TIMES = ("placed_at", "assigned_at", "picked_up_at", "delivered_at")


def audit_orders(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """The table holds the orders that were taken, and no others."""
    expected = [placement.order_id for placement in ledger.expected(Fate.DELIVERED)]
    yield from compare_sets("order", expected, [item["order_id"] for item in books.orders])


def audit_contents(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each order says what its customer said, and what is known of its restaurant."""
    restaurants = {restaurant.restaurant_id: restaurant for restaurant in world.restaurants}
    for placement, item in _pairs(ledger, books):
        body = placement.wish.body
        restaurant = restaurants[body["restaurant_id"]]
        total = sum(line["quantity"] * line["price_cents"] for line in body["items"])
        expected: dict[str, Any] = {
            "customer_id": placement.wish.customer_id,
            "restaurant_id": restaurant.restaurant_id,
            "region": restaurant.region,
            "destination": {name: Decimal(str(value)) for name, value in body["destination"].items()},
            "pickup": {"latitude": Decimal(str(restaurant.place.latitude)), "longitude": Decimal(str(restaurant.place.longitude))},
            "preparation_minutes": restaurant.preparation_minutes,
            "items": body["items"],
            "total_cents": total,
        }
        yield from compare_values("order", placement.order_id, expected, item)
        if placement.told_total_cents != total:
            yield Discrepancy("order-differs", f"{placement.order_id}'s customer was told {placement.told_total_cents} cents, not {total}")


def audit_delivery(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each order is delivered, its times follow each other, and its restaurant has accepted it."""
    for placement, item in _pairs(ledger, books):
        if item.get("status") != "delivered":
            yield Discrepancy("order-not-delivered", f"{placement.order_id} is {item.get('status')}")
            continue
        times = [item.get(name) for name in _TIMES]
        if None in times or times != sorted(times):
            yield Discrepancy("order-out-of-time", f"{placement.order_id}: {dict(zip(_TIMES, times, strict=True))}")
        elif item.get("delivery_date") != item["delivered_at"][:10]:
            yield Discrepancy("order-out-of-time", f"{placement.order_id} was delivered at {item['delivered_at']}")
        if "accepted_at" not in item:
            yield Discrepancy("order-not-accepted", placement.order_id)


def audit_proofs(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each order has its driver's photo as its proof, which tells what is on it, and not where it was taken."""
    for placement, item in _pairs(ledger, books):
        proof = item.get("proof_of_delivery", {})
        expected = {"key": ledger.photos.get(placement.order_id), "format": "JPEG", "width": 64, "height": 48}
        yield from compare_values("proof", placement.order_id, expected, proof)
        if not proof.get("labels"):
            yield Discrepancy("proof-differs", f"{placement.order_id} has no labels")


def audit_ratings(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each order has the rating and the tip that its customer gave, and no others."""
    for placement, item in _pairs(ledger, books):
        order_id = placement.order_id
        if item.get("rating") != ledger.ratings.get(order_id):
            yield Discrepancy("rating-differs", f"{order_id} has {item.get('rating')}, and was given {ledger.ratings.get(order_id)}")
        if item.get("tip_cents", 0) != ledger.tips.get(order_id, 0):
            yield Discrepancy("tip-differs", f"{order_id} has {item.get('tip_cents', 0)}, and was given {ledger.tips.get(order_id, 0)}")


def audit_ways(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each order is paid for a way that is as long as it can be: its own, and one to the restaurant within the radius."""
    for placement, item in _pairs(ledger, books):
        if "distance_km" in item:
            places = [Place(*(float(item[name][part]) for part in ("latitude", "longitude"))) for name in ("pickup", "destination")]
            own = places[0].distance_km(places[1])
            if not own - 0.01 <= float(item["distance_km"]) <= own + books.radius_km + 0.01:
                yield Discrepancy("way-impossible", f"{placement.order_id} is paid for {item['distance_km']} km, its own way is {own:.3f}")


def _pairs(ledger: Ledger, books: Books) -> Iterator[tuple[Placement, Any]]:
    items = {item["order_id"]: item for item in books.orders}
    for placement in ledger.expected(Fate.DELIVERED):
        if placement.order_id in items:
            yield placement, items[placement.order_id]


AUDITS = (audit_orders, audit_contents, audit_delivery, audit_proofs, audit_ratings, audit_ways)
