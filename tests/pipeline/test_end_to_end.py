"""200 orders through the whole planned stack: each is placed, brought, followed, rated, reported and paid for, once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest

from tests.pipeline.accounting import Report, account
from tests.pipeline.books import Books
from tests.pipeline.observing import observe
from tests.pipeline.pipeline import start_pipeline
from tests.pipeline.scenario import Scenario
from tests.pipeline.wishes import Fate
from tests.servers import AuroraServer, RedisServer

ORDERS = 200
SEED = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run that is over."""

    scenario: Scenario
    books: Books
    report: Report


@pytest.fixture(scope="module")
def outcome(redis_cluster: RedisServer, aurora: AuroraServer) -> Outcome:
    """What a run through staging came to."""
    with start_pipeline("staging", redis=redis_cluster, aurora=aurora) as pipeline:
        scenario = Scenario(pipeline, ORDERS, SEED)
        for _ in scenario.run():
            pass
        books = observe(pipeline)
    return Outcome(scenario, books, account(scenario.world, scenario.ledger, books))


def test_every_order_is_accounted_for_once(outcome: Outcome) -> None:
    assert [] == list(map(str, outcome.report.discrepancies))
    assert (ORDERS, Counter(delivered=ORDERS)) == (outcome.report.orders, Counter(item["status"] for item in outcome.books.orders))


def test_an_order_that_gets_lost_would_be_missed(outcome: Outcome) -> None:
    books, scenario = outcome.books, outcome.scenario
    lost = books.orders.pop()

    try:
        names = set(account(scenario.world, scenario.ledger, books).names())
    finally:
        books.orders.append(lost)

    assert {"order-missing", "report-unexpected", "balance-differs"} <= names


def test_what_can_never_be_processed_is_put_away_with_its_reason(outcome: Outcome) -> None:
    reasons = {(line["function"], line["reason"]) for line in outcome.books.logged("poison_record")}

    assert {"order_processor", "location_processor", "restaurant_consumer", "driver_consumer", "customer_consumer"} <= {
        function for function, _ in reasons
    }
    assert {("matcher", "candidates is not a list"), ("image_validator", "broken_image")} <= reasons
    assert sum(outcome.books.dead_letters.values()) >= 15


def test_the_run_met_what_a_day_brings(outcome: Outcome) -> None:
    """Without repeated requests, lost connections and rising prices the run would prove little."""
    ledger, books = outcome.scenario.ledger, outcome.books
    loads: Counter[str] = Counter()
    for item in books.orders:
        loads[item["driver_id"]] += 1

    assert sum(placement.requests > 1 for placement in ledger.expected(Fate.DELIVERED)) > 10
    assert any(following.cut for following in ledger.followings)
    assert sum(len(following.messages) for following in ledger.followings) > 100
    assert {"connection_opened", "driver_not_connected"} <= {line.get("event") for line in books.logs}
    assert any(item["surge"] > 1 for item in books.orders)
    assert len(loads) > 30
    assert max(loads.values()) > 3
    assert sum(ledger.tips.values()) > 0
    assert {400, 403} <= {refusal.status for refusal in ledger.refusals}
