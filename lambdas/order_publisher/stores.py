"""Where the stages of orders go."""

from __future__ import annotations

from typing import Protocol

from shared.order_events import STAGE_ATTRIBUTE, OrderEvent
from shared.topics import Topic


class StageSink(Protocol):
    """Takes orders that reached a stage."""

    def publish(self, event: OrderEvent) -> None:
        """Pass an event on; raise `PoisonError` if it can never be passed on."""


class SnsStages:
    """Publishes to the order events topic."""

    def __init__(self, topic: Topic) -> None:
        """Publish to this topic."""
        self._topic = topic

    def publish(self, event: OrderEvent) -> None:
        """See `StageSink.publish`."""
        self._topic.publish(event.order, {STAGE_ATTRIBUTE: event.stage.value})
