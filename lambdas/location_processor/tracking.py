"""What is done with the positions of a batch: kept, indexed, and shown to who waits."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from location_processor.domain import Position
from location_processor.stores import Assignments, Channel, Followers, Index, Locations

WORKERS = 16
"""Calls at once: nearly all of the time goes into waiting for answers."""
PUSH_SECONDS = 8.0
"""How long a batch's messages may take together, so that an API that does not answer holds nobody's position up."""

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Stores:
    """All that tracking drivers needs."""

    locations: Locations
    index: Index
    assignments: Assignments
    followers: Followers
    channel: Channel


@dataclass(slots=True)
class Outcome:
    """What became of a batch's positions."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: dict[str, Exception] = field(default_factory=dict)
    """The passing faults, by driver; whoever is in here has to be processed again."""


def track(positions: Collection[Position], stores: Stores, *, now_ms: int, clock: Callable[[], float] = time.monotonic) -> Outcome:
    """Process at most one position of each driver; a driver's fault is nobody else's.

    First the table, which decides what is newest, then the index, then the customers. All of it may happen again, so that
    a retry after a crash in between does what was left to do.
    """
    outcome = Outcome()
    with ThreadPoolExecutor(WORKERS) as pool:
        kept = list(_keep(positions, stores, outcome, pool))
        _index(kept, stores.index, outcome, pool)
        _show(kept, stores, outcome, pool, now=now_ms // 1000, deadline=clock() + PUSH_SECONDS, clock=clock)
    return outcome


def _keep(positions: Iterable[Position], stores: Stores, outcome: Outcome, pool: ThreadPoolExecutor) -> Iterator[Position]:
    for position, newest in _attempt(lambda position: _store(position, stores), positions, outcome, pool):
        outcome.counts["stored" if newest else "outdated"] += 1
        if newest:
            yield position


def _store(position: Position, stores: Stores) -> bool:
    stored = stores.locations.store(position)
    while stored.left is not None:
        # Before the table forgets the old region: after a crash in between nobody would know where to remove the driver.
        stores.index.remove(stored.left, position.driver_id)
        stored = stores.locations.store(position, left=stored.left)
    return stored.newest


def _index(positions: Iterable[Position], index: Index, outcome: Outcome, pool: ThreadPoolExecutor) -> None:
    regions: dict[str, list[Position]] = defaultdict(list)
    for position in positions:
        regions[position.region].append(position)
    # A shard may be down alone, and its regions' drivers are reported as failed: the others must not wait for its timeouts.
    for there, future in [(there, pool.submit(index.put, region, there)) for region, there in regions.items()]:
        error = future.exception()
        if isinstance(error, Exception):
            outcome.failures.update({position.driver_id: error for position in there})


def _show(
    positions: Iterable[Position],
    stores: Stores,
    outcome: Outcome,
    pool: ThreadPoolExecutor,
    *,
    now: int,
    deadline: float,
    clock: Callable[[], float],
) -> None:
    """Show positions to the customers who wait, even those that the index lacks.

    A message that is not sent is counted, and not tried again: the next position comes in seconds, and a connection that
    does not answer must not hold up the drivers of its shard.
    """

    def show(position: Position) -> Counter[str]:
        counts: Counter[str] = Counter()
        for order_id in stores.assignments.find_active(position.driver_id):
            for connection in stores.followers.find(order_id, now=now):
                late = clock() >= deadline
                counts["unsent" if late else _push(stores.channel, connection.connection_id, position, order_id)] += 1
        return counts

    for _, counts in _attempt(show, positions, outcome, pool):
        outcome.counts += counts


def _push(channel: Channel, connection_id: str, position: Position, order_id: str) -> str:
    try:
        return "pushed" if channel.push(connection_id, position.to_message(order_id)) else "gone"
    except (BotoCoreError, ClientError):
        return "unsent"


def _attempt(
    act: Callable[[Position], _Value], positions: Iterable[Position], outcome: Outcome, pool: ThreadPoolExecutor
) -> Iterator[tuple[Position, _Value]]:
    """Do something with all positions at once; yield what it returned, and note the faults."""
    for position, future in [(position, pool.submit(act, position)) for position in positions]:
        try:
            yield position, future.result()
        except Exception as error:  # noqa: BLE001  reported as failed, with this error
            outcome.failures[position.driver_id] = error
