"""Locations stream: will keep each driver's newest position in driver_locations and Redis, and show it to the customers who track it."""

from __future__ import annotations

from typing import NoReturn


def handle(event: object, context: object) -> NoReturn:
    """Refuse the event, by name, so that nothing is lost unnoticed."""
    raise NotImplementedError("location_processor: processing a driver's location is not written yet")
