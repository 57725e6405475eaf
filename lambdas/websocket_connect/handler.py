"""$connect: stores who has connected, with a time to live, or refuses the connection."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config
from shared.connections import ConnectionTable
from shared.observability import make_logger

from websocket_connect.domain import RefusedError, read_connection
from websocket_connect.settings import Settings, read_settings

# Three tries of at most six seconds each end before the function's own timeout.
_PATIENCE = Config(connect_timeout=2, read_timeout=4, retries={"mode": "standard", "total_max_attempts": 3})

logger = make_logger("websocket_connect")


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Answer one $connect event: API Gateway opens the connection if the status is 200, and not if the table fails."""
    settings, connections = _connect()
    return open_connection(event, settings, connections, datetime.now(UTC))


def open_connection(event: Mapping[str, Any], settings: Settings, connections: ConnectionTable, now: datetime) -> dict[str, Any]:
    """Store the connection that a $connect event opens, and return the answer."""
    try:
        connection = read_connection(event, now.isoformat(timespec="milliseconds"))
    except RefusedError as error:
        logger.info("connection refused", event="connection_refused", reason=error.code)
        return {"statusCode": error.status, "body": json.dumps({"code": error.code, "message": str(error)})}
    expires_at = int(now.timestamp()) + settings.ttl_seconds
    connections.remember(connection, ttl_attribute=settings.ttl_attribute, expires_at=expires_at)
    logger.info("connection opened", event="connection_opened", role=connection.role)
    return {"statusCode": 200}


@functools.cache
def _connect() -> tuple[Settings, ConnectionTable]:
    settings = read_settings(os.environ)
    return settings, ConnectionTable(boto3.client("dynamodb", config=_PATIENCE), settings.connections_table)
