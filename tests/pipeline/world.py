"""Two cities with restaurants, drivers and customers, made up from a seed.

In production nobody of the stack enters them. Restaurants' profiles and pricing rules are rows of Aurora, written by
whoever keeps the restaurants' and the operator's own data; a driver's profile is an item of driver_profiles, written
when he signs a contract. The functions only read them, but for the balance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

DRIVERS = 40
CUSTOMERS = 60
RESTAURANTS = 12
CITY_KM = 1.4
"""Everything in a city is this near to its center: every driver of it is within the radius of every restaurant."""

_KM_A_DEGREE = 111.195


@dataclass(frozen=True, slots=True)
class Place:
    """A point in degrees."""

    latitude: float
    longitude: float

    def moved(self, north_km: float, east_km: float) -> Place:
        """Return the place that lies so far away; exact enough within a city."""
        east_degrees = east_km / (_KM_A_DEGREE * math.cos(math.radians(self.latitude)))
        return Place(round(self.latitude + north_km / _KM_A_DEGREE, 6), round(self.longitude + east_degrees, 6))

    def distance_km(self, other: Place) -> float:
        """Return how far away another place of the same city is."""
        east = (other.longitude - self.longitude) * math.cos(math.radians((self.latitude + other.latitude) / 2))
        return math.hypot(other.latitude - self.latitude, east) * _KM_A_DEGREE

    def toward(self, other: Place, km: float) -> Place:
        """Return the place that is so much nearer to another one, which is not passed."""
        distance = self.distance_km(other)
        if distance <= km:
            return other
        part = km / distance
        return Place(
            round(self.latitude + (other.latitude - self.latitude) * part, 6),
            round(self.longitude + (other.longitude - self.longitude) * part, 6),
        )


@dataclass(frozen=True, slots=True)
class PricingRule:
    """What deliveries bring from a day on."""

    valid_from: str
    base_cents: int
    per_km_cents: int
    per_minute_cents: int
    surge_share_thousandths: int


@dataclass(frozen=True, slots=True)
class Region:
    """A city."""

    name: str
    center: Place
    rules: tuple[PricingRule, ...]


@dataclass(frozen=True, slots=True)
class Restaurant:
    """Where food comes from."""

    restaurant_id: str
    name: str
    region: str
    place: Place
    preparation_minutes: int


@dataclass(frozen=True, slots=True)
class Driver:
    """Who brings food."""

    driver_id: str
    region: str
    start: Place


@dataclass(frozen=True, slots=True)
class World:
    """All that is there before the first order."""

    regions: tuple[Region, ...]
    restaurants: tuple[Restaurant, ...]
    drivers: tuple[Driver, ...]
    customers: tuple[str, ...]

    def region(self, name: str) -> Region:
        """Return the region of a name."""
        return next(region for region in self.regions if region.name == name)


# One rule is outdated and one is for the far future, so that taking just any of a region's rules shows in the pay.
_REGIONS = (
    Region(
        "singapore",
        Place(1.3, 103.84),
        (PricingRule("2020-01-01", 111, 11, 3, 100), PricingRule("2024-02-29", 300, 85, 12, 500), PricingRule("2999-01-01", 9, 9, 9, 9)),
    ),
    Region("quito", Place(-0.19, -78.49), (PricingRule("2023-05-01", 220, 64, 9, 333),)),
)

# Names are people's own affair: they hold whatever a keyboard has.
_NAMES = ("Käse & Brot", "<b>Bold</b> Bites", "O'Hara's", "麺屋 三", '"Quoted" Quiche', "Čaj; DROP TABLE", "Plain Pizza")


def make_world(seed: int) -> World:
    """Return the same world for the same seed."""
    random = Random(seed)
    regions = [_REGIONS[number % len(_REGIONS)] for number in range(max(RESTAURANTS, DRIVERS))]
    return World(
        regions=_REGIONS,
        restaurants=tuple(
            Restaurant(
                restaurant_id=f"restaurant-{number:02d}",
                name=_NAMES[number % len(_NAMES)],
                region=regions[number].name,
                place=somewhere(random, regions[number].center),
                preparation_minutes=random.randint(5, 30),
            )
            for number in range(RESTAURANTS)
        ),
        drivers=tuple(
            Driver(f"driver-{number:02d}", regions[number].name, somewhere(random, regions[number].center)) for number in range(DRIVERS)
        ),
        customers=tuple(f"customer-{number:02d}" for number in range(CUSTOMERS)),
    )


def somewhere(random: Random, center: Place) -> Place:
    """Return a place in a city."""
    angle, km = random.uniform(0, 2 * math.pi), CITY_KM * math.sqrt(random.random())
    return center.moved(km * math.sin(angle), km * math.cos(angle))
