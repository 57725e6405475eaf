"""What the function is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The function's settings."""

    stream_name: str
    """The orders stream."""
    allowed_origin: str
    """The web origin whose pages may read the answers; `*` for all."""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`; raise `KeyError` with the name of a variable that is missing."""
    return Settings(stream_name=environ["ORDERS_STREAM_NAME"], allowed_origin=environ["ALLOWED_ORIGIN"])
