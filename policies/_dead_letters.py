"""Where queues and topics say that dead letters go."""

from __future__ import annotations

import json
from typing import Any


def names_queue(redrive_policy: Any) -> bool:
    """Whether a redrive policy, JSON in a text, names a queue."""
    try:
        data = json.loads(str(redrive_policy))
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and bool(data.get("deadLetterTargetArn"))
