"""The accounting finds nothing in a run in which nothing is wrong, and names whatever is made wrong in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.pipeline.accounting import account
from tests.pipeline.books import Books, count_letters
from tests.pipeline.ledger import Following, Ledger, Placement, Poison, Refusal, Sighting
from tests.pipeline.pay import pay_order, pay_orders
from tests.pipeline.wishes import Fate, Wish, make_wishes
from tests.pipeline.world import PricingRule, World, make_world

SEED = 7
DAY = "2026-03-01"
RULE = PricingRule("2020-01-01", base_cents=300, per_km_cents=85, per_minute_cents=12, surge_share_thousandths=500)

Run = tuple[World, Ledger, Books]


@pytest.fixture
def run() -> Run:
    """A day of six delivered orders, made up without any pipeline."""
    world = make_world(SEED)
    ledger, books = Ledger(), Books()
    ledger.dead_letter_queues = {"order_processor": "streams-dlq"}
    wishes = [wish for wish in make_wishes(world, 6, SEED) if wish.fate is Fate.DELIVERED]
    for number, wish in enumerate(wishes):
        _deliver(f"order-{number}", wish, world, ledger, books)
    _place_doomed(world, ledger, books)
    _settle(world, ledger, books)
    ledger.refusals.append(Refusal("customer-00", 400, by_function=True))
    books.logs += [{"function": "order_validator", "event": "order_refused", "reason": "order_invalid"}]
    return world, ledger, books


def _deliver(order_id: str, wish: Wish, world: World, ledger: Ledger, books: Books) -> None:
    restaurant = next(each for each in world.restaurants if each.restaurant_id == wish.body["restaurant_id"])
    driver = next(each for each in world.drivers if each.region == restaurant.region)
    number = len(books.orders)
    total = sum(line["quantity"] * line["price_cents"] for line in wish.body["items"])
    way = restaurant.place.distance_km(replace(restaurant.place, **wish.body["destination"]))
    item: dict[str, Any] = {
        **{name: wish.body[name] for name in ("customer_id", "restaurant_id", "region", "items")},
        "order_id": order_id,
        "destination": {name: Decimal(str(value)) for name, value in wish.body["destination"].items()},
        "pickup": {"latitude": Decimal(str(restaurant.place.latitude)), "longitude": Decimal(str(restaurant.place.longitude))},
        "preparation_minutes": restaurant.preparation_minutes,
        "total_cents": total,
        "status": "delivered",
        "driver_id": driver.driver_id,
        "distance_km": Decimal(f"{way + 1:.3f}"),
        "surge": Decimal("1.25"),
        **{f"{stage}_at": f"{DAY}T1{number}:{minute}:00.123+00:00" for stage, minute in _MINUTES.items()},
        "delivery_date": DAY,
        "rating": 5,
        "tip_cents": 100,
        "proof_of_delivery": {"key": f"photos/{order_id}/1.jpg", "format": "JPEG", "width": 64, "height": 48, "labels": ["a door"]},
    }
    books.orders.append(item)
    ledger.placements[order_id] = Placement(order_id, wish, total)
    ledger.drivers[order_id] = {driver.driver_id}
    ledger.photos[order_id] = f"photos/{order_id}/1.jpg"
    ledger.ratings[order_id], ledger.tips[order_id] = 5, 100
    sighting = Sighting(driver.start, 1000)
    ledger.newest[driver.driver_id] = sighting
    message = {"type": "driver_location", "order_id": order_id, "recorded_at": 1000}
    ledger.followings.append(Following(wish.customer_id, order_id, [message], reports=5))
    _book(item, sighting, books)


_MINUTES = {"placed": "00", "assigned": "01", "accepted": "02", "picked_up": "10", "delivered": "25"}


def _book(item: dict[str, Any], sighting: Sighting, books: Books) -> None:
    order_id, driver, restaurant = item["order_id"], item["driver_id"], item["restaurant_id"]
    books.driver_orders.append({"driver_id": driver, "order_id": order_id, "status": "done"})
    place = {"latitude": Decimal(str(sighting.place.latitude)), "longitude": Decimal(str(sighting.place.longitude))}
    books.driver_locations = [each for each in books.driver_locations if each["driver_id"] != driver]
    books.driver_locations.append({"driver_id": driver, **place, "recorded_at": Decimal(1000)})
    books.indexed[driver] = sighting.place.latitude, sighting.place.longitude
    stages = ("placed", "assigned", "picked_up", "delivered")
    for stage in stages[:2]:
        address = {"key": f"{order_id}/{stage}", "url": f"https://pos/{restaurant}"}
        books.handovers.append({"restaurant_id": restaurant, "order_id": order_id, "stage": stage, **address})
    for stage in stages:
        receipt = {"receipt_url": "https://…"} if stage == "delivered" else {}
        notification = {"notification_id": f"{order_id}/{stage}", "user_id": item["customer_id"], "order_id": order_id}
        books.notifications.append({**notification, "order_stage": stage, **receipt})
        books.logs.append({"function": "order_publisher", "event": "order_stage", "order_id": order_id, "order_stage": stage})
    lines = [line | {"amount_cents": line["quantity"] * line["price_cents"]} for line in item["items"]]
    receipt = {"order_id": order_id, "customer_id": item["customer_id"], "items": lines, "total_cents": item["total_cents"]}
    books.receipts[f"receipts/{order_id}.json"] = receipt
    names = ("order_id", "restaurant_id", "region", "driver_id", "total_cents", "surge", "rating", "tip_cents")
    books.analytics_orders.append({name: item[name] for name in names})
    counts = books.ratings.setdefault(restaurant, dict.fromkeys(("deliveries", "delivery_seconds", "ratings", "rating_sum"), 0))
    for name, count in {"deliveries": 1, "delivery_seconds": 25 * 60, "ratings": 1, "rating_sum": 5}.items():
        counts[name] += count
    for event in ("order_matched", "order_accepted", "order_delivered"):
        books.logs.append({"function": "any", "event": event, "order_id": order_id})


def _place_doomed(world: World, ledger: Ledger, books: Books) -> None:
    wish = next(wish for wish in make_wishes(world, 1, SEED) if wish.fate is Fate.DEAD)
    ledger.placements["doomed"] = Placement("doomed", wish, 1, requests=2)
    ledger.poison.append(Poison("no order", "order_processor", "not an order"))
    for reason in (wish.reason, "not an order"):
        books.logs.append({"function": "order_processor", "event": "poison_record", "reason": reason})
    books.dead_letters["streams-dlq"] = 3


def _settle(world: World, ledger: Ledger, books: Books) -> None:
    days = pay_orders(books.orders, ledger.tips, world)
    ledger.settled_days = [DAY]
    for driver in world.drivers:
        earned = days.get((driver.driver_id, DAY))
        total = earned["total_cents"] if earned else 0
        ledger.balances_before[driver.driver_id], ledger.balances_between[driver.driver_id] = 50, 50 + total
        books.driver_profiles.append({"driver_id": driver.driver_id, "balance_cents": 50 + total, "settled": {DAY}})
        if earned:
            books.driver_orders.append({"driver_id": driver.driver_id, "order_id": "#workload", "active_order_count": 0})
            row = {"driver_id": driver.driver_id, "delivery_date": DAY, **earned}
            books.driver_earnings.append(row)
            line = {"event": "driver_settled", "function": "earnings_settler", "amount_cents": total}
            books.logs.append({**line, "driver_id": driver.driver_id, "delivery_date": DAY})


def test_a_run_in_which_nothing_is_wrong_is_clean(run: Run) -> None:
    report = account(*run)

    assert [] == list(map(str, report.discrepancies))
    assert (report.orders, report.refused, report.poison) == (6, 1, 3)
    assert "everything is accounted for" == str(report)


def _line(books: Books, **values: Any) -> None:
    books.logs.append({"function": "matcher", **values})


def _change(items: list[Any], **values: Any) -> None:
    items[0] = items[0] | values


TAMPERING: dict[str, tuple[Callable[[Ledger, Books], object], set[str]]] = {
    "a lost order": (lambda ledger, books: books.orders.pop(), {"order-missing"}),
    "an order in the table twice": (lambda ledger, books: books.orders.append(books.orders[0]), {"order-twice"}),
    "an order of nobody": (lambda ledger, books: books.orders.append(books.orders[0] | {"order_id": "x"}), {"order-unexpected"}),
    "an order that is never delivered": (lambda ledger, books: _change(books.orders, status="picked_up"), {"order-not-delivered"}),
    "an order that a restaurant never accepted": (
        lambda ledger, books: books.orders.insert(0, {k: v for k, v in books.orders.pop(0).items() if k != "accepted_at"}),
        {"order-not-accepted"},
    ),
    "a total that is wrong": (lambda ledger, books: _change(books.orders, total_cents=1), {"order-differs"}),
    "a customer's place that is another": (
        lambda ledger, books: books.orders[0]["destination"].update(latitude=Decimal(7)),
        {"order-differs", "way-impossible"},
    ),
    "a delivery before the pick-up": (
        lambda ledger, books: _change(books.orders, picked_up_at=f"{DAY}T23:59:59.000+00:00"),
        {"order-out-of-time"},
    ),
    "a photo of somebody else's": (lambda ledger, books: _change(books.orders, proof_of_delivery={}), {"proof-differs"}),
    "a rating that was not given": (lambda ledger, books: _change(books.orders, rating=1), {"rating-differs"}),
    "a tip that was lost": (lambda ledger, books: _change(books.orders, tip_cents=0), {"tip-differs"}),
    "a way around the globe": (lambda ledger, books: _change(books.orders, distance_km=Decimal(40_000)), {"way-impossible"}),
    "two drivers for an order": (lambda ledger, books: ledger.drivers["order-0"].add("driver-39"), {"assignment-unexpected"}),
    "an assignment that is pushed twice": (
        lambda ledger, books: ledger.pushes.update({("order-0", "driver-00"): 2}),
        {"assignment-twice"},
    ),
    "an assignment that is not done": (lambda ledger, books: _change(books.driver_orders, status="active"), {"assignment-not-done"}),
    "a workload that is left": (
        lambda ledger, books: books.driver_orders.append({"driver_id": "a", "order_id": "#workload", "reserved_count": 1}),
        {"workload-left"},
    ),
    "a driver with too many orders": (lambda ledger, books: setattr(books, "max_active_orders", 0), {"driver-overloaded"}),
    "a driver of another city": (lambda ledger, books: _change(books.orders, region="atlantis"), {"driver-elsewhere"}),
    "a position that is outdated": (
        lambda ledger, books: _change(books.driver_locations, recorded_at=Decimal(999)),
        {"position-outdated"},
    ),
    "a position that the index lacks": (lambda ledger, books: books.indexed.popitem(), {"indexed-position-missing"}),
    "a restaurant that heard of an order twice": (
        lambda ledger, books: books.handovers.append(books.handovers[0]),
        {"handover-twice", "handover-key-twice"},
    ),
    "an order that went to another restaurant": (lambda ledger, books: _change(books.handovers, url="https://pos/x"), {"handover-differs"}),
    "a restaurant that never heard of an order": (lambda ledger, books: books.handovers.pop(), {"handover-missing"}),
    "a customer who is told twice": (
        lambda ledger, books: books.notifications.append(books.notifications[0]),
        {"notification-twice", "notification-id-twice"},
    ),
    "a customer who is not told": (lambda ledger, books: books.notifications.pop(), {"notification-missing"}),
    "a receipt that is missing": (lambda ledger, books: books.receipts.popitem(), {"receipt-missing"}),
    "a receipt over another sum": (
        lambda ledger, books: books.receipts["receipts/order-0.json"].update(total_cents=1),
        {"receipt-differs"},
    ),
    "a follower who sees nothing": (lambda ledger, books: ledger.followings[0].messages.clear(), {"followed-nothing"}),
    "a follower who sees another's driver": (
        lambda ledger, books: ledger.followings[0].messages[0].update(order_id="order-1"),
        {"followed-stranger"},
    ),
    "a driver who jumps back": (
        lambda ledger, books: ledger.followings[0].messages.append(ledger.followings[0].messages[0] | {"recorded_at": 1}),
        {"followed-backwards"},
    ),
    "an order that the reports count twice": (
        lambda ledger, books: books.analytics_orders.append(books.analytics_orders[0]),
        {"report-twice"},
    ),
    "a rating that the reports lack": (lambda ledger, books: _change(books.analytics_orders, rating=None), {"report-differs"}),
    "a delivery that is averaged twice": (
        lambda ledger, books: next(iter(books.ratings.values())).update(deliveries=99),
        {"average-differs"},
    ),
    "an order that waits for ever": (lambda ledger, books: books.waiting.update(zone=["order-0"]), {"still-waiting"}),
    "earnings that were booked for nobody": (
        lambda ledger, books: books.driver_earnings.append(books.driver_earnings[0] | {"driver_id": "x"}),
        {"earnings-unexpected", "driver_settled-line-missing"},
    ),
    "a cent that is rounded away": (
        lambda ledger, books: _change(books.driver_earnings, time_cents=books.driver_earnings[0]["time_cents"] - 1),
        {"earnings-differs"},
    ),
    "a balance that was never paid": (
        lambda ledger, books: (_change(books.driver_profiles, balance_cents=50), ledger.balances_between.update({"driver-00": 50})),
        {"balance-differs"},
    ),
    "a double payment": (
        lambda ledger, books: _change(books.driver_profiles, balance_cents=2 * books.driver_profiles[0]["balance_cents"]),
        {"paid-twice"},
    ),
    "a day that is left unsettled": (lambda ledger, books: _change(books.driver_profiles, settled=set()), {"day-not-settled"}),
    "an answer that was wrong": (lambda ledger, books: ledger.problems.append("no"), {"wrong-answer"}),
    "poison that disappears": (lambda ledger, books: books.dead_letters.clear(), {"dead-letter-missing"}),
    "dead letters of nobody": (lambda ledger, books: books.dead_letters.update(other=1), {"dead-letter-unexpected"}),
    "poison without a reason": (
        lambda ledger, books: setattr(books, "logs", [line for line in books.logs if line.get("reason") != "not an order"]),
        {"poison-without-reason"},
    ),
    "poison that nobody put in": (lambda ledger, books: _line(books, event="poison_record", reason="?"), {"poison-unexpected"}),
    "a stage that is counted twice": (
        lambda ledger, books: _line(books, event="order_stage", order_id="order-0", order_stage="placed"),
        {"stage-line-twice"},
    ),
    "an order that found no driver": (
        lambda ledger, books: _line(books, event="no_driver_available", order_id="order-0"),
        {"no_driver_available-line-unexpected"},
    ),
    "a payment that is told twice": (
        lambda ledger, books: books.logs.append(books.logged("driver_settled")[0]),
        {"driver_settled-line-twice"},
    ),
    "a refusal that is not counted": (lambda ledger, books: ledger.refusals.clear(), {"order_refused-line"}),
    "a customer's id in a log": (lambda ledger, books: _line(books, message="for customer-07"), {"personal-data-in-log"}),
    "a place in a log": (
        lambda ledger, books: _line(books, at=ledger.placements["order-0"].wish.body["destination"]["latitude"]),
        {"personal-data-in-log"},
    ),
    "a signed address in a log": (lambda ledger, books: _line(books, url="https://x?X-Amz-Signature=1"), {"personal-data-in-log"}),
    "a fault in a run without faults": (lambda ledger, books: _line(books, event="record_failed"), {"record-failed"}),
}


@pytest.mark.parametrize("case", TAMPERING)
def test_what_is_made_wrong_is_named(run: Run, case: str) -> None:
    world, ledger, books = run
    tamper, names = TAMPERING[case]

    tamper(ledger, books)

    assert names <= set(account(world, ledger, books).names())


def test_an_order_is_paid_in_whole_cents_rounded_once() -> None:
    """2.5 km at 85 cents are 212.5, 3 minutes and a quarter at 12 are 39; half of a surge of a quarter on 551.5 is 68.9375."""
    order = {
        "distance_km": Decimal("2.5"),
        "surge": Decimal("1.25"),
        "assigned_at": f"{DAY}T12:00:00.000+00:00",
        "delivered_at": f"{DAY}T12:03:15.000+00:00",
    }

    expected = {"base_cents": 300, "distance_cents": 213, "time_cents": 39, "surge_cents": 69, "tip_cents": 7}
    assert expected == pay_order(order, 7, RULE)


def test_letters_of_streams_count_their_records() -> None:
    letters = [{"body": {"KinesisBatchInfo": {"batchSize": 2}}}, {"body": {"DDBStreamBatchInfo": {"batchSize": 1}}}, {"body": "text"}]

    assert 4 == count_letters(letters)
