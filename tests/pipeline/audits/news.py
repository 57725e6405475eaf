"""What others hear of orders: restaurants, customers, the notification service, and the reports."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.pipeline.books import Books
from tests.pipeline.discrepancies import Discrepancy, compare_sets, compare_values
from tests.pipeline.ledger import Ledger
from tests.pipeline.wishes import Fate
from tests.pipeline.world import World

STAGES = ("placed", "assigned", "picked_up", "delivered")
_LATE = 2
"""Reports of a driver that may still be underway when his order is delivered: poison before them is tried first."""
_ANNOUNCED = ("placed", "assigned")


def audit_restaurants(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each restaurant got each of its orders once when it was placed and once when it had a driver."""
    expected = [
        (placement.wish.body["restaurant_id"], placement.order_id, stage)
        for placement in ledger.expected(Fate.DELIVERED)
        for stage in _ANNOUNCED
    ]
    actual = [(handover["restaurant_id"], handover["order_id"], handover["stage"]) for handover in books.handovers]
    yield from compare_sets("handover", expected, actual)
    yield from compare_sets(
        "handover-key", {handover["key"] for handover in books.handovers}, [handover["key"] for handover in books.handovers]
    )
    for handover in books.handovers:
        if f"/{handover['restaurant_id']}/" not in f"{handover['url']}/":
            yield Discrepancy("handover-differs", f"{handover['order_id']} went to {handover['url']}")


def audit_notifications(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each customer is notified of each stage of his orders, once, under an id that is no other's."""
    expected = [
        (placement.wish.customer_id, placement.order_id, stage) for placement in ledger.expected(Fate.DELIVERED) for stage in STAGES
    ]
    actual = [(message["user_id"], message["order_id"], message["order_stage"]) for message in books.notifications]
    yield from compare_sets("notification", expected, actual)
    for notification_id, count in Counter(message["notification_id"] for message in books.notifications).items():
        if count > 1:
            yield Discrepancy("notification-id-twice", f"{notification_id} ({count} times)")
    for message in books.notifications:
        if ("receipt_url" in message) is not (message["order_stage"] == "delivered"):
            yield Discrepancy("notification-differs", f"the link to the receipt, for {message['order_id']} {message['order_stage']}")


def audit_receipts(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each order has one receipt, over what was ordered."""
    expected = {f"receipts/{placement.order_id}.json": placement for placement in ledger.expected(Fate.DELIVERED)}
    yield from compare_sets("receipt", expected, books.receipts)
    for key, placement in expected.items():
        if key in books.receipts:
            lines = [line | {"amount_cents": line["quantity"] * line["price_cents"]} for line in placement.wish.body["items"]]
            contents = {
                "order_id": placement.order_id,
                "customer_id": placement.wish.customer_id,
                "items": lines,
                "total_cents": sum(line["amount_cents"] for line in lines),
            }
            yield from compare_values("receipt", key, contents, books.receipts[key])


def audit_followings(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Who follows an order sees its driver come, and nobody else's; the driver never jumps back."""
    for following in ledger.followings:
        whose = f"{following.customer_id} with {following.order_id}"
        if not following.messages and following.reports > _LATE:
            yield Discrepancy("followed-nothing", whose)
        times = [message.get("recorded_at", 0) for message in following.messages]
        if times != sorted(times):
            yield Discrepancy("followed-backwards", whose)
        if any(message.get("type") != "driver_location" or message["order_id"] != following.order_id for message in following.messages):
            yield Discrepancy("followed-stranger", whose)


def audit_analytics(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each delivered order is in the reports once, with what is known of it."""
    rows = {row["order_id"]: row for row in books.analytics_orders}
    delivered = [item for item in books.orders if item.get("status") == "delivered"]
    yield from compare_sets("report", [item["order_id"] for item in delivered], [row["order_id"] for row in books.analytics_orders])
    for item in delivered:
        if item["order_id"] in rows:
            expected = {name: item[name] for name in ("restaurant_id", "region", "driver_id", "total_cents", "surge")}
            expected["rating"] = ledger.ratings.get(item["order_id"])
            expected["tip_cents"] = ledger.tips.get(item["order_id"], 0)
            yield from compare_values("report", item["order_id"], expected, rows[item["order_id"]])


def audit_averages(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Redis counts each restaurant's deliveries and ratings, and adds up their seconds and stars."""
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for item in books.orders:
        if item.get("status") == "delivered":
            took = datetime.fromisoformat(item["delivered_at"]) - datetime.fromisoformat(item["placed_at"])
            expected[item["restaurant_id"]] += Counter(deliveries=1, delivery_seconds=round(took / timedelta(seconds=1)))
            if item["order_id"] in ledger.ratings:
                expected[item["restaurant_id"]] += Counter(ratings=1, rating_sum=ledger.ratings[item["order_id"]])
    yield from compare_sets("average", expected, books.ratings)
    for restaurant, counts in expected.items():
        actual = books.ratings.get(restaurant, {})
        names = ("deliveries", "delivery_seconds", "ratings", "rating_sum")
        yield from compare_values(
            "average", restaurant, {name: counts[name] for name in names}, {name: actual.get(name, 0) for name in names}
        )


def audit_waiting(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """No order waits for a driver any more, and raises prices for nothing."""
    for zone, orders in books.waiting.items():
        for order_id in orders:
            yield Discrepancy("still-waiting", f"{order_id} in {zone}")


AUDITS = (
    audit_restaurants,
    audit_notifications,
    audit_receipts,
    audit_followings,
    audit_analytics,
    audit_averages,
    audit_waiting,
)
