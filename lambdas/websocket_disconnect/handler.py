"""$disconnect: removes the connection; API Gateway waits for no answer, and may call twice or not at all."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

import boto3
from shared.aws import PATIENCE
from shared.connections import ConnectionTable
from shared.observability import make_logger

from websocket_disconnect.settings import read_settings

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
    return ConnectionTable(boto3.client("dynamodb", config=PATIENCE), read_settings(os.environ).connections_table)
