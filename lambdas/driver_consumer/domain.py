"""What a driver is told of an order that is assigned to him."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.assignments import describe_assignment
from shared.order_events import OrderEvent
from shared.orders import PoisonError, Status


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
        details=describe_assignment(event.order),
    )
