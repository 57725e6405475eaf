"""Locations stream: keeps each driver's newest position in driver_locations and Redis, and shows it to the customers who track it."""

from __future__ import annotations

import binascii
import functools
import os
import time
from dataclasses import dataclass
from typing import Any

import boto3
from aws_lambda_powertools.utilities.batch import EventType
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamEvent, KinesisStreamRecord
from shared.aws import patience
from shared.batches import process_batch
from shared.connections import ConnectionIndex, ConnectionTable, connect_pusher
from shared.observability import make_logger
from shared.orders import PoisonError
from shared.redis import connect_redis

from location_processor.domain import Position, choose_newest, read_position
from location_processor.settings import Settings, read_settings
from location_processor.stores import DynamoAssignments, DynamoLocations, RedisIndex
from location_processor.tracking import WORKERS, Stores, track

_PATIENCE = patience(connect_s=1, answer_s=2, max_pool_connections=WORKERS)
# A position that was not shown is replaced by the next one.
_IMPATIENCE = patience(connect_s=1, answer_s=1, tries=1, max_pool_connections=WORKERS)

logger = make_logger("location_processor")


@dataclass(frozen=True, slots=True)
class Read:
    """What the records of a batch hold, by their sequence numbers."""

    positions: dict[str, Position]
    poison: dict[str, PoisonError]


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Process one batch of the locations stream; return what failed."""
    settings, stores = _connect()
    return process_locations(event, settings, stores, now_ms=time.time_ns() // 1_000_000)


def process_locations(event: dict[str, Any], settings: Settings, stores: Stores, *, now_ms: int) -> dict[str, Any]:
    """Process the batch at a time in epoch milliseconds; return the records that failed.

    Of each driver only the newest position is processed, and only its record can fail: if all tries do, the older ones
    would be worth no more.
    """
    read = _read_records(event, now_ms)
    timely = {
        record: position
        for record, position in read.positions.items()
        if not position.is_over(now_ms=now_ms, ttl_seconds=settings.location_ttl_seconds)
    }
    newest = choose_newest(timely.values())
    outcome = track(newest.values(), stores, now_ms=now_ms)
    failures: dict[str, Exception] = {
        record: outcome.failures[position.driver_id]
        for record, position in timely.items()
        if position is newest[position.driver_id] and position.driver_id in outcome.failures
    }
    logger.info(
        "positions processed",
        event="positions_processed",
        received=len(read.positions) + len(read.poison),
        expired=len(read.positions) - len(timely),
        superseded=len(timely) - len(newest),
        failed=len(failures) + len(read.poison),
        stored=outcome.counts["stored"],
        outdated=outcome.counts["outdated"],
        pushed=outcome.counts["pushed"],
        gone=outcome.counts["gone"],
        unsent=outcome.counts["unsent"],
    )
    return _report(event, {**failures, **read.poison})


def _read_records(event: dict[str, Any], now_ms: int) -> Read:
    read = Read({}, {})
    for record in KinesisStreamEvent(event).records:
        number = record.kinesis.sequence_number
        try:
            read.positions[number] = read_position(record.kinesis.data_as_bytes(), now_ms=now_ms)
        except PoisonError as error:
            read.poison[number] = error
        except binascii.Error:
            read.poison[number] = PoisonError("not_base64")
    return read


def _report(event: dict[str, Any], failures: dict[str, Exception]) -> dict[str, Any]:
    """Return the answer that has Lambda retry what failed, after the log says why."""

    def fail(record: KinesisStreamRecord) -> None:
        failure = failures.get(record.kinesis.sequence_number)
        if failure is not None:
            raise failure

    return process_batch(event, EventType.KinesisDataStreams, fail, logger=logger)


@functools.cache
def _connect() -> tuple[Settings, Stores]:
    settings = read_settings(os.environ)
    dynamodb = boto3.client("dynamodb", config=_PATIENCE)
    return settings, Stores(
        locations=DynamoLocations(
            dynamodb, settings.locations_table, ttl_attribute=settings.ttl_attribute, ttl_seconds=settings.location_ttl_seconds
        ),
        index=RedisIndex(functools.cache(lambda: connect_redis(os.environ))),
        assignments=DynamoAssignments(dynamodb, settings.driver_orders_table),
        followers=ConnectionIndex(
            dynamodb, settings.connections_table, settings.order_index, key="order_id", ttl_attribute=settings.ttl_attribute
        ),
        channel=connect_pusher(settings.websocket_url, ConnectionTable(dynamodb, settings.connections_table), _IMPATIENCE),
    )
