"""What a customer is told of an order, and what a receipt says."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from shared.order_events import OrderEvent
from shared.orders import PoisonError, Status

_NOTIFICATIONS = uuid.UUID("0d5f6e0c-6a0b-5c53-9a5e-6c0f5f0b7d1e")


@dataclass(frozen=True, slots=True)
class Link:
    """An address from which a receipt can be fetched for a while."""

    url: str
    seconds: int
    """How long it is valid, at most."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What the external service is told; it knows by the user's id how to reach the user, and in which language."""

    notification_id: str
    """The same whenever the same stage of the same order is told: the service sends what it has sent already no more."""
    user_id: str
    order_id: str
    stage: Status

    def message(self, receipt: Link | None) -> dict[str, Any]:
        """Return what is published, with the link to the receipt if there is one."""
        return {
            "notification_id": self.notification_id,
            "user_id": self.user_id,
            "order_id": self.order_id,
            "order_stage": self.stage.value,
            "text_key": f"order.{self.stage.value}",
            **({"receipt_url": receipt.url, "receipt_url_seconds": receipt.seconds} if receipt else {}),
        }


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a customer has bought; the same for every delivery of the message that it is made of."""

    order_id: str
    contents: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Where it is filed."""
        return f"receipts/{self.order_id}.json"


def read_notification(event: OrderEvent) -> Notification:
    """Return what the customer of an order is told of its stage; raise `PoisonError` if nobody can be told."""
    order_id = event.identify("order_id")
    name = json.dumps([order_id, event.stage.value])
    return Notification(str(uuid.uuid5(_NOTIFICATIONS, name)), event.identify("customer_id"), order_id, event.stage)


def make_receipt(event: OrderEvent) -> Receipt:
    """Return the receipt of a delivered order; raise `PoisonError` if the order's amounts make none."""
    items = event.order.get("items")
    if not isinstance(items, list) or not items:
        raise PoisonError("the order has no items")
    lines = [_make_line(item) for item in items]
    total = sum(line["amount_cents"] for line in lines)
    if event.order.get("total_cents") != total:
        raise PoisonError("the order's total is not the sum of its items")
    order_id = event.identify("order_id")
    contents = {
        "order_id": order_id,
        "customer_id": event.identify("customer_id"),
        "restaurant_id": event.identify("restaurant_id"),
        "items": lines,
        "total_cents": total,
        "placed_at": event.identify("placed_at"),
        "delivered_at": event.identify("delivered_at"),
    }
    return Receipt(order_id, contents)


def _make_line(item: object) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise PoisonError("an item is not an object")
    sku, quantity, price_cents = item.get("sku"), item.get("quantity"), item.get("price_cents")
    if not isinstance(sku, str) or not _is_whole(quantity, 1) or not _is_whole(price_cents, 0):
        raise PoisonError("an item has no amount")
    return {"sku": sku, "quantity": quantity, "price_cents": price_cents, "amount_cents": quantity * price_cents}


def _is_whole(value: object, low: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= low
