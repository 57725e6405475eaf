"""DynamoDB's transactions, as AWS in memory has them, at a cost that does not grow with the tables.

moto copies whole tables before each transaction, in case it fails, and keeps track of every copy that it ever made.
Here it copies what the transaction may write; all other items are the same ones in the copy.
"""

from __future__ import annotations

import copy
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

Key = tuple[Any, Any]
"""A hash key and a range key, which may be None."""


@contextmanager
def copying_little() -> Iterator[None]:
    """Have transactions copy the items that they may write, and no others."""
    transact = DynamoDBBackend.transact_write_items
    underway = threading.local()

    def transact_write_items(backend: DynamoDBBackend, transact_items: Sequence[Mapping[str, Any]]) -> None:
        underway.keys = _find_keys(backend, transact_items)
        try:
            transact(backend, list(transact_items))  # type: ignore[arg-type]
        finally:
            underway.keys = None

    def copy_table(table: Table, memo: dict[int, Any]) -> Table:
        copied: Table = copy.copy(table)
        memo[id(table)] = copied
        copied.stream_shard = copy.deepcopy(table.stream_shard, memo)
        keys = getattr(underway, "keys", None)
        copied.items = copy.deepcopy(table.items, memo) if keys is None else _copy_items(table, keys[table.name])
        return copied

    with (
        patch.object(DynamoDBBackend, "transact_write_items", transact_write_items),
        patch.object(Table, "__deepcopy__", copy_table, create=True),
    ):
        yield


def _find_keys(backend: DynamoDBBackend, transact_items: Sequence[Mapping[str, Any]]) -> dict[str, list[Key]]:
    keys: dict[str, list[Key]] = defaultdict(list)
    for operation in (operation for each in transact_items for operation in each.values()):
        table = backend.tables.get(operation["TableName"])
        if table is not None:
            values = operation.get("Key") or operation["Item"]
            names = (table.hash_key_attr, table.range_key_attr)
            keys[table.name].append(tuple(DynamoType(values[name]) if name else None for name in names))  # type: ignore[arg-type]
    return keys


def _copy_items(table: Table, keys: Sequence[Key]) -> Any:
    items: Any = defaultdict(dict)
    for hash_key, under in table.items.items():
        items[hash_key] = dict(under) if table.has_range_key else under
    for hash_key, range_key in keys:
        if hash_key not in table.items:
            continue
        if not table.has_range_key:
            items[hash_key] = copy.deepcopy(table.items[hash_key])
        elif range_key in table.items[hash_key]:
            items[hash_key][range_key] = copy.deepcopy(table.items[hash_key][range_key])
    return items
