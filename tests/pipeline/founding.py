"""Enters into the stores what is there before the first order: see `tests.pipeline.world`, who does it in production."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.pipeline.pipeline import Pipeline
from tests.pipeline.world import World

NEW_DRIVERS = 3
PAID_DAYS = 20
"""More than the settlement looks back."""


def found(world: World, pipeline: Pipeline) -> None:
    """Enter restaurants' profiles, pricing rules and drivers' profiles."""
    for restaurant in world.restaurants:
        _insert(
            pipeline,
            "restaurant_profiles",
            restaurant_id=restaurant.restaurant_id,
            name=restaurant.name,
            region=restaurant.region,
            latitude=restaurant.place.latitude,
            longitude=restaurant.place.longitude,
            open=True,
            preparation_minutes=restaurant.preparation_minutes,
        )
    for region in world.regions:
        for rule in region.rules:
            _insert(
                pipeline,
                "pricing_rules",
                region=region.name,
                valid_from=rule.valid_from,
                base_cents=rule.base_cents,
                per_km_cents=rule.per_km_cents,
                per_minute_cents=rule.per_minute_cents,
                surge_share=f"{rule.surge_share_thousandths / 1000:.3f}",
            )
    today = datetime.now(UTC).date()
    past = {(today - timedelta(days=days)).isoformat() for days in range(1, PAID_DAYS)}
    for number, driver in enumerate(world.drivers):
        # Most have been paid up to yesterday; the others are new.
        paid: dict[str, Any] = {"balance_cents": 1000 * number, "settled": past} if number >= NEW_DRIVERS else {}
        pipeline.put("driver_profiles", {"driver_id": driver.driver_id, **paid})


def _insert(pipeline: Pipeline, table: str, **values: Any) -> None:
    columns = ", ".join(f"`{name}`" for name in values)
    pipeline.query(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(values))})", *values.values())
