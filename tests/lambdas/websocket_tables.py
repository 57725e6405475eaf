"""The tables behind the WebSocket API, as the stack makes them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto import mock_aws

TABLES = {
    "connections": ("connection_id", None, ("order_id", "user_id")),
    "orders": ("order_id", None, ()),
    "driver_orders": ("driver_id", "order_id", ()),
    "driver_profiles": ("driver_id", None, ()),
}
ENVIRON = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_DEFAULT_REGION": "eu-central-1"}


@contextmanager
def emulated_tables() -> Iterator[Any]:
    """Return a client of an AWS that has these tables, empty; the environment must have credentials."""
    with mock_aws():
        client = boto3.client("dynamodb")
        for table, (hash_key, range_key, indexes) in TABLES.items():
            keys = [name for name in (hash_key, range_key) if name]
            further = {"GlobalSecondaryIndexes": [describe_index(name) for name in indexes]} if indexes else {}
            client.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in (*keys, *indexes)],
                KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in zip(keys, ("HASH", "RANGE"), strict=False)],
                **further,
            )
        yield client


def describe_index(name: str) -> dict[str, Any]:
    return {"IndexName": name, "KeySchema": [{"AttributeName": name, "KeyType": "HASH"}], "Projection": {"ProjectionType": "ALL"}}


def empty_tables(client: Any) -> None:
    for table, (*keys, _) in TABLES.items():
        for item in client.scan(TableName=table)["Items"]:
            client.delete_item(TableName=table, Key={name: item[name] for name in keys if name})
