"""Servers and services that are down, slow, or refuse: before an order comes, in its middle, and after it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date

import pytest
from restaurant_consumer.pos import Patience

from tests.pipeline.changes import Start
from tests.pipeline.course import Course, find_problems
from tests.pipeline.faults import Call
from tests.pipeline.pipeline import Pipeline
from tests.pipeline.simple_order import letters

WRITERS = {
    "orders": ("order_processor", "matcher", "restaurant_consumer", "websocket_message", "image_validator"),
    "driver_orders": ("matcher", "driver_consumer", "websocket_message"),
    "driver_locations": ("location_processor",),
    "driver_profiles": ("earnings_settler",),
    "connections": ("websocket_connect", "websocket_message", "websocket_disconnect"),
}
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}


@pytest.mark.parametrize("table", WRITERS)
def test_a_table_that_is_throttled_is_written_by_everybody_in_the_end(start: Start, table: str) -> None:
    course = Course(start())
    name = course.pipeline.wiring.tables[table].name
    refused = _throttle_each_writer_once(course.pipeline, name)
    course.place(2)
    course.finish()

    assert [] == find_problems(course.report())
    assert set(WRITERS[table]) == refused


def _throttle_each_writer_once(pipeline: Pipeline, table: str) -> set[str]:
    """Have the first write of each function to a table refused; return the functions, as they are refused."""
    refused: set[str] = set()

    def throttle(call: Call) -> None:
        if call.action in WRITES and table in str(call.parameters) and call.function not in refused:
            refused.add(call.function)
            pipeline.faults.throttle(table, 1)

    pipeline.faults.before_call.insert(0, throttle)
    return refused


Down = Callable[[Pipeline], ExitStack]


def _redis(pipeline: Pipeline) -> ExitStack:
    stack = ExitStack()
    stack.enter_context(pipeline.redis_down())
    return stack


def _aurora(pipeline: Pipeline) -> ExitStack:
    stack = ExitStack()
    stack.enter_context(pipeline.aurora_down())
    return stack


def _both(pipeline: Pipeline) -> ExitStack:
    stack = _redis(pipeline)
    stack.enter_context(pipeline.aurora_down())
    return stack


@pytest.mark.parametrize(("down", "cold"), [(_redis, True), (_aurora, True), (_both, False)])
def test_orders_wait_for_servers_that_are_down_when_they_are_placed(start: Start, down: Down, cold: bool) -> None:
    course = Course(start())
    course.place()
    course.pipeline.settle_down()
    if cold:
        course.pipeline.redis.delete("profile:{restaurant-00}")
        for function in course.pipeline.functions.values():
            function.restart()
    with down(course.pipeline):
        course.place(2)
        course.pipeline.pump()
        course.pipeline.pump()
    course.finish()

    assert [] == find_problems(course.report())


@pytest.mark.parametrize(
    ("function", "down", "call"),
    [
        ("order_processor", _redis, 3),
        ("order_processor", _aurora, 3),
        ("matcher", _redis, 3),
        ("location_processor", _redis, 1),
        ("analytics", _redis, 3),
        ("analytics", _aurora, 3),
        ("earnings_settler", _aurora, 3),
    ],
)
def test_a_batch_is_finished_whose_server_goes_down_in_its_middle(start: Start, function: str, down: Down, call: int) -> None:
    """It goes with the function's so manieth call to a server, when something of the batch is done, and comes back soon after."""
    course = Course(start())
    course.place(2)
    calls: list[str] = []
    with ExitStack() as outage:

        def go_down(made: Call) -> None:
            if made.function == function and made.service in {"redis", "aurora"}:
                calls.append(made.action)
                if len(calls) == call:
                    course.pipeline.faults.before_call.remove(go_down)
                    outage.enter_context(down(course.pipeline))

        course.pipeline.faults.before_call.append(go_down)
        course.pipeline.faults.before_invocation.append(lambda role, event: outage.close())
        course.finish()

    assert [] == find_problems(course.report("driver_settled-line-missing"))
    assert call == len(calls)


def test_drivers_are_paid_while_redis_is_down(start: Start) -> None:
    course = Course(start())
    course.place(2)
    course.deliver()
    with course.pipeline.redis_down():
        course.settle()

    assert [] == find_problems(course.report())


def test_drivers_are_paid_as_soon_as_aurora_is_back(start: Start) -> None:
    course = Course(start())
    course.place(2)
    course.deliver()
    with course.pipeline.aurora_down():
        status = course.pipeline.settle_day(date.fromisoformat(course.pipeline.items("orders")[0]["delivery_date"]))
    course.settle()

    assert "FAILED" == status
    assert [] == find_problems(course.report())


def test_drivers_whose_connections_are_gone_ask_for_their_orders(start: Start) -> None:
    course = Course(start())
    course.place(3)
    course.drop_drivers()
    course.pipeline.settle_down()
    known = {connection["user_id"] for connection in course.pipeline.items("connections")}
    busy = {order["driver_id"] for order in course.pipeline.items("orders")}
    course.come_back()
    course.finish()

    assert (set(), True) == (known & busy, bool(busy))
    assert [] == find_problems(course.report())


def test_a_customer_whose_connection_is_gone_holds_nobody_up(start: Start) -> None:
    course = Course(start())
    course.drops_customers = True
    course.place(2)
    course.finish()

    assert [] == find_problems(course.report())
    assert {each["role"] for each in course.pipeline.items("connections")} == {"driver"}


@pytest.mark.parametrize("answer", [500, 503, 429, 408, "silence"])
def test_restaurants_that_are_out_of_order_get_each_order_once_they_are_back(
    start: Start, monkeypatch: pytest.MonkeyPatch, answer: int | str
) -> None:
    monkeypatch.setattr("restaurant_consumer.handler.Patience", lambda: Patience(connect=0.2, read=0.2, pause=0.01))
    course = Course(start())
    course.pipeline.functions["restaurant_consumer"].restart()
    course.pipeline.pos.behave(200 if isinstance(answer, str) else answer, silent=answer == "silence")
    course.place(2)
    course.pipeline.settle_down()
    asked, taken = course.pipeline.pos.asked, list(course.pipeline.pos.orders)
    course.pipeline.pos.behave()
    course.finish()

    assert [] == taken
    assert asked > 4
    assert [] == find_problems(course.report())


@pytest.mark.parametrize("status", [400, 404])
def test_what_a_restaurant_refuses_for_good_is_a_dead_letter_and_its_driver_brings_it_all_the_same(start: Start, status: int) -> None:
    course = Course(start())
    course.pipeline.pos.behave(status)
    course.place()
    course.rest()
    for _ in ("placed", "assigned"):
        course.expect_poison("restaurant_consumer", f"the POS system answered {status}")
    course.finish()

    assert [] == find_problems(course.report("order-not-accepted", "handover-missing", "order_accepted-line-missing"))


def test_what_a_notification_service_that_is_down_misses_is_put_away_and_all_else_is_done(start: Start) -> None:
    course = Course(start())
    with course.pipeline.notifications_down():
        course.place(2)
        course.deliver()
    course.settle()

    assert {"external-notifications-dlq": 8} == letters(course.pipeline)
    assert [] == find_problems(course.report("notification-missing", "dead-letter-unexpected"))
    missed = {letter["body"]["MessageId"] for letter in course.pipeline.dead_letters()["tap-staging-external-notifications-dlq"]}
    assert 8 == len(missed)
