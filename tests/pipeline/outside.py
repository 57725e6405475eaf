"""What is outside AWS, and hears of its topics."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto.sns.models import Subscription

from tests.pipeline.cloud import Cloud
from tests.pipeline.wiring import Wiring


class Outside:
    """Subscribers of topics that are reached over HTTP."""

    def __init__(self, wiring: Wiring, cloud: Cloud) -> None:
        self._wiring = wiring
        self._sqs = cloud.sqs
        self.taken: list[dict[str, Any]] = []
        """What they got, in order."""
        self.down = False
        """Whether they answer to nobody."""

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take what topics send over HTTP: AWS in memory would sign it, and send it to who knows whom."""
        publish = Subscription.publish

        def take(subscription: Subscription, message: str, message_id: str, *arguments: Any, **options: Any) -> None:
            if subscription.protocol not in {"http", "https"}:
                publish(subscription, message, message_id, *arguments, **options)
            elif self.down:
                self._put_away(subscription, message, message_id)
            else:
                topic_arn, decoded = subscription.topic.arn, json.loads(message)
                self.taken.append({"endpoint": subscription.endpoint, "topic_arn": topic_arn, "message_id": message_id, "message": decoded})

        with patch.object(Subscription, "publish", take):
            yield

    def _put_away(self, subscription: Subscription, message: str, message_id: str) -> None:
        """Send what nobody took to the planned dead letters, as SNS does when its tries are over."""
        for planned in self._wiring.subscriptions:
            if (planned.topic_arn, planned.endpoint) == (subscription.topic.arn, subscription.endpoint) and planned.dead_letter_arn:
                url = self._sqs.get_queue_url(QueueName=planned.dead_letter_arn.rpartition(":")[2])["QueueUrl"]
                letter = {"Type": "Notification", "MessageId": message_id, "TopicArn": planned.topic_arn, "Message": message}
                self._sqs.send_message(QueueUrl=url, MessageBody=message if planned.raw else json.dumps(letter))
