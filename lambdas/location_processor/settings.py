"""What the function is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The function's settings."""

    connections_table: str
    """The table of the WebSocket API's connections."""
    order_index: str
    """Its index by the order that a connection follows."""
    locations_table: str
    """The table of the drivers' newest positions."""
    driver_orders_table: str
    """The table of the drivers' assignments."""
    location_ttl_seconds: int
    """How long a position says where a driver is."""
    ttl_attribute: str
    """The attribute that says when an item is over, in epoch seconds."""
    websocket_url: str
    """Where messages to connections are posted."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`; raise `KeyError` with the name of a variable that is missing."""
    return Settings(
        connections_table=environ["CONNECTIONS_TABLE"],
        order_index=environ["ORDER_INDEX"],
        locations_table=environ["DRIVER_LOCATIONS_TABLE"],
        driver_orders_table=environ["DRIVER_ORDERS_TABLE"],
        location_ttl_seconds=int(environ["LOCATION_TTL_SECONDS"]),
        ttl_attribute=environ["TTL_ATTRIBUTE"],
        websocket_url=environ["WEBSOCKET_URL"],
    )
