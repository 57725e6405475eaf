"""Will score the drivers within reach of an order by distance, workload and surge price, and write the order with the status assigned."""

from __future__ import annotations

from typing import NoReturn


def handle(event: object, context: object) -> NoReturn:
    """Refuse the event, by name, so that nothing is lost unnoticed."""
    raise NotImplementedError("matcher: matching an order with a driver is not written yet")
