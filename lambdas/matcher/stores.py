"""Where workloads and price multipliers are read, and assignments written."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Any, Protocol

from botocore.exceptions import ClientError
from shared.assignments import WORKLOAD
from shared.orders import Status
from shared.redis import surge_key, waiting_key

TRIES = 5
"""How often something that is busy is asked before the whole call is left to Lambda's retry."""


class Outcome(Enum):
    """What came of a write."""

    WRITTEN = auto()
    NOT_PLACED = auto()
    """The order waits for no driver any more."""
    DRIVER_FULL = auto()
    """The driver has got other orders meanwhile."""
    KNOWN = auto()
    """It was written before."""


class BusyError(Exception):
    """DynamoDB is too busy; the same call may succeed later."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """What an order says once it has a driver."""

    order_id: str
    driver_id: str
    distance_km: Decimal
    surge: Decimal
    assigned_at: str
    """UTC, in ISO 8601."""


class Dispatch(Protocol):
    """Knows how much the drivers have to do, and gives them orders."""

    def read_workloads(self, driver_ids: Sequence[str]) -> Mapping[str, int]:
        """Return the active and the reserved orders of these drivers, at most 100; who has none may be absent."""

    def assign(self, assignment: Assignment, max_active_orders: int) -> Outcome:
        """Assign the order and reserve the driver, both or neither: `WRITTEN`, `NOT_PLACED` or `DRIVER_FULL`."""

    def note_unmatched(self, order_id: str, at: str) -> Outcome:
        """Note on the order that nobody was found: `WRITTEN` the first time, then `KNOWN`, or `NOT_PLACED`."""


class Zones(Protocol):
    """Knows the regions' price multipliers, and which orders wait in which zone."""

    def read_multipliers(self, region: str, zones: Sequence[str]) -> Mapping[str, Decimal]:
        """Return the multipliers of those zones that have one."""

    def stop_waiting(self, region: str, zone: str, order_id: str) -> None:
        """Count the order no longer among those that wait; it need not be there."""


