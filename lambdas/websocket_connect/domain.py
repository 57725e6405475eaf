"""Who opens a connection, and as what: pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.connections import Connection, Role
from shared.identity import identify_user
from shared.refusals import RefusedError


def read_role(parameters: Mapping[str, Any] | None) -> Role:
    """Return the role that the client connects as; raise `RefusedError` if it names none."""
    try:
        return Role((parameters or {}).get("role", ""))
    except ValueError as error:
        raise RefusedError(400, "role_invalid", "The parameter role must be customer or driver.") from error


def read_connection(event: Mapping[str, Any], connected_at: str) -> Connection:
    """Return the connection that a $connect event opens; raise `RefusedError` if it is not to be taken."""
    return Connection(
        connection_id=event["requestContext"]["connectionId"],
        user_id=identify_user(event),
        role=read_role(event.get("queryStringParameters")),
        connected_at=connected_at,
    )


def require_driver(*, known: bool) -> None:
    """Raise `RefusedError` unless who connects as a driver is known as one."""
    if not known:
        raise RefusedError(403, "driver_unknown", "You are not known as a driver.")
