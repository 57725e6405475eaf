"""Order events: messages that hold an order as it was when it reached a stage, and the stage as an attribute."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

from shared.fields import is_id
from shared.orders import STAGES, PoisonError, Status

_LARGEST_EXPONENT = 125

STAGE_ATTRIBUTE = "order_stage"
"""The message attribute by which the topic's subscriptions choose."""


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """An order that reached a stage."""

    stage: Status
    order: Mapping[str, Any]
    """As the orders table held it, with whole numbers as int and others as Decimal."""

    def identify(self, name: str) -> str:
        """Return one of the order's ids; raise `PoisonError` if the order has none that could be one."""
        value = self.order.get(name)
        if is_id(value):
            return value
        raise PoisonError(f"{name} is not an id")


def read_order_event(message: Mapping[str, Any]) -> OrderEvent:
    """Return what a message of a queue says, which got it raw from the topic; raise `PoisonError` if it says nothing."""
    stage = message.get("messageAttributes", {}).get(STAGE_ATTRIBUTE, {}).get("stringValue")
    if stage not in STAGES:
        raise PoisonError(f"the attribute {STAGE_ATTRIBUTE} is not a stage")
    try:
        order = read_json(message["body"])
    except (KeyError, TypeError, ValueError) as error:
        raise PoisonError("the body is not JSON") from error
    if not isinstance(order, dict):
        raise PoisonError("the body is not an order")
    return OrderEvent(Status(stage), order)


def read_json(text: str | bytes) -> Any:
    """Return the value of a JSON text, in which numbers with a fraction become Decimal; raise `ValueError` if it is none."""
    try:
        value = json.loads(text, parse_float=_read_number, parse_constant=_refuse)
        # JSON can spell half a character, which no text may hold: what has one could never be passed on.
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except (RecursionError, ArithmeticError) as error:
        raise ValueError("the text is nested too deeply, or has a number beyond all measure") from error
    return value


def write_json(value: Any) -> str:
    """Return a value as compact JSON with sorted keys, in which a Decimal is a number and a set a sorted list."""
    return json.dumps(value, default=_write, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


def _write(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _read_number(text: str) -> Decimal:
    """Return a number, unless it is larger than DynamoDB keeps: a few characters may stand for gigabytes of digits."""
    number = Decimal(text)
    if number.adjusted() > _LARGEST_EXPONENT:
        raise OverflowError
    return number


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
