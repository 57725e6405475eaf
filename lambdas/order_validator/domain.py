"""What an order is, and when one is valid: pure, with identity and time passed in."""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from shared.orders import MAX_TOTAL_CENTS
from shared.refusals import RefusedError

MAX_ITEMS = 100
MAX_QUANTITY = 50
MAX_PRICE_CENTS = 1_000_000
MAX_TEXT = 200

_Value = TypeVar("_Value")

_ORDERS = uuid.UUID("6f1c3f0e-8a52-5b0e-9d2f-1f1f5b6a7c10")


@dataclass(frozen=True, slots=True)
class Place:
    """Where to deliver, in degrees (WGS 84)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an order; the price is for one piece."""

    sku: str
    quantity: int
    price_cents: int


@dataclass(frozen=True, slots=True)
class Order:
    """A valid order, as it travels through the orders stream."""

    order_id: str
    customer_id: str
    restaurant_id: str
    region: str
    """The restaurant's delivery region: Redis keeps its drivers and its surge prices under this name."""
    destination: Place
    items: tuple[Item, ...]
    total_cents: int
    placed_at: str
    """UTC, in ISO 8601."""

    def to_json(self) -> str:
        """Return the order as one line of JSON."""
        return json.dumps(asdict(self), separators=(",", ":"))


def identify_order(customer_id: str, idempotency_key: str | None, random_id: Callable[[], uuid.UUID]) -> str:
    """Return an order's id: the same one for every retry of a request that carries the client's idempotency key."""
    if idempotency_key is None:
        return str(random_id())
    return str(uuid.uuid5(_ORDERS, json.dumps([customer_id, idempotency_key])))


def validate_order(body: object, *, user_id: str, idempotency_key: str | None, random_id: Callable[[], uuid.UUID], placed_at: str) -> Order:
    """Return the order that a decoded request body holds, and that a user places for himself.

    Raises:
        RefusedError: The order cannot be taken, for all the problems that it holds, or it is somebody else's.
    """
    if not isinstance(body, dict):
        raise refuse_order({"body": "must be an object"})
    fields = _Fields(body)
    customer_id = fields.text("customer_id")
    restaurant_id = fields.text("restaurant_id")
    region = fields.text("region")
    destination = _read_place(fields.child("destination"))
    items = _read_items(fields)
    total_cents = sum(item.quantity * item.price_cents for item in items)
    if not fields.problems and not 1 <= total_cents <= MAX_TOTAL_CENTS:
        fields.problems["items"] = f"must cost from 1 to {MAX_TOTAL_CENTS} cents in all"
    if fields.problems:
        raise refuse_order(fields.problems)
    if customer_id != user_id:
        raise RefusedError(403, "customer_wrong", "The customer_id must be the user whose signature the request bears.")
    return Order(
        order_id=identify_order(customer_id, idempotency_key, random_id),
        customer_id=customer_id,
        restaurant_id=restaurant_id,
        region=region,
        destination=destination,
        items=items,
        total_cents=total_cents,
        placed_at=placed_at,
    )


def refuse_order(problems: Mapping[str, str]) -> RefusedError:
    """Return the refusal of an order with these problems, by field."""
    return RefusedError(400, "order_invalid", "The order is not valid.", problems)


class _Fields:
    """Reads fields of one JSON object, and notes what is wrong instead of raising, so that the client hears everything at once."""

    def __init__(self, values: Mapping[str, Any], prefix: str = "", problems: dict[str, str] | None = None) -> None:
        self._values = values
        self._prefix = prefix
        self.problems: dict[str, str] = {} if problems is None else problems

    def child(self, name: str) -> _Fields:
        return self._object(self._values.get(name), self._prefix + name)

    def children(self, name: str, at_most: int) -> list[_Fields]:
        values = self._values.get(name)
        if not isinstance(values, list) or not 1 <= len(values) <= at_most:
            self.problems[self._prefix + name] = f"must be a list of 1 to {at_most} objects"
            return []
        return [self._object(value, f"{self._prefix}{name}[{position}]") for position, value in enumerate(values)]

    def text(self, name: str) -> str:
        value = self._values.get(name)
        if isinstance(value, str) and 1 <= len(value) <= MAX_TEXT and value.isprintable() and value == value.strip():
            return value
        return self._reject(name, f"must be a text of 1 to {MAX_TEXT} printable characters", "")

    def whole(self, name: str, low: int, high: int) -> int:
        value = self._values.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        return self._reject(name, f"must be a whole number from {low} to {high}", 0)

    def number(self, name: str, low: float, high: float) -> float:
        value = self._values.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high and math.isfinite(value):
            return float(value)
        return self._reject(name, f"must be a number from {low:g} to {high:g}", 0.0)

    def _object(self, value: object, path: str) -> _Fields:
        if isinstance(value, dict):
            return _Fields(value, f"{path}.", self.problems)
        self.problems[path] = "must be an object"
        # What an absent object lacks is not worth a problem each.
        return _Fields({}, f"{path}.", {})

    def _reject(self, name: str, problem: str, stand_in: _Value) -> _Value:
        self.problems[self._prefix + name] = problem
        return stand_in


def _read_place(fields: _Fields) -> Place:
    return Place(latitude=fields.number("latitude", -90, 90), longitude=fields.number("longitude", -180, 180))


def _read_items(fields: _Fields) -> tuple[Item, ...]:
    return tuple(
        Item(
            sku=item.text("sku"),
            quantity=item.whole("quantity", 1, MAX_QUANTITY),
            price_cents=item.whole("price_cents", 0, MAX_PRICE_CENTS),
        )
        for item in fields.children("items", MAX_ITEMS)
    )
