"""The local cloud runs what is planned: an order from POST to its driver's pay, and what it does when something fails."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from tests.pipeline.changes import Start
from tests.pipeline.faults import Crash
from tests.pipeline.pipeline import Refused
from tests.pipeline.simple_order import ORDER, enter, letters, locate, picture, place, statuses


def test_an_order_goes_from_the_api_to_its_customer_and_its_driver_is_paid(start: Start) -> None:
    pipeline = start()
    driver = enter(pipeline)
    order_id = place(pipeline)
    assert ["accepted"] == statuses(pipeline)
    assert [("assignment", order_id)] == [(message["type"], message["order_id"]) for message in pipeline.inbox(driver)]

    customer = pipeline.open("carla", "customer")
    assert "accepted" == pipeline.say(customer, {"type": "subscribe", "order_id": order_id})["status"]
    pipeline.say(driver, {"type": "picked_up", "order_id": order_id})
    locate(pipeline, driver)
    ticket = pipeline.say(driver, {"type": "photo_url", "order_id": order_id, "content_type": "image/jpeg"})
    pipeline.upload(ticket["url"], picture())
    pipeline.settle_down()
    pipeline.say(driver, {"type": "delivered", "order_id": order_id})
    pipeline.settle_down()
    pipeline.say(customer, {"type": "rating", "order_id": order_id, "rating": 5})
    pipeline.settle_down()

    (order,) = pipeline.items("orders")
    assert ("delivered", 5) == (order["status"], order["rating"])
    assert ticket["key"] == order["proof_of_delivery"]["key"]
    assert ["driver_location"] == [message["type"] for message in pipeline.inbox(customer)]
    assert ["placed", "assigned", "picked_up", "delivered"] == [each["message"]["order_stage"] for each in pipeline.notifications]
    assert {"https://staging.notifications.example.com/order-notifications"} == {each["endpoint"] for each in pipeline.notifications}
    assert {"https://staging.pos.example.com/r-1/orders"} == {each.url for each in pipeline.pos.orders}
    assert [(order_id, 5)] == [(row["order_id"], row["rating"]) for row in pipeline.query("SELECT * FROM analytics_orders")]

    day = datetime.fromisoformat(order["delivered_at"]).date()
    assert ["SUCCEEDED", "SUCCEEDED"] == [pipeline.settle_day(day) for _ in range(2)]
    (earned,) = pipeline.query("SELECT total_cents FROM driver_earnings")
    assert [earned["total_cents"]] == [profile["balance_cents"] for profile in pipeline.items("driver_profiles")]
    assert {} == letters(pipeline)
    assert set() == {each.error for each in pipeline.invocations} - {None}


def test_the_gateway_refuses_what_the_planned_model_refuses_before_a_function_sees_it(start: Start) -> None:
    pipeline = start()
    called = len(pipeline.invocations)

    answers = [
        pipeline.place_order("carla", {**ORDER, "items": []}),
        pipeline.place_order("carla", "no JSON"),
        pipeline.place_order(None, ORDER),
    ]

    assert [400, 400, 403] == [answer.status for answer in answers]
    assert {"*"} == {answer.headers["Access-Control-Allow-Origin"] for answer in answers}
    assert called == len(pipeline.invocations)


def test_nobody_connects_unsigned_or_as_a_driver_who_has_no_profile(start: Start) -> None:
    pipeline = start()

    refused = []
    for user, role in ((None, "customer"), ("nobody", "driver"), ("carla", "cook")):
        with pytest.raises(Refused) as caught:
            pipeline.open(user, role)
        refused.append(caught.value.answer.status)

    assert [403, 403, 400] == refused


def test_a_message_without_a_route_is_forbidden(start: Start) -> None:
    pipeline = start()
    customer = pipeline.open("carla", "customer")

    assert "Forbidden" == pipeline.say(customer, {"action": "delete"})["message"]
    assert "Forbidden" == pipeline.say(customer, "no JSON")["message"]


def test_what_is_sent_to_a_lost_connection_removes_it(start: Start) -> None:
    pipeline = start()
    driver = enter(pipeline)
    pipeline.drop(driver)

    place(pipeline)

    assert [] == pipeline.items("connections")
    assert [] == pipeline.inbox(driver)


def test_a_restaurant_out_of_order_gets_its_order_when_time_has_passed(start: Start) -> None:
    pipeline = start()
    enter(pipeline)
    pipeline.pos.behave(500)
    place(pipeline)
    assert ["assigned"] == statuses(pipeline)

    pipeline.pos.behave()
    pipeline.let_time_pass()
    pipeline.settle_down()

    assert ["accepted"] == statuses(pipeline)
    assert {} == letters(pipeline)


def test_an_order_without_a_driver_is_a_dead_letter_after_the_planned_tries(start: Start) -> None:
    pipeline = start()
    driver = enter(pipeline)
    pipeline.say(driver, {"type": "locations", "region": "berlin", "positions": []})
    pipeline.query("UPDATE restaurant_profiles SET latitude = 52.8")
    place(pipeline)
    for _ in range(3):
        pipeline.let_time_pass()
        pipeline.settle_down()

    assert 3 == sum(each.function == "matcher" for each in pipeline.invocations)
    assert {"functions-dlq": 1} == letters(pipeline)


def test_a_poison_record_is_cut_out_of_its_batch_and_leaves_a_letter_that_says_where_it_is(start: Start) -> None:
    pipeline = start()
    enter(pipeline)
    stream = pipeline.wiring.functions["order_validator"].environment["ORDERS_STREAM_NAME"]
    pipeline.place_order("carla", ORDER)
    number = pipeline.cloud.kinesis.put_record(StreamName=stream, PartitionKey="r-1", Data=b"no order")["SequenceNumber"]
    pipeline.place_order("carla", ORDER)
    pipeline.settle_down()

    assert ["accepted", "accepted"] == statuses(pipeline)
    (letter,) = pipeline.dead_letters()["tap-staging-streams-dlq"]
    place_of_it = letter["body"]["KinesisBatchInfo"]
    assert (number, number, 1) == (place_of_it["startSequenceNumber"], place_of_it["endSequenceNumber"], place_of_it["batchSize"])
    assert "no order" not in json.dumps(letter)


def test_a_function_that_dies_between_two_calls_is_called_again(start: Start) -> None:
    pipeline = start()
    enter(pipeline)
    pipeline.faults.crash_after("matcher", 1, "TransactWriteItems")
    place(pipeline)
    assert [Crash.__name__] == [each.error.partition(":")[0] for each in pipeline.invocations if each.error]

    pipeline.let_time_pass()
    pipeline.settle_down()

    assert ["accepted"] == statuses(pipeline)
    assert {} == letters(pipeline)


@pytest.mark.parametrize("server", ["redis", "aurora"])
def test_an_order_waits_for_a_server_that_is_down(start: Start, server: str) -> None:
    pipeline = start()
    enter(pipeline)
    pipeline.functions["order_processor"].restart()
    with pipeline.redis_down() if server == "redis" else pipeline.aurora_down():
        pipeline.place_order("carla", ORDER)
        pipeline.pump()
        assert [] == statuses(pipeline)

    pipeline.settle_down()

    assert ["accepted"] == statuses(pipeline)
    assert {} == letters(pipeline)


def test_a_throttled_table_is_written_when_it_takes_writes_again(start: Start) -> None:
    pipeline = start()
    enter(pipeline)
    pipeline.faults.throttle(pipeline.wiring.tables["orders"].name, 3)

    place(pipeline)

    assert ["accepted"] == statuses(pipeline)


def test_what_the_notification_service_never_took_is_a_dead_letter_of_its_subscription(start: Start) -> None:
    pipeline = start()
    enter(pipeline)
    with pipeline.notifications_down():
        order_id = place(pipeline)

    assert [] == pipeline.notifications
    assert {"external-notifications-dlq": 2} == letters(pipeline)
    (first, _) = pipeline.dead_letters()["tap-staging-external-notifications-dlq"]
    assert order_id == json.loads(first["body"]["Message"])["order_id"]
