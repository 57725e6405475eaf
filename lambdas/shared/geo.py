"""Places on the globe: how far apart they are, and which geohash cells a circle around one touches."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pygeohash

EARTH_RADIUS_KM = 6371.0088
"""The mean radius (IUGG)."""
PRECISION = 5
"""Characters of a cell: the driver_locations table's index, and the zones of the surge prices."""

# Five characters are 25 bits, from the longitude's first in turns: 13 for the longitude, 12 for the latitude.
_COLUMNS = 2**13
_ROWS = 2**12
_STEP = 360 / _COLUMNS
# Ten centimeters against rounding errors: a cell too many costs a query, one too few costs a driver.
_SLACK_KM = 1e-4


@dataclass(frozen=True, slots=True)
class Place:
    """A point in degrees (WGS 84)."""

    latitude: float
    """From -90 to 90."""
    longitude: float
    """From -180 to 180."""


def distance_km(one: Place, other: Place) -> float:
    """Return the kilometers between two places as the crow flies (haversine, on a sphere)."""
    latitude, other_latitude = math.radians(one.latitude), math.radians(other.latitude)
    height = math.sin((other_latitude - latitude) / 2) ** 2
    width = math.sin(math.radians(other.longitude - one.longitude) / 2) ** 2
    chord = height + math.cos(latitude) * math.cos(other_latitude) * width
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


def cell_of(place: Place) -> str:
    """Return the cell that a place lies in."""
    return pygeohash.encode(float(place.latitude), float(place.longitude), PRECISION)


def cells_within(latitude: float, longitude: float, radius_km: float) -> frozenset[str]:
    """Return every cell that a circle touches, across the date line and over the poles too.

    Cells get narrower towards the poles, so that the eight neighbors of a cell are not enough everywhere.
    """
    center = Place(float(latitude), float(longitude))
    return frozenset(
        pygeohash.encode(_south_of(row) + _STEP / 2, _west_of(column) + _STEP / 2, PRECISION)
        for row in _rows(center, radius_km)
        for column in _columns(center, radius_km)
        if _distance_to_cell(center, row, column) <= radius_km + _SLACK_KM
    )


def _rows(center: Place, radius_km: float) -> range:
    reach = math.degrees((radius_km + _SLACK_KM) / EARTH_RADIUS_KM)
    first = math.floor((center.latitude - reach + 90) / _STEP)
    last = math.floor((center.latitude + reach + 90) / _STEP)
    return range(max(first, 0), min(last, _ROWS - 1) + 1)


def _columns(center: Place, radius_km: float) -> Iterator[int]:
    """Yield the columns that the circle's longitudes span: all of them where it holds a pole."""
    angle = (radius_km + _SLACK_KM) / EARTH_RADIUS_KM
    colatitude = math.radians(90 - abs(center.latitude))
    if angle >= colatitude:
        yield from range(_COLUMNS)
        return
    reach = math.degrees(math.asin(math.sin(angle) / math.sin(colatitude)))
    first = math.floor((center.longitude - reach + 180) / _STEP)
    last = math.floor((center.longitude + reach + 180) / _STEP)
    for column in range(first, min(last, first + _COLUMNS - 1) + 1):
        yield column % _COLUMNS


def _distance_to_cell(center: Place, row: int, column: int) -> float:
    """Return the kilometers from a place to the nearest point of a cell."""
    south, west = _south_of(row), _west_of(column)
    if (center.longitude - west) % 360 <= _STEP:
        return distance_km(center, Place(min(max(center.latitude, south), south + _STEP), center.longitude))
    return min(_distance_to_edge(center, south, edge) for edge in (west, west + _STEP))


def _distance_to_edge(center: Place, south: float, edge: float) -> float:
    """Return the kilometers from a place to the nearest point of a cell's western or eastern edge.

    The nearest point of a whole meridian is not the one at the same latitude: great circles bend towards the poles.
    """
    turn = math.radians(edge - center.longitude)
    latitude = math.radians(center.latitude)
    nearest = math.degrees(math.atan2(math.sin(latitude), math.cos(latitude) * math.cos(turn)))
    latitudes = (south, min(max(nearest, south), south + _STEP), south + _STEP)
    return min(distance_km(center, Place(candidate, edge)) for candidate in latitudes)


def _south_of(row: int) -> float:
    return row * _STEP - 90


def _west_of(column: int) -> float:
    return column * _STEP - 180
