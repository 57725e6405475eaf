"""Settlement, first step: lists the drivers' days that are over and not settled, in groups."""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Any

import boto3
from shared.aws import LONG_PATIENCE
from shared.observability import make_logger
from shared.times import read_time

from earnings_lister.domain import list_groups
from earnings_lister.settings import read_settings
from earnings_lister.stores import DynamoProfiles, Profiles

logger = make_logger("earnings_lister")


def handle(event: Mapping[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001  Lambda calls it with both
    """Answer the state machine, which passes on when it was scheduled."""
    return list_driver_days(event, _connect())


def list_driver_days(event: Mapping[str, Any], profiles: Profiles) -> dict[str, Any]:
    """Return the groups to settle; raise `KeyError` or `ValueError` for an event without a time."""
    listing = list_groups(profiles.all(), read_time(event["scheduled_at"]))
    drivers = sum(len(group.driver_ids) for group in listing.groups)
    logger.info("drivers' days listed", event="driver_days_listed", groups=len(listing.groups), driver_days=drivers)
    if listing.left:
        logger.warning("drivers' days wait for the next run", event="driver_days_left", driver_days=listing.left)
    return {"groups": [group.to_json() for group in listing.groups]}


@functools.cache
def _connect() -> DynamoProfiles:
    return DynamoProfiles(boto3.resource("dynamodb", config=LONG_PATIENCE).Table(read_settings(os.environ).profiles_table))
