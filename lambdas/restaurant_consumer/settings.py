"""What the function is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The function's settings."""

    orders_table: str
    """The orders table."""
    pos_url: str
    """The REST API's way to the restaurants' POS systems; a restaurant's is below it."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`; raise `KeyError` with the name of a variable that is missing."""
    return Settings(orders_table=environ["ORDERS_TABLE"], pos_url=environ["POS_URL"])
