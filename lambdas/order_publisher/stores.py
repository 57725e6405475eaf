"""Where the stages of orders go."""

from __future__ import annotations

from typing import Any, Protocol

from botocore.exceptions import ClientError
from shared.order_events import STAGE_ATTRIBUTE, OrderEvent, write_json
from shared.orders import PoisonError


class StageSink(Protocol):
    """Takes orders that reached a stage."""

    def publish(self, event: OrderEvent) -> None:
        """Pass an event on; raise `PoisonError` if it can never be passed on."""


class SnsStages:
    """Publishes to an SNS topic."""

    def __init__(self, sns: Any, topic_arn: str) -> None:
        """Publish with a boto3 SNS client to the topic of this ARN."""
        self._sns = sns
        self._topic_arn = topic_arn

    def publish(self, event: OrderEvent) -> None:
        """See `StageSink.publish`."""
        try:
            message = write_json(event.order)
        except TypeError as error:
            raise PoisonError("the order holds what JSON cannot") from error
        try:
            self._sns.publish(
                TopicArn=self._topic_arn,
                Message=message,
                MessageAttributes={STAGE_ATTRIBUTE: {"DataType": "String", "StringValue": event.stage.value}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in {"InvalidParameter", "InvalidParameterValue"}:
                raise PoisonError("the topic takes no such message") from error
            raise
