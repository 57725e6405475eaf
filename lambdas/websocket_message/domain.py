"""What clients may say, and who may say it of which order: pure, with the time passed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from shared.connections import Connection, Role
from shared.fields import is_degrees
from shared.orders import Status, may_follow
from shared.refusals import RefusedError

MAX_POSITIONS = 100
MAX_TEXT = 200
MAX_CLOCK_SKEW_MS = 60_000
MAX_TIP_CENTS = 100_000
PHOTO_TYPE = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a driver was, in degrees (WGS 84)."""

    latitude: float
    longitude: float
    recorded_at: int
    """Epoch milliseconds, by the driver's clock."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Somebody wants to follow an order."""

    order_id: str


@dataclass(frozen=True, slots=True)
class Locations:
    """A driver tells where he has been."""

    region: str
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class Advance:
    """A driver has picked an order up, or delivered it."""

    order_id: str
    status: Status


@dataclass(frozen=True, slots=True)
class PhotoUrl:
    """A driver wants to upload a proof of delivery."""

    order_id: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A customer rates a delivered order, from 1 to 5, and may tip its driver."""

    order_id: str
    rating: int
    tip_cents: int


@dataclass(frozen=True, slots=True)
class ListAssignments:
    """A driver wants to know the orders that he has to deliver."""


Message = Subscribe | Locations | Advance | PhotoUrl | Rate | ListAssignments


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What has to be known of an order to answer a message about it."""

    order_id: str
    customer_id: str
    driver_id: str | None
    status: Status
    reached: Mapping[Status, str]
    """When it was picked up and delivered: UTC, in ISO 8601."""
    delivery_date: str
    """The day, in UTC, that its driver is paid for; empty before the delivery."""
    rating: int | None
    tip_cents: int
    details: Mapping[str, Any]
    """What its driver is told of it."""


def read_message(body: object, now_ms: int) -> Message:
    """Return what a decoded body says; raise `RefusedError` with all that is wrong with it."""
    if not isinstance(body, dict):
        raise _invalid({"body": "must be a JSON object"})
    problems: dict[str, str] = {}
    message: Message
    match body.get("type"):
        case "subscribe":
            message = Subscribe(_read_text(body, "order_id", problems))
        case "locations":
            message = Locations(_read_region(body, problems), _read_positions(body, now_ms, problems))
        case Status.PICKED_UP | Status.DELIVERED as status:
            message = Advance(_read_text(body, "order_id", problems), Status(status))
        case "photo_url":
            message = PhotoUrl(_read_text(body, "order_id", problems))
            if body.get("content_type") != PHOTO_TYPE:
                problems["content_type"] = f"must be {PHOTO_TYPE}"
        case "rating":
            message = Rate(
                _read_text(body, "order_id", problems),
                _read_whole(body.get("rating"), "rating", 1, 5, problems),
                _read_whole(body.get("tip_cents", 0), "tip_cents", 0, MAX_TIP_CENTS, problems),
            )
        case "assignments":
            message = ListAssignments()
        case _:
            raise _invalid({"type": "must be subscribe, locations, picked_up, delivered, photo_url, rating or assignments"})
    if problems:
        raise _invalid(problems)
    return message


def require_role(connection: Connection, role: Role) -> None:
    """Raise `RefusedError` unless the client is connected as this."""
    if connection.role is not role:
        raise RefusedError(403, "role_wrong", f"Only a {role} may send this.")


def require_part(connection: Connection, order: OrderFacts | None) -> OrderFacts:
    """Return the order if it is the customer's or the driver's own; raise the same `RefusedError` if it is not or is unknown."""
    if order is not None:
        party = order.customer_id if connection.role is Role.CUSTOMER else order.driver_id
        if party == connection.user_id:
            return order
    raise RefusedError(404, "order_unknown", "You have no such order.")


