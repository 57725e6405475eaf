"""Where delivered orders are recorded, and where restaurants' ratings and delivery times are counted."""

from __future__ import annotations

from dataclasses import fields
from typing import Protocol

from pymysql.err import DataError
from redis.cluster import RedisCluster
from shared.aurora import Aurora
from shared.orders import PoisonError

from analytics.domain import Delivered

COUNTED_SECONDS = 15 * 24 * 3600
"""How long an order's marker is kept: a day longer than a dead letter that may bring its record back."""

# One step, so that nobody dies between marking an order and counting it. Whole seconds and stars: sums of them are exact.
_COUNT = """\
local counted = 0
if redis.call('SET', KEYS[2], 1, 'NX', 'EX', ARGV[1]) then
  redis.call('HINCRBY', KEYS[1], 'deliveries', 1)
  redis.call('HINCRBY', KEYS[1], 'delivery_seconds', ARGV[2])
  counted = 1
end
if ARGV[3] ~= '' and redis.call('SET', KEYS[3], 1, 'NX', 'EX', ARGV[1]) then
  redis.call('HINCRBY', KEYS[1], 'ratings', 1)
  redis.call('HINCRBY', KEYS[1], 'rating_sum', ARGV[3])
end
return counted
"""


class Records(Protocol):
    """Keeps what became of orders."""

    def record(self, delivered: Delivered) -> None:
        """Keep a delivered order once; a rating and a tip that come later are added to it, and never taken away again.

        Raise `PoisonError` for an order that can never be kept.
        """


class Ratings(Protocol):
    """Counts for each restaurant."""

    def count(self, delivered: Delivered) -> bool:
        """Count the order's delivery and its rating, each once; tell whether the delivery was counted this time.

        Raise `PoisonError` for an order that can never be counted.
        """


class AuroraRecords:
    """Writes the table analytics_orders."""

    def __init__(self, aurora: Aurora) -> None:
        """Write to this database."""
        self._aurora = aurora

    def record(self, delivered: Delivered) -> None:
        """See `Records.record`."""
        values = {field.name: getattr(delivered, field.name) for field in fields(delivered)}
        values |= {"delivery_minutes": delivered.minutes}
        values |= {name: getattr(delivered, name).replace(tzinfo=None) for name in ("placed_at", "delivered_at")}
        statement = (
            f"INSERT INTO analytics_orders ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))}) "  # noqa: S608  constants
            "ON DUPLICATE KEY UPDATE rating = COALESCE(VALUES(rating), rating), tip_cents = GREATEST(VALUES(tip_cents), tip_cents)"
        )
        with self._aurora.connection().cursor() as cursor:
            try:
                cursor.execute(statement, list(values.values()))
            except DataError as error:
                raise PoisonError("the table takes no such values") from error


class RedisRatings:
    """Counts in a hash for each restaurant: deliveries, delivery_seconds, ratings and rating_sum.

    A marker an order says that it is counted. It expires, so that Redis is not filled with old orders, and lies on its
    restaurant's shard.
    """

    def __init__(self, redis: RedisCluster) -> None:
        """Count with this client."""
        self._redis = redis

    def count(self, delivered: Delivered) -> bool:
        """See `Ratings.count`."""
        if delivered.restaurant_id.startswith("}"):
            # Braces with nothing in between name no shard: the keys would be on different ones.
            raise PoisonError("restaurant_id makes no keys")
        counts = f"rating:{{{delivered.restaurant_id}}}"
        markers = [f"{counts}:{what}:{delivered.order_id}" for what in ("delivered", "rated")]
        rating = "" if delivered.rating is None else delivered.rating
        return bool(self._redis.eval(_COUNT, 3, counts, *markers, COUNTED_SECONDS, delivered.seconds, rating))
