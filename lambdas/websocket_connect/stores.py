"""Where it stands who drives."""

from __future__ import annotations

from typing import Any, Protocol


class Drivers(Protocol):
    """Knows the drivers."""

    def knows(self, user_id: str) -> bool:
        """Tell whether a user is a driver, up to date."""


class DynamoDrivers:
    """Drivers are the users that have a profile in the driver_profiles table."""

    def __init__(self, dynamodb: Any, table_name: str) -> None:
        """Use a boto3 DynamoDB client and the table of this name."""
        self._dynamodb = dynamodb
        self._table_name = table_name

    def knows(self, user_id: str) -> bool:
        """See `Drivers.knows`; nothing of the profile is read but that it is there."""
        answer = self._dynamodb.get_item(
            TableName=self._table_name, Key={"driver_id": {"S": user_id}}, ConsistentRead=True, ProjectionExpression="driver_id"
        )
        return "Item" in answer
