"""Matching an order with one of 5,000 drivers, against a loop that measures, asks for and scores everybody.

And finding those drivers, against a query after another.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pygeohash
from matcher.domain import BATCH, Match, find_prospects, rank
from matcher.stores import DynamoDispatch
from order_processor.stores import DynamoDrivers
from shared.assignments import WORKLOAD
from shared.geo import EARTH_RADIUS_KM, Place, cell_of, cells_within
from shared.matching import POSITION_SECONDS, Candidate, MatchRequest, Rules, Surge, Weights

from benchmarks.measure import Row, alternate
from benchmarks.tables import emulated_tables

DRIVERS = 5_000
NOW_MS = 1_767_323_045_678
RULES = Rules(
    radius_km=Decimal(5),
    max_active_orders=3,
    weights=Weights(distance=Decimal("0.5"), workload=Decimal("0.3"), price=Decimal("0.2")),
    surge=Surge(step=Decimal("0.25"), limit=Decimal("2.5")),
)

ANSWER_S = 0.005
"""What a query takes in DynamoDB's region."""

ReadWorkloads = Callable[[Sequence[str]], Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Case:
    """An order, the drivers around it, and what is known of them."""

    request: MatchRequest
    workloads: Mapping[str, int]
    multipliers: Mapping[str, Decimal]

    def read_workloads(self, driver_ids: Sequence[str]) -> Mapping[str, int]:
        """Return what these drivers have to do, without asking a table."""
        return {driver_id: self.workloads[driver_id] for driver_id in driver_ids}


def make_case(drivers: int = DRIVERS, seed: int = 0) -> Case:
    """Return drivers spread over a square around a restaurant, whose corners are too far away; a few positions are too old."""
    chance = random.Random(seed)
    candidates = tuple(
        Candidate(
            driver_id=f"d-{number}",
            latitude=52.52 + chance.uniform(-0.045, 0.045),
            longitude=13.405 + chance.uniform(-0.074, 0.074),
            recorded_at=NOW_MS - chance.randrange(0, 310_000),
        )
        for number in range(drivers)
    )
    return Case(
        request=MatchRequest("o-1", "berlin", Place(52.50, 13.42), Place(52.52, 13.405), candidates),
        workloads={candidate.driver_id: chance.choice((0, 1, 1, 2, 2, 3, 3)) for candidate in candidates},
        multipliers={cell: Decimal(chance.randrange(100, 250)) / 100 for cell in sorted({cell_of(each.place) for each in candidates})},
    )


def match(case: Case, read_workloads: ReadWorkloads) -> Match | None:
    """Choose as the matcher does."""
    prospects = find_prospects(case.request, RULES, NOW_MS).prospects
    return next(rank(prospects, case.multipliers, RULES, read_workloads), None)


def match_plainly(case: Case, read_workloads: ReadWorkloads) -> tuple[float, str] | None:
    """Choose with the same formula in a loop, and return the score and the driver."""
    pickup, near = case.request.pickup, []
    for candidate in case.request.candidates:
        if NOW_MS - candidate.recorded_at <= POSITION_SECONDS * 1000:
            kilometers = _haversine(candidate.latitude, candidate.longitude, pickup.latitude, pickup.longitude)
            if kilometers <= RULES.radius_km:
                near.append((candidate, kilometers))
    workloads: dict[str, int] = {}
    for start in range(0, len(near), BATCH):
        workloads.update(read_workloads([candidate.driver_id for candidate, _ in near[start : start + BATCH]]))
    scored = []
    for candidate, kilometers in near:
        workload = workloads.get(candidate.driver_id, 0)
        if workload < RULES.max_active_orders:
            multiplier = float(case.multipliers[pygeohash.encode(candidate.latitude, candidate.longitude, 5)])
            total = 0.5 * kilometers / 5 + 0.3 * workload / 3 + 0.2 * (multiplier - 1) / 1.5
            scored.append((round(total, 6), workload, kilometers, candidate.driver_id))
    scored.sort()
    return (scored[0][0], scored[0][3]) if scored else None


def _haversine(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    height = math.sin(math.radians(other_latitude - latitude) / 2) ** 2
    width = math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    chord = height + math.cos(math.radians(latitude)) * math.cos(math.radians(other_latitude)) * width
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(chord))


def check(case: Case) -> None:
    """Raise where the two choices differ."""
    ours, plain = match(case, case.read_workloads), match_plainly(case, case.read_workloads)
    chosen = (ours.score.total / 1_000_000, ours.prospect.driver_id) if ours else None
    if chosen != plain:
        raise RuntimeError(f"the matcher chose {chosen}, the loop {plain}")


def rows() -> Iterator[Row]:
    """Measure the choice alone, and with workloads that are read from a table."""
    case = make_case()
    check(case)
    yield _measure("match 1 order, 5,000 drivers / a loop over all", case, case.read_workloads, limit=1.5)
    with emulated_tables({"driver_orders": ("driver_id", "order_id")}) as dynamodb:
        _fill(dynamodb, case.workloads)
        dispatch = DynamoDispatch(dynamodb, "orders", "driver_orders")
        yield _measure("the same, with the workloads read from DynamoDB (moto)", case, dispatch.read_workloads, limit=0.3)
    yield from _finding()


def _finding() -> Iterator[Row]:
    """Measure how long finding the drivers of all cells takes where each query takes its time."""
    pickup = make_case(0).request.pickup
    cells = cells_within(pickup.latitude, pickup.longitude, float(RULES.radius_km))
    with emulated_tables({"driver_locations": ["driver_id"]}, {"driver_locations": "geohash5"}) as dynamodb:
        dynamodb.meta.events.register("before-call.dynamodb.Query", lambda **_: time.sleep(ANSWER_S))
        drivers = DynamoDrivers(dynamodb, "driver_locations", "geohash5", "expires_at")
        ours, plain = alternate(
            lambda: drivers.find(cells, NOW_MS / 1000), lambda: [drivers.find([cell], NOW_MS / 1000) for cell in cells], repeats=20
        )
    note = f"{1000 * ours:.0f} ms against {1000 * plain:.0f} ms for {len(cells)} cells"
    yield Row(f"find drivers, {1000 * ANSWER_S:.0f} ms a query / one after another", ours / plain, 0.7, "x", note=note)


def _measure(what: str, case: Case, read_workloads: ReadWorkloads, limit: float) -> Row:
    ours, plain = alternate(
        lambda: match(case, read_workloads), lambda: match_plainly(case, read_workloads), repeats=9, clock=time.process_time
    )
    return Row(what, ours / plain, limit, "x", note=f"{1000 * ours:.0f} ms against {1000 * plain:.0f} ms")


def _fill(dynamodb: Any, workloads: Mapping[str, int]) -> None:
    items = [
        {"driver_id": {"S": driver_id}, "order_id": {"S": WORKLOAD}, "active_order_count": {"N": str(count)}}
        for driver_id, count in workloads.items()
    ]
    for start in range(0, len(items), 25):
        dynamodb.batch_write_item(RequestItems={"driver_orders": [{"PutRequest": {"Item": item}} for item in items[start : start + 25]]})
