"""POST /orders: answers 202 with the order's id, 400 with all that is wrong, or 503 when the stream takes nothing."""

from __future__ import annotations

import base64
import binascii
import functools
import json
import logging
import os
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config

from order_validator.domain import InvalidOrderError, validate_order
from order_validator.settings import Settings, read_settings
from order_validator.stores import KinesisOrders, OrderSink, OrdersUnavailableError

# Three tries of at most six seconds each end before the function's own timeout, so that the client gets an answer.
_PATIENCE = Config(connect_timeout=2, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 3})
_IDEMPOTENCY_KEY = "idempotency-key"

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Answer one REST API proxy event."""
    settings, sink = _connect()
    return place_order(event, settings, sink)


def place_order(event: Mapping[str, Any], settings: Settings, sink: OrderSink) -> dict[str, Any]:
    """Check the order in a REST API proxy event, pass it on, and return the proxy answer."""
    try:
        order = validate_order(
            _read_body(event),
            idempotency_key=_read_header(event, _IDEMPOTENCY_KEY),
            random_id=uuid.uuid4,
            placed_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        )
        sink.put(order)
    except InvalidOrderError as error:
        logger.info("order refused", extra={"event": "order_refused", "reason": "invalid", "problems": error.problems})
        return _answer(settings, 400, {"message": "The order is not valid.", "problems": error.problems})
    except OrdersUnavailableError:
        logger.exception("order not stored")
        return _answer(settings, 503, {"message": "Orders cannot be taken at the moment."}, {"Retry-After": "2"})
    logger.info("order placed", extra={"order_id": order.order_id, "restaurant_id": order.restaurant_id})
    return _answer(settings, 202, {"order_id": order.order_id, "status": "placed", "total_cents": order.total_cents})


@functools.cache
def _connect() -> tuple[Settings, OrderSink]:
    settings = read_settings(os.environ)
    return settings, KinesisOrders(boto3.client("kinesis", config=_PATIENCE), settings.stream_name)


def _read_body(event: Mapping[str, Any]) -> object:
    body = event.get("body") or ""
    try:
        text = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body
        return json.loads(text)
    except (binascii.Error, ValueError, RecursionError) as error:
        raise InvalidOrderError({"body": "must be JSON"}) from error


def _read_header(event: Mapping[str, Any], name: str) -> str | None:
    headers = event.get("headers") or {}
    return next((value for header, value in headers.items() if header.lower() == name), None)


def _answer(settings: Settings, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    return {
        "statusCode": status,
        # A proxy integration passes no headers of its own on: a web page could not read an answer without this one.
        "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": settings.allowed_origin, **(headers or {})},
        "body": json.dumps(body),
    }
