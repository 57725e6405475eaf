"""What can never be processed ends in the dead letters that are planned for it, with its reason in the log, and alone."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest

from tests.pipeline.changes import Start
from tests.pipeline.course import BODY, Course, find_problems
from tests.pipeline.pipeline import Refused

HUGE_NEST = "[" * 20_000
YEAR_MS = 366 * 24 * 3600 * 1000

ORDER = {**BODY, "order_id": "bad", "total_cents": 900, "placed_at": "2026-01-01T00:00:00.000Z"}
ITEM: dict[str, Any] = {"sku": "soup", "quantity": 1, "price_cents": 900}


def _change(base: Mapping[str, Any], **changes: Any) -> str:
    return json.dumps({**base, **changes})


ORDERS: list[tuple[str, str]] = [
    ("no order at all", "not an order: JSONDecodeError"),
    (HUGE_NEST, "not an order: ValueError"),
    ("[]", "not an order: TypeError"),
    ('{"order_id": "1"}', "not an order: KeyError"),
    (_change(ORDER, order_id=5), "not an order: an id is none"),
    (_change(ORDER, customer_id=""), "not an order: an id is none"),
    (_change(ORDER, region="\u0000\u202e"), "not an order: an id is none"),
    (_change(ORDER, destination=[1.3, 103.8]), "not an order: TypeError"),
    (_change(ORDER, destination={"latitude": 90.01, "longitude": 103.84}), "not an order: ValueError"),
    (_change(ORDER, destination={"latitude": float("nan"), "longitude": 103.84}), "not an order: ValueError"),
    (_change(ORDER).replace("1.305123", "1e999999999"), "not an order: ValueError"),
    (_change(ORDER, destination={"latitude": -1.3, "longitude": -103.84}), "the destination is too far from the restaurant"),
    (_change(ORDER, placed_at="tomorrow"), "not an order: ValueError"),
    (_change(ORDER, placed_at="2999-01-01T00:00:00.000Z"), "placed_at is in the future"),
    (_change(ORDER, total_cents=0, items=[{**ITEM, "price_cents": 0}]), "not an order: its total is not the sum of its items"),
    (_change(ORDER, total_cents=-900, items=[{**ITEM, "price_cents": -900}]), "not an order: its total is not the sum of its items"),
    (_change(ORDER, total_cents=10**30), "not an order: its total is not the sum of its items"),
    (_change(ORDER, total_cents=2000, items=[{**ITEM, "price_cents": 1, "sku": "x" * 190}] * 2000), "DynamoDB takes no such order"),
    (_change(ORDER, restaurant_id="restaurant-of-nobody"), "the restaurant is unknown"),
    (_change(ORDER, region="berlin"), "the restaurant is in another region"),
]

POSITION = {"driver_id": "driver-00", "region": "singapore", "latitude": 1.3, "longitude": 103.8, "recorded_at": 1}

POSITIONS: list[tuple[str, str]] = [
    ("\ufeff", "not_json"),
    (HUGE_NEST, "not_json"),
    ("null", "not_an_object"),
    (_change(POSITION, driver_id=None), "invalid_driver_id"),
    (_change(POSITION, driver_id="x" * 200_000), "invalid_driver_id"),
    (_change(POSITION, latitude="1.3"), "invalid_latitude"),
    (_change(POSITION, latitude=90.1), "invalid_latitude"),
    (_change(POSITION, longitude=-180.1), "invalid_longitude"),
    (_change(POSITION, longitude=float("inf")), "invalid_longitude"),
    (_change(POSITION, region="{singapore}"), "invalid_region"),
    (_change(POSITION, recorded_at=True), "invalid_recorded_at"),
    (_change(POSITION, recorded_at=-1), "invalid_recorded_at"),
    (_change(POSITION, recorded_at=time.time_ns() // 1_000_000 + YEAR_MS), "recorded_in_the_future"),
]

Messages = list[tuple[str | None, str, str]]
"""Stages, bodies and reasons."""

KNOWN = {**ORDER, "driver_id": "driver-00", "pickup": BODY["destination"], "delivered_at": "2026-01-01T00:10:00.000Z"}

ANYBODY: Messages = [
    (None, "{}", "the attribute order_stage is not a stage"),
    ("cooked", "{}", "the attribute order_stage is not a stage"),
    ("placed", "[", "the body is not JSON"),
    ("placed", HUGE_NEST, "the body is not JSON"),
    ("assigned", '{"n": 1e999999999}', "the body is not JSON"),
    ("assigned", "[]", "the body is not an order"),
    ("assigned", _change(KNOWN, order_id={"S": "1"}), "order_id is not an id"),
]
QUEUES: dict[str, Messages] = {
    "restaurant_consumer": [
        *ANYBODY,
        ("placed", _change(KNOWN, restaurant_id="\n"), "restaurant_id is not an id"),
        ("placed", _change(KNOWN, order_id="nobody's"), "the order is not stored"),
    ],
    "driver_consumer": [
        *((stage, body, reason) for stage, body, reason in ANYBODY if stage != "placed"),
        ("delivered", _change(KNOWN), "the stage is not one that drivers hear of"),
        ("assigned", _change(KNOWN, driver_id=7), "driver_id is not an id"),
    ],
    "customer_consumer": [
        *ANYBODY,
        ("placed", _change(KNOWN, customer_id="x" * 1000), "customer_id is not an id"),
        ("delivered", _change(KNOWN, items=[]), "the order has no items"),
        ("delivered", _change(KNOWN, items=[{**ITEM, "quantity": 0}]), "an item has no amount"),
        ("delivered", _change(KNOWN, items=[{**ITEM, "price_cents": -1}]), "an item has no amount"),
        ("delivered", _change(KNOWN, total_cents=1), "the order's total is not the sum of its items"),
    ],
}

MATCH: dict[str, Any] = {"order": {"order_id": "1", "destination": BODY["destination"]}, "pickup": BODY["destination"], "region": "x"}

CALLS: list[tuple[str, Any, str]] = [
    ("matcher", [], "event is not an object"),
    ("matcher", MATCH, "candidates is not a list"),
    ("matcher", {**MATCH, "candidates": [7]}, "candidate is not an object"),
    ("matcher", {**MATCH, "candidates": [], "pickup": {"latitude": 91, "longitude": 0}}, "latitude is not a number from -90 to 90"),
    ("image_validator", {"Records": "all"}, "malformed_event"),
    ("image_validator", {"Records": []}, "malformed_event"),
]


def _send(course: Course, function: str, messages: Messages) -> None:
    wiring = course.pipeline.wiring
    arn = wiring.functions[function].arn
    (queue,) = (wiring.queues[source.source_arn] for source in wiring.sources if source.function_arn == arn)
    for stage, body, reason in messages:
        attributes: Any = {"order_stage": {"DataType": "String", "StringValue": stage}} if stage else {}
        course.pipeline.cloud.sqs.send_message(QueueUrl=queue.url, MessageBody=body, MessageAttributes=attributes)
        course.expect_poison(function, reason, body[:50])


def _write(course: Course, writer: str, variable: str, reader: str, records: list[tuple[str, str]]) -> None:
    stream = course.pipeline.wiring.functions[writer].environment[variable]
    for number, (data, reason) in enumerate(records):
        # Some have the key of good records, whose lane they must not block.
        key = f"{'restaurant' if reader == 'order_processor' else 'driver'}-{number % 6:02d}"
        course.pipeline.cloud.kinesis.put_record(StreamName=stream, PartitionKey=key, Data=data.encode())
        course.expect_poison(reader, reason, data[:50])


def test_poison_in_every_stream_and_queue_takes_nobody_with_it(start: Start) -> None:
    course = Course(start())
    course.place()
    _write(course, "order_validator", "ORDERS_STREAM_NAME", "order_processor", ORDERS)
    _write(course, "websocket_message", "LOCATIONS_STREAM_NAME", "location_processor", POSITIONS)
    course.place()
    course.pipeline.pump()
    for function, messages in QUEUES.items():
        _send(course, function, messages)
    for function, event, reason in CALLS:
        course.pipeline.calls.submit(course.pipeline.wiring.functions[function].name, event)
        course.expect_poison(function, reason)
    course.place()
    course.finish()

    # The restaurant took the order that is stored nowhere, before anybody could know.
    assert [] == find_problems(course.report("handover-unexpected"))


def test_poison_in_the_table_of_orders_takes_nobody_with_it(start: Start) -> None:
    """Somebody wrote it there by hand: the publisher cannot tell it to anybody, and analytics cannot understand it."""
    course = Course(start())
    pipeline = course.pipeline
    course.place()
    pipeline.put("orders", {**_stored("large"), "status": "placed", "note": "x" * 300_000})
    pipeline.put("orders", {"order_id": "bare", "status": "picked_up"})
    course.place()
    course.rest()
    pipeline.put("orders", {"order_id": "bare", "status": "delivered"})
    course.expect_poison("order_publisher", "the topic takes no such message")
    course.expect_poison("analytics", "restaurant_id is not a name")
    course.expect_poison("customer_consumer", "customer_id is not an id")
    course.rest()
    for order_id in ("large", "bare"):
        pipeline.cloud.tables.Table(pipeline.wiring.tables["orders"].name).delete_item(Key={"order_id": order_id})
    course.finish()

    # The bare one was published, and what came after the large one, with every try of it, again.
    assert [] == find_problems(course.report("stage-line-unexpected", "stage-line-twice"))


def _stored(order_id: str) -> dict[str, Any]:
    return {"order_id": order_id, "customer_id": "customer-00", "restaurant_id": "restaurant-00", "region": "singapore"}


def test_a_photo_that_is_none_is_put_away_and_the_next_one_is_the_proof(start: Start) -> None:
    course = Course(start())
    course.spoiled_photos = [(b"GIF89a of a cat", "broken_image"), (b"", "empty"), (b"\xff\xd8\xff\xe0 cut", "broken_image")]
    course.place()
    course.finish()

    assert [] == find_problems(course.report())
    assert 3 == course.report().poison


REFUSED: list[Any] = [
    "{not json",
    HUGE_NEST,
    "[]",
    '"text"',
    "null",
    {},
    {**BODY, "restaurant_id": "x" * 5_000_000},
    {**BODY, "items": [{**ITEM}] * 5000},
    {**BODY, "items": {"sku": "soup"}},
    {**BODY, "items": [{**ITEM, "quantity": 0}]},
    {**BODY, "items": [{**ITEM, "quantity": 1.5}]},
    {**BODY, "items": [{**ITEM, "price_cents": -1}]},
    {**BODY, "items": [{**ITEM, "price_cents": 0}]},
    {**BODY, "items": [{**ITEM, "price_cents": 10**40}]},
    {**BODY, "items": [{**ITEM, "sku": "\u202enuos\u0000"}]},
    {**BODY, "destination": {"latitude": 91, "longitude": 0}},
    {**BODY, "destination": {"latitude": float("nan"), "longitude": 0}},
    {**BODY, "destination": {"latitude": True, "longitude": "0"}},
    {**BODY, "region": ["singapore"]},
    {**BODY, "customer_id": "somebody else"},
]


def test_a_request_that_makes_no_sense_is_refused_clearly(start: Start) -> None:
    pipeline = start()
    for body in REFUSED:
        answer = pipeline.place_order("customer-00", body)

        assert answer.status in {400, 403}, body
        assert "*" == answer.headers["Access-Control-Allow-Origin"]
        assert "message" in answer.body
        _check_told_nothing(answer.body)
    assert 0 == pipeline.settle_down()


MESSAGES: list[Any] = [
    "{not json",
    HUGE_NEST,
    '{"action": "sendmessage"}',
    {"type": ["locations"]},
    {"type": "locations", "region": "{x}", "positions": [POSITION]},
    {"type": "locations", "region": "singapore", "positions": []},
    {"type": "locations", "region": "singapore", "positions": [{**POSITION, "latitude": 91}]},
    {"type": "locations", "region": "singapore", "positions": [{**POSITION, "recorded_at": time.time_ns() // 1_000_000 + YEAR_MS}]},
    {"type": "locations", "region": "singapore", "positions": [POSITION] * 300},
    {"type": "delivered", "order_id": "nobody's"},
    {"type": "picked_up", "order_id": {"S": "1"}},
    {"type": "photo_url", "order_id": "nobody's", "content_type": "image/svg+xml"},
    {"type": "rating", "order_id": "nobody's", "rating": 0, "tip_cents": -1},
    {"type": "rating", "order_id": "nobody's", "rating": 10**40},
    {"type": "subscribe", "order_id": "<script>alert(1)</script>"},
]


def test_a_message_that_makes_no_sense_is_refused_clearly(start: Start) -> None:
    course = Course(start())
    pipeline = course.pipeline
    connections = [pipeline.open("driver-00", "driver"), pipeline.open("customer-00", "customer")]
    for connection in connections:
        for message in MESSAGES:
            answer = pipeline.say(connection, message)

            assert answer.get("type") == "error" or answer["message"] == "Forbidden", message
            _check_told_nothing(answer)
    with pytest.raises(Refused) as refused:
        pipeline.open("nobody", "driver")
    assert 403 == refused.value.answer.status
    assert 0 == pipeline.settle_down()
    assert [] == find_problems(course.report())
    with pytest.raises(ConnectionError, match="too long"):
        pipeline.say(connections[0], {"type": "subscribe", "order_id": "x" * 200_000})


def _check_told_nothing(body: Any) -> None:
    """No stack trace, and nothing of what runs behind."""
    text = json.dumps(body)
    assert not any(word in text for word in ("Traceback", ".py", "arn:", "errorType", "Internal server error")), text
