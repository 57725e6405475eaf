"""Where acceptances are noted."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, Protocol

from shared.orders import PoisonError, Status

TRIES = 3
"""How often an order that others change is written to before its message goes back to its queue, where it waits for minutes."""


class AcceptedOrders(Protocol):
    """Notes what restaurants accept."""

    def accept(self, order_id: str, accepted_at: str) -> bool:
        """Note that an order is accepted; return whether that was not known yet. Raise `PoisonError` for no known order."""

    def confirm(self, order_id: str) -> None:
        """Let an order that was accepted before it had a driver move on, now that it has one."""


class DynamoOrders:
    """Notes in the orders table; an order's status becomes accepted only from assigned."""

    def __init__(self, dynamodb: Any, table_name: str, sleep: Callable[[float], None] = time.sleep) -> None:
        """Use a boto3 DynamoDB client and the table of this name."""
        self._dynamodb = dynamodb
        self._table_name = table_name
        self._sleep = sleep

    def accept(self, order_id: str, accepted_at: str) -> bool:
        """See `AcceptedOrders.accept`; before there is a driver it notes the time alone."""
        at = {":at": {"S": accepted_at}}
        try:
            old = self._move(order_id, "SET #status = :accepted, accepted_at = if_not_exists(accepted_at, :at)", "#status = :assigned", at)
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            if _read_status(error) != Status.PLACED:
                return False
        else:
            return "accepted_at" not in old
        try:
            self._update(
                order_id, "SET accepted_at = :at", "#status = :placed AND attribute_not_exists(accepted_at)", {":placed": _PLACED, **at}
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            if _read_status(error) == Status.PLACED:
                return False
            # It got its driver in between, once and for all.
            return self.accept(order_id, accepted_at)
        return True

    def confirm(self, order_id: str) -> None:
        """See `AcceptedOrders.confirm`."""
        try:
            self._move(order_id, "SET #status = :accepted", "#status = :assigned AND attribute_exists(accepted_at)", {})
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            _read_status(error)

    def _move(self, order_id: str, update: str, condition: str, values: dict[str, Any]) -> dict[str, Any]:
        return self._update(order_id, update, condition, {":assigned": _ASSIGNED, ":accepted": _ACCEPTED, **values})

    def _update(self, order_id: str, update: str, condition: str, values: dict[str, Any]) -> dict[str, Any]:
        """Write, and write again if the matcher was just assigning the order; return what was there before."""
        for attempt in range(1, TRIES):
            try:
                return self._write(order_id, update, condition, values)
            except self._dynamodb.exceptions.TransactionConflictException:
                self._sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311  only keeps those apart that met once
        return self._write(order_id, update, condition, values)

    def _write(self, order_id: str, update: str, condition: str, values: dict[str, Any]) -> dict[str, Any]:
        answer = self._dynamodb.update_item(
            TableName=self._table_name,
            Key={"order_id": {"S": order_id}},
            UpdateExpression=update,
            ConditionExpression=condition,
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=values,
            ReturnValues="ALL_OLD",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
        attributes: dict[str, Any] = answer.get("Attributes", {})
        return attributes


_PLACED, _ASSIGNED, _ACCEPTED = ({"S": status.value} for status in (Status.PLACED, Status.ASSIGNED, Status.ACCEPTED))


def _read_status(error: Any) -> str:
    """Return the status that an order has instead of the expected one."""
    if "Item" not in error.response:
        raise PoisonError("the order is not stored") from error
    return str(error.response["Item"]["status"]["S"])
