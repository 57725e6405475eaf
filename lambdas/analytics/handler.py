"""Stream of the orders table: writes delivered orders to analytics_orders in Aurora, and ratings and delivery times to Redis."""

from __future__ import annotations

import functools
import os
from typing import Any

from aws_lambda_powertools.utilities.batch import EventType
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from shared.aurora import Aurora
from shared.batches import process_batch
from shared.observability import make_logger
from shared.orders import PoisonError
from shared.redis import connect_redis

from analytics.domain import Delivered, read_delivered
from analytics.stores import AuroraRecords, Ratings, Records, RedisRatings

logger = make_logger("analytics")


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Learn from a batch of records; return those that failed."""
    records, ratings = _connect()
    return analyze(event, records, ratings)


def analyze(event: dict[str, Any], records: Records, ratings: Ratings) -> dict[str, Any]:
    """Record and count the delivered orders of a batch; return the records that failed.

    A stream comes back from the first failed record on: after a fault that may pass, the others need not wait for it, too.
    """

    def learn(record: DynamoDBRecord) -> None:
        _learn(_read(record), records, ratings)

    return process_batch(event, EventType.DynamoDBStreams, learn, logger=logger, follows=lambda _: None)


def _read(record: DynamoDBRecord) -> Delivered:
    try:
        image = (record.dynamodb and record.dynamodb.new_image) or {}
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise PoisonError("the record has no readable image") from error
    return read_delivered(image)


def _learn(delivered: Delivered, records: Records, ratings: Ratings) -> None:
    records.record(delivered)
    if ratings.count(delivered):
        logger.info(
            "order delivered",
            event="order_delivered",
            order_id=delivered.order_id,
            restaurant_id=delivered.restaurant_id,
            delivery_minutes=float(delivered.minutes),
        )


@functools.cache
def _connect() -> tuple[AuroraRecords, RedisRatings]:
    return AuroraRecords(Aurora(os.environ)), RedisRatings(connect_redis(os.environ))
