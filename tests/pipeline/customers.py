"""What a customer's app does: it orders, follows an order on a connection, and rates it."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.pipeline.ledger import Following, Ledger, Placement, Refusal
from tests.pipeline.pipeline import Pipeline
from tests.pipeline.wishes import Fate, Wish


@dataclass(slots=True)
class Watch:
    """A customer who watches an order on a connection of its own."""

    placement: Placement
    connection: str
    subscribed: bool = False
    reports_before: int = 0
    """Of the driver, before the subscription."""


class CustomerApps:
    """All customers."""

    def __init__(self, pipeline: Pipeline, ledger: Ledger, seed: int) -> None:
        """Have nobody order anything yet."""
        self._pipeline = pipeline
        self._ledger = ledger
        self._random = Random(seed + 2)
        self._watches: dict[str, Watch] = {}

    def place(self, wish: Wish) -> None:
        """Send an order, and as often again as the customer's finger slips."""
        headers = {"Idempotency-Key": wish.key} if wish.key else {}
        for _ in range(1 + wish.repeats):
            answer = self._pipeline.place_order(wish.customer_id, wish.body, headers)
            self._note(wish, answer.status, answer.body)

    def _note(self, wish: Wish, status: int, body: Any) -> None:
        if status != 202:
            self._ledger.refusals.append(Refusal(wish.customer_id, status, "code" in body))
        if (status == 202) is (wish.fate is Fate.REFUSED) or status >= 500:
            self._ledger.problems.append(f"an order that should be {wish.fate} was answered with {status}")
        if status != 202:
            return
        placement = self._ledger.placements.get(body["order_id"])
        if placement is not None:
            placement.requests += 1
            if placement.wish is not wish:
                self._ledger.problems.append(f"two orders have the id {body['order_id']}")
            return
        placement = Placement(body["order_id"], wish, body["total_cents"])
        self._ledger.placements[placement.order_id] = placement
        if wish.follows:
            self._watches[placement.order_id] = Watch(placement, self._pipeline.open(wish.customer_id, "customer"))

    def act(self, known: Container[str]) -> None:
        """Live through a step: those who want to follow an order do so once it is known, and some lose their connection."""
        for watch in list(self._watches.values()):
            order_id = watch.placement.order_id
            if not watch.subscribed and order_id in known:
                watch.subscribed = self._say(watch.connection, type="subscribe", order_id=order_id) is not None
                watch.reports_before = self._ledger.reports[order_id]
            elif watch.subscribed and self._random.random() < 0.02:
                self._end(watch, cut=True)
                connection = self._pipeline.open(watch.placement.wish.customer_id, "customer")
                self._watches[order_id] = Watch(watch.placement, connection)

    def hear(self, delivered: Iterable[str]) -> None:
        """React to the news that orders are delivered: rate them, and stop following them."""
        for order_id in delivered:
            placement = self._ledger.placements[order_id]
            watch = self._watches.pop(order_id, None)
            if placement.wish.rating is not None:
                connection = watch.connection if watch else self._pipeline.open(placement.wish.customer_id, "customer")
                self._rate(connection, placement)
                if watch is None:
                    self._pipeline.close_connection(connection)
            if watch:
                self._end(watch, cut=False)

    def _rate(self, connection: str, placement: Placement) -> None:
        """Rate an order; a lost answer makes some press again, and who is too late for a tip gives none."""
        message = {"type": "rating", "order_id": placement.order_id, "rating": placement.wish.rating}
        tip = placement.wish.tip_cents
        for tip_cents in (tip, tip) if self._random.random() < 0.2 else (tip,):
            answer = self._pipeline.say(connection, message | {"tip_cents": tip_cents})
            if answer.get("code") == "tip_late":
                answer = self._pipeline.say(connection, message)
            if answer["type"] == "rating":
                self._ledger.ratings[placement.order_id] = answer["rating"]
                self._ledger.tips[placement.order_id] = answer["tip_cents"]
            else:
                self._ledger.problems.append(f"a rating was answered with {answer['code']}")

    def _end(self, watch: Watch, *, cut: bool) -> None:
        order_id, customer = watch.placement.order_id, watch.placement.wish.customer_id
        reports = self._ledger.reports[order_id] - watch.reports_before if watch.subscribed else 0
        self._ledger.followings.append(Following(customer, order_id, self._pipeline.inbox(watch.connection), reports, cut))
        (self._pipeline.drop if cut else self._pipeline.close_connection)(watch.connection)

    def _say(self, connection: str, **message: Any) -> dict[str, Any] | None:
        answer: dict[str, Any] = self._pipeline.say(connection, message)
        if answer.get("type") == message["type"]:
            return answer
        if answer.get("code") != "unavailable":
            self._ledger.problems.append(f"a customer's {message['type']} was answered with {answer.get('code')}")
        return None
