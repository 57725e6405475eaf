"""Everything comes twice, or in another order, or with one bad record among nine good ones: it counts once all the same."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from typing import Any

import pytest

from tests.pipeline.changes import Start
from tests.pipeline.course import BODY, CENTER, Course, find_problems
from tests.pipeline.ledger import Sighting
from tests.pipeline.queues import QueueReader
from tests.pipeline.streams import StreamReader

POISON = json.dumps({"order_id": 1})


def test_each_event_of_every_function_comes_twice(start: Start) -> None:
    """Messages, batches of streams, uploads and matches: after each call that went well its event comes once more."""
    course = Course(start())
    again: Counter[str] = Counter()

    def repeat(role: str, event: Any, answer: Any) -> None:
        asynchronous = "Records" in event or role == "matcher"
        if not asynchronous:
            return
        again[role] += 1
        # The second one comes back here.
        if again[role] % 2:
            course.pipeline.functions[role].invoke(event)

    course.pipeline.faults.after_invocation.append(repeat)
    course.place(3)
    course.finish()

    assert [] == find_problems(course.report("stage-line-twice"))
    repeated = {"order_processor", "order_publisher", "analytics", "location_processor", "image_validator", "matcher"}
    assert repeated | {"restaurant_consumer", "driver_consumer", "customer_consumer"} == set(again)
    for handed_over in (course.pipeline.pos.orders, course.pipeline.notifications):
        assert len(handed_over) > 6, "the receivers were told twice, and know that by the key"


def test_each_request_and_each_message_of_a_client_comes_twice(start: Start) -> None:
    course = Course(start())
    course.insists = True
    course.place(3)
    course.finish()

    assert [] == find_problems(course.report())


def test_one_key_for_two_orders_is_poison_and_the_first_one_is_kept(start: Start) -> None:
    course = Course(start())
    course.place()
    other = {**BODY, "items": [{"sku": "soup", "quantity": 1, "price_cents": 1}]}
    assert 202 == course.pipeline.place_order("customer-00", other, {"Idempotency-Key": "key-1"}).status
    course.expect_poison("order_processor", "another order has this id")
    course.finish()

    assert [] == find_problems(course.report())


def test_messages_come_in_reverse_so_that_stages_overtake_each_other(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    course = Course(start())
    held: dict[int, list[Any]] = defaultdict(list)
    patience: Counter[int] = Counter()
    overtaken: set[str] = set()

    def deliver_backwards(reader: QueueReader) -> int:
        """Collect messages until no more come for a while, and give the function the newest ones first."""
        queue, new = id(reader), list(reader._receive())
        held[queue] += new
        patience[queue] = 0 if new else patience[queue] + 1
        if patience[queue] >= 5:
            batch, held[queue] = held[queue][:-11:-1], held[queue][:-10]
            if len({message["MessageAttributes"]["order_stage"]["StringValue"] for message in batch}) > 1:
                overtaken.add(reader._function.planned.role)
            if batch:
                reader._process(batch)
        return len(held[queue])

    monkeypatch.setattr(QueueReader, "deliver", deliver_backwards)
    course.place(4)
    course.finish()

    assert [] == find_problems(course.report())
    assert {"restaurant_consumer", "customer_consumer"} == overtaken


def test_positions_come_in_reverse_and_the_newest_one_stays(start: Start) -> None:
    course = Course(start())
    now = time.time_ns() // 1_000_000
    places = [CENTER.moved(0.01 * number, 0) for number in range(10)]
    stream = course.pipeline.wiring.functions["websocket_message"].environment["LOCATIONS_STREAM_NAME"]
    for number in reversed(range(10)):
        place = places[number]
        position = {"latitude": place.latitude, "longitude": place.longitude, "recorded_at": now + number}
        data = {"driver_id": "driver-01", "region": "singapore", **position}
        course.pipeline.cloud.kinesis.put_record(StreamName=stream, PartitionKey="driver-01", Data=json.dumps(data).encode())
        if number % 3 == 0:
            course.pipeline.settle_down()
    course.ledger.newest["driver-01"] = Sighting(places[-1], now + 9)
    course.pipeline.settle_down()

    assert [] == find_problems(course.report())


def test_one_bad_message_of_ten_is_the_only_one_that_fails(start: Start) -> None:
    course = Course(start())
    pipeline = course.pipeline
    orders = course.place(9)
    while len(pipeline.items("orders")) < len(orders):
        pipeline.pump()
    course.rest()
    queues = {
        function.planned.role: pipeline.wiring.queues[source.source_arn]
        for function in pipeline.functions.values()
        for source in pipeline.wiring.sources
        if source.function_arn == function.planned.arn and source.source_arn in pipeline.wiring.queues
    }
    stored = pipeline.items("orders")
    for role, queue in queues.items():
        bodies = [json.dumps(order, default=_number) for order in stored]
        bodies.insert(4, POISON)
        before = len(pipeline.invocations)
        for body in bodies:
            attributes = {"order_stage": {"DataType": "String", "StringValue": "assigned"}}
            pipeline.cloud.sqs.send_message(QueueUrl=queue.url, MessageBody=body, MessageAttributes=attributes)
        pipeline.pump()
        sizes = [each.records for each in pipeline.invocations[before:] if each.function == role]
        course.rest()
        reason = next(line["reason"] for line in pipeline.logs if line.get("event") == "poison_record" and line["function"] == role)
        course.expect_poison(role, reason)

        assert [10] == sizes
    course.finish()

    assert [] == find_problems(course.report())


def _number(value: Any) -> Any:
    return int(value) if value == int(value) else float(value)


def test_streams_are_read_in_batches(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """One bad record of ten in a stream: the others of its batch are processed with it, before it is given up."""
    course = Course(start())
    stream = course.pipeline.wiring.functions["order_validator"].environment["ORDERS_STREAM_NAME"]
    sizes: list[int] = []
    try_batch = StreamReader._try_batch

    def note(reader: StreamReader, shard: str, lane: Any) -> int:
        sizes.append(try_batch(reader, shard, lane))
        return sizes[-1]

    monkeypatch.setattr(StreamReader, "_try_batch", note)
    course.place(4)
    course.pipeline.cloud.kinesis.put_record(StreamName=stream, PartitionKey="restaurant-00", Data=POISON.encode())
    course.expect_poison("order_processor", "not an order: KeyError")
    course.place(5)
    course.finish()

    assert max(sizes) >= 10
    assert [] == find_problems(course.report())
