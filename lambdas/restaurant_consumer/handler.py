"""Restaurants' queue: will send orders to the restaurant's POS through the REST API, and update the status of those that it accepts."""

from __future__ import annotations

from typing import NoReturn


def handle(event: object, context: object) -> NoReturn:
    """Refuse the event, by name, so that nothing is lost unnoticed."""
    raise NotImplementedError("restaurant_consumer: sending an order to its restaurant is not written yet")
