"""Distances, and the cells that a circle touches."""

import math

import pygeohash
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.geo import EARTH_RADIUS_KM, Place, cell_of, cells_within, distance_km

BERLIN = Place(52.52, 13.405)
HALF_TURN = math.pi * EARTH_RADIUS_KM

# A pole in the circle makes thousands of cells: such circles are rare and small here, so that the test is quick.
LATITUDES = st.floats(-85, 85) | st.sampled_from([0.0, 89.0, -89.0, 89.94, -89.94, 90.0, -90.0])
LONGITUDES = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 179.99, -179.99, 0.0])
PLACES = st.builds(Place, LATITUDES, LONGITUDES)


def travel(start: Place, bearing: float, km: float) -> Place:
    """Where one arrives who starts in this direction (radians from north) and goes on as straight as can be."""
    angle, latitude = km / EARTH_RADIUS_KM, math.radians(start.latitude)
    sine = math.sin(latitude) * math.cos(angle) + math.cos(latitude) * math.sin(angle) * math.cos(bearing)
    arrival = math.asin(max(-1.0, min(1.0, sine)))
    turn = math.atan2(math.sin(bearing) * math.sin(angle) * math.cos(latitude), math.cos(angle) - math.sin(latitude) * math.sin(arrival))
    longitude = (start.longitude + math.degrees(turn) + 540) % 360 - 180
    return Place(math.degrees(arrival), longitude)


class TestDistance:
    @pytest.mark.parametrize(
        ("one", "other", "km"),
        [
            (Place(0, 0), Place(0, 0), 0),
            (Place(0, 0), Place(0, 180), HALF_TURN),
            (Place(90, 13), Place(-90, -77), HALF_TURN),
            (Place(90, 0), Place(90, 123), 0),
            (Place(0, 179.5), Place(0, -179.5), HALF_TURN / 180),
            (BERLIN, Place(48.1372, 11.5756), 504.4),
        ],
    )
    def test_known_distances(self, one: Place, other: Place, km: float) -> None:
        assert pytest.approx(km, abs=0.2) == distance_km(one, other)

    @given(one=PLACES, other=PLACES)
    def test_it_is_as_far_back(self, one: Place, other: Place) -> None:
        assert pytest.approx(distance_km(one, other), abs=1e-6) == distance_km(other, one)

    @given(start=PLACES, bearing=st.floats(0, 2 * math.pi), km=st.floats(0, 100))
    def test_who_travels_some_kilometers_is_that_far_away(self, start: Place, bearing: float, km: float) -> None:
        assert pytest.approx(km, abs=1e-3) == distance_km(start, travel(start, bearing, km))


class TestCells:
    @given(center=PLACES, radius=st.floats(0, 8), bearing=st.floats(0, 2 * math.pi), share=st.floats(0, 1))
    def test_no_place_inside_the_radius_lies_in_a_cell_that_is_not_listed(
        self, center: Place, radius: float, bearing: float, share: float
    ) -> None:
        place = travel(center, bearing, radius * share)

        assert cell_of(place) in cells_within(center.latitude, center.longitude, radius)

    @given(center=st.builds(Place, st.floats(-80, 80), LONGITUDES), radius=st.floats(0.1, 20))
    def test_every_listed_cell_has_a_place_near_enough(self, center: Place, radius: float) -> None:
        for cell in cells_within(center.latitude, center.longitude, radius):
            box = pygeohash.get_bounding_box(cell)
            edges = [share / 50 for share in range(51)]
            latitudes = [box.min_lat + (box.max_lat - box.min_lat) * share for share in edges] + [center.latitude]
            longitudes = [box.min_lon + (box.max_lon - box.min_lon) * share for share in edges] + [center.longitude]
            inside = [latitude for latitude in latitudes if box.min_lat <= latitude <= box.max_lat]
            across = [longitude for longitude in longitudes if box.min_lon <= longitude <= box.max_lon]
            border = [Place(latitude, longitude) for latitude in inside for longitude in (across[0], across[-1], box.min_lon, box.max_lon)]
            border += [Place(latitude, longitude) for longitude in across for latitude in (box.min_lat, box.max_lat)]
            # The samples of an edge are up to 100 m apart.
            assert cell == cell_of(center) or radius + 0.06 >= min(distance_km(center, place) for place in border)

    @given(center=PLACES)
    def test_a_circle_of_no_size_lies_in_its_own_cell(self, center: Place) -> None:
        assert cell_of(center) in cells_within(center.latitude, center.longitude, 0)

    def test_neighbors_are_not_enough_far_from_the_equator(self) -> None:
        cells = cells_within(69.65, 18.96, 5)

        assert {cell_of(Place(69.65, 18.96 + degrees)) for degrees in (-0.12, 0.12)} <= cells
        assert 9 < len(cells) < 40

    def test_a_circle_goes_on_beyond_the_date_line(self) -> None:
        cells = cells_within(-17.0, 179.99, 5)

        assert {cell_of(Place(-17.0, 179.98)), cell_of(Place(-17.0, -179.99))} <= cells

    def test_a_circle_around_a_pole_holds_its_whole_row(self) -> None:
        cells = cells_within(90, 0, 1)

        assert 8192 == len(cells)
        assert {cell_of(Place(90, longitude)) for longitude in (-180, -90, 0, 90, 180)} <= cells
