"""Queue of placed and assigned orders: sends them to the restaurants' POS systems, and notes what these accept."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

import boto3
from aws_lambda_powertools.utilities.batch import EventType
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from shared.aws import patience
from shared.batches import process_batch_at_once
from shared.observability import make_logger
from shared.order_events import read_order_event
from shared.times import write_time

from restaurant_consumer.domain import Handover, read_handover
from restaurant_consumer.pos import HttpPos, Patience, Pos
from restaurant_consumer.settings import read_settings
from restaurant_consumer.stores import AcceptedOrders, DynamoOrders

# Two tries fit into the time that is kept for them after the POS system's answer.
_PATIENCE = patience(connect_s=1, answer_s=1, tries=2, max_pool_connections=10)

logger = make_logger("restaurant_consumer")


class Context(Protocol):
    """What the function asks of Lambda."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the time until the function is stopped."""


def handle(event: dict[str, Any], context: Context) -> dict[str, Any]:
    """Answer one batch of the queue with the messages that failed."""
    return send_orders(event, *_connect(), time_left=lambda: context.get_remaining_time_in_millis() / 1000)


def send_orders(event: dict[str, Any], pos: Pos, orders: AcceptedOrders, *, time_left: Callable[[], float]) -> dict[str, Any]:
    """Process the messages of a batch, all at once: one restaurant that is slow takes no time from the others.

    What could not be sent comes again with its message; a POS system that got it twice knows it by its key.
    """

    def send(record: SQSRecord) -> None:
        handover = read_handover(read_order_event(record.raw_event))
        _note_answer(handover, pos.send(handover, time_left), orders)

    return process_batch_at_once(event, EventType.SQS, send, logger=logger)


def _note_answer(handover: Handover, accepted: bool | None, orders: AcceptedOrders) -> None:
    ids: dict[str, Any] = {"order_id": handover.order_id, "restaurant_id": handover.restaurant_id}
    if accepted is None:
        # A restaurant that has accepted already need not say so again when it hears of the driver.
        orders.confirm(handover.order_id)
    elif not accepted:
        logger.warning("restaurant does not accept the order", event="order_not_accepted", **ids)
    elif orders.accept(handover.order_id, write_time(datetime.now(UTC))):
        logger.info("restaurant accepts the order", event="order_accepted", **ids)


@functools.cache
def _connect() -> tuple[Pos, AcceptedOrders]:
    settings = read_settings(os.environ)
    session = boto3.Session()
    return HttpPos(settings.pos_url, session, Patience()), DynamoOrders(session.client("dynamodb", config=_PATIENCE), settings.orders_table)
