"""What the function is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The function's settings."""

    connections_table: str
    orders_table: str
    driver_orders_table: str
    locations_stream: str
    photos_bucket: str
    ttl_attribute: str
    """The attribute by which the table of drivers' orders removes those that are done, in epoch seconds."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`; raise `KeyError` with the name of a variable that is missing."""
    return Settings(
        connections_table=environ["CONNECTIONS_TABLE"],
        orders_table=environ["ORDERS_TABLE"],
        driver_orders_table=environ["DRIVER_ORDERS_TABLE"],
        locations_stream=environ["LOCATIONS_STREAM_NAME"],
        photos_bucket=environ["DELIVERY_PHOTOS_BUCKET"],
        ttl_attribute=environ["TTL_ATTRIBUTE"],
    )
