"""Settlement, for some drivers: will compute earnings from distance, time, surge and tips, by pricing_rules in Aurora."""

from __future__ import annotations

from typing import NoReturn


def handle(event: object, context: object) -> NoReturn:
    """Refuse the event, by name, so that nothing is lost unnoticed."""
    raise NotImplementedError("earnings_calculator: calculating drivers' earnings is not written yet")
