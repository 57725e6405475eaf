"""Where orders are, where positions and photos go."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from boto3.dynamodb.types import TypeDeserializer
from botocore.exceptions import ClientError
from shared.assignments import ACTIVE_ORDERS, WORKLOAD, describe_assignment, find_active
from shared.orders import BEFORE, Status
from shared.times import read_time

from websocket_message.domain import PHOTO_TYPE, OrderFacts, Position

PHOTO_URL_SECONDS = 300
DONE_SECONDS = 30 * 24 * 3600
"""How long an assignment that is done is kept: longer than a message of it may wait, 14 days in its queue and 14 among the dead letters.

A message that came after it would count the assignment again.
"""
_ATTEMPTS = 4
_CHANGED_MEANWHILE = frozenset({"ConditionalCheckFailedException", "TransactionCanceledException", "TransactionConflictException"})
_READ = TypeDeserializer().deserialize
_TIMES = {Status.PICKED_UP: "picked_up_at", Status.DELIVERED: "delivered_at"}


class UnavailableError(Exception):
    """Something was not stored, though nothing is wrong with it: the client may try again."""


class Orders(Protocol):
    """The orders, and what they are to their drivers' workload."""

    def find(self, order_id: str) -> OrderFacts | None:
        """Return what is known of an order, up to date; None if there is none."""

    def advance(self, order: OrderFacts, status: Status, at: str) -> bool:
        """Move an order of a driver into a status; false, with nothing changed, if it has changed meanwhile."""

    def rate(self, order: OrderFacts, rating: int, tip_cents: int) -> bool:
        """Rate a delivered order, and tip its driver; false, with nothing changed, if it has changed meanwhile."""

    def find_assigned(self, driver_id: str) -> list[str]:
        """Return the ids of the orders that a driver was sent and has not delivered, up to date."""


class Positions(Protocol):
    """Takes drivers' positions."""

    def put(self, driver_id: str, region: str, positions: Sequence[Position]) -> None:
        """Pass positions on; raise `UnavailableError` if not all are."""


class Photos(Protocol):
    """Takes photos."""

    def sign(self, key: str) -> str:
        """Return a URL to which a photo can be put, for a short time."""


