"""One restaurant, one driver, one customer and her order, for tests that look at one thing."""

from __future__ import annotations

import io
import time

from PIL import Image

from tests.pipeline.pipeline import Pipeline

ORDER = {
    "customer_id": "carla",
    "restaurant_id": "r-1",
    "region": "berlin",
    "destination": {"latitude": 52.53, "longitude": 13.41},
    "items": [{"sku": "soup", "quantity": 2, "price_cents": 450}],
}
RESTAURANT = ("r-1", "Soups", "berlin", 52.52, 13.405, True, 15)


def enter(pipeline: Pipeline) -> str:
    """Enter a restaurant, the prices and a driver, who connects and sends a position; return the driver's connection."""
    pipeline.query(
        "INSERT INTO restaurant_profiles (restaurant_id, name, region, latitude, longitude, open, preparation_minutes) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s)",
        *RESTAURANT,
    )
    pipeline.query(
        "INSERT INTO pricing_rules (region, valid_from, base_cents, per_km_cents, per_minute_cents, surge_share) "
        "VALUES ('berlin', '2020-01-01', 250, 80, 15, 0.5)"
    )
    pipeline.put("driver_profiles", {"driver_id": "dora"})
    driver = pipeline.open("dora", "driver")
    locate(pipeline, driver)
    pipeline.settle_down()
    return driver


def locate(pipeline: Pipeline, driver: str) -> None:
    """Have the driver tell where he is."""
    position = {"latitude": 52.521, "longitude": 13.406, "recorded_at": time.time_ns() // 1_000_000}
    pipeline.say(driver, {"type": "locations", "region": "berlin", "positions": [position]})


def place(pipeline: Pipeline) -> str:
    """Place the order, see what comes of it, and return its id."""
    answer = pipeline.place_order("carla", ORDER)
    assert 202 == answer.status
    pipeline.settle_down()
    return str(answer.body["order_id"])


def statuses(pipeline: Pipeline) -> list[str]:
    return [item["status"] for item in pipeline.items("orders")]


def letters(pipeline: Pipeline) -> dict[str, int]:
    """Return how many dead letters there are, by the ends of the queues' names."""
    return {name.removeprefix("tap-staging-"): len(found) for name, found in pipeline.dead_letters().items() if found}


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 48)).save(stream, "JPEG")
    return stream.getvalue()
