"""Assigns the best driver to an order.

The order processor calls it asynchronously. Where nobody is found, or something is down, it raises: Lambda calls it twice
more with the same drivers, and then puts the event into the dead letters, while the order stays placed.
"""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import boto3
from shared.aws import PATIENCE
from shared.geo import cell_of
from shared.matching import MatchRequest, Rules, read_request
from shared.observability import make_logger
from shared.orders import PoisonError
from shared.redis import connect_redis
from shared.times import write_time

from matcher.domain import Match, Search, find_prospects, measure_trip, multiplier_of, rank
from matcher.settings import read_settings
from matcher.stores import Assignment, Dispatch, DynamoDispatch, Outcome, RedisZones, Zones

logger = make_logger("matcher")


class NoDriverError(Exception):
    """No driver may have the order now; somebody may later."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """What matching an order takes."""

    rules: Rules
    dispatch: Dispatch
    zones: Zones
    now: Callable[[], float] = time.time
    """Seconds since the epoch."""


def handle(event: object, context: object) -> None:  # noqa: ARG001  Lambda calls it with both
    """Match the order of one event; see `shared.matching.MatchRequest`."""
    match_event(event, _connect())


def match_event(event: object, matcher: Matcher) -> None:
    """Match the order that an event holds.

    Raises:
        PoisonError: The event can never be matched.
        NoDriverError: Nobody may have the order now.
    """
    try:
        request = read_request(event)
    except PoisonError as error:
        logger.error("event not matchable", event="poison_record", reason=str(error))  # noqa: TRY400  the reason is all there is
        raise
    match_order(request, matcher)


def match_order(request: MatchRequest, matcher: Matcher) -> None:
    """Assign the best driver with room to an order that is still placed; do nothing if it has one."""
    now = matcher.now()
    at = write_time(datetime.fromtimestamp(now, UTC))
    zone = cell_of(request.pickup)
    search = find_prospects(request, matcher.rules, int(now * 1000))
    zones = sorted({zone, *(prospect.zone for prospect in search.prospects)})
    multipliers = matcher.zones.read_multipliers(request.region, zones)
    surge = multiplier_of(zone, multipliers, matcher.rules)
    full = 0
    for match in rank(search.prospects, multipliers, matcher.rules, matcher.dispatch.read_workloads):
        assignment = Assignment(request.order_id, match.prospect.driver_id, measure_trip(match, request), surge, at)
        outcome = matcher.dispatch.assign(assignment, matcher.rules.max_active_orders)
        if outcome is Outcome.DRIVER_FULL:
            full += 1
            continue
        if outcome is Outcome.WRITTEN:
            _log_assignment(request, match, search, full)
        _finish(request, zone, matcher)
        return
    _give_up(request, zone, at, matcher)


def _give_up(request: MatchRequest, zone: str, at: str, matcher: Matcher) -> None:
    outcome = matcher.dispatch.note_unmatched(request.order_id, at)
    if outcome is Outcome.NOT_PLACED:
        _finish(request, zone, matcher)
        return
    if outcome is Outcome.WRITTEN:
        logger.info("no driver available", event="no_driver_available", order_id=request.order_id, region=request.region)
    raise NoDriverError(f"no driver for order {request.order_id}")


def _finish(request: MatchRequest, zone: str, matcher: Matcher) -> None:
    """Count the order as waiting no more: also where it was assigned before, because that call may have stopped short of it."""
    matcher.zones.stop_waiting(request.region, zone, request.order_id)


def _log_assignment(request: MatchRequest, match: Match, search: Search, full: int) -> None:
    logger.info(
        "order assigned",
        event="order_matched",
        order_id=request.order_id,
        driver_id=match.prospect.driver_id,
        score=asdict(match.score),
        active_orders=match.workload,
        candidates=len(request.candidates),
        within_radius=len(search.prospects),
        outside_radius=search.outside,
        stale=search.stale,
        full_meanwhile=full,
    )


@functools.cache
def _connect() -> Matcher:
    settings = read_settings(os.environ)
    dynamodb = boto3.client("dynamodb", config=PATIENCE)
    dispatch = DynamoDispatch(dynamodb, settings.orders_table, settings.driver_orders_table)
    return Matcher(settings.rules, dispatch, RedisZones(connect_redis(os.environ)))
