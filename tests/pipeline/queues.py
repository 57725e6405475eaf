"""Event source mappings of queues, as Lambda polls them, and what else moves messages: time."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from tests.pipeline.cloud import Cloud
from tests.pipeline.filters import passes
from tests.pipeline.functions import LocalFunction, Result
from tests.pipeline.wiring import EventSource, Queue


class QueueReader:
    """One event source mapping of a queue."""

    def __init__(self, source: EventSource, queue: Queue, function: LocalFunction, cloud: Cloud) -> None:
        self._source = source
        self._function = function
        self._sqs = cloud.sqs
        self._url = self._sqs.get_queue_url(QueueName=queue.name)["QueueUrl"]
        self._in_flight: list[str] = []

    def deliver(self) -> int:
        """Give the function as many batches as it may have at once; return how many messages that are."""
        delivered = 0
        for _ in range(self._source.lanes):
            messages = self._receive()
            if not messages:
                break
            delivered += len(messages)
            self._process(messages)
        return delivered

    def let_time_pass(self) -> None:
        """Let the visibility timeout of what was not deleted be over."""
        handles, self._in_flight = self._in_flight, []
        for handle in handles:
            with contextlib.suppress(self._sqs.exceptions.ReceiptHandleIsInvalid, ClientError):
                self._sqs.change_message_visibility(QueueUrl=self._url, ReceiptHandle=handle, VisibilityTimeout=0)

    def _receive(self) -> list[Mapping[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(self._source.batch_size, 10),
            WaitTimeSeconds=0,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages: list[Mapping[str, Any]] = answer.get("Messages", [])
        passing = [message for message in messages if passes(_visible(message), self._source.patterns)]
        # What no filter lets through is deleted.
        self._delete([message for message in messages if message not in passing])
        return passing

    def _process(self, messages: list[Mapping[str, Any]]) -> None:
        result = self._function.try_invoke({"Records": [self._describe(message) for message in messages]})
        failed = self._find_failures(messages, result)
        self._delete([message for message in messages if message["MessageId"] not in failed])
        self._in_flight += [message["ReceiptHandle"] for message in messages if message["MessageId"] in failed]

    def _find_failures(self, messages: list[Mapping[str, Any]], result: Result) -> set[str]:
        """Return the ids of the messages that failed; of all if the answer cannot be understood."""
        ids = {message["MessageId"] for message in messages}
        if result.error is not None:
            return ids
        failures = (result.answer or {}).get("batchItemFailures") if self._source.reports_failures else None
        names = {failure.get("itemIdentifier") for failure in failures or ()}
        return ids if names - ids else names

    def _delete(self, messages: list[Mapping[str, Any]]) -> None:
        if messages:
            entries = [{"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]} for number, message in enumerate(messages)]
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=entries)

    def _describe(self, message: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "messageAttributes": {
                name: {
                    "stringValue": value.get("StringValue"),
                    "stringListValues": [],
                    "binaryListValues": [],
                    "dataType": value["DataType"],
                }
                for name, value in message.get("MessageAttributes", {}).items()
            },
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._source.source_arn,
            "awsRegion": self._source.source_arn.split(":")[3],
        }


def read_all(sqs: Any, name: str) -> list[dict[str, Any]]:
    """Return all messages of a queue that nobody reads, and leave them there."""
    url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    messages: list[Mapping[str, Any]] = []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=600, MessageAttributeNames=["All"]).get(
        "Messages"
    ):
        messages += found
    for message in messages:
        sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    return [
        {
            "body": _decode(message["Body"]),
            "attributes": {name: value.get("StringValue") for name, value in message.get("MessageAttributes", {}).items()},
        }
        for message in messages
    ]


def _visible(message: Mapping[str, Any]) -> dict[str, Any]:
    return {"body": _decode(message["Body"])}


def _decode(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body
