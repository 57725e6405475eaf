"""Settlement, for each driver: computes earnings from distance, time, surge and tips, by pricing_rules in Aurora."""

from __future__ import annotations

from typing import NoReturn


def handle(event: object, context: object) -> NoReturn:  # noqa: ARG001  Lambda calls it with both
    """Refuse the event, by name, so that nothing is lost unnoticed."""
    raise NotImplementedError("earnings_calculator: calculating a driver's earnings is not written yet")
