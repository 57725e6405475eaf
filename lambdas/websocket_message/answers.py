"""What is done about a message, and what the client hears of it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.connections import Connection, ConnectionTable, Role
from shared.refusals import RefusedError
from shared.times import write_time

from websocket_message.domain import (
    Advance,
    ListAssignments,
    Locations,
    Message,
    PhotoUrl,
    Rate,
    Subscribe,
    find_repeated,
    is_open,
    is_rated,
    name_photo,
    require_part,
    require_role,
)
from websocket_message.stores import PHOTO_URL_SECONDS, Orders, Photos, Positions, UnavailableError

_ATTEMPTS = 4

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers messages with what it is given: stores, and ways to make ids and to wait."""

    connections: ConnectionTable
    orders: Orders
    positions: Positions
    photos: Photos
    make_id: Callable[[], str]
    sleep: Callable[[float], None] = time.sleep

    def answer(self, connection: Connection, message: Message, now: datetime) -> Answer:
        """Do what a message asks for, and return what to tell of it.

        Raises:
            RefusedError: The client must not, or cannot, have it.
            UnavailableError: It was not done, and may be later.
        """
        match message:
            case Subscribe():
                return self._subscribe(connection, message)
            case Locations():
                return self._pass_on(connection, message)
            case Advance():
                return self._advance(connection, message, now)
            case PhotoUrl():
                return self._sign_photo(connection, message)
            case Rate():
                return self._rate(connection, message, now)
            case ListAssignments():
                return self._list_assignments(connection)

    def _subscribe(self, connection: Connection, message: Subscribe) -> Answer:
        order = require_part(connection, self.orders.find(message.order_id))
        if not self.connections.subscribe(connection.connection_id, order.order_id):
            raise unknown_connection()
        return {"order_id": order.order_id, "status": order.status}

    def _pass_on(self, connection: Connection, message: Locations) -> Answer:
        require_role(connection, Role.DRIVER)
        self.positions.put(connection.user_id, message.region, message.positions)
        return {"positions": len(message.positions)}

    def _advance(self, connection: Connection, message: Advance, now: datetime) -> Answer:
        require_role(connection, Role.DRIVER)
        for _ in self._attempts():
            order = require_part(connection, self.orders.find(message.order_id))
            at = find_repeated(order, message.status)
            if at is None and self.orders.advance(order, message.status, written := write_time(now)):
                at = written
            if at is not None:
                return {"order_id": order.order_id, "at": at}
        raise UnavailableError("the order was being changed all the time")

    def _sign_photo(self, connection: Connection, message: PhotoUrl) -> Answer:
        require_role(connection, Role.DRIVER)
        order = require_part(connection, self.orders.find(message.order_id))
        key = name_photo(order, self.make_id())
        return {"order_id": order.order_id, "key": key, "url": self.photos.sign(key), "expires_in": PHOTO_URL_SECONDS}

    def _rate(self, connection: Connection, message: Rate, now: datetime) -> Answer:
        require_role(connection, Role.CUSTOMER)
        today = write_time(now)[: len("YYYY-MM-DD")]
        for _ in self._attempts():
            order = require_part(connection, self.orders.find(message.order_id))
            if is_rated(order, message, today) or self.orders.rate(order, message.rating, message.tip_cents):
                return {"order_id": order.order_id, "rating": message.rating, "tip_cents": message.tip_cents}
        raise UnavailableError("the order was being changed all the time")

    def _list_assignments(self, connection: Connection) -> Answer:
        require_role(connection, Role.DRIVER)
        orders = map(self.orders.find, self.orders.find_assigned(connection.user_id))
        own = [order for order in orders if order and is_open(connection, order)]
        return {"assignments": [{"order_id": order.order_id, "status": order.status, **order.details} for order in own]}

    def _attempts(self) -> Iterator[int]:
        """Count the attempts to change an order that others change too, with a growing pause before each further one."""
        for attempt in range(_ATTEMPTS):
            if attempt:
                self.sleep(random.uniform(0.5, 1) * 0.05 * 2**attempt)  # noqa: S311  no secret is made of it
            yield attempt


def unknown_connection() -> RefusedError:
    """Return the refusal for a client that is not known to be connected, or is no longer."""
    return RefusedError(410, "connection_unknown", "The connection is not known; connect again.")
