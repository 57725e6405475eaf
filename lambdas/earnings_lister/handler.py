"""Settlement, first step: will list the drivers who completed orders on a delivery date."""

from __future__ import annotations

from typing import NoReturn


def handle(event: object, context: object) -> NoReturn:
    """Refuse the event, by name, so that nothing is lost unnoticed."""
    raise NotImplementedError("earnings_lister: listing the drivers to settle with is not written yet")
