"""DynamoDB in memory, with the tables that a benchmark needs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import boto3
from moto import mock_aws


@contextlib.contextmanager
def emulated_tables(tables: Mapping[str, Sequence[str]], indexes: Mapping[str, str] | None = None) -> Iterator[Any]:
    """Yield a client of an AWS with these tables: by name, the parts of their keys, and what an index of theirs is by and called."""
    indexes = indexes or {}
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        for name, key in tables.items():
            by = [indexes[name]] if name in indexes else []
            further = (
                {"GlobalSecondaryIndexes": [{"IndexName": by[0], **_schema(by), "Projection": {"ProjectionType": "ALL"}}]} if by else {}
            )
            attributes = [{"AttributeName": part, "AttributeType": "S"} for part in (*key, *by)]
            client.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", AttributeDefinitions=attributes, **_schema(key), **further)
        yield client


def _schema(key: Sequence[str]) -> dict[str, Any]:
    return {"KeySchema": [{"AttributeName": part, "KeyType": kind} for part, kind in zip(key, ("HASH", "RANGE"), strict=False)]}
