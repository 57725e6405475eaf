"""Transactions in memory: all of one is done, or nothing, though little is copied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.dynamodb.models import dynamodb_backends

from tests.pipeline.transactions import copying_little

COUNT = 50


@pytest.fixture
def dynamodb() -> Iterator[Any]:
    """A client that sees a table with a range key and one without, with items in both."""
    with mock_aws(), copying_little():
        client = boto3.client("dynamodb", "us-east-1", aws_access_key_id="any", aws_secret_access_key="any")
        for name, keys in {"plain": ("a",), "ranged": ("a", "b")}.items():
            client.create_table(
                TableName=name,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
                KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)],
                StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            )
        for number in range(COUNT):
            client.put_item(TableName="plain", Item={"a": {"S": str(number)}, "n": {"N": "1"}})
            client.put_item(TableName="ranged", Item={"a": {"S": "x"}, "b": {"S": str(number)}, "n": {"N": "1"}})
        yield client


def _add(table: str, condition: str | None = None, **key: str) -> dict[str, Any]:
    update: dict[str, Any] = {
        "TableName": table,
        "Key": {name: {"S": value} for name, value in key.items()},
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    }
    return {"Update": update | ({"ConditionExpression": condition} if condition else {})}


def _numbers(dynamodb: Any, table: str) -> list[int]:
    return [int(item["n"]["N"]) for item in dynamodb.scan(TableName=table)["Items"]]


def test_a_transaction_writes_all_of_its_items(dynamodb: Any) -> None:
    dynamodb.transact_write_items(TransactItems=[_add("plain", a="3"), _add("ranged", a="x", b="4"), _add("ranged", a="new", b="4")])

    assert COUNT + 1 == sum(_numbers(dynamodb, "plain"))
    assert COUNT + 2 == sum(_numbers(dynamodb, "ranged"))


def test_a_transaction_that_fails_leaves_everything_as_it_was(dynamodb: Any) -> None:
    before = [dynamodb.scan(TableName=table)["Items"] for table in ("plain", "ranged")]
    put = {"Put": {"TableName": "ranged", "Item": {"a": {"S": "new"}, "b": {"S": "1"}}}}
    delete = {"Delete": {"TableName": "ranged", "Key": {"a": {"S": "x"}, "b": {"S": "9"}}}}
    items = [_add("plain", a="3"), _add("ranged", a="x", b="4"), put, delete, _add("plain", "attribute_not_exists(a)", a="5")]

    with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
        dynamodb.transact_write_items(TransactItems=items)

    assert before == [dynamodb.scan(TableName=table)["Items"] for table in ("plain", "ranged")]


def test_after_a_failure_items_are_written_as_ever(dynamodb: Any) -> None:
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
        dynamodb.transact_write_items(TransactItems=[_add("plain", a="3"), _add("plain", "attribute_not_exists(a)", a="5")])

    dynamodb.update_item(**_add("plain", a="3")["Update"])

    assert COUNT + 1 == sum(_numbers(dynamodb, "plain"))


def test_what_a_transaction_does_not_write_is_not_copied(dynamodb: Any) -> None:
    backends: BackendDict[Any] = dynamodb_backends
    table = backends["123456789012"]["us-east-1"].tables["plain"]
    items = {id(item) for item in table.items.values()}

    with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
        dynamodb.transact_write_items(TransactItems=[_add("plain", a="3"), _add("plain", "attribute_not_exists(a)", a="5")])

    table = backends["123456789012"]["us-east-1"].tables["plain"]
    assert COUNT - 2 == len(items & {id(item) for item in table.items.values()})
