"""Stream of the orders table: publishes each order whose status changed, with the attribute order_stage."""

from __future__ import annotations

import functools
import os
from typing import Any

import boto3
from aws_lambda_powertools.utilities.batch import EventType
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from shared.aws import PATIENCE
from shared.batches import process_batch
from shared.observability import make_logger
from shared.order_events import OrderEvent
from shared.orders import PoisonError
from shared.topics import Topic

from order_publisher.domain import find_stage
from order_publisher.settings import read_settings
from order_publisher.stores import SnsStages, StageSink

logger = make_logger("order_publisher")


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Answer one batch of the stream with the records that failed."""
    return publish_changes(event, _connect())


def publish_changes(event: dict[str, Any], sink: StageSink) -> dict[str, Any]:
    """Publish the new stages of a batch; return the records that failed, from the first of which Lambda starts anew.

    Orders go on when another one fails: a poison record at the head of a shard would take them with it in the end. What
    follows in the same order waits, so that its stages are told as they happened. What is repeated after a failure is told
    twice, which its consumers do not mind.
    """

    def publish(record: DynamoDBRecord) -> None:
        _publish_change(record, sink)

    return process_batch(event, EventType.DynamoDBStreams, publish, logger=logger, follows=_read_key)


def _publish_change(record: DynamoDBRecord, sink: StageSink) -> None:
    try:
        change = record.dynamodb
        before, after = (change.old_image, change.new_image) if change else (None, None)
    except (AttributeError, TypeError, ValueError, ArithmeticError) as error:
        raise PoisonError("the record is not a change of an item") from error
    stage = find_stage(before, after)
    if stage is None or after is None:
        return
    event = OrderEvent(stage, after)
    order_id = event.identify("order_id")
    sink.publish(event)
    logger.info("order reached a stage", event="order_stage", order_id=order_id, order_stage=stage.value)


def _read_key(record: DynamoDBRecord) -> str:
    return str(record.raw_event.get("dynamodb", {}).get("Keys"))


@functools.cache
def _connect() -> StageSink:
    return SnsStages(Topic(boto3.client("sns", config=PATIENCE), read_settings(os.environ).topic_arn))
