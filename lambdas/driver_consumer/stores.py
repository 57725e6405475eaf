"""Where drivers' workloads are counted, and how drivers are reached."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from shared.assignments import ACTIVE_ORDERS, WORKLOAD
from shared.connections import ConnectionIndex, Pusher, Role

from driver_consumer.domain import Assignment

TRIES = 4
"""How often a driver who is busy is asked before the message goes back to its queue, where it waits for minutes."""


class Counted(Enum):
    """What a driver's orders said when an assignment came."""

    NOW = auto()
    """It was not among them, and is now."""
    BEFORE = auto()
    """It was among them."""
    OVER = auto()
    """It was among them, and the order is delivered already."""


class Workload(Protocol):
    """Counts what drivers have to do."""

    def count(self, assignment: Assignment) -> Counted:
        """Make the driver's reservation an active order, once however often it is asked for."""


class Drivers(Protocol):
    """Sends messages to drivers."""

    def tell(self, assignment: Assignment) -> int:
        """Send an assignment to all of the driver's open connections; return how many got it."""


class DynamoWorkload:
    """Counts in the table of drivers' orders."""

    def __init__(self, dynamodb: Any, table_name: str, sleep: Callable[[float], None] = time.sleep) -> None:
        """Use a boto3 DynamoDB client and the table of this name."""
        self._dynamodb = dynamodb
        self._table_name = table_name
        self._sleep = sleep

    def count(self, assignment: Assignment) -> Counted:
        """See `Workload.count`; a transaction that meets another one on the same driver is tried again."""
        for attempt in range(1, TRIES):
            try:
                return self._count(assignment)
            except self._dynamodb.exceptions.TransactionCanceledException:
                self._sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311  only keeps those apart that met once
        return self._count(assignment)

    def _count(self, assignment: Assignment) -> Counted:
        """Write the assignment's item and the counts, together or not at all."""
        try:
            self._dynamodb.transact_write_items(TransactItems=[{"Put": self._put(assignment)}, {"Update": self._update(assignment)}])
        except self._dynamodb.exceptions.TransactionCanceledException as error:
            reason = error.response["CancellationReasons"][0]
            # Any other reason passes.
            if reason["Code"] != "ConditionalCheckFailed":
                raise
            return Counted.OVER if reason["Item"]["status"]["S"] == "done" else Counted.BEFORE
        return Counted.NOW

    def _put(self, assignment: Assignment) -> dict[str, Any]:
        return {
            "TableName": self._table_name,
            "Item": {"driver_id": {"S": assignment.driver_id}, "order_id": {"S": assignment.order_id}, "status": {"S": "active"}},
            "ConditionExpression": "attribute_not_exists(driver_id) OR #status = :reserved",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": {":reserved": {"S": "reserved"}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }

    def _update(self, assignment: Assignment) -> dict[str, Any]:
        return {
            "TableName": self._table_name,
            "Key": {"driver_id": {"S": assignment.driver_id}, "order_id": {"S": WORKLOAD}},
            "UpdateExpression": f"ADD active_order_count :one, reserved_count :minus_one, {ACTIVE_ORDERS} :orders",
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":minus_one": {"N": "-1"}, ":orders": {"SS": [assignment.order_id]}},
        }


class WebSocketDrivers:
    """Sends through the WebSocket API."""

    def __init__(self, connections: ConnectionIndex, pusher: Pusher, clock: Callable[[], float]) -> None:
        """Find connections by user in the index, at the clock's time in epoch seconds."""
        self._connections = connections
        self._pusher = pusher
        self._clock = clock

    def tell(self, assignment: Assignment) -> int:
        """See `Drivers.tell`; when a connection fails, the others are served before its error is raised."""
        message = assignment.message()
        told, errors = 0, []
        for connection in self._connections.find(assignment.driver_id, now=int(self._clock())):
            if connection.role != Role.DRIVER:
                continue
            try:
                told += self._pusher.push(connection.connection_id, message)
            except (BotoCoreError, ClientError) as error:
                errors.append(error)
        if errors:
            raise errors[0]
        return told
