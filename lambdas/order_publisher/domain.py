"""Which changes of an order are a new stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.orders import STAGES, PoisonError, Status


def find_stage(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Status | None:
    """Return the stage that an order reached by a write, or None if it reached none; raise `PoisonError` for no order.

    The event source's filter lets little else through. It is compared again, because what the consumers write comes back
    through the stream: a filter that let it pass would make a loop that nothing stops.
    """
    if not after:
        return None
    status = _read_status(after)
    if before and before.get("status") == status:
        return None
    return status if status in STAGES else None


def _read_status(order: Mapping[str, Any]) -> Status:
    try:
        return Status(order["status"])
    except KeyError as error:
        raise PoisonError("the order has no status") from error
    except ValueError as error:
        raise PoisonError("the order's status is unknown") from error
