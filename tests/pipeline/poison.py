"""Records that can never be processed, put where they could come from: right beside what can."""

from __future__ import annotations

import json
import time
from typing import Any

from tests.pipeline.ledger import Ledger, Poison
from tests.pipeline.pipeline import Pipeline
from tests.pipeline.wiring import Wiring

_NEXT_YEAR_MS = 366 * 24 * 3600 * 1000
_POSITION = {"driver_id": "driver-00", "region": "singapore", "latitude": 1.3, "longitude": 103.8, "recorded_at": 1}

# By stream, as the environments of those who write to it call it: who reads it, and what he says of which data.
_STREAMS: dict[tuple[str, str, str], list[tuple[str, str]]] = {
    ("order_validator", "ORDERS_STREAM_NAME", "order_processor"): [
        ("no order at all", "not an order: JSONDecodeError"),
        ('{"order_id": "1"}', "not an order: KeyError"),
    ],
    ("websocket_message", "LOCATIONS_STREAM_NAME", "location_processor"): [
        ("\ufeff", "not_json"),
        (json.dumps(_POSITION | {"latitude": 90.1}), "invalid_latitude"),
        (json.dumps(_POSITION | {"recorded_at": time.time_ns() // 1_000_000 + _NEXT_YEAR_MS}), "recorded_in_the_future"),
    ],
}

# By consumer: stages, which may be none, bodies, and what he says of them.
_QUEUES: dict[str, list[tuple[str | None, str, str]]] = {
    "restaurant_consumer": [(None, "{}", "the attribute order_stage is not a stage"), ("placed", "[", "the body is not JSON")],
    "driver_consumer": [("delivered", "{}", "the stage is not one that drivers hear of"), ("assigned", "{}", "driver_id is not an id")],
    "customer_consumer": [("placed", "[]", "the body is not an order"), ("no-stage", "{}", "the attribute order_stage is not a stage")],
}

_MATCH = ({"order": {"order_id": "1"}, "candidates": "all"}, "candidates is not a list")


def find_dead_letter_queues(wiring: Wiring) -> dict[str, str]:
    """Return, by function, the name of the queue in which its poison ends."""
    queues = {}
    for role, function in wiring.functions.items():
        sources = [source for source in wiring.sources if source.function_arn == function.arn]
        arn = function.dead_letter_arn
        for source in sources:
            arn = source.failure_arn or wiring.queues[source.source_arn].dead_letter_arn
        if arn:
            queues[role] = wiring.queues[arn].name
    return queues


def put_poison(pipeline: Pipeline, ledger: Ledger) -> None:
    """Put all of it in, and note where it has to end."""
    wiring = pipeline.wiring
    kinesis, sqs = pipeline.cloud.kinesis, pipeline.cloud.sqs
    for (writer, variable, reader), records in _STREAMS.items():
        stream = wiring.functions[writer].environment[variable]
        for data, reason in records:
            # The keys of real records, whose shards it must not block.
            kinesis.put_record(StreamName=stream, PartitionKey="restaurant-00", Data=data.encode())
            _note(ledger, reader, f"{data[:20]!r} in {stream}", reason)
    for reader, messages in _QUEUES.items():
        queue = _find_queue(wiring, reader)
        for stage, body, reason in messages:
            attributes: Any = {"order_stage": {"DataType": "String", "StringValue": stage}} if stage else {}
            sqs.send_message(QueueUrl=queue.url, MessageBody=body, MessageAttributes=attributes)
            _note(ledger, reader, f"{body!r} in {queue.name}", reason)
    event, reason = _MATCH
    pipeline.calls.submit(wiring.functions["matcher"].name, event)
    _note(ledger, "matcher", "a match that is none", reason)


def _find_queue(wiring: Wiring, role: str) -> Any:
    arn = wiring.functions[role].arn
    return next(wiring.queues[source.source_arn] for source in wiring.sources if source.function_arn == arn)


def _note(ledger: Ledger, function: str, name: str, reason: str) -> None:
    ledger.poison.append(Poison(name, function, reason))
