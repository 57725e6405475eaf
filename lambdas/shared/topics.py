"""Publishing to SNS topics."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from shared.order_events import write_json
from shared.orders import PoisonError


class Topic:
    """An SNS topic."""

    def __init__(self, sns: Any, topic_arn: str) -> None:
        """Publish with a boto3 SNS client to the topic of this ARN."""
        self._sns = sns
        self._topic_arn = topic_arn

    def publish(self, message: Mapping[str, Any], attributes: Mapping[str, str]) -> None:
        """Publish a message as JSON, with texts as its attributes; raise `PoisonError` if the topic can never take it."""
        try:
            text = write_json(message)
        except TypeError as error:
            raise PoisonError("the message holds what JSON cannot") from error
        try:
            self._sns.publish(
                TopicArn=self._topic_arn,
                Message=text,
                MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in {"InvalidParameter", "InvalidParameterValue"}:
                raise PoisonError("the topic takes no such message") from error
            raise
