"""What fields of messages, records and items may hold."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeGuard

MAX_ID = 200


def is_id(value: object) -> TypeGuard[str]:
    """Tell whether a value may be the id of anything."""
    return isinstance(value, str) and 1 <= len(value) <= MAX_ID and value.isprintable()


def is_degrees(value: object, limit: int) -> TypeGuard[float]:
    """Tell whether a value is a number of degrees within plus and minus a limit."""
    # Whole numbers of any length are compared exactly, and what is not a number is within no limits.
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool) and -limit <= value <= limit
