"""What customers are going to order, in which step, and what has to come of it; made up from a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from random import Random
from typing import Any

from tests.pipeline.world import Restaurant, World, somewhere

ORDERS_A_STEP = 10
_SKUS = ("ramen", "pho-bo", "Crème brûlée", "<script>alert(1)</script>", "🍕 XL", "it's; --", "water 0.5 l")


class Fate(StrEnum):
    """What has to come of an order."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    """The API says no."""
    DEAD = "dead"
    """The API, which knows no restaurants, says yes; then the order turns out to be impossible."""


@dataclass(frozen=True, slots=True)
class Wish:
    """An order that a customer is going to place."""

    step: int
    customer_id: str
    body: Any
    fate: Fate
    reason: str = ""
    """Of a dead one: what the log has to say."""
    key: str | None = None
    """The request's idempotency key."""
    repeats: int = 0
    """How often the request is sent again."""
    follows: bool = False
    rating: int | None = None
    tip_cents: int = 0


def make_wishes(world: World, orders: int, seed: int) -> list[Wish]:
    """Return the orders of a run, by step: so many that are to be delivered, and some more that cannot be."""
    random = Random(seed + 1)
    steps = max(1, orders // ORDERS_A_STEP)
    wishes = [_make_good(world, random, number, random.randrange(steps)) for number in range(orders)]
    refused = max(len(_REFUSED), orders // 20)
    wishes += [_spoil(world, random, _REFUSED[number % len(_REFUSED)], random.randrange(steps)) for number in range(refused)]
    wishes += [_doom(world, random, number, random.randrange(steps)) for number in range(max(2, orders // 100))]
    return sorted(wishes, key=lambda wish: wish.step)


def _make_good(world: World, random: Random, number: int, step: int) -> Wish:
    customer = random.choice(world.customers)
    restaurant = random.choice(world.restaurants)
    keyed = random.random() < 0.2
    return Wish(
        step=step,
        customer_id=customer,
        body=_make_body(world, random, customer, restaurant),
        fate=Fate.DELIVERED,
        key=f"key-{number}" if keyed else None,
        repeats=random.choice((0, 1, 2)) if keyed else 0,
        follows=random.random() < 0.4,
        rating=random.randint(1, 5) if random.random() < 0.7 else None,
        tip_cents=random.choice((0, 100, 250, 333)),
    )


def _make_body(world: World, random: Random, customer: str, restaurant: Restaurant) -> dict[str, Any]:
    return {
        "customer_id": customer,
        "restaurant_id": restaurant.restaurant_id,
        "region": restaurant.region,
        "destination": asdict(somewhere(random, world.region(restaurant.region).center)),
        "items": [
            {"sku": sku, "quantity": random.randint(1, 4), "price_cents": random.randint(50, 3000)}
            for sku in random.sample(_SKUS, random.randint(1, 3))
        ],
    }


def _spoil(world: World, random: Random, spoil: Callable[[dict[str, Any]], Any], step: int) -> Wish:
    customer = random.choice(world.customers)
    body = _make_body(world, random, customer, random.choice(world.restaurants))
    return Wish(step, customer, spoil(body), Fate.REFUSED)


def _doom(world: World, random: Random, number: int, step: int) -> Wish:
    customer = random.choice(world.customers)
    restaurant = random.choice(world.restaurants)
    body = _make_body(world, random, customer, restaurant)
    if number % 2:
        other = next(region.name for region in world.regions if region.name != restaurant.region)
        return Wish(step, customer, body | {"region": other}, Fate.DEAD, "the restaurant is in another region")
    return Wish(step, customer, body | {"restaurant_id": "restaurant-of-nobody"}, Fate.DEAD, "the restaurant is unknown")


def _with_first_item(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    def spoil(body: dict[str, Any]) -> Any:
        first, *others = body["items"]
        return body | {"items": [first | changes, *others]}

    return spoil


_REFUSED: tuple[Callable[[dict[str, Any]], Any], ...] = (
    _with_first_item(price_cents=-1),
    _with_first_item(quantity=0),
    _with_first_item(quantity=10**9),
    _with_first_item(sku="\u0000"),
    lambda body: body | {"items": []},
    lambda body: body | {"destination": {"latitude": 90.5, "longitude": 0}},
    lambda body: body | {"restaurant_id": " blank "},
    lambda body: body | {"customer_id": "customer-of-another-name"},
    lambda body: {name: value for name, value in body.items() if name != "region"},
    lambda body: [body],
    lambda body: "{not json",
)
