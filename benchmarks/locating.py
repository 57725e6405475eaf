"""A batch of 500 positions through the location processor, against one record after another."""

from __future__ import annotations

import base64
import contextlib
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from location_processor import handler
from location_processor.domain import Position, read_position
from location_processor.settings import Settings
from location_processor.stores import Assignments, Channel, DynamoAssignments, DynamoLocations, Locations, RedisIndex, Stored
from location_processor.tracking import Stores
from shared.connections import Connection, ConnectionIndex, ConnectionTable, Role

from benchmarks.measure import Row, alternate
from benchmarks.tables import emulated_tables
from tests.servers import RedisServer, provide_redis

POSITIONS = 500
FOLLOWED = 10
"""One of so many drivers carries an order, and its customer watches."""
NOW_MS = 1_767_323_045_678
TTL_S = 300
ANSWER_S = 0.005
"""What a write to DynamoDB takes in its region."""
SETTINGS = Settings("connections", "order_id", "driver_locations", "driver_orders", TTL_S, "expires_at", "https://api.invalid")


@dataclass
class Sent(Channel):
    """Keeps the messages instead of sending them."""

    messages: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def push(self, connection_id: str, message: Mapping[str, Any]) -> bool:
        """See `Channel.push`."""
        self.messages[connection_id] = message
        return True


@dataclass
class DistantLocations(Locations):
    """A table that does nothing but take its time."""

    def store(self, position: Position, *, left: str | None = None) -> Stored:  # noqa: ARG002  of the protocol
        """See `Locations.store`."""
        time.sleep(ANSWER_S)
        return Stored(newest=True)


@dataclass
class NothingCarried(Assignments):
    """Drivers without orders, whom nobody follows."""

    def find_active(self, driver_id: str) -> list[str]:  # noqa: ARG002  of the protocol
        """See `Assignments.find_active`."""
        return []


@dataclass(frozen=True)
class Bench:
    """A batch, and all that either side needs to process it."""

    event: dict[str, Any]
    dynamodb: Any
    redis: Any

    def stores(self, sent: Sent) -> Stores:
        """Return the location processor's stores."""
        return Stores(
            locations=DynamoLocations(self.dynamodb, "driver_locations", ttl_attribute="expires_at", ttl_seconds=TTL_S),
            index=RedisIndex(lambda: self.redis),
            assignments=DynamoAssignments(self.dynamodb, "driver_orders"),
            followers=ConnectionIndex(self.dynamodb, "connections", "order_id", key="order_id", ttl_attribute="expires_at"),
            channel=sent,
        )

    def process(self, stores: Stores) -> None:
        """Process the batch as the function does."""
        if handler.process_locations(self.event, SETTINGS, stores, now_ms=NOW_MS)["batchItemFailures"]:
            raise RuntimeError("a position failed")

    def state(self) -> tuple[list[Any], list[str], list[Any]]:
        """Return what the table and the index hold now."""
        items = self.dynamodb.scan(TableName="driver_locations")["Items"]
        drivers = self.redis.zrange("geo:{berlin}", 0, -1)
        return sorted(items, key=lambda item: item["driver_id"]["S"]), drivers, self.redis.geopos("geo:{berlin}", *drivers)

    def clear(self) -> None:
        """Forget all positions."""
        self.redis.delete("geo:{berlin}")
        for item in self.dynamodb.scan(TableName="driver_locations")["Items"]:
            self.dynamodb.delete_item(TableName="driver_locations", Key={"driver_id": item["driver_id"]})


def make_event(positions: int) -> dict[str, Any]:
    """Return a batch of the locations stream, in which every driver is once: nothing of it is superseded."""
    chance = random.Random(0)
    payloads = [
        {
            "driver_id": f"d-{number}",
            "latitude": round(52.52 + chance.uniform(-0.2, 0.2), 6),
            "longitude": round(13.405 + chance.uniform(-0.2, 0.2), 6),
            "recorded_at": NOW_MS - chance.randrange(60_000),
            "region": "berlin",
        }
        for number in range(positions)
    ]
    return {
        "Records": [
            {
                "eventSource": "aws:kinesis",
                "eventID": f"shardId-000000000000:{number}",
                "kinesis": {
                    "sequenceNumber": str(number),
                    "partitionKey": payload["driver_id"],
                    "data": base64.b64encode(json.dumps(payload).encode()).decode(),
                },
            }
            for number, payload in enumerate(payloads)
        ]
    }


