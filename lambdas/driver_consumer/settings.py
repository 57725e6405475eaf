"""What the function is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The function's settings."""

    driver_orders_table: str
    """The table of drivers' orders and workloads."""
    connections_table: str
    """The table of open connections."""
    user_index: str
    """Its index by user."""
    ttl_attribute: str
    """Its attribute with the time at which a connection is over."""
    websocket_url: str
    """The WebSocket API's stage, to which messages for connections are posted."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`; raise `KeyError` with the name of a variable that is missing."""
    return Settings(
        driver_orders_table=environ["DRIVER_ORDERS_TABLE"],
        connections_table=environ["CONNECTIONS_TABLE"],
        user_index=environ["USER_INDEX"],
        ttl_attribute=environ["TTL_ATTRIBUTE"],
        websocket_url=environ["WEBSOCKET_URL"],
    )
