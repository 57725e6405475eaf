"""Where earnings are booked, and where they are paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Protocol

from shared.aurora import Aurora
from shared.earnings import COMPONENTS, Earnings


class UnknownDriverError(Exception):
    """A driver has no profile, and so no balance."""


class Books(Protocol):
    """Keeps what was earned."""

    def book(self, earnings: Sequence[Earnings]) -> None:
        """Book the days that are not booked yet, all or none."""

    def booked(self, delivery_date: str, driver_ids: Sequence[str]) -> list[Earnings]:
        """Return what is booked for these drivers on this day."""


class Balances(Protocol):
    """Keeps what drivers are paid."""

    def pay(self, earnings: Earnings) -> bool:
        """Add a day to its driver's balance, once; tell whether it was this time. Raise `UnknownDriverError`."""


class AuroraBooks:
    """Writes the table driver_earnings."""

    _COLUMNS = tuple(field.name for field in fields(Earnings))

    def __init__(self, aurora: Aurora) -> None:
        """Write to this database."""
        self._aurora = aurora

    def book(self, earnings: Sequence[Earnings]) -> None:
        """See `Books.book`."""
        if not earnings:
            return
        columns = (*self._COLUMNS, "total_cents")
        # INSERT IGNORE would pass over values that do not fit, too.
        statement = (
            f"INSERT INTO driver_earnings ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) "  # noqa: S608  constants
            "ON DUPLICATE KEY UPDATE driver_id = driver_earnings.driver_id"
        )
        rows = [[getattr(each, column) for column in columns] for each in earnings]
        with self._aurora.transaction() as cursor:
            cursor.executemany(statement, rows)

    def booked(self, delivery_date: str, driver_ids: Sequence[str]) -> list[Earnings]:
        """See `Books.booked`."""
        if not driver_ids:
            return []
        names = ("driver_id", "orders", *COMPONENTS)
        with self._aurora.connection().cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join(names)} FROM driver_earnings WHERE delivery_date = %s AND driver_id IN %s",  # noqa: S608  constants
                (delivery_date, tuple(driver_ids)),
            )
            return [Earnings(delivery_date=delivery_date, **row) for row in cursor.fetchall()]


class DynamoBalances:
    """Updates the table driver_profiles."""

    def __init__(self, table: Any) -> None:
        """Update this boto3 table."""
        self._table = table

    def pay(self, earnings: Earnings) -> bool:
        """See `Balances.pay`."""
        try:
            self._table.update_item(
                Key={"driver_id": earnings.driver_id},
                UpdateExpression="ADD balance_cents :cents, settled :dates",
                ConditionExpression="attribute_exists(driver_id) AND NOT contains(settled, :date)",
                ExpressionAttributeValues={
                    ":cents": earnings.total_cents,
                    ":dates": {earnings.delivery_date},
                    ":date": earnings.delivery_date,
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._table.meta.client.exceptions.ConditionalCheckFailedException as error:
            if not error.response.get("Item"):
                raise UnknownDriverError(f"driver {earnings.driver_id} has no profile") from error
            return False
        return True
