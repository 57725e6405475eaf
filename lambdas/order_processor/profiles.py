"""Restaurants' profiles: Aurora has them, Redis keeps copies for some minutes."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Protocol

from shared.aurora import Aurora

from order_processor.domain import Profile

CACHED_SECONDS = 300
LOCK_MS = 3000
"""After this time somebody else reads Aurora: who had the lock has failed, or is too slow."""
PAUSE_S = 0.05

_SELECT = "SELECT region, latitude, longitude, `open`, preparation_minutes FROM restaurant_profiles WHERE restaurant_id = %s"


class Profiles(Protocol):
    """Knows the restaurants."""

    def find(self, restaurant_id: str) -> Profile | None:
        """Return a restaurant's profile, or nothing if there is no such restaurant."""


class AuroraProfiles:
    """Profiles in the table restaurant_profiles."""

    def __init__(self, aurora: Aurora) -> None:
        """Read them from this database."""
        self._aurora = aurora

    def find(self, restaurant_id: str) -> Profile | None:
        """See `Profiles.find`."""
        with self._aurora.connection().cursor() as cursor:
            cursor.execute(_SELECT, (restaurant_id,))
            row = cursor.fetchone()
        if row is None:
            return None
        return Profile(
            region=row["region"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            open=bool(row["open"]),
            preparation_minutes=int(row["preparation_minutes"]),
        )


class CachedProfiles:
    """Copies of profiles in Redis.

    When a copy has expired, one reader gets a lock and asks for the profile; the others wait for the new copy instead of
    asking all at once. Copies expire at slightly different times. An unknown restaurant is not remembered, nor is a closed
    one: it may open its account, or its doors, the next moment, and an order that is held is held for good.
    """

    def __init__(self, redis: Any, source: Profiles, sleep: Callable[[float], None] = time.sleep) -> None:
        """Use a Redis cluster client that answers texts, and ask this source for what it does not hold."""
        self._redis = redis
        self._source = source
        self._sleep = sleep

    def find(self, restaurant_id: str) -> Profile | None:
        """See `Profiles.find`."""
        key = f"profile:{{{restaurant_id}}}"
        for _ in range(int(LOCK_MS / 1000 / PAUSE_S)):
            profile = _read_copy(self._redis.get(key))
            if profile is not None:
                return profile
            if self._redis.set(f"{key}:lock", 1, nx=True, px=LOCK_MS):
                break
            self._sleep(PAUSE_S)
        try:
            return self._copy(key, restaurant_id)
        finally:
            # Should it be another one's by now, two ask at once: no harm.
            self._redis.delete(f"{key}:lock")

    def _copy(self, key: str, restaurant_id: str) -> Profile | None:
        profile = self._source.find(restaurant_id)
        if profile is not None and profile.open:
            seconds = CACHED_SECONDS + random.randint(0, CACHED_SECONDS // 10)  # noqa: S311  no secret
            self._redis.set(key, json.dumps(asdict(profile)), ex=seconds)
        return profile


def _read_copy(text: str | None) -> Profile | None:
    """Return the profile in a copy; one that another version of this function wrote counts as none."""
    if text is None:
        return None
    try:
        return Profile(**json.loads(text))
    except (TypeError, ValueError):
        return None
