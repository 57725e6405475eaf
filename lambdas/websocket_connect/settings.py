"""What the function is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The function's settings."""

    connections_table: str
    profiles_table: str
    """The table of drivers' profiles."""
    ttl_attribute: str
    """The attribute by which the table removes connections, in epoch seconds."""
    ttl_seconds: int
    """How long a connection is remembered: as long as API Gateway keeps one open, or longer."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`; raise `KeyError` with the name of a variable that is missing."""
    return Settings(
        connections_table=environ["CONNECTIONS_TABLE"],
        profiles_table=environ["DRIVER_PROFILES_TABLE"],
        ttl_attribute=environ["TTL_ATTRIBUTE"],
        ttl_seconds=int(environ["CONNECTION_TTL_SECONDS"]),
    )
