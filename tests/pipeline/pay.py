"""What drivers have to be paid, worked out once more: in whole numbers, from the orders and the rules that were entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.pipeline.world import PricingRule, World

COMPONENTS = ("base_cents", "distance_cents", "time_cents", "surge_cents", "tip_cents")

DriverDay = tuple[str, str]
"""A driver's id and a date."""


def pay_orders(orders: Iterable[Mapping[str, Any]], tips: Mapping[str, int], world: World) -> dict[DriverDay, dict[str, int]]:
    """Return what each driver earned on each day, by component, with the number of `orders` and the sum `total_cents`."""
    days: dict[DriverDay, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("orders", *COMPONENTS, "total_cents"), 0))
    for order in orders:
        rules = (rule for region in world.regions if region.name == order["region"] for rule in region.rules)
        rule = max((rule for rule in rules if rule.valid_from <= order["delivery_date"]), key=lambda rule: rule.valid_from, default=None)
        if rule is None:
            continue
        day = days[order["driver_id"], order["delivery_date"]]
        pay = pay_order(order, tips.get(order["order_id"], 0), rule)
        for name, cents in pay.items():
            day[name] += cents
        day["orders"] += 1
        day["total_cents"] += sum(pay.values())
    return dict(days)


def pay_order(order: Mapping[str, Any], tip_cents: int, rule: PricingRule) -> dict[str, int]:
    """Return what an order brings: in thousandths of a kilometer, milliseconds, and hundredths of the surge."""
    meters, surge = int(order["distance_km"] * 1000), int(order["surge"] * 100)
    way = datetime.fromisoformat(order["delivered_at"]) - datetime.fromisoformat(order["assigned_at"])
    milliseconds = way // timedelta(milliseconds=1)
    # Base, distance and time, in cents a sixty-thousandth.
    basis = rule.base_cents * 60_000 + rule.per_km_cents * meters * 60 + rule.per_minute_cents * milliseconds
    return {
        "base_cents": rule.base_cents,
        "distance_cents": _round(rule.per_km_cents * meters, 1000),
        "time_cents": _round(rule.per_minute_cents * milliseconds, 60_000),
        "surge_cents": _round(rule.surge_share_thousandths * (surge - 100) * basis, 1000 * 100 * 60_000),
        "tip_cents": tip_cents,
    }


def _round(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)
