"""Locations stream: keeps each driver's newest position in driver_locations and Redis, and shows it to the customers who wait for him."""

from __future__ import annotations

from typing import NoReturn


def handle(event: object, context: object) -> NoReturn:  # noqa: ARG001  Lambda calls it with both
    """Refuse the event, by name, so that nothing is lost unnoticed."""
    raise NotImplementedError("location_processor: processing a driver's location is not written yet")
