"""The local cloud runs what is planned: an order from POST to delivered, and what breaks it when the plan is another one."""

from __future__ import annotations

import copy
import io
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from tests.pipeline.applied import plan_as_applied
from tests.pipeline.faults import Crash
from tests.pipeline.pipeline import Pipeline, Refused, start_pipeline
from tests.pipeline.refusals import RefusedPlanError
from tests.servers import AuroraServer, RedisServer

ORDER = {
    "customer_id": "carla",
    "restaurant_id": "r-1",
    "region": "berlin",
    "destination": {"latitude": 52.53, "longitude": 13.41},
    "items": [{"sku": "soup", "quantity": 2, "price_cents": 450}],
}
RESTAURANT = ("r-1", "Soups", "berlin", 52.52, 13.405, True, 15)

Plan = dict[str, Any]
Start = Callable[..., Pipeline]
"""Starts a pipeline by the plan of staging, but for what a function does to it; keyword arguments are addresses to change."""


@pytest.fixture(scope="session")
def plan() -> Mapping[str, Any]:
    return plan_as_applied("staging")


@pytest.fixture
def start(plan: Mapping[str, Any], redis_cluster: RedisServer, aurora: AuroraServer) -> Iterator[Start]:
    with ExitStack() as stack:

        def run(address: str | None = None, change: Callable[[Plan], None] | None = None) -> Pipeline:
            planned = plan if address is None or change is None else changed(plan, address, change)
            running: AbstractContextManager[Pipeline] = start_pipeline(plan=planned, redis=redis_cluster, aurora=aurora)
            return stack.enter_context(running)

        yield run


def changed(plan: Mapping[str, Any], address: str, change: Callable[[Plan], None]) -> Mapping[str, Any]:
    """Return the plan with one resource changed in place by a function."""
    (entry,) = (each for each in plan["resource_changes"] if each["address"] == address)
    other = copy.deepcopy(entry)
    change(other["change"]["after"])
    return {**plan, "resource_changes": [other if each is entry else each for each in plan["resource_changes"]]}


def setting(**values: Any) -> Callable[[Plan], None]:
    """Return what sets attributes of a planned resource."""
    return lambda resource: resource.update(values)


def enter(pipeline: Pipeline) -> str:
    """Enter a restaurant, the prices and a driver, who connects and sends a position; return the driver's connection."""
    pipeline.query(
        "INSERT INTO restaurant_profiles (restaurant_id, name, region, latitude, longitude, open, preparation_minutes) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s)",
        *RESTAURANT,
    )
    pipeline.query(
        "INSERT INTO pricing_rules (region, valid_from, base_cents, per_km_cents, per_minute_cents, surge_share) "
        "VALUES ('berlin', '2020-01-01', 250, 80, 15, 0.5)"
    )
    pipeline.put("driver_profiles", {"driver_id": "dora"})
    driver = pipeline.open("dora", "driver")
    locate(pipeline, driver)
    pipeline.settle_down()
    return driver


def locate(pipeline: Pipeline, driver: str) -> None:
    """Have the driver tell where he is."""
    position = {"latitude": 52.521, "longitude": 13.406, "recorded_at": time.time_ns() // 1_000_000}
    pipeline.say(driver, {"type": "locations", "region": "berlin", "positions": [position]})


def place(pipeline: Pipeline) -> str:
    """Place the order, see what comes of it, and return its id."""
    answer = pipeline.place_order("carla", ORDER)
    assert 202 == answer.status
    pipeline.settle_down()
    return str(answer.body["order_id"])


def statuses(pipeline: Pipeline) -> list[str]:
    return [item["status"] for item in pipeline.items("orders")]


def letters(pipeline: Pipeline) -> dict[str, int]:
    """Return how many dead letters there are, by the ends of the queues' names."""
    return {name.removeprefix("tap-staging-"): len(found) for name, found in pipeline.dead_letters().items() if found}


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 48)).save(stream, "JPEG")
    return stream.getvalue()


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


STAGES = 'aws_lambda_event_source_mapping.stream["stages"]'


