"""Calls of functions for whose answer nobody waits: Lambda keeps them, tries again, and puts away what fails for good."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.pipeline.functions import LocalFunction


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that a function is to be called with."""

    function: LocalFunction
    event: Any
    request_id: str
    tries: int = 0


class AsynchronousCalls:
    """Lambda's own queue."""

    def __init__(self, functions: Mapping[str, LocalFunction], sqs: Any) -> None:
        self._functions = {function.planned.name: function for function in functions.values()}
        self._sqs = sqs
        self._due: list[Waiting] = []
        self._later: list[Waiting] = []
        """What failed: the next try is minutes away."""

    def submit(self, name: str, event: Any) -> None:
        """Take an event for the function of this name."""
        self._due.append(Waiting(self._functions[name], event, str(uuid.uuid4())))

    def deliver(self) -> int:
        """Try all that are due, and return how many those are."""
        due, self._due = self._due, []
        for each in due:
            result = each.function.try_invoke(each.event)
            if result.error is None:
                continue
            if each.tries < each.function.planned.retries:
                self._later.append(replace(each, tries=each.tries + 1))
            else:
                self._put_away(each, result.error)
        return len(due)

    def let_time_pass(self) -> None:
        """Let the pauses before the next tries be over."""
        self._due, self._later = self._due + self._later, []

    def _put_away(self, call: Waiting, error: Mapping[str, Any]) -> None:
        arn = call.function.planned.dead_letter_arn
        if arn is None:
            return
        attributes = {"RequestID": call.request_id, "ErrorCode": "200", "ErrorMessage": str(error["errorMessage"])[:1024] or "Unhandled"}
        self._sqs.send_message(
            QueueUrl=self._sqs.get_queue_url(QueueName=arn.rpartition(":")[2])["QueueUrl"],
            MessageBody=json.dumps(call.event),
            MessageAttributes={name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()},
        )
