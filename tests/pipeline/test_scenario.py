"""The made-up world: the same for the same seed, and such that every order can be brought."""

from __future__ import annotations

from collections import Counter
from itertools import product
from random import Random

import pytest
from PIL import Image

from tests.pipeline.drivers import take_photo
from tests.pipeline.wishes import Fate, make_wishes
from tests.pipeline.world import Place, make_world

RADIUS_KM = 5


@pytest.mark.parametrize("seed", range(5))
def test_a_seed_makes_the_same_world_and_the_same_wishes(seed: int) -> None:
    world = make_world(seed)

    assert make_world(seed) == world
    assert make_wishes(world, 50, seed) == make_wishes(world, 50, seed)


def test_another_seed_makes_others() -> None:
    worlds = [make_world(seed) for seed in (1, 2)]

    assert worlds[0] != worlds[1]
    assert make_wishes(worlds[0], 50, 1) != make_wishes(worlds[0], 50, 2)


@pytest.mark.parametrize("seed", range(5))
def test_every_driver_may_bring_what_every_restaurant_of_his_city_cooks(seed: int) -> None:
    world = make_world(seed)

    ways = [
        driver.start.distance_km(restaurant.place)
        for driver, restaurant in product(world.drivers, world.restaurants)
        if driver.region == restaurant.region
    ]
    assert 480 == len(ways) * 2
    assert max(ways) < RADIUS_KM


@pytest.mark.parametrize("orders", [1, 10, 200])
def test_so_many_orders_are_to_be_delivered_and_some_more_are_not(orders: int) -> None:
    fates = Counter(wish.fate for wish in make_wishes(make_world(1), orders, 1))

    assert orders == fates[Fate.DELIVERED]
    assert fates[Fate.REFUSED] >= 10
    assert fates[Fate.DEAD] >= 2


def test_many_things_happen_in_a_run_of_200_orders() -> None:
    wishes = [wish for wish in make_wishes(make_world(1), 200, 1) if wish.fate is Fate.DELIVERED]

    assert sum(wish.repeats > 0 for wish in wishes) > 10
    assert sum(wish.follows for wish in wishes) > 20
    assert sum(wish.tip_cents > 0 and wish.rating is not None for wish in wishes) > 20
    assert sum(wish.rating is None for wish in wishes) > 20


def test_a_way_ends_where_it_leads() -> None:
    place, target = Place(1.3, 103.8), Place(1.31, 103.81)

    steps = [place := place.toward(target, 0.2) for _ in range(10)]

    assert steps[-1] == target
    assert sorted(steps, key=lambda step: -step.distance_km(target)) == steps


def test_a_photo_is_a_jpeg_that_says_where_it_was_taken(tmp_path) -> None:
    (tmp_path / "photo.jpg").write_bytes(take_photo(Random(1)))

    with Image.open(tmp_path / "photo.jpg") as image:
        assert ("JPEG", (64, 48), "N") == (image.format, image.size, image.getexif().get_ifd(0x8825)[1])
