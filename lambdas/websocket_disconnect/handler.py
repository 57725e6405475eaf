"""$disconnect: removes the connection; API Gateway waits for no answer, and may call twice or not at all."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config
from shared.connections import ConnectionTable
from shared.observability import make_logger

from websocket_disconnect.settings import read_settings

_PATIENCE = Config(connect_timeout=2, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 3})

logger = make_logger("websocket_disconnect")


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Answer one $disconnect event."""
    return close_connection(event, _connect())


def close_connection(event: Mapping[str, Any], connections: ConnectionTable) -> dict[str, Any]:
    """Forget the connection that a $disconnect event closes."""
    connections.forget(event["requestContext"]["connectionId"])
    logger.info("connection closed", event="connection_closed")
    return {"statusCode": 200}


@functools.cache
def _connect() -> ConnectionTable:
    return ConnectionTable(boto3.client("dynamodb", config=_PATIENCE), read_settings(os.environ).connections_table)
