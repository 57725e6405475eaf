"""The orders that are assigned to drivers: where they are counted, and what drivers hear of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WORKLOAD = "#workload"
"""The sort key of a driver's counts in the table of drivers' orders, beside the ids of his orders."""

_TOLD = ("restaurant_id", "pickup", "destination", "preparation_minutes", "distance_km", "surge", "assigned_at")


def describe_assignment(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a driver needs of an order, besides its id; who ordered what is not his affair."""
    return {name: order[name] for name in _TOLD if name in order}