class DynamoOrders:
    """Orders in their table, and workloads in the drivers'."""

    def __init__(self, dynamodb: Any, orders_table: str, driver_orders_table: str, *, ttl_attribute: str) -> None:
        """Use a boto3 DynamoDB client and the tables of these names; the attribute says when an assignment is removed."""
        self._dynamodb = dynamodb
        self._orders_table = orders_table
        self._driver_orders_table = driver_orders_table
        self._ttl_attribute = ttl_attribute

    def find(self, order_id: str) -> OrderFacts | None:
        """See `Orders.find`."""
        answer = self._dynamodb.get_item(TableName=self._orders_table, Key={"order_id": {"S": order_id}}, ConsistentRead=True)
        if "Item" not in answer:
            return None
        order = {name: _READ(value) for name, value in answer["Item"].items()}
        return OrderFacts(
            order_id=order_id,
            customer_id=order["customer_id"],
            driver_id=order.get("driver_id"),
            status=Status(order["status"]),
            reached={status: order[name] for status, name in _TIMES.items() if name in order},
            delivery_date=order.get("delivery_date", ""),
            rating=int(order["rating"]) if "rating" in order else None,
            tip_cents=int(order.get("tip_cents", 0)),
            details=describe_assignment(order),
        )

    def advance(self, order: OrderFacts, status: Status, at: str) -> bool:
        """See `Orders.advance`; a delivery takes the order off the driver's workload in the same transaction.

        The driver may deliver before his assignment is counted, if the message that tells him of it waits in its queue.
        Then the reservation is taken off. The assignment is left behind as done for a while, so that it is never counted.
        """
        update = self._describe_advance(order, status, at)
        if status is not Status.DELIVERED:
            return self._succeeds(self._dynamodb.update_item, **update)
        counted = "#status = :active"
        uncounted = "attribute_not_exists(#status) OR #status = :reserved"
        return any(
            self._succeeds(
                self._dynamodb.transact_write_items, TransactItems=[{"Update": update}, *self._describe_workload(order, at, *form)]
            )
            for form in (("active_order_count", counted, ":active"), ("reserved_count", uncounted, ":reserved"))
        )

    def rate(self, order: OrderFacts, rating: int, tip_cents: int) -> bool:
        """See `Orders.rate`: both are written at once, so that there is never a rating whose tip is yet to come."""
        return self._succeeds(
            self._dynamodb.update_item,
            TableName=self._orders_table,
            Key={"order_id": {"S": order.order_id}},
            UpdateExpression="SET rating = :rating, tip_cents = :tip_cents",
            ConditionExpression="#status = :delivered AND attribute_not_exists(rating)",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={
                ":rating": {"N": str(rating)},
                ":tip_cents": {"N": str(tip_cents)},
                ":delivered": {"S": Status.DELIVERED.value},
            },
        )

    def find_assigned(self, driver_id: str) -> list[str]:
        """See `Orders.find_assigned`."""
        return find_active(self._dynamodb, self._driver_orders_table, driver_id, up_to_date=True)

    def _describe_advance(self, order: OrderFacts, status: Status, at: str) -> dict[str, Any]:
        before = {f":before{number}": {"S": each.value} for number, each in enumerate(sorted(BEFORE[status]))}
        values = {":status": {"S": status.value}, ":at": {"S": at}, ":driver": {"S": order.driver_id}, **before}
        assignments = f"#status = :status, {_TIMES[status]} = :at"
        if status is Status.DELIVERED:
            assignments += ", delivery_date = :date"
            values[":date"] = {"S": at[: len("YYYY-MM-DD")]}
        return {
            "TableName": self._orders_table,
            "Key": {"order_id": {"S": order.order_id}},
            "UpdateExpression": f"SET {assignments}",
            "ConditionExpression": f"driver_id = :driver AND #status IN ({', '.join(before)})",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": values,
        }

    def _describe_workload(self, order: OrderFacts, at: str, counter: str, condition: str, state: str) -> list[dict[str, Any]]:
        driver = {"S": order.driver_id}
        expires_at = int(read_time(at).timestamp()) + DONE_SECONDS
        return [
            {
                "Update": {
                    "TableName": self._driver_orders_table,
                    "Key": {"driver_id": driver, "order_id": {"S": order.order_id}},
                    "UpdateExpression": "SET #status = :done, #ttl = :expires_at",
                    "ConditionExpression": condition,
                    "ExpressionAttributeNames": {"#status": "status", "#ttl": self._ttl_attribute},
                    "ExpressionAttributeValues": {
                        ":done": {"S": "done"},
                        ":expires_at": {"N": str(expires_at)},
                        state: {"S": state.removeprefix(":")},
                    },
                }
            },
            {
                "Update": {
                    "TableName": self._driver_orders_table,
                    "Key": {"driver_id": driver, "order_id": {"S": WORKLOAD}},
                    # Of a reserved order the set holds nothing, and so loses nothing.
                    "UpdateExpression": f"ADD {counter} :one_less DELETE {ACTIVE_ORDERS} :orders",
                    "ExpressionAttributeValues": {":one_less": {"N": "-1"}, ":orders": {"SS": [order.order_id]}},
                }
            },
        ]

    @staticmethod
    def _succeeds(write: Callable[..., object], **request: Any) -> bool:
        try:
            write(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _CHANGED_MEANWHILE:
                raise
            return False
        return True


class KinesisPositions:
    """Writes positions to a Kinesis stream."""

    def __init__(self, kinesis: Any, stream_name: str, sleep: Callable[[float], None] = time.sleep) -> None:
        """Write with a boto3 Kinesis client to the stream of this name."""
        self._kinesis = kinesis
        self._stream_name = stream_name
        self._sleep = sleep

    def put(self, driver_id: str, region: str, positions: Sequence[Position]) -> None:
        """See `Positions.put`; a driver's positions share a partition key, and those that are refused go again alone."""
        records = [_make_record(driver_id, region, position) for position in positions]
        for attempt in range(_ATTEMPTS):
            if attempt:
                self._sleep(random.uniform(0.5, 1) * 0.1 * 2**attempt)  # noqa: S311  no secret is made of it
            answer = self._kinesis.put_records(StreamName=self._stream_name, Records=records)
            records = [record for record, result in zip(records, answer["Records"], strict=True) if "ErrorCode" in result]
            if not records:
                return
        raise UnavailableError(f"{len(records)} of {len(positions)} positions were not taken")


class S3Photos:
    """Photos in a bucket."""

    def __init__(self, s3: Any, bucket: str) -> None:
        """Sign with a boto3 S3 client, of signature version 4, for the bucket of this name."""
        self._s3 = s3
        self._bucket = bucket

    def sign(self, key: str) -> str:
        """See `Photos.sign`; nothing is said of encryption, which the bucket sees to and would not be told."""
        url: str = self._s3.generate_presigned_url(
            "put_object",
            Params={"Bucket": self._bucket, "Key": key, "ContentType": PHOTO_TYPE},
            ExpiresIn=PHOTO_URL_SECONDS,
        )
        return url


def _make_record(driver_id: str, region: str, position: Position) -> Mapping[str, Any]:
    data = {
        "driver_id": driver_id,
        "region": region,
        "latitude": position.latitude,
        "longitude": position.longitude,
        "recorded_at": position.recorded_at,
    }
    return {"PartitionKey": driver_id, "Data": json.dumps(data, separators=(",", ":")).encode()}
