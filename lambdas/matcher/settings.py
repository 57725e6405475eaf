"""What the function is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.matching import Rules, read_rules


@dataclass(frozen=True, slots=True)
class Settings:
    """The function's settings."""

    orders_table: str
    driver_orders_table: str
    rules: Rules
    """How drivers are chosen."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`; raise `KeyError` with the name of a variable that is missing."""
    return Settings(
        orders_table=environ["ORDERS_TABLE"],
        driver_orders_table=environ["DRIVER_ORDERS_TABLE"],
        rules=read_rules(environ["MATCHING"]),
    )
