"""What is outside AWS, and hears of its topics."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto.sns.models import Subscription


@contextmanager
def taking_notifications() -> Iterator[list[dict[str, Any]]]:
    """Yield the list of what topics send over HTTP: AWS in memory would sign it, and send it to who knows whom."""
    taken: list[dict[str, Any]] = []
    publish = Subscription.publish

    def take(subscription: Subscription, message: str, message_id: str, *arguments: Any, **options: Any) -> None:
        if subscription.protocol not in {"http", "https"}:
            publish(subscription, message, message_id, *arguments, **options)
            return
        taken.append(
            {
                "endpoint": subscription.endpoint,
                "topic_arn": subscription.topic.arn,
                "message_id": message_id,
                "message": json.loads(message),
            }
        )

    with patch.object(Subscription, "publish", take):
        yield taken
