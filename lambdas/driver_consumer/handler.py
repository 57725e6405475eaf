"""Drivers' queue: will post assignments to the driver's WebSocket connection, and count them in driver_orders as active_order_count."""

from __future__ import annotations

from typing import NoReturn


def handle(event: object, context: object) -> NoReturn:
    """Refuse the event, by name, so that nothing is lost unnoticed."""
    raise NotImplementedError("driver_consumer: sending an assignment to its driver is not written yet")
