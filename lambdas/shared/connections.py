"""Who is connected to the WebSocket API, and how to send to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import boto3
from botocore.config import Config

from shared.aws import PATIENCE
from shared.order_events import write_json
from shared.orders import PoisonError

MAX_MESSAGE_BYTES = 128 * 1024
"""What API Gateway sends in one message."""


class Role(StrEnum):
    """What somebody is connected as."""

    CUSTOMER = "customer"
    DRIVER = "driver"


@dataclass(frozen=True, slots=True)
class Connection:
    """An open connection."""

    connection_id: str
    user_id: str
    role: Role
    connected_at: str
    """UTC, in ISO 8601."""
    order_id: str | None = None
    """The order that it follows; none until it has asked for one."""


class ConnectionTable:
    """The connections table, by the connections' ids."""

    def __init__(self, dynamodb: Any, table_name: str) -> None:
        """Use a boto3 DynamoDB client and the table of this name."""
        self._dynamodb = dynamodb
        self._table_name = table_name

    def remember(self, connection: Connection, *, ttl_attribute: str, expires_at: int) -> None:
        """Store a connection until a time in epoch seconds, which the table calls by the attribute's name."""
        item = {
            "connection_id": {"S": connection.connection_id},
            "user_id": {"S": connection.user_id},
            "role": {"S": connection.role.value},
            "connected_at": {"S": connection.connected_at},
            ttl_attribute: {"N": str(expires_at)},
        }
        if connection.order_id is not None:
            item["order_id"] = {"S": connection.order_id}
        self._dynamodb.put_item(TableName=self._table_name, Item=item)

    def forget(self, connection_id: str) -> None:
        """Remove a connection; one that is not there is removed already."""
        self._dynamodb.delete_item(TableName=self._table_name, Key={"connection_id": {"S": connection_id}})

    def find(self, connection_id: str) -> Connection | None:
        """Return the connection with this id, whatever its time: for one that has just sent something, and so is open."""
        answer = self._dynamodb.get_item(TableName=self._table_name, Key={"connection_id": {"S": connection_id}}, ConsistentRead=True)
        return _read_connection(answer["Item"]) if "Item" in answer else None

    def subscribe(self, connection_id: str, order_id: str) -> bool:
        """Let a connection follow an order instead of what it followed before; false if the connection is not there."""
        try:
            self._dynamodb.update_item(
                TableName=self._table_name,
                Key={"connection_id": {"S": connection_id}},
                UpdateExpression="SET order_id = :order_id",
                # Without it, a connection that was removed meanwhile would come back, without its user and its end.
                ConditionExpression="attribute_exists(connection_id)",
                ExpressionAttributeValues={":order_id": {"S": order_id}},
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True


class ConnectionIndex:
    """An index of the connections table: the open connections of a user, or those that follow an order."""

    def __init__(self, dynamodb: Any, table_name: str, index_name: str, *, key: str, ttl_attribute: str) -> None:
        """Use a boto3 DynamoDB client and the index whose key is the attribute `user_id` or `order_id`."""
        self._dynamodb = dynamodb
        self._table_name = table_name
        self._index_name = index_name
        self._key = key
        self._ttl_attribute = ttl_attribute

    def find(self, value: str, *, now: int) -> list[Connection]:
        """Return the connections with this key whose time, in epoch seconds, is not over: DynamoDB removes them late."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table_name,
            IndexName=self._index_name,
            KeyConditionExpression="#key = :value",
            FilterExpression="#ttl > :now",
            ExpressionAttributeNames={"#key": self._key, "#ttl": self._ttl_attribute},
            ExpressionAttributeValues={":value": {"S": value}, ":now": {"N": str(now)}},
        )
        return [_read_connection(item) for page in pages for item in page["Items"]]


class Pusher:
    """Sends messages to connections, and forgets those that are gone."""

    def __init__(self, management: Any, connections: ConnectionTable) -> None:
        """Send with a boto3 client of API Gateway's management API, and remove gone connections from the table."""
        self._management = management
        self._connections = connections

    def push(self, connection_id: str, message: Mapping[str, Any]) -> bool:
        """Send a message as JSON; false if the connection is gone.

        Raises:
            PoisonError: The message is longer than API Gateway sends.
            ClientError: It was not sent, for another reason (throttled, say), and may be later.
        """
        data = write_json(message).encode()
        if len(data) > MAX_MESSAGE_BYTES:
            raise PoisonError(f"a message of {len(data)} bytes is longer than a connection takes")
        try:
            self._management.post_to_connection(ConnectionId=connection_id, Data=data)
        except self._management.exceptions.GoneException:
            self._connections.forget(connection_id)
            return False
        return True


def connect_pusher(url: str, connections: ConnectionTable, config: Config = PATIENCE) -> Pusher:
    """Return a pusher for the WebSocket API at this https URL, which ends in the stage's name."""
    return Pusher(boto3.client("apigatewaymanagementapi", endpoint_url=url, config=config), connections)


def _read_connection(item: Mapping[str, Mapping[str, str]]) -> Connection:
    return Connection(
        connection_id=item["connection_id"]["S"],
        user_id=item["user_id"]["S"],
        role=Role(item["role"]["S"]),
        connected_at=item["connected_at"]["S"],
        order_id=item["order_id"]["S"] if "order_id" in item else None,
    )
