"""What the function is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shared.matching import Rules, read_rules


@dataclass(frozen=True, slots=True)
class Settings:
    """The function's settings; where Redis and Aurora are is read by those who connect to them."""

    orders_table: str
    driver_locations_table: str
    geohash_index: str
    ttl_attribute: str
    matcher_function: str
    rules: Rules
    """The radius and the surge."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`; raise `KeyError` with the name of a variable that is missing."""
    return Settings(
        orders_table=environ["ORDERS_TABLE"],
        driver_locations_table=environ["DRIVER_LOCATIONS_TABLE"],
        geohash_index=environ["GEOHASH_INDEX"],
        ttl_attribute=environ["TTL_ATTRIBUTE"],
        matcher_function=environ["MATCHER_FUNCTION"],
        rules=read_rules(environ["MATCHING"]),
    )
