"""Where orders are kept, drivers found, prices noted, and matches started."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any, Protocol

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError
from shared.matching import Candidate, MatchRequest
from shared.orders import PoisonError, Status
from shared.redis import surge_key, waiting_key

from order_processor.domain import SAID_BY_CUSTOMER, WAITING_SECONDS

QUERIES_AT_ONCE = 10
"""As many as a boto3 client keeps connections: a circle touches about as many cells, and each query waits for its answer."""

_READ = TypeDeserializer().deserialize


class Orders(Protocol):
    """Keeps orders."""

    def place(self, item: Mapping[str, Any]) -> bool:
        """Keep an order unless it is kept already; return whether it is still placed.

        Raises:
            PoisonError: It has numbers that cannot be kept, or is too large, or another order has its id.
        """


class Drivers(Protocol):
    """Knows where drivers are."""

    def find(self, cells: Iterable[str], now: float) -> Sequence[Candidate]:
        """Return the drivers whose last position is in one of these cells and has not expired."""


class Zones(Protocol):
    """Counts the orders that wait, and keeps the price multipliers."""

    def count_waiting(self, region: str, zones: Sequence[str], now_ms: int) -> Mapping[str, int]:
        """Return how many orders wait in each zone, those that have waited for too long left out."""

    def wait(self, region: str, zone: str, order_id: str, placed_ms: int) -> None:
        """Count an order among those that wait; it may be counted already."""

    def set_multipliers(self, region: str, multipliers: Mapping[str, Decimal]) -> None:
        """Set the price multipliers of these zones."""


class Matching(Protocol):
    """Finds drivers for orders."""

    def start(self, request: MatchRequest) -> None:
        """Have a driver found, without waiting for it."""


class DynamoOrders:
    """Orders in DynamoDB."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        """Use a boto3 DynamoDB client and the table of this name."""
        self._dynamodb = dynamodb
        self._table = table

    def place(self, item: Mapping[str, Any]) -> bool:
        """See `Orders.place`."""
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item=_serialize(item),
                ConditionExpression="attribute_not_exists(order_id)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            kept = {name: _READ(value) for name, value in error.response["Item"].items()}
            # A client has used an idempotency key for two orders, and was told that both were taken.
            if any(kept.get(name) != item[name] for name in SAID_BY_CUSTOMER):
                raise PoisonError("another order has this id") from error
            return bool(kept["status"] == Status.PLACED)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationException":
                raise PoisonError("DynamoDB takes no such order") from error
            raise
        return True


class DynamoDrivers:
    """Drivers' positions in DynamoDB, by geohash cell."""

    def __init__(self, dynamodb: Any, table: str, index: str, ttl_attribute: str) -> None:
        """Use a boto3 DynamoDB client, and the table and the index of these names."""
        self._dynamodb = dynamodb
        self._table = table
        self._index = index
        self._ttl_attribute = ttl_attribute

    def find(self, cells: Iterable[str], now: float) -> Sequence[Candidate]:
        """See `Drivers.find`; DynamoDB deletes what has expired only days later."""
        with ThreadPoolExecutor(QUERIES_AT_ONCE) as pool:
            found = [item for items in pool.map(self._read_cell, sorted(cells)) for item in items]
        return [
            Candidate(
                driver_id=item["driver_id"]["S"],
                latitude=float(item["latitude"]["N"]),
                longitude=float(item["longitude"]["N"]),
                recorded_at=int(item["recorded_at"]["N"]),
            )
            for item in found
            if float(item[self._ttl_attribute]["N"]) > now
        ]

    def _read_cell(self, cell: str) -> list[Any]:
        pages = self._dynamodb.get_paginator("query").paginate(**self._query(cell))
        return [item for page in pages for item in page["Items"]]

    def _query(self, cell: str) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "IndexName": self._index,
            "KeyConditionExpression": "geohash5 = :cell",
            "ExpressionAttributeValues": {":cell": {"S": cell}},
        }


class RedisZones:
    """Zones in Redis; all keys of a region are on one shard."""

    def __init__(self, redis: Any) -> None:
        """Use a Redis cluster client."""
        self._redis = redis

    def count_waiting(self, region: str, zones: Sequence[str], now_ms: int) -> Mapping[str, int]:
        """See `Zones.count_waiting`; forgets those that have waited for too long."""
        pipeline = self._redis.pipeline()
        for zone in zones:
            pipeline.zremrangebyscore(waiting_key(region, zone), "-inf", f"({now_ms - WAITING_SECONDS * 1000}")
            pipeline.zcard(waiting_key(region, zone))
        return dict(zip(zones, pipeline.execute()[1::2], strict=True))

    def wait(self, region: str, zone: str, order_id: str, placed_ms: int) -> None:
        """See `Zones.wait`."""
        self._redis.zadd(waiting_key(region, zone), {order_id: placed_ms})

    def set_multipliers(self, region: str, multipliers: Mapping[str, Decimal]) -> None:
        """See `Zones.set_multipliers`."""
        self._redis.zadd(surge_key(region), {zone: float(multiplier) for zone, multiplier in multipliers.items()})


class LambdaMatching:
    """The matcher function, called asynchronously."""

    def __init__(self, functions: Any, name: str) -> None:
        """Use a boto3 Lambda client and the function of this name."""
        self._functions = functions
        self._name = name

    def start(self, request: MatchRequest) -> None:
        """See `Matching.start`."""
        payload = json.dumps(request.to_event(), separators=(",", ":")).encode()
        self._functions.invoke(FunctionName=self._name, InvocationType="Event", Payload=payload)


def _serialize(item: Mapping[str, Any]) -> dict[str, Any]:
    serializer = TypeSerializer()
    try:
        return {name: serializer.serialize(value) for name, value in item.items()}
    except (ArithmeticError, TypeError) as error:
        raise PoisonError("DynamoDB has no such numbers") from error
