"""Queue of the stages of orders: notifies the customers through the external service, and files their receipts."""

from __future__ import annotations

import functools
import os
from typing import Any

import boto3
from aws_lambda_powertools.utilities.batch import EventType
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from shared.aws import PATIENCE, patience
from shared.batches import process_batch
from shared.observability import make_logger
from shared.order_events import read_order_event
from shared.orders import Status
from shared.topics import Topic

from customer_consumer.domain import make_receipt, read_notification
from customer_consumer.settings import read_settings
from customer_consumer.stores import Notifications, Receipts, S3Receipts, SnsNotifications

# A link has to name the bucket's region, be signed with version 4, which encrypted objects ask for, and need no header.
_LINKING = patience(signature_version="s3v4", s3={"addressing_style": "virtual"}, response_checksum_validation="when_required")

logger = make_logger("customer_consumer")


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Answer one batch of the queue with the messages that failed."""
    return notify_customers(event, *_connect())


def notify_customers(event: dict[str, Any], notifications: Notifications, receipts: Receipts) -> dict[str, Any]:
    """Process the messages of a batch; return those that failed.

    A receipt is filed before anybody hears of it. A message that comes again changes nothing, and is told again under
    the same notification_id.
    """

    def notify(record: SQSRecord) -> None:
        order_event = read_order_event(record.raw_event)
        notification = read_notification(order_event)
        receipt = receipts.file(make_receipt(order_event)) if order_event.stage == Status.DELIVERED else None
        notifications.publish(notification, receipt)
        logger.info(
            "customer is notified",
            event="customer_notified",
            order_id=notification.order_id,
            order_stage=notification.stage.value,
            notification_id=notification.notification_id,
        )

    return process_batch(event, EventType.SQS, notify, logger=logger)


@functools.cache
def _connect() -> tuple[Notifications, Receipts]:
    settings = read_settings(os.environ)
    notifications = SnsNotifications(Topic(boto3.client("sns", config=PATIENCE), settings.topic_arn))
    return notifications, S3Receipts(boto3.client("s3", config=_LINKING), settings.receipts_bucket)
