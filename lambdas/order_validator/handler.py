"""POST /orders: answers 202 with the order's id, or why the order is not taken.

The status is 400 with all that is wrong, 403 for an order that is not the signer's own, or 503 when the stream takes
nothing. The body of these has a `code` for programs, a `message` for people and, with 400, the `problems` by field.
"""

from __future__ import annotations

import base64
import binascii
import functools
import json
import os
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
from shared.aws import PATIENCE
from shared.identity import identify_user
from shared.observability import make_logger
from shared.refusals import RefusedError
from shared.times import write_time

from order_validator.domain import refuse_order, validate_order
from order_validator.settings import Settings, read_settings
from order_validator.stores import KinesisOrders, OrderSink, OrdersUnavailableError

_IDEMPOTENCY_KEY = "idempotency-key"

logger = make_logger("order_validator")


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Answer one REST API proxy event."""
    settings, sink = _connect()
    return place_order(event, settings, sink)


def place_order(event: Mapping[str, Any], settings: Settings, sink: OrderSink) -> dict[str, Any]:
    """Check the order in a REST API proxy event, pass it on, and return the proxy answer."""
    try:
        user_id = identify_user(event)
        order = validate_order(
            _read_body(event),
            user_id=user_id,
            idempotency_key=_read_header(event, _IDEMPOTENCY_KEY),
            random_id=uuid.uuid4,
            placed_at=write_time(datetime.now(UTC)),
        )
        sink.put(order)
    except RefusedError as error:
        logger.info("order refused", event="order_refused", reason=error.code, problems=error.problems)
        return _answer(settings, error.status, error.describe())
    except OrdersUnavailableError:
        logger.exception("order not stored", event="order_not_stored")
        return _answer(settings, 503, {"code": "unavailable", "message": "Orders cannot be taken at the moment."}, {"Retry-After": "2"})
    logger.info("order placed", event="order_placed", order_id=order.order_id, restaurant_id=order.restaurant_id)
    return _answer(settings, 202, {"order_id": order.order_id, "status": "placed", "total_cents": order.total_cents})


@functools.cache
def _connect() -> tuple[Settings, OrderSink]:
    settings = read_settings(os.environ)
    return settings, KinesisOrders(boto3.client("kinesis", config=PATIENCE), settings.stream_name)


def _read_body(event: Mapping[str, Any]) -> object:
    body = event.get("body") or ""
    try:
        text = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body
        return json.loads(text)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise refuse_order({"body": "must be JSON"}) from error


def _read_header(event: Mapping[str, Any], name: str) -> str | None:
    headers = event.get("headers") or {}
    return next((value for header, value in headers.items() if header.lower() == name and (value or "").strip()), None)


def _answer(settings: Settings, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    return {
        "statusCode": status,
        # A proxy integration passes no headers of its own on: a web page could not read an answer without this one.
        "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": settings.allowed_origin, **(headers or {})},
        "body": json.dumps(body),
    }
