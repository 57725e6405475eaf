"""Settlement, for some drivers: writes driver_earnings in Aurora and the balance in driver_profiles, once however often it runs."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

import boto3
from shared.aurora import Aurora
from shared.aws import LONG_PATIENCE
from shared.earnings import Earnings
from shared.observability import make_logger

from earnings_settler.domain import EarningsDifferError, EarningsUnknownError, read_group, split_booked
from earnings_settler.settings import read_settings
from earnings_settler.stores import AuroraBooks, Balances, Books, DynamoBalances

logger = make_logger("earnings_settler")


def handle(event: Mapping[str, Any], context: object) -> dict[str, int]:  # noqa: ARG001  Lambda calls it with both
    """Answer the state machine for one group of drivers."""
    return settle(event, *_connect())


def settle(event: Mapping[str, Any], books: Books, balances: Balances) -> dict[str, int]:
    """Book and pay a group; return how many drivers are paid now, this time or before, and what they got in all.

    Raise `EarningsDifferError`, after paying the others, if a day is booked otherwise than it was calculated, and
    `EarningsUnknownError` if one could not be calculated.
    """
    group = read_group(event)
    books.book(group.to_book)
    drivers = [each.driver_id for each in group.earnings]
    equal, differing = split_booked(group, books.booked(group.delivery_date, drivers))
    for earnings in equal:
        # A day without orders is settled as well, but nobody is paid.
        if balances.pay(earnings) and earnings.orders:
            _tell(earnings)
    if differing:
        raise EarningsDifferError(f"{group.delivery_date} is booked otherwise for {', '.join(each.driver_id for each in differing)}")
    if group.unknown:
        raise EarningsUnknownError(f"{group.delivery_date} is not known for {', '.join(each.driver_id for each in group.unknown)}")
    return {"drivers": len(group.earnings), "cents": group.cents}


def _tell(earnings: Earnings) -> None:
    logger.info(
        "driver settled",
        event="driver_settled",
        driver_id=earnings.driver_id,
        delivery_date=earnings.delivery_date,
        amount_cents=earnings.total_cents,
    )


@functools.cache
def _connect() -> tuple[AuroraBooks, DynamoBalances]:
    table = boto3.resource("dynamodb", config=LONG_PATIENCE).Table(read_settings(os.environ).profiles_table)
    return AuroraBooks(Aurora(os.environ)), DynamoBalances(table)