class DynamoDispatch:
    """Drivers and orders in DynamoDB."""

    def __init__(self, dynamodb: Any, orders_table: str, driver_orders_table: str, sleep: Callable[[float], None] = time.sleep) -> None:
        """Use a boto3 DynamoDB client and the tables of these names."""
        self._dynamodb = dynamodb
        self._orders_table = orders_table
        self._driver_orders_table = driver_orders_table
        self._sleep = sleep

    def read_workloads(self, driver_ids: Sequence[str]) -> Mapping[str, int]:
        """See `Dispatch.read_workloads`; what DynamoDB leaves unprocessed is asked for again."""
        keys = [{"driver_id": {"S": driver_id}, "order_id": {"S": WORKLOAD}} for driver_id in driver_ids]
        counts = ("driver_id", "active_order_count", "reserved_count")
        request: Any = {self._driver_orders_table: {"Keys": keys, "ProjectionExpression": ", ".join(counts)}}
        workloads: dict[str, int] = {}
        for attempt in range(TRIES):
            if attempt:
                self._pause(attempt)
            answer = self._dynamodb.batch_get_item(RequestItems=request)
            for item in answer["Responses"].get(self._driver_orders_table, []):
                workloads[item["driver_id"]["S"]] = sum(int(item.get(name, {"N": "0"})["N"]) for name in counts[1:])
            request = answer.get("UnprocessedKeys")
            if not request:
                return workloads
        raise BusyError("workloads were left unread")

    def assign(self, assignment: Assignment, max_active_orders: int) -> Outcome:
        """See `Dispatch.assign`; a transaction that meets another one is tried again."""
        items = [{"Update": self._order_update(assignment)}, {"Update": self._driver_update(assignment.driver_id, max_active_orders)}]
        for attempt in range(TRIES):
            if attempt:
                self._pause(attempt)
            try:
                self._dynamodb.transact_write_items(TransactItems=items)
            except self._dynamodb.exceptions.TransactionCanceledException as error:
                outcome = _read_refusal(error)
                if outcome is not None:
                    return outcome
            else:
                return Outcome.WRITTEN
        raise BusyError("the assignment met others at every try")

    def note_unmatched(self, order_id: str, at: str) -> Outcome:
        """See `Dispatch.note_unmatched`."""
        try:
            self._dynamodb.update_item(
                TableName=self._orders_table,
                Key={"order_id": {"S": order_id}},
                UpdateExpression="SET unmatched_at = :at",
                ConditionExpression="#status = :placed AND attribute_not_exists(unmatched_at)",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={":at": {"S": at}, ":placed": {"S": Status.PLACED}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            status = error.response.get("Item", {}).get("status", {}).get("S")
            return Outcome.KNOWN if status == Status.PLACED else Outcome.NOT_PLACED
        return Outcome.WRITTEN

    def _order_update(self, assignment: Assignment) -> dict[str, Any]:
        return {
            "TableName": self._orders_table,
            "Key": {"order_id": {"S": assignment.order_id}},
            "UpdateExpression": (
                "SET #status = :assigned, driver_id = :driver, distance_km = :distance, surge = :surge, assigned_at = :at"
            ),
            "ConditionExpression": "#status = :placed",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": {
                ":assigned": {"S": Status.ASSIGNED},
                ":placed": {"S": Status.PLACED},
                ":driver": {"S": assignment.driver_id},
                ":distance": {"N": str(assignment.distance_km)},
                ":surge": {"N": str(assignment.surge)},
                ":at": {"S": assignment.assigned_at},
            },
        }

    def _driver_update(self, driver_id: str, max_active_orders: int) -> dict[str, Any]:
        # A condition cannot add: the sum is below the limit if one count is at most n and the other at most limit - 1 - n.
        room = " OR ".join(
            f"({_at_most('active_order_count', n)} AND {_at_most('reserved_count', max_active_orders - 1 - n)})"
            for n in range(max_active_orders)
        )
        return {
            "TableName": self._driver_orders_table,
            "Key": {"driver_id": {"S": driver_id}, "order_id": {"S": WORKLOAD}},
            "UpdateExpression": "ADD reserved_count :one",
            "ConditionExpression": room,
            "ExpressionAttributeValues": {":one": {"N": "1"}, **{f":n{n}": {"N": str(n)} for n in range(max_active_orders)}},
        }

    def _pause(self, attempt: int) -> None:
        self._sleep(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311  only keeps those apart that met once


class RedisZones:
    """Zones in Redis; all keys of a region are on one shard."""

    def __init__(self, redis: Any) -> None:
        """Use a Redis cluster client that answers with bytes or text."""
        self._redis = redis

    def read_multipliers(self, region: str, zones: Sequence[str]) -> Mapping[str, Decimal]:
        """See `Zones.read_multipliers`."""
        scores = self._redis.zmscore(surge_key(region), list(zones)) if zones else []
        found = {zone: value for zone, value in zip(zones, scores, strict=True) if value is not None}
        return {zone: Decimal(value).quantize(Decimal("0.01")) for zone, value in found.items()}

    def stop_waiting(self, region: str, zone: str, order_id: str) -> None:
        """See `Zones.stop_waiting`."""
        self._redis.zrem(waiting_key(region, zone), order_id)


def _at_most(name: str, count: int) -> str:
    return f"(attribute_not_exists({name}) OR {name} <= :n{count})"


def _read_refusal(error: ClientError) -> Outcome | None:
    """Return which condition failed, the order's before the driver's, or nothing where another transaction was in the way."""
    codes = [reason.get("Code") for reason in error.response["CancellationReasons"]]
    refused = [code == "ConditionalCheckFailed" for code in codes]
    if refused[0]:
        return Outcome.NOT_PLACED
    if refused[1]:
        return Outcome.DRIVER_FULL
    if set(codes) <= {"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}:
        return None
    raise error
