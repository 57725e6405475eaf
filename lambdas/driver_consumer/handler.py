"""Queue of assigned orders: counts the driver's workload, and sends him the assignment."""

from __future__ import annotations

import functools
import os
import time
from typing import Any

import boto3
from aws_lambda_powertools.utilities.batch import EventType
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from shared.aws import PATIENCE
from shared.batches import process_batch
from shared.connections import ConnectionIndex, ConnectionTable, connect_pusher
from shared.observability import make_logger
from shared.order_events import read_order_event

from driver_consumer.domain import read_assignment
from driver_consumer.settings import read_settings
from driver_consumer.stores import Counted, Drivers, DynamoWorkload, WebSocketDrivers, Workload

logger = make_logger("driver_consumer")


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Answer one batch of the queue with the messages that failed."""
    return assign_drivers(event, *_connect())


def assign_drivers(event: dict[str, Any], workload: Workload, drivers: Drivers) -> dict[str, Any]:
    """Process the messages of a batch; return those that failed.

    A message whose sending failed is counted already when it comes again: it is only sent then. A driver without a
    connection is no failure: the assignment stays in the table, where it is active until it is delivered.
    """

    def assign(record: SQSRecord) -> None:
        assignment = read_assignment(read_order_event(record.raw_event))
        ids: dict[str, Any] = {"order_id": assignment.order_id, "driver_id": assignment.driver_id}
        if workload.count(assignment) is Counted.OVER:
            logger.info("assignment is over already", event="assignment_over", **ids)
        elif told := drivers.tell(assignment):
            logger.info("driver was told", event="driver_told", connections=told, **ids)
        else:
            logger.warning("driver is not connected", event="driver_not_connected", **ids)

    return process_batch(event, EventType.SQS, assign, logger=logger)


@functools.cache
def _connect() -> tuple[Workload, Drivers]:
    settings = read_settings(os.environ)
    dynamodb = boto3.client("dynamodb", config=PATIENCE)
    index = ConnectionIndex(dynamodb, settings.connections_table, settings.user_index, key="user_id", ttl_attribute=settings.ttl_attribute)
    pusher = connect_pusher(settings.websocket_url, ConnectionTable(dynamodb, settings.connections_table))
    return DynamoWorkload(dynamodb, settings.driver_orders_table), WebSocketDrivers(index, pusher, time.time)
