"""Takes the books: reads all stores after a run."""

from __future__ import annotations

import json
from typing import Any

from tests.pipeline.books import Books, count_letters
from tests.pipeline.pipeline import Pipeline


def observe(pipeline: Pipeline) -> Books:
    """Return what is there."""
    wiring = pipeline.wiring
    matching = json.loads(wiring.functions["matcher"].environment["MATCHING"])
    topic = wiring.functions["customer_consumer"].environment["NOTIFICATIONS_TOPIC_ARN"]
    return Books(
        orders=pipeline.items("orders"),
        driver_orders=pipeline.items("driver_orders"),
        driver_locations=pipeline.items("driver_locations"),
        driver_profiles=pipeline.items("driver_profiles"),
        connections=pipeline.items("connections"),
        driver_earnings=pipeline.query("SELECT * FROM driver_earnings"),
        analytics_orders=pipeline.query("SELECT * FROM analytics_orders"),
        receipts=_read_receipts(pipeline.cloud.s3, wiring.functions["customer_consumer"].environment["RECEIPTS_BUCKET"]),
        ratings=_read_ratings(pipeline.redis),
        waiting=_read_waiting(pipeline.redis),
        indexed=_read_index(pipeline.redis),
        handovers=[each.order | {"url": each.url, "key": each.headers.get("idempotency-key")} for each in pipeline.pos.orders],
        notifications=[each["message"] for each in pipeline.notifications if each["topic_arn"] == topic],
        logs=list(pipeline.logs),
        dead_letters={queue: count for queue, letters in pipeline.dead_letters().items() if (count := count_letters(letters))},
        max_active_orders=matching["max_active_orders"],
        radius_km=matching["radius_km"],
    )


def _read_receipts(s3: Any, bucket: str) -> dict[str, Any]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
    return {key: json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read()) for key in keys}


def _read_waiting(redis: Any) -> dict[str, list[str]]:
    return {key: redis.zrange(key, 0, -1) for key in redis.scan_iter(match="waiting:*")}


def _read_ratings(redis: Any) -> dict[str, dict[str, int]]:
    keys = redis.scan_iter(match="rating:{*}")
    return {
        key.removeprefix("rating:{").removesuffix("}"): {name: int(value) for name, value in redis.hgetall(key).items()} for key in keys
    }


def _read_index(redis: Any) -> dict[str, tuple[float, float]]:
    indexed = {}
    for key in redis.scan_iter(match="geo:*"):
        drivers = redis.zrange(key, 0, -1)
        for driver, position in zip(drivers, redis.geopos(key, *drivers), strict=True):
            indexed[driver] = position[1], position[0]
    return indexed
