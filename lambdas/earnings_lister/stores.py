"""Where drivers are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from earnings_lister.domain import Profile


class Profiles(Protocol):
    """Knows all drivers."""

    def all(self) -> Iterator[Profile]:
        """Give every driver's profile, in any order."""


class DynamoProfiles:
    """Reads the table driver_profiles."""

    def __init__(self, table: Any) -> None:
        """Read this boto3 table."""
        self._table = table

    def all(self) -> Iterator[Profile]:
        """See `Profiles.all`; one settled a moment ago may be given as open, which the settler notices."""
        # The balance is nobody's business here.
        pages = self._table.meta.client.get_paginator("scan").paginate(
            TableName=self._table.name,
            ProjectionExpression="#driver_id, #settled",
            ExpressionAttributeNames={"#driver_id": "driver_id", "#settled": "settled"},
        )
        for item in (item for page in pages for item in page["Items"]):
            yield Profile(item["driver_id"], frozenset(item.get("settled", ())))
