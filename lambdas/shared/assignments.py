"""The orders that are assigned to drivers: where they are counted, and what drivers hear of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

WORKLOAD = "#workload"
"""The sort key of a driver's counts in the table of drivers' orders, beside the ids of his orders."""

ACTIVE_ORDERS = "active_orders"
"""The set of the ids of a driver's active orders, beside his counts: so they are found without a look at those that are done."""

_TOLD = ("restaurant_id", "pickup", "destination", "preparation_minutes", "distance_km", "surge", "assigned_at")


def describe_assignment(order: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a driver needs of an order, besides its id; who ordered what is not his affair."""
    return {name: order[name] for name in _TOLD if name in order}


def find_active(dynamodb: Any, table_name: str, driver_id: str, *, up_to_date: bool) -> list[str]:
    """Return the ids of a driver's active orders, sorted, from the table of drivers' orders, with a boto3 DynamoDB client."""
    answer = dynamodb.query(
        TableName=table_name,
        KeyConditionExpression="driver_id = :driver_id AND order_id = :workload",
        ProjectionExpression=ACTIVE_ORDERS,
        ExpressionAttributeValues={":driver_id": {"S": driver_id}, ":workload": {"S": WORKLOAD}},
        ConsistentRead=up_to_date,
    )
    return sorted(order_id for item in answer["Items"] for order_id in item.get(ACTIVE_ORDERS, {}).get("SS", ()))
