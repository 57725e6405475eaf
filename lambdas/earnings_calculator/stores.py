"""Where deliveries are found, and what they bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any, Protocol

from boto3.dynamodb.conditions import Attr, Key
from shared.aurora import Aurora
from shared.orders import Status

from earnings_calculator.domain import Delivery, Rule, read_delivery


class Deliveries(Protocol):
    """Knows who delivered what."""

    def of_day(self, driver_id: str, delivery_date: str) -> Iterator[Delivery]:
        """Give what a driver delivered on a day; raise `InvalidDeliveryError` for an order that no pay can be made of."""


class Rules(Protocol):
    """Knows what deliveries bring."""

    def of_regions(self, regions: Iterable[str]) -> list[Rule]:
        """Return all rules of these regions, those for other days too."""


class DynamoDeliveries:
    """Queries the orders table by its index of drivers and delivery dates."""

    def __init__(self, table: Any, index: str) -> None:
        """Query this index of a boto3 table."""
        self._table = table
        self._index = index

    def of_day(self, driver_id: str, delivery_date: str) -> Iterator[Delivery]:
        """See `Deliveries.of_day`."""
        pages = self._table.meta.client.get_paginator("query").paginate(
            TableName=self._table.name,
            IndexName=self._index,
            KeyConditionExpression=Key("driver_id").eq(driver_id) & Key("delivery_date").eq(delivery_date),
            FilterExpression=Attr("status").eq(Status.DELIVERED.value),
        )
        return (read_delivery(item) for page in pages for item in page["Items"])


class AuroraRules:
    """Reads the table pricing_rules."""

    def __init__(self, aurora: Aurora) -> None:
        """Read from this database."""
        self._aurora = aurora

    def of_regions(self, regions: Iterable[str]) -> list[Rule]:
        """See `Rules.of_regions`."""
        names = sorted(set(regions))
        if not names:
            return []
        columns = [field.name for field in fields(Rule)]
        with self._aurora.connection().cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(columns)} FROM pricing_rules WHERE region IN %s", (names,))  # noqa: S608  constants
            return [Rule(**{**row, "valid_from": row["valid_from"].isoformat()}) for row in cursor.fetchall()]
