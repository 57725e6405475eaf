"""Where positions are kept, and who waits for a driver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared.assignments import find_active
from shared.connections import Connection
from shared.geo import cell_of

from location_processor.domain import Position

INDEXED_LATITUDE = 85.05112878
"""Redis's index ends there, and refuses a whole command for one position beyond."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a position."""

    newest: bool
    """Whether it is the driver's position now; false if a newer one is there."""
    left: str | None = None
    """The other region that the driver is still noted in: nothing was written, and the driver has to leave it first."""


class Locations(Protocol):
    """Holds each driver's newest position."""

    def store(self, position: Position, *, left: str | None = None) -> Stored:
        """Replace a driver's position, unless a newer one is there, or one in another region than `left`."""


class Index(Protocol):
    """Finds drivers by their positions, region by region."""

    def put(self, region: str, positions: Iterable[Position]) -> None:
        """Replace the positions of drivers in a region."""

    def remove(self, region: str, driver_id: str) -> None:
        """Let a driver leave a region."""


class Assignments(Protocol):
    """Knows what drivers carry."""

    def find_active(self, driver_id: str) -> list[str]:
        """Return the ids of the orders that a driver is bringing at the moment."""


class Followers(Protocol):
    """Knows who follows an order."""

    def find(self, value: str, *, now: int) -> list[Connection]:
        """Return the connections that follow the order with this id, and are not over at a time in epoch seconds."""


class Channel(Protocol):
    """Sends to connections."""

    def push(self, connection_id: str, message: Mapping[str, Any]) -> bool:
        """Send a message; false if the connection is gone."""


class DynamoLocations:
    """Keeps positions in the driver_locations table."""

    def __init__(self, dynamodb: Any, table_name: str, *, ttl_attribute: str, ttl_seconds: int) -> None:
        """Use a boto3 DynamoDB client and the table of this name."""
        self._dynamodb = dynamodb
        self._table_name = table_name
        self._ttl_attribute = ttl_attribute
        self._ttl_seconds = ttl_seconds

    def store(self, position: Position, *, left: str | None = None) -> Stored:
        """See `Locations.store`; the same position is written once more, so that a retry does what is left to do after it."""
        place = position.place
        try:
            self._dynamodb.update_item(
                TableName=self._table_name,
                Key={"driver_id": {"S": position.driver_id}},
                UpdateExpression=(
                    "SET latitude = :latitude, longitude = :longitude, #region = :region, geohash5 = :cell, "
                    "recorded_at = :recorded_at, #ttl = :ttl"
                ),
                ConditionExpression="attribute_not_exists(driver_id) OR (recorded_at <= :recorded_at AND #region IN (:region, :left))",
                ExpressionAttributeNames={"#region": "region", "#ttl": self._ttl_attribute},
                ExpressionAttributeValues={
                    # Ten centimeters.
                    ":latitude": {"N": f"{place.latitude:.6f}"},
                    ":longitude": {"N": f"{place.longitude:.6f}"},
                    ":region": {"S": position.region},
                    ":left": {"S": left or position.region},
                    ":cell": {"S": cell_of(place)},
                    ":recorded_at": {"N": str(position.recorded_at)},
                    ":ttl": {"N": str(position.recorded_at // 1000 + self._ttl_seconds)},
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._dynamodb.exceptions.ConditionalCheckFailedException as error:
            there = error.response["Item"]
            if int(there["recorded_at"]["N"]) > position.recorded_at:
                return Stored(newest=False)
            return Stored(newest=False, left=there["region"]["S"])
        return Stored(newest=True)


class RedisIndex:
    """Keeps positions in Redis's geospatial index."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        """Use the client of the Redis cluster that `connect` returns; it is not asked before there is something to say to Redis.

        So the table and the customers have their positions although Redis is down when the function starts.
        """
        self._connect = connect

    def put(self, region: str, positions: Iterable[Position]) -> None:
        """See `Index.put`: one command, whatever the number of drivers."""
        added: list[float | str] = []
        for position in positions:
            if abs(position.place.latitude) > INDEXED_LATITUDE:
                self.remove(region, position.driver_id)
            else:
                added += [position.place.longitude, position.place.latitude, position.driver_id]
        if added:
            self._connect().geoadd(_key(region), added)

    def remove(self, region: str, driver_id: str) -> None:
        """See `Index.remove`."""
        self._connect().zrem(_key(region), driver_id)


class DynamoAssignments:
    """Reads assignments in the driver_orders table."""

    def __init__(self, dynamodb: Any, table_name: str) -> None:
        """Use a boto3 DynamoDB client and the table of this name."""
        self._dynamodb = dynamodb
        self._table_name = table_name

    def find_active(self, driver_id: str) -> list[str]:
        """See `Assignments.find_active`."""
        return find_active(self._dynamodb, self._table_name, driver_id, up_to_date=False)


def _key(region: str) -> str:
    return f"geo:{{{region}}}"