def find_repeated(order: OrderFacts, status: Status) -> str | None:
    """Return when the order went into a status already, or None if it may go there now; raise `RefusedError` if it may not."""
    if status in order.reached:
        return order.reached[status]
    if not may_follow(status, order.status):
        raise RefusedError(409, "status_wrong", f"An order that is {order.status} cannot become {status}.")
    return None


def is_rated(order: OrderFacts, message: Rate, today: str) -> bool:
    """Tell whether an order has this rating and this tip already; raise `RefusedError` if it cannot have them.

    A tip is paid with its delivery's day, which is settled soon after it: on the days after, `today`, it would be lost.
    """
    if order.status is not Status.DELIVERED:
        raise RefusedError(409, "status_wrong", f"An order that is {order.status} cannot be rated.")
    if order.rating is None:
        if message.tip_cents and order.delivery_date < today:
            raise RefusedError(409, "tip_late", "A tip is possible on the day of the delivery (UTC) only; rate the order without one.")
        return False
    if (order.rating, order.tip_cents) != (message.rating, message.tip_cents):
        raise RefusedError(409, "rated_already", "The order has another rating, or another tip, already.")
    return True


def is_open(connection: Connection, order: OrderFacts) -> bool:
    """Tell whether an order is a driver's own, and not delivered yet."""
    return order.driver_id == connection.user_id and order.status is not Status.DELIVERED


def name_photo(order: OrderFacts, photo_id: str) -> str:
    """Return the key for a photo of an order; raise `RefusedError` if there is nothing to take a photo of yet."""
    if order.status not in {Status.PICKED_UP, Status.DELIVERED}:
        raise RefusedError(409, "status_wrong", f"An order that is {order.status} has no proof of delivery.")
    return f"photos/{order.order_id}/{photo_id}.jpg"


def _invalid(problems: Mapping[str, str]) -> RefusedError:
    return RefusedError(400, "message_invalid", "The message is not valid.", problems)


def _read_text(body: Mapping[str, Any], name: str, problems: dict[str, str]) -> str:
    value = body.get(name)
    if isinstance(value, str) and 1 <= len(value) <= MAX_TEXT and value.isprintable() and value == value.strip():
        return value
    problems[name] = f"must be a text of 1 to {MAX_TEXT} printable characters"
    return ""


def _read_region(body: Mapping[str, Any], problems: dict[str, str]) -> str:
    region = _read_text(body, "region", problems)
    # Redis would find another shard for keys with further braces.
    if set(region) & set("{}"):
        problems["region"] = "must not hold braces"
    return region


def _read_whole(value: object, name: str, low: int, high: int, problems: dict[str, str]) -> int:
    if _is_whole(value, low, high):
        return value
    problems[name] = f"must be a whole number from {low} to {high}"
    return 0


def _read_positions(body: Mapping[str, Any], now_ms: int, problems: dict[str, str]) -> tuple[Position, ...]:
    values = body.get("positions")
    if not isinstance(values, list) or not 1 <= len(values) <= MAX_POSITIONS:
        problems["positions"] = f"must be a list of 1 to {MAX_POSITIONS} objects"
        return ()
    positions = []
    for number, value in enumerate(values):
        if position := _read_position(value, now_ms):
            positions.append(position)
        else:
            problems[f"positions[{number}]"] = (
                "must have a latitude from -90 to 90, a longitude from -180 to 180, "
                "and recorded_at in epoch milliseconds, not in the future"
            )
    return tuple(positions)


def _read_position(value: object, now_ms: int) -> Position | None:
    if not isinstance(value, dict):
        return None
    latitude, longitude, recorded_at = (value.get(name) for name in ("latitude", "longitude", "recorded_at"))
    if is_degrees(latitude, 90) and is_degrees(longitude, 180) and _is_whole(recorded_at, 1, now_ms + MAX_CLOCK_SKEW_MS):
        return Position(float(latitude), float(longitude), recorded_at)
    return None


def _is_whole(value: object, low: int, high: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
