"""A client's side of sendmessage: the tables with what is in them, and messages with their answers."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
import websocket_message.handler as message_handler
from boto3.dynamodb.types import TypeSerializer
from shared.connections import Connection, ConnectionTable, Role
from websocket_message.answers import Answering
from websocket_message.handler import answer_event
from websocket_message.stores import DynamoOrders, KinesisPositions, S3Photos

from tests.lambdas.websocket_tables import ENVIRON, empty_tables, emulated_tables

NOW = datetime(2026, 1, 2, 23, 59, 5, 678_000, tzinfo=UTC)
NOW_TEXT = "2026-01-02T23:59:05.678+00:00"
NOW_MS = 1_767_398_345_678
VARIABLES = {
    "CONNECTIONS_TABLE": "connections",
    "ORDERS_TABLE": "orders",
    "DRIVER_ORDERS_TABLE": "driver_orders",
    "LOCATIONS_STREAM_NAME": "locations",
    "DELIVERY_PHOTOS_BUCKET": "photos-123456789012",
    "TTL_ATTRIBUTE": "expires_at",
}
WRITE = TypeSerializer().serialize

Send = Callable[..., tuple[int, dict[str, Any]]]


@contextmanager
def emulated_clients() -> Iterator[dict[str, Any]]:
    """Return clients of an AWS that has the tables: making them takes longer than most tests."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in (ENVIRON | VARIABLES).items():
            environment.setenv(name, value)
        with emulated_tables() as dynamodb:
            s3 = boto3.client("s3", config=message_handler._SIGNING)
            yield {"dynamodb": dynamodb, "kinesis": boto3.client("kinesis"), "s3": s3}


def connect_people(dynamodb: Any) -> None:
    """Connect a customer, a driver and strangers, and leave nothing else in the tables."""
    empty_tables(dynamodb)
    table = ConnectionTable(dynamodb, "connections")
    for connection_id, user_id, role in [
        ("customer-1", "customer-1", Role.CUSTOMER),
        ("driver-1", "driver-1", Role.DRIVER),
        ("customer-2", "customer-2", Role.CUSTOMER),
        ("driver-2", "driver-2", Role.DRIVER),
        # Who drives may order too, and who orders may drive: the same ids in the other role.
        ("driver-as-customer", "driver-1", Role.CUSTOMER),
        ("customer-as-driver", "customer-1", Role.DRIVER),
    ]:
        connection = Connection(connection_id, user_id, role, NOW_TEXT)
        table.remember(connection, ttl_attribute="expires_at", expires_at=2**31)


def make_answering(aws: dict[str, Any]) -> Answering:
    numbers = itertools.count(1)
    return Answering(
        connections=ConnectionTable(aws["dynamodb"], "connections"),
        orders=DynamoOrders(aws["dynamodb"], "orders", "driver_orders", ttl_attribute="expires_at"),
        positions=KinesisPositions(aws["kinesis"], "locations", sleep=lambda seconds: None),
        photos=S3Photos(aws["s3"], "photos-123456789012"),
        make_id=lambda: f"photo-{next(numbers)}",
        sleep=lambda seconds: None,
    )


def make_event(connection_id: str, body: object) -> dict[str, Any]:
    return {
        "requestContext": {"routeKey": "sendmessage", "eventType": "MESSAGE", "connectionId": connection_id},
        "body": body if isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }


def make_send(answering: Answering) -> Send:
    """Return what sends a message over a connection, and returns the answer's status and body."""

    def send(connection_id: str, type_: str, **fields: Any) -> tuple[int, dict[str, Any]]:
        answer = answer_event(make_event(connection_id, {"action": "sendmessage", "type": type_, **fields}), answering, NOW)
        return answer["statusCode"], json.loads(answer["body"])

    return send


class TableOrders:
    """Puts orders and workloads into the tables, and reads them."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb

    def put(self, status: str, **texts: str) -> None:
        """An order of customer-1 with this status, carried by driver-1."""
        item = {"order_id": "o-1", "customer_id": "customer-1", "status": status} | texts
        if status != "placed":
            item["driver_id"] = "driver-1"
        self._dynamodb.put_item(TableName="orders", Item={name: {"S": text} for name, text in item.items()})

    def assign(self, driver_id: str, order_id: str, *, assignment: str = "active", status: str = "assigned", **further: Any) -> None:
        """An order that somebody has to deliver, and the item of its assignment."""
        order = {"order_id": order_id, "customer_id": "customer-1", "driver_id": driver_id, "status": status} | further
        self._dynamodb.put_item(TableName="orders", Item={name: WRITE(value) for name, value in order.items()})
        item = {"driver_id": driver_id, "order_id": order_id, "status": assignment}
        self._dynamodb.put_item(TableName="driver_orders", Item={name: WRITE(value) for name, value in item.items()})
        if assignment == "active":
            self._dynamodb.update_item(
                TableName="driver_orders",
                Key={"driver_id": {"S": driver_id}, "order_id": {"S": "#workload"}},
                UpdateExpression="ADD active_orders :orders",
                ExpressionAttributeValues={":orders": {"SS": [order_id]}},
            )

    def get(self) -> dict[str, Any]:
        item = self._dynamodb.get_item(TableName="orders", Key={"order_id": {"S": "o-1"}})["Item"]
        return {name: next(iter(value.values())) for name, value in item.items()}

    def load(self, active: int = 0, reserved: int = 0, assignment: str | None = None) -> None:
        """The workload of driver-1, and what is known of the order's assignment."""
        key = {"driver_id": {"S": "driver-1"}}
        counts: dict[str, Any] = {"active_order_count": {"N": str(active)}, "reserved_count": {"N": str(reserved)}}
        if assignment == "active":
            counts["active_orders"] = {"SS": ["o-1"]}
        self._dynamodb.put_item(TableName="driver_orders", Item=key | {"order_id": {"S": "#workload"}} | counts)
        if assignment is not None:
            self._dynamodb.put_item(TableName="driver_orders", Item=key | {"order_id": {"S": "o-1"}, "status": {"S": assignment}})

    def assignment(self, order_id: str = "o-1") -> dict[str, Any]:
        """What is known of an assignment of driver-1."""
        key = {"driver_id": {"S": "driver-1"}, "order_id": {"S": order_id}}
        item = self._dynamodb.get_item(TableName="driver_orders", Key=key)["Item"]
        return {name: next(iter(value.values())) for name, value in item.items()}

    def workload(self) -> tuple[int, int, str | None]:
        """The counts of active and reserved orders of driver-1, and the state of the order's assignment."""
        items = {item["order_id"]["S"]: item for item in self._dynamodb.scan(TableName="driver_orders")["Items"]}
        load = items["#workload"]
        state = items["o-1"]["status"]["S"] if "o-1" in items else None
        return int(load["active_order_count"]["N"]), int(load["reserved_count"]["N"]), state