def read_positions(event: dict[str, Any]) -> list[Position]:
    """Return the positions of a batch."""
    return [read_position(base64.b64decode(record["kinesis"]["data"]), now_ms=NOW_MS) for record in event["Records"]]


def process_plainly(event: dict[str, Any], stores: Stores) -> None:
    """Process a batch record after record: the table, the index, the customers."""
    for position in read_positions(event):
        if stores.locations.store(position).newest:
            stores.index.put(position.region, [position])
            for order_id in stores.assignments.find_active(position.driver_id):
                for connection in stores.followers.find(order_id, now=NOW_MS // 1000):
                    stores.channel.push(connection.connection_id, position.to_message(order_id))


@contextlib.contextmanager
def prepare(server: RedisServer, positions: int = POSITIONS) -> Iterator[Bench]:
    """Make the tables, have some customers watch, and keep the function's log to itself."""
    tables = {"driver_locations": ["driver_id"], "driver_orders": ["driver_id", "order_id"], "connections": ["connection_id"]}
    level = handler.logger.log_level
    with emulated_tables(tables, {"connections": "order_id"}) as dynamodb, server.connect() as redis:
        for number in range(0, positions, FOLLOWED):
            carried = {"driver_id": {"S": f"d-{number}"}, "order_id": {"S": "#workload"}, "active_orders": {"SS": [f"o-{number}"]}}
            dynamodb.put_item(TableName="driver_orders", Item=carried)
            connection = Connection(f"c-{number}=", "customer", Role.CUSTOMER, "2026-01-02T03:04:05.678Z", f"o-{number}")
            ConnectionTable(dynamodb, "connections").remember(connection, ttl_attribute="expires_at", expires_at=NOW_MS // 1000 + 60)
        bench = Bench(make_event(positions), dynamodb, redis)
        bench.clear()
        handler.logger.setLevel("WARNING")
        try:
            yield bench
        finally:
            handler.logger.setLevel(level)
            bench.clear()


def check(bench: Bench) -> None:
    """Raise where the two sides leave another state, or tell customers another thing."""
    results = []
    for process in (lambda sent: bench.process(bench.stores(sent)), lambda sent: process_plainly(bench.event, bench.stores(sent))):
        bench.clear()
        sent = Sent()
        process(sent)
        results.append((bench.state(), sent.messages))
    if results[0] != results[1]:
        raise RuntimeError("the location processor and the loop leave different states")


def rows() -> Iterator[Row]:
    """Measure the whole batch, and what of it does not depend on DynamoDB in memory, which takes nearly all the time."""
    with tempfile.TemporaryDirectory() as directory, provide_redis(Path(directory)) as server, prepare(server) as bench:
        check(bench)
        stores = bench.stores(Sent())
        positions = read_positions(bench.event)
        yield _measure(
            "index 500 positions in Redis / a GEOADD for each",
            lambda: stores.index.put("berlin", positions),
            lambda: [stores.index.put("berlin", [position]) for position in positions],
            limit=0.2,
        )
        distant = replace(stores, locations=DistantLocations(), assignments=NothingCarried())
        yield _measure(
            f"500 positions, a table that takes {1000 * ANSWER_S:.0f} ms / one after another",
            lambda: bench.process(distant),
            lambda: process_plainly(bench.event, distant),
            limit=0.3,
        )
        yield _measure(
            "500 positions, moto: processor time / one after another",
            lambda: bench.process(stores),
            lambda: process_plainly(bench.event, stores),
            limit=1.4,
            clock=time.process_time,
        )


def _measure(
    what: str, ours: Callable[[], object], plain: Callable[[], object], limit: float, clock: Callable[[], float] = time.perf_counter
) -> Row:
    mine, others = alternate(ours, plain, repeats=3, clock=clock)
    return Row(what, mine / others, limit, "x", note=f"{1000 * mine:.0f} ms against {1000 * others:.0f} ms")
