"""The life of an order, as all functions agree on it."""

from __future__ import annotations

from enum import StrEnum

MAX_TOTAL_CENTS = 10_000_000
"""What one order may cost."""


class PoisonError(Exception):
    """A record that no retry makes processable: it belongs to the dead letters, with its reason."""


class Status(StrEnum):
    """Where an order stands."""

    PLACED = "placed"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    PICKED_UP = "picked_up"
    DELIVERED = "delivered"


STAGES = (Status.PLACED, Status.ASSIGNED, Status.PICKED_UP, Status.DELIVERED)
"""The statuses that are published; the others are the orders table's own affair."""

BEFORE = {
    Status.ASSIGNED: frozenset({Status.PLACED}),
    Status.ACCEPTED: frozenset({Status.ASSIGNED}),
    Status.PICKED_UP: frozenset({Status.ASSIGNED, Status.ACCEPTED}),
    Status.DELIVERED: frozenset({Status.PICKED_UP}),
}
"""The statuses from which an order may go into another one."""


def may_follow(status: Status, before: Status) -> bool:
    """Tell whether an order may go from one status into another."""
    return before in BEFORE.get(status, frozenset())
