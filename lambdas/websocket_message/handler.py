"""sendmessage: will take subscriptions, positions, order stages and ratings, and answer with what was asked for."""

from __future__ import annotations

from typing import NoReturn


def handle(event: object, context: object) -> NoReturn:
    """Refuse the event, by name, so that nothing is lost unnoticed."""
    raise NotImplementedError("websocket_message: answering a message is not written yet")
