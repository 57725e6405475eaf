"""How long a function waits for AWS: a lost answer costs seconds, not the function's time."""

from __future__ import annotations

from typing import Any

from botocore.config import Config


def patience(*, connect_s: int = 2, answer_s: int = 4, tries: int = 3, **others: Any) -> Config:
    """Return a client's configuration, with other options of botocore's; what fails or is throttled is tried again, with growing pauses."""
    return Config(
        connect_timeout=connect_s,
        read_timeout=answer_s,
        retries={"mode": "standard", "total_max_attempts": tries},
        **others,
    )


PATIENCE = patience()
"""For a function that somebody or something waits for."""

LONG_PATIENCE = patience(answer_s=5, tries=4)
"""For a function that nobody waits for, and whose failure stops much work."""
