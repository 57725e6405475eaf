"""What a driver is told of an order that is assigned to him."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.order_events import OrderEvent
from shared.orders import PoisonError, Status

_TOLD = ("restaurant_id", "pickup", "destination", "preparation_minutes", "distance_km", "surge", "assigned_at")
"""What the driver needs of an order; who ordered what is not his affair."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """An order that a driver is to deliver."""

    driver_id: str
    order_id: str
    details: Mapping[str, Any]
    """What the driver is told besides."""

    def message(self) -> dict[str, Any]:
        """Return what is sent to the driver's app, which knows an assignment that comes twice by its order_id."""
        return {"type": "assignment", "order_id": self.order_id, **self.details}


def read_assignment(event: OrderEvent) -> Assignment:
    """Return the assignment of an order event; raise `PoisonError` if it is none."""
    if event.stage != Status.ASSIGNED:
        raise PoisonError("the stage is not one that drivers hear of")
    return Assignment(
        driver_id=event.identify("driver_id"),
        order_id=event.identify("order_id"),
        details={name: event.order[name] for name in _TOLD if name in event.order},
    )
