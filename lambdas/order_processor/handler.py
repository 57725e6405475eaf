"""Orders stream: keeps placed orders, finds the drivers around their restaurants, sets the prices there, and starts the matcher.

All of it may be repeated: a record that fails in the middle is processed again from its beginning.
"""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from aws_lambda_powertools.utilities.batch import EventType
from aws_lambda_powertools.utilities.data_classes.kinesis_stream_event import KinesisStreamRecord
from shared.aurora import Aurora
from shared.aws import PATIENCE
from shared.batches import process_batch
from shared.geo import cell_of, cells_within
from shared.matching import MatchRequest, Rules
from shared.observability import make_logger
from shared.orders import PoisonError
from shared.redis import connect_redis

from order_processor.domain import PlacedOrder, Profile, check_restaurant, check_time, make_item, price, read_order, survey
from order_processor.profiles import AuroraProfiles, CachedProfiles, Profiles
from order_processor.settings import read_settings
from order_processor.stores import (
    Drivers,
    DynamoDrivers,
    DynamoOrders,
    LambdaMatching,
    Matching,
    Orders,
    RedisZones,
    Zones,
)

logger = make_logger("order_processor")


@dataclass(frozen=True, slots=True)
class Processor:
    """What processing an order takes."""

    rules: Rules
    profiles: Profiles
    orders: Orders
    drivers: Drivers
    zones: Zones
    matching: Matching
    now: Callable[[], float] = time.time
    """Seconds since the epoch."""


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Answer one batch of the stream with the records that failed."""
    return process_orders(event, _connect())


def process_orders(event: dict[str, Any], processor: Processor) -> dict[str, Any]:
    """Process the orders of a batch; return those that failed, from the first of which Lambda starts anew."""

    def process(record: KinesisStreamRecord) -> None:
        try:
            data = record.kinesis.data_as_bytes()
        except ValueError as error:
            raise PoisonError("not an order: no base64") from error
        process_order(read_order(data), processor)

    return process_batch(event, EventType.KinesisDataStreams, process, logger=logger)


def process_order(order: PlacedOrder, processor: Processor) -> None:
    """Keep an order, and have a driver found for it; do no more if it is kept already and not placed any longer.

    Raises:
        PoisonError: It is of the future, the restaurant is unknown, or its drivers cannot bring the order.
    """
    check_time(order, int(processor.now() * 1000))
    profile = processor.profiles.find(order.restaurant_id)
    if profile is None:
        raise PoisonError("the restaurant is unknown")
    check_restaurant(order, profile)
    still_placed = processor.orders.place(make_item(order, profile))
    if not profile.open:
        logger.info("restaurant closed", event="order_held", order_id=order.order_id, restaurant_id=order.restaurant_id)
    elif still_placed:
        _seek_driver(order, profile, processor)


def _seek_driver(order: PlacedOrder, profile: Profile, processor: Processor) -> None:
    now, rules = processor.now(), processor.rules
    now_ms = int(now * 1000)
    cells = sorted(cells_within(profile.latitude, profile.longitude, float(rules.radius_km)))
    around = survey(processor.drivers.find(cells, now), profile.place, rules, now_ms)
    processor.zones.wait(order.region, cell_of(profile.place), order.order_id, min(order.placed_ms, now_ms))
    waiting = processor.zones.count_waiting(order.region, cells, now_ms)
    multipliers = {zone: price(waiting[zone], around.drivers.get(zone, 0), rules.surge) for zone in cells}
    processor.zones.set_multipliers(order.region, multipliers)
    processor.matching.start(MatchRequest(order.order_id, order.region, order.destination, profile.place, around.candidates))
    logger.info("matcher started", event="match_started", order_id=order.order_id, candidates=len(around.candidates))


@functools.cache
def _connect() -> Processor:
    settings = read_settings(os.environ)
    dynamodb = boto3.client("dynamodb", config=PATIENCE)
    redis = connect_redis(os.environ)
    return Processor(
        rules=settings.rules,
        profiles=CachedProfiles(redis, AuroraProfiles(Aurora(os.environ))),
        orders=DynamoOrders(dynamodb, settings.orders_table),
        drivers=DynamoDrivers(dynamodb, settings.driver_locations_table, settings.geohash_index, settings.ttl_attribute),
        zones=RedisZones(redis),
        matching=LambdaMatching(boto3.client("lambda", config=PATIENCE), settings.matcher_function),
    )
