"""What the function is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The function's settings."""

    orders_table: str
    """The table orders."""
    index: str
    """Its index by driver and delivery date."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`; raise `KeyError` with the name of a variable that is missing."""
    return Settings(orders_table=environ["ORDERS_TABLE"], index=environ["DRIVER_DELIVERY_DATE"])
