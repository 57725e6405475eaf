"""A day of two cities: orders are placed, drivers bring them, customers follow and rate them, and drivers are paid.

What is going to happen is made up from a seed: who orders what and when, who moves where, whose connection is lost.
What really happens follows from what the pipeline answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tests.pipeline.customers import CustomerApps
from tests.pipeline.drivers import DriverApp
from tests.pipeline.founding import found
from tests.pipeline.ledger import Ledger
from tests.pipeline.pipeline import Pipeline
from tests.pipeline.poison import find_dead_letter_queues, put_poison
from tests.pipeline.wishes import Fate, Wish, make_wishes
from tests.pipeline.world import DRIVERS, World, make_world

MAX_UNDERWAY = 2 * DRIVERS
"""Who wants to order while so many orders are underway is asked for patience, so that nobody is without a driver."""
POISONED_STEP = 2
ROUNDS_A_STEP = 2
"""How often each source is read in a step: a minute is long for a stream."""
PATIENCE_STEPS = 30
"""After the last delivery. Then the run ends, and the accounting tells what is missing."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands after a step."""

    phase: str
    step: int
    wanted: int
    """How many orders are to be delivered in all."""
    stages: Counter[str]
    """How many orders are in each status."""
    busy_drivers: int
    drivers: int


class Scenario:
    """A run of so many orders."""

    def __init__(self, pipeline: Pipeline, orders: int = 200, seed: int = 1) -> None:
        """Plan the run; nothing happens yet."""
        self.world: World = make_world(seed)
        self.ledger = Ledger()
        self._pipeline = pipeline
        self._seed = seed
        self._wishes: list[Wish] = make_wishes(self.world, orders, seed)
        self._wanted = orders
        self._statuses: dict[str, str] = {}
        self._accepted: set[str] = set()
        self._delivered: set[str] = set()
        self._heard = 0
        self._apps: list[DriverApp] = []

    def run(self) -> Iterator[Progress]:
        """Live through it, and yield after each step."""
        found(self.world, self._pipeline)
        self.ledger.dead_letter_queues = find_dead_letter_queues(self._pipeline.wiring)
        customers = CustomerApps(self._pipeline, self.ledger, self._seed)
        self._apps = [DriverApp(driver, self._pipeline, self.ledger, self._seed) for driver in self.world.drivers]
        waiting, step, last_delivery = list(self._wishes), 0, 0
        while (waiting or len(self._delivered) < self._wanted) and step - last_delivery < PATIENCE_STEPS:
            for app in self._apps:
                app.act(step)
            # Nobody orders before the first drivers are known to be there.
            if step:
                self._place(waiting, customers, step)
                customers.act(self._statuses)
            if step == POISONED_STEP:
                put_poison(self._pipeline, self.ledger)
            for _ in range(ROUNDS_A_STEP):
                self._pipeline.pump()
            news = self._look()
            self._delivered.update(news)
            customers.hear(news)
            last_delivery = step if news or waiting else last_delivery
            step += 1
            yield self._tell("delivering", step)
        yield self._tell("clearing up", step)
        self._clear_up()
        yield self._tell("settling", step)
        self._settle()
        yield self._tell("settled", step)

    def _place(self, waiting: list[Wish], customers: CustomerApps, step: int) -> None:
        while waiting and waiting[0].step < step and self._count_underway() < MAX_UNDERWAY:
            customers.place(waiting.pop(0))

    def _count_underway(self) -> int:
        return len(list(self.ledger.expected(Fate.DELIVERED))) - len(self._delivered)

    def _look(self) -> list[str]:
        """Look at what customers and restaurants have heard since; return the orders that are delivered now."""
        news = self._pipeline.notifications[self._heard :]
        self._heard += len(news)
        for message in (each["message"] for each in news):
            self._statuses[message["order_id"]] = message["order_stage"]
        self._accepted = {handover.order["order_id"] for handover in self._pipeline.pos.orders if handover.order["stage"] == "assigned"}
        return [each["message"]["order_id"] for each in news if each["message"]["order_stage"] == "delivered"]

    def _clear_up(self) -> None:
        """Wait until what failed has been tried as often as it may be."""
        self._pipeline.settle_down()
        self._pipeline.let_time_pass()
        while self._pipeline.settle_down():
            self._pipeline.let_time_pass()

    def _settle(self) -> None:
        """Pay the drivers, and try to pay them once more."""
        days = sorted({item["delivery_date"] for item in self._pipeline.items("orders") if "delivery_date" in item})
        self.ledger.settled_days = days
        self.ledger.balances_before = self._read_balances()
        for round_number in range(2):
            for day in days:
                status = self._pipeline.settle_day(date.fromisoformat(day))
                if status != "SUCCEEDED":
                    self.ledger.problems.append(f"the settlement of {day} ended as {status}")
            if round_number == 0:
                self.ledger.balances_between = self._read_balances()
        self._pipeline.settle_down()

    def _read_balances(self) -> dict[str, int]:
        return {item["driver_id"]: int(item.get("balance_cents", 0)) for item in self._pipeline.items("driver_profiles")}

    def _tell(self, phase: str, step: int) -> Progress:
        return Progress(
            phase=phase,
            step=step,
            wanted=self._wanted,
            stages=Counter(
                "accepted" if status == "assigned" and order_id in self._accepted else status for order_id, status in self._statuses.items()
            ),
            busy_drivers=sum(bool(app.jobs) for app in self._apps),
            drivers=len(self._apps),
        )
