"""The drivers: each order has one, who was told of it; none has too much to do, nor anything left; all are where they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from tests.pipeline.books import Books
from tests.pipeline.discrepancies import Discrepancy, compare_sets
from tests.pipeline.ledger import Ledger
from tests.pipeline.world import Place, World

_METERS = 1.0
"""How far Redis's index may be off: it rounds, by less than that near the equator."""


def audit_assignments(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Each order was told to its own driver alone, and is done."""
    heard = [(order_id, driver) for order_id, drivers in ledger.drivers.items() for driver in drivers]
    assigned = [(item["order_id"], item["driver_id"]) for item in books.orders if "driver_id" in item]
    yield from compare_sets("assignment", assigned, heard)
    noted = [(item["order_id"], item["driver_id"]) for item in books.driver_orders if item["order_id"] != "#workload"]
    yield from compare_sets("assignment-item", assigned, noted)
    for (order_id, driver), count in ledger.pushes.items():
        if count > 1:
            yield Discrepancy("assignment-twice", f"{order_id} was pushed to {driver} {count} times")
    for item in books.driver_orders:
        if item["order_id"] != "#workload" and item.get("status") != "done":
            yield Discrepancy("assignment-not-done", f"{item['order_id']} is {item.get('status')} for {item['driver_id']}")


def audit_workloads(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Nobody has anything left to do."""
    for driver, item in books.workloads().items():
        for name in ("active_order_count", "reserved_count"):
            if item.get(name, 0) != 0:
                yield Discrepancy("workload-left", f"{driver} has {name} {item[name]}")


def audit_loads(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Nobody ever had more orders at once than he may have, by the times in the orders."""
    events = defaultdict(list)
    for item in books.orders:
        if "driver_id" in item:
            events[item["driver_id"]].append((item["assigned_at"], 1))
            events[item["driver_id"]].append((item.get("delivered_at", "9999"), -1))
    for driver, changes in events.items():
        load = 0
        # Of the same millisecond the delivery came first.
        for at, change in sorted(changes):
            load += change
            if load > books.max_active_orders:
                yield Discrepancy("driver-overloaded", f"{driver} had {load} orders at {at}")


def audit_regions(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """Nobody is sent to another city."""
    regions = {driver.driver_id: driver.region for driver in world.drivers}
    for item in books.orders:
        if "driver_id" in item and regions.get(item["driver_id"]) != item["region"]:
            yield Discrepancy("driver-elsewhere", f"{item['order_id']} of {item['region']} went to {item['driver_id']}")


def audit_positions(world: World, ledger: Ledger, books: Books) -> Iterator[Discrepancy]:
    """The table and the index have the newest position of each driver, whatever came after it."""
    there = {item["driver_id"]: item for item in books.driver_locations}
    yield from compare_sets("position", ledger.newest, there)
    yield from compare_sets("indexed-position", ledger.newest, books.indexed)
    for driver, sighting in ledger.newest.items():
        if driver in there:
            item = there[driver]
            place = Place(float(item["latitude"]), float(item["longitude"]))
            if (place, int(item["recorded_at"])) != (sighting.place, sighting.recorded_at):
                yield Discrepancy("position-outdated", f"{driver} was last seen at {sighting}, the table says {place}")
        if driver in books.indexed and sighting.place.distance_km(Place(*books.indexed[driver])) * 1000 > _METERS:
            yield Discrepancy("indexed-position-outdated", f"{driver} was last seen at {sighting}, Redis says {books.indexed[driver]}")


AUDITS = (audit_assignments, audit_workloads, audit_loads, audit_regions, audit_positions)
