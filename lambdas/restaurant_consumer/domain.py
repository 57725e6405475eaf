"""What a restaurant is sent, and what its answer means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from shared.order_events import OrderEvent, write_json
from shared.orders import PoisonError, Status

_SENT = {
    Status.PLACED: ("items", "total_cents", "placed_at", "preparation_minutes"),
    Status.ASSIGNED: ("items", "total_cents", "placed_at", "preparation_minutes", "driver_id", "assigned_at"),
}
"""What the kitchen needs of an order, by stage; who ordered it, and where he lives, is not its affair."""

_MAY_PASS = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


class PosUnavailableError(Exception):
    """A POS system did not answer, or not now: the same order may be sent later."""


@dataclass(frozen=True, slots=True)
class Handover:
    """An order on its way to a restaurant: announced when it is placed, confirmed when it has a driver."""

    order_id: str
    restaurant_id: str
    stage: Status
    details: Mapping[str, Any]
    """What the restaurant is sent besides."""

    @property
    def key(self) -> str:
        """The same text whenever the same stage of the order is sent, by which a POS system knows a repetition."""
        return f"{self.order_id}/{self.stage.value}"

    def to_json(self) -> str:
        """Return the body of the request."""
        ids = {"order_id": self.order_id, "restaurant_id": self.restaurant_id, "stage": self.stage.value}
        return write_json(ids | dict(self.details))


def read_handover(event: OrderEvent) -> Handover:
    """Return what a restaurant is to be sent of an order event; raise `PoisonError` if that is nothing."""
    if event.stage not in _SENT:
        raise PoisonError("the stage is not one that restaurants hear of")
    restaurant_id = event.identify("restaurant_id")
    # They would lead out of the path that the function may call, whatever they are encoded as.
    if restaurant_id in {".", ".."}:
        raise PoisonError("restaurant_id is not an id")
    details = {name: event.order[name] for name in _SENT[event.stage] if name in event.order}
    return Handover(event.identify("order_id"), restaurant_id, event.stage, details)


def read_acceptance(status: int, body: bytes) -> bool | None:
    """Return whether an answer accepts the order, None if it does not say.

    Raises:
        PosUnavailableError: The order may be sent again.
        PoisonError: It would be refused again.
    """
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in _MAY_PASS:
        raise PosUnavailableError(f"the POS system answered {status}")
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise PoisonError(f"the POS system answered {status}")
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    accepted = answer.get("accepted") if isinstance(answer, dict) else None
    return accepted if isinstance(accepted, bool) else None
