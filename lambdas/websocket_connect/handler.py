"""$connect: stores who has connected, with a time to live, or refuses the connection."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
from shared.aws import PATIENCE
from shared.connections import ConnectionTable, Role
from shared.observability import make_logger
from shared.refusals import RefusedError
from shared.times import write_time

from websocket_connect.domain import read_connection, require_driver
from websocket_connect.settings import Settings, read_settings
from websocket_connect.stores import Drivers, DynamoDrivers

logger = make_logger("websocket_connect")


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Answer one $connect event: API Gateway opens the connection if the status is 200, and not if a table fails."""
    settings, connections, drivers = _connect()
    return open_connection(event, settings, connections, drivers, datetime.now(UTC))


def open_connection(
    event: Mapping[str, Any], settings: Settings, connections: ConnectionTable, drivers: Drivers, now: datetime
) -> dict[str, Any]:
    """Store the connection that a $connect event opens, and return the answer; who has no driver's profile is no driver."""
    try:
        connection = read_connection(event, write_time(now))
        if connection.role is Role.DRIVER:
            require_driver(known=drivers.knows(connection.user_id))
    except RefusedError as error:
        logger.info("connection refused", event="connection_refused", reason=error.code)
        return {"statusCode": error.status, "body": json.dumps(error.describe())}
    expires_at = int(now.timestamp()) + settings.ttl_seconds
    connections.remember(connection, ttl_attribute=settings.ttl_attribute, expires_at=expires_at)
    logger.info("connection opened", event="connection_opened", role=connection.role)
    return {"statusCode": 200}


@functools.cache
def _connect() -> tuple[Settings, ConnectionTable, Drivers]:
    settings = read_settings(os.environ)
    dynamodb = boto3.client("dynamodb", config=PATIENCE)
    return settings, ConnectionTable(dynamodb, settings.connections_table), DynamoDrivers(dynamodb, settings.profiles_table)
