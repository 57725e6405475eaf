"""sendmessage: takes subscriptions, positions, order stages, photos, ratings and tips, and answers with what was asked for."""

from __future__ import annotations

import functools
import json
import os
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from shared.aws import patience
from shared.connections import ConnectionTable
from shared.observability import make_logger
from shared.order_events import write_json
from shared.refusals import RefusedError

from websocket_message.answers import Answering, unknown_connection
from websocket_message.domain import read_message
from websocket_message.settings import read_settings
from websocket_message.stores import DynamoOrders, KinesisPositions, S3Photos, UnavailableError

# A client that hears nothing for long sends again.
_PATIENCE = patience(connect_s=1, answer_s=2)

# The region's own host, not the global one, which redirects; version 4, because keys of KMS take no other signature.
_SIGNING = Config(signature_version="s3v4", s3={"addressing_style": "virtual"})

logger = make_logger("websocket_message")


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Answer one sendmessage event; the route's response carries the returned body to the client."""
    return answer_event(event, _connect(), datetime.now(UTC))


def answer_event(event: Mapping[str, Any], answering: Answering, now: datetime) -> dict[str, Any]:
    """Answer one sendmessage event: `{"type", …}` with what was done, or `{"type": "error", "of", "code", …}`."""
    body = _read_body(event)
    of = body.get("type") if isinstance(body, dict) else None
    of = of if isinstance(of, str) and len(of) <= 20 else None
    try:
        message = read_message(body, now_ms=int(now.timestamp() * 1000))
        connection = answering.connections.find(event["requestContext"]["connectionId"])
        if connection is None:
            raise unknown_connection()
        answer = answering.answer(connection, message, now)
    except RefusedError as error:
        logger.info("message refused", event="message_refused", reason=error.code)
        return _answer_error(of, error)
    except (UnavailableError, BotoCoreError, ClientError):
        logger.exception("message not processed", event="message_failed")
        return _answer_error(of, RefusedError(503, "unavailable", "This cannot be done at the moment; try again."))
    return {"statusCode": 200, "body": write_json({"type": of, **answer})}


def _answer_error(of: str | None, error: RefusedError) -> dict[str, Any]:
    return {"statusCode": error.status, "body": json.dumps({"type": "error", "of": of, **error.describe()})}


def _read_body(event: Mapping[str, Any]) -> object:
    try:
        return json.loads(event.get("body") or "")
    except (ValueError, RecursionError):
        return None


@functools.cache
def _connect() -> Answering:
    settings = read_settings(os.environ)
    dynamodb = boto3.client("dynamodb", config=_PATIENCE)
    return Answering(
        connections=ConnectionTable(dynamodb, settings.connections_table),
        orders=DynamoOrders(dynamodb, settings.orders_table, settings.driver_orders_table, ttl_attribute=settings.ttl_attribute),
        positions=KinesisPositions(boto3.client("kinesis", config=_PATIENCE), settings.locations_stream),
        photos=S3Photos(boto3.client("s3", config=_SIGNING), settings.photos_bucket),
        make_id=lambda: str(uuid.uuid4()),
    )
