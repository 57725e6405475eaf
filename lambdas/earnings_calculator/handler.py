"""Settlement, for some drivers: computes earnings from distance, time, surge and tips, by pricing_rules in Aurora."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

import boto3
from shared.aurora import Aurora
from shared.aws import LONG_PATIENCE
from shared.earnings import Earnings, UnknownEarnings
from shared.observability import make_logger

from earnings_calculator.domain import Delivery, Rule, UnknownPayError, choose_rules, pay_day
from earnings_calculator.settings import read_settings
from earnings_calculator.stores import AuroraRules, Deliveries, DynamoDeliveries, Rules

logger = make_logger("earnings_calculator")


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Answer the state machine for one group of drivers."""
    return calculate(event, *_connect())


def calculate(event: Mapping[str, Any], deliveries: Deliveries, rules: Rules) -> dict[str, Any]:
    """Return what each driver of the group earned on the day, or why it is not known: that is nobody else's affair."""
    date = event["delivery_date"]
    delivered = {driver: _find(deliveries, driver, date) for driver in event["driver_ids"]}
    regions = {delivery.region for day in delivered.values() if isinstance(day, list) for delivery in day}
    valid = choose_rules(rules.of_regions(regions), date)
    earnings = [_pay(driver, date, day, valid) for driver, day in delivered.items()]
    logger.info("earnings calculated", event="earnings_calculated", delivery_date=date, drivers=len(earnings))
    return {"earnings": [each.to_json() for each in earnings]}


def _find(deliveries: Deliveries, driver_id: str, date: str) -> list[Delivery] | UnknownPayError:
    try:
        return list(deliveries.of_day(driver_id, date))
    except UnknownPayError as error:
        return error


def _pay(driver_id: str, date: str, day: list[Delivery] | UnknownPayError, rules: Mapping[str, Rule]) -> Earnings | UnknownEarnings:
    try:
        if isinstance(day, UnknownPayError):
            raise day
        return pay_day(driver_id, date, day, rules)
    except UnknownPayError as error:
        # The reason says it all: no traceback.
        logger.error(  # noqa: TRY400
            "a driver's day cannot be paid", event="earnings_unknown", driver_id=driver_id, delivery_date=date, reason=str(error)
        )
        return UnknownEarnings(driver_id, date, str(error))


@functools.cache
def _connect() -> tuple[DynamoDeliveries, AuroraRules]:
    settings = read_settings(os.environ)
    table = boto3.resource("dynamodb", config=LONG_PATIENCE).Table(settings.orders_table)
    return DynamoDeliveries(table, settings.index), AuroraRules(Aurora(os.environ))