@pytest.mark.parametrize(
    ("address", "change", "status"),
    [
        pytest.param(
            STAGES,
            setting(filter_criteria=[{"filter": [{"pattern": '{"eventName": ["REMOVE"]}'}]}]),
            "assigned",
            id="a filter that nothing passes",
        ),
        pytest.param(STAGES, setting(enabled=False), "assigned", id="a source that is off"),
        pytest.param(STAGES, setting(starting_position="LATEST"), "accepted", id="nothing: the stream was empty"),
        pytest.param(
            'aws_sns_topic_subscription.consumer["restaurant"]',
            setting(filter_policy='{"order_stage": ["delivered"]}'),
            "assigned",
            id="a filter policy of another stage",
        ),
        pytest.param(
            'aws_sns_topic_subscription.consumer["restaurant"]',
            setting(raw_message_delivery=False),
            "assigned",
            id="messages in envelopes",
        ),
        pytest.param(
            'aws_lambda_function.this["order_processor"]',
            lambda function: function["environment"][0]["variables"].pop("MATCHING"),
            None,
            id="a variable that is missing",
        ),
        pytest.param(
            'aws_lambda_function.this["order_processor"]',
            lambda function: function["environment"][0]["variables"].update(MATCHER_FUNCTION="tap-staging-other"),
            "placed",
            id="a function of another name",
        ),
        pytest.param(
            'aws_lambda_function.this["restaurant_consumer"]',
            lambda function: function["environment"][0]["variables"].update(
                POS_URL=function["environment"][0]["variables"]["POS_URL"].replace("/v1/", "/v2/")
            ),
            "assigned",
            id="a stage that is not there",
        ),
    ],
)
def test_an_order_gets_only_as_far_as_the_plan_carries_it(
    start: Start, address: str, change: Callable[[Plan], None], status: str | None
) -> None:
    pipeline = start(address, change)
    enter(pipeline)

    place(pipeline)

    assert ([] if status is None else [status]) == statuses(pipeline)


@pytest.mark.parametrize(
    ("address", "change", "problem"),
    [
        pytest.param(
            'aws_sqs_queue.consumer["driver"]',
            setting(visibility_timeout_seconds=29),
            "tap-staging-driver-assignments is visible after 29 s, and tap-staging-driver-consumer may take 30 s",
            id="a visibility timeout shorter than the function's",
        ),
        pytest.param(
            'aws_sns_topic_subscription.consumer["driver"]',
            setting(endpoint="arn:aws:sqs:us-east-1:123456789012:tap-staging-streams-dlq"),
            "tap-staging-streams-dlq takes nothing from arn:aws:sns:us-east-1:123456789012:tap-staging-order-events",
            id="a queue that does not let the topic in",
        ),
        pytest.param(
            "aws_lambda_permission.delivery_photos",
            setting(source_account="210987654321"),
            "tap-staging-delivery-photos-123456789012 may not call "
            "arn:aws:lambda:us-east-1:123456789012:function:tap-staging-image-validator",
            id="a bucket that may not call its function",
        ),
        pytest.param(
            STAGES,
            setting(filter_criteria=[{"filter": [{"pattern": '{"eventName": [{"starts-with": "I"}]}'}]}]),
            "the filter of arn:aws:dynamodb:us-east-1:123456789012:table/tap-staging-orders/stream/2024-01-01T00:00:00.000: "
            '$.eventName: {"starts-with": "I"} is no comparison',
            id="a filter of no known form",
        ),
    ],
)
def test_a_plan_that_aws_would_refuse_does_not_start(start: Start, address: str, change: Callable[[Plan], None], problem: str) -> None:
    with pytest.raises(RefusedPlanError) as refused:
        start(address, change)

    assert problem == str(refused.value)


def test_an_api_that_may_not_call_its_function_answers_for_it(start: Start) -> None:
    pipeline = start("aws_lambda_permission.rest", setting(source_arn="arn:aws:execute-api:us-east-1:123456789012:other/v1/POST/orders"))

    answer = pipeline.place_order("carla", ORDER)

    assert (500, {"message": "Internal server error"}) == (answer.status, answer.body)


def test_a_photo_outside_the_notified_prefix_is_never_looked_at(start: Start) -> None:
    def move(notification: Plan) -> None:
        notification["lambda_function"][0]["filter_prefix"] = "pictures/"

    pipeline = start('aws_s3_bucket_notification.this["delivery_photos"]', move)
    driver = enter(pipeline)
    order_id = place(pipeline)
    pipeline.say(driver, {"type": "picked_up", "order_id": order_id})
    pipeline.upload(pipeline.say(driver, {"type": "photo_url", "order_id": order_id, "content_type": "image/jpeg"})["url"], picture())
    pipeline.settle_down()

    assert [False] == ["proof_of_delivery" in order for order in pipeline.items("orders")]


def test_a_schedule_that_is_off_settles_nothing(start: Start) -> None:
    pipeline = start("aws_cloudwatch_event_rule.earnings", setting(state="DISABLED"))

    assert "NEVER_STARTED" == pipeline.settle_day(datetime.now(UTC).date() - timedelta(days=1))
