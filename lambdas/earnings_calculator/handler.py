"""Settlement, for some drivers: computes earnings from distance, time, surge and tips, by pricing_rules in Aurora."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

import boto3
from shared.aurora import Aurora
from shared.aws import LONG_PATIENCE
from shared.observability import make_logger

from earnings_calculator.domain import choose_rules, pay_day
from earnings_calculator.settings import read_settings
from earnings_calculator.stores import AuroraRules, Deliveries, DynamoDeliveries, Rules

logger = make_logger("earnings_calculator")


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Answer the state machine for one group of drivers."""
    return calculate(event, *_connect())


def calculate(event: Mapping[str, Any], deliveries: Deliveries, rules: Rules) -> dict[str, Any]:
    """Return what each driver of the group earned on the day; nothing at all if one's earnings cannot be known."""
    date = event["delivery_date"]
    delivered = {driver: list(deliveries.of_day(driver, date)) for driver in event["driver_ids"]}
    valid = choose_rules(rules.of_regions(delivery.region for day in delivered.values() for delivery in day), date)
    earnings = [pay_day(driver, date, day, valid) for driver, day in delivered.items()]
    logger.info("earnings calculated", event="earnings_calculated", delivery_date=date, drivers=len(earnings))
    return {"earnings": [each.to_json() for each in earnings]}


@functools.cache
def _connect() -> tuple[DynamoDeliveries, AuroraRules]:
    settings = read_settings(os.environ)
    table = boto3.resource("dynamodb", config=LONG_PATIENCE).Table(settings.orders_table)
    return DynamoDeliveries(table, settings.index), AuroraRules(Aurora(os.environ))
