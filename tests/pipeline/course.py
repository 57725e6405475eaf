"""A small day that goes on through faults: everybody tries again what was not done, and at its end all is accounted for.

People are as in production: a client sends a request again that was not answered well, a driver's app that missed its
assignments asks for them, and a settlement that failed is run again. What the functions may do more than once after a
fault is what their receivers tell apart by a key: POS systems, the notification service and drivers' apps.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from tests.pipeline.accounting import Report, account
from tests.pipeline.books import Books
from tests.pipeline.drivers import take_photo
from tests.pipeline.founding import PAID_DAYS, found
from tests.pipeline.ledger import Following, Ledger, Placement, Poison, Sighting
from tests.pipeline.observing import observe
from tests.pipeline.pipeline import Answer, Pipeline, Refused
from tests.pipeline.poison import find_dead_letter_queues
from tests.pipeline.wishes import Fate, Wish
from tests.pipeline.world import Driver, Place, PricingRule, Region, Restaurant, World

CENTER = Place(1.3, 103.84)
WORLD = World(
    regions=(Region("singapore", CENTER, (PricingRule("2020-01-01", 300, 85, 12, 500),)),),
    restaurants=(Restaurant("restaurant-00", "<b>麺屋 三</b> & O'Hara's; --", "singapore", CENTER, 15),),
    drivers=tuple(Driver(f"driver-{number:02d}", "singapore", CENTER.moved(0.2 * number, 0.1)) for number in range(4)),
    customers=("customer-00", "customer-01"),
)
BODY: Mapping[str, Any] = {
    "customer_id": "customer-00",
    "restaurant_id": "restaurant-00",
    "region": "singapore",
    "destination": {"latitude": 1.305123, "longitude": 103.845321},
    "items": [{"sku": "🍕 <script>alert(1)</script>", "quantity": 2, "price_cents": 450}],
}
FAULTY = frozenset({"record-failed"})
"""What the accounting finds after any fault that passes, and what is no loss."""

_TRIES = 4
_ROUNDS = 60


class Course:
    """Orders that are placed, brought, rated and paid for, whatever goes wrong meanwhile."""

    def __init__(self, pipeline: Pipeline) -> None:
        """Enter everybody, and have the drivers tell where they are."""
        self.pipeline = pipeline
        self.ledger = Ledger(dead_letter_queues=find_dead_letter_queues(pipeline.wiring))
        self.spoiled_photos: list[tuple[bytes, str]] = []
        """What the next driver uploads before his photo, and why that is none."""
        self.insists = False
        """Whether clients send all that they send once more when it was answered well."""
        self.drops_customers = False
        """Whether whoever follows an order loses the connection as soon as it is on its way."""
        self._random = Random(1)
        self._drivers: dict[str, str] = {}
        self._placed = 0
        found(WORLD, pipeline)
        self.forget_pay()
        for driver in WORLD.drivers:
            self._drivers[driver.driver_id] = self._open(driver.driver_id, "driver")
            self.locate(driver.driver_id, driver.start)
        pipeline.settle_down()

    def place(self, count: int = 1) -> list[str]:
        """Place so many orders, each as often as it takes until the API says yes."""
        placed = []
        for _ in range(count):
            self._placed += 1
            wish = Wish(0, "customer-00", BODY, Fate.DELIVERED, key=f"key-{self._placed}", rating=4, tip_cents=111)
            answers: list[Answer] = []
            while len(answers) < _TRIES and sum(answer.status == 202 for answer in answers) < 1 + self.insists:
                answers.append(self.pipeline.place_order(wish.customer_id, wish.body, {"Idempotency-Key": str(wish.key)}))
            answer = answers[-1]
            order_id = answer.body["order_id"]
            self.ledger.placements[order_id] = Placement(order_id, wish, answer.body["total_cents"])
            placed.append(order_id)
        return placed

    def expect_poison(self, function: str, reason: str, name: str = "poison") -> None:
        """Note that a function has to put something away for this reason."""
        self.ledger.poison.append(Poison(name, function, reason))

    def locate(self, driver_id: str, place: Place) -> None:
        """Have a driver tell where he is."""
        sighting = Sighting(place, time.time_ns() // 1_000_000)
        position = {"latitude": place.latitude, "longitude": place.longitude, "recorded_at": sighting.recorded_at}
        self.say(self._drivers[driver_id], type="locations", region="singapore", positions=[position])
        self.ledger.newest[driver_id] = sighting

    def drop_drivers(self) -> None:
        """Have all drivers lose their connections, without a word."""
        for connection in self._drivers.values():
            self.pipeline.drop(connection)

    def come_back(self) -> None:
        """Have all drivers connect again."""
        for driver in self._drivers:
            self._drivers[driver] = self._open(driver, "driver")

    def deliver(self) -> None:
        """Go on until all orders are delivered, and rated; raise `AssertionError` if that takes forever."""
        for _ in range(_ROUNDS):
            self.rest()
            underway = self._find_underway()
            if not underway:
                return
            self._bring([order for order in underway if self._is_known(order)])
        raise AssertionError(f"still underway: {underway}")

    def forget_pay(self) -> None:
        """Have nobody paid for today yet, and everybody for all days before."""
        self.pipeline.query("DELETE FROM driver_earnings")
        past = {(datetime.now(UTC).date() - timedelta(days=days)).isoformat() for days in range(1, PAID_DAYS)}
        for driver in WORLD.drivers:
            self.pipeline.put("driver_profiles", {"driver_id": driver.driver_id, "settled": past})

    def rest(self) -> None:
        """Wait until nothing is left to be tried, by anybody."""
        moved = True
        while moved:
            moved = self.pipeline.settle_down(1000) > 0
            self.pipeline.let_time_pass()
        self.pipeline.settle_down()

    def settle(self) -> None:
        """Pay the drivers for all days, as often as it takes, and try to pay them once more."""
        days = sorted({item["delivery_date"] for item in self.pipeline.items("orders") if "delivery_date" in item})
        self.ledger.settled_days = days
        self.ledger.balances_before = self._read_balances()
        self._pay(days)
        self.ledger.balances_between = self._read_balances()
        self._pay(days)

    def finish(self) -> None:
        """Deliver everything, and pay for it."""
        self.deliver()
        self.settle()
        self.rest()

    def report(self, *tolerated: str) -> Report:
        """Account for the day; discrepancies of the tolerated names do not count.

        What receivers tell apart by a key counts once, however often it came.
        """
        report = account(WORLD, self.ledger, forget_repetitions(observe(self.pipeline)))
        return replace(report, discrepancies=tuple(each for each in report.discrepancies if each.name not in FAULTY | set(tolerated)))

    def say(self, connection: str, **message: Any) -> dict[str, Any]:
        """Send a message as often as it takes until it is answered well."""
        answers: list[dict[str, Any]] = []
        good = 0
        while len(answers) < _TRIES and good < 1 + self.insists:
            answers.append(self.pipeline.say(connection, message))
            good += answers[-1].get("type") == message["type"]
        if not good:
            self.ledger.problems.append(f"{message['type']} was answered with {answers[-1]}")
        return answers[-1]

    def _open(self, user: str, role: str) -> str:
        for _ in range(_TRIES - 1):
            try:
                return self.pipeline.open(user, role)
            except Refused:
                continue
        return self.pipeline.open(user, role)

    def _pay(self, days: Iterable[str]) -> None:
        for day in days:
            if all(self.pipeline.settle_day(date.fromisoformat(day)) != "SUCCEEDED" for _ in range(_TRIES)):
                self.ledger.problems.append(f"the settlement of {day} failed")

    def _find_underway(self) -> list[dict[str, Any]]:
        done = set(self.ledger.ratings)
        orders = [order for order in self.pipeline.items("orders") if order["order_id"] not in done]
        missing = self.ledger.placements.keys() - done - {order["order_id"] for order in orders}
        return orders + [{"order_id": order_id, "status": "lost"} for order_id in missing]

    def _is_known(self, order: Mapping[str, Any]) -> bool:
        """Tell whether an order has a driver, and he knows of it by now."""
        return "driver_id" in order and (order["order_id"] in self.ledger.drivers or self._hear(order["driver_id"], order["order_id"]))

    def _bring(self, orders: Sequence[Mapping[str, Any]]) -> None:
        """Have drivers bring orders, and customers follow and rate them: all at once, so that they come in batches."""
        customers = [self._pick_up(order) for order in orders]
        self.rest()
        for order in orders:
            self.say(self._drivers[order["driver_id"]], type="delivered", order_id=order["order_id"])
        self.rest()
        for order, customer in zip(orders, customers, strict=True):
            self._rate(order, customer)
        self.rest()

    def _pick_up(self, order: Mapping[str, Any]) -> str:
        """Have a customer follow an order that its driver picks up and takes a photo of; return the customer's connection."""
        driver, order_id = order["driver_id"], order["order_id"]
        connection, customer = self._drivers[driver], self._open(order["customer_id"], "customer")
        self.say(customer, type="subscribe", order_id=order_id)
        if self.drops_customers:
            self.pipeline.drop(customer)
        self.say(connection, type="picked_up", order_id=order_id)
        self.locate(driver, CENTER)
        while self.spoiled_photos:
            content, reason = self.spoiled_photos.pop()
            self._upload(connection, order_id, content)
            self.expect_poison("image_validator", reason)
        self.ledger.photos[order_id] = self._upload(connection, order_id, take_photo(self._random))
        return customer

    def _rate(self, order: Mapping[str, Any], customer: str) -> None:
        order_id, messages = order["order_id"], self.pipeline.inbox(customer)
        self.ledger.followings.append(Following(order["customer_id"], order_id, messages, reports=1, cut=self.drops_customers))
        if self.drops_customers:
            customer = self._open(order["customer_id"], "customer")
        answer = self.say(customer, type="rating", order_id=order_id, rating=4, tip_cents=111)
        self.ledger.ratings[order_id], self.ledger.tips[order_id] = answer["rating"], answer["tip_cents"]
        self.pipeline.close_connection(customer)

    def _upload(self, connection: str, order_id: str, content: bytes) -> str:
        ticket = self.say(connection, type="photo_url", order_id=order_id, content_type="image/jpeg")
        self.pipeline.upload(ticket["url"], content)
        return str(ticket["key"])

    def _hear(self, driver: str, order_id: str) -> bool:
        """Tell whether the driver knows of an order: he was sent it, or is told when he asks."""
        connection = self._drivers[driver]
        pushed = {message["order_id"] for message in self.pipeline.inbox(connection) if message["type"] == "assignment"}
        listed = {each["order_id"] for each in self.say(connection, type="assignments")["assignments"]}
        if order_id in pushed | listed:
            self.ledger.drivers[order_id] = {driver}
        return order_id in self.ledger.drivers

    def _read_balances(self) -> dict[str, int]:
        return {item["driver_id"]: int(item.get("balance_cents", 0)) for item in self.pipeline.items("driver_profiles")}


def forget_repetitions(books: Books) -> Books:
    """Return books in which a receiver that knows repetitions by a key has each once: the last one that came."""
    handovers = {handover["key"]: handover for handover in books.handovers}
    notifications = {message["notification_id"]: message for message in books.notifications}
    return replace(books, handovers=list(handovers.values()), notifications=list(notifications.values()))


def find_problems(report: Report) -> Collection[str]:
    """Return what is wrong, as texts."""
    return list(map(str, report.discrepancies))
