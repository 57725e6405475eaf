from decimal import Decimal

import pytest

from paritycheck.provider.companions.time_values import time_provider
from paritycheck.provider.interface import UNKNOWN, Refused

OFFSET = {"base_rfc3339": "2024-01-31T10:20:30Z", "id": "2024-01-31T10:20:30Z", "offset_days": 1, "rfc3339": "2024-02-01T10:20:30Z"}
PARTS = ("year", "month", "day", "hour", "minute", "second")


@pytest.fixture
def asking(ask):
    return ask(time_provider())


@pytest.mark.parametrize(
    ("type_name", "config"), [("time_static", {}), ("time_offset", {"offset_days": 1}), ("time_rotating", {"rotation_days": 1})]
)
def test_a_new_time_is_unknown(asking, type_name, config):
    planned = asking.create(type_name, **config)

    assert {UNKNOWN} == {planned[name] for name in (*PARTS, "unix", "id", "rfc3339")}


@pytest.mark.parametrize(
    ("offset", "rfc3339"),
    [
        ({"offset_days": 2}, "2024-02-02T10:20:30Z"),
        ({"offset_months": 1}, "2024-03-02T10:20:30Z"),
        ({"offset_hours": -11}, "2024-01-30T23:20:30Z"),
        ({"offset_years": 1, "offset_days": 5}, "2025-01-31T10:20:30Z"),
    ],
)
def test_another_offset_moves_the_same_base(asking, offset, rfc3339):
    change = asking.update("time_offset", OFFSET, **offset)

    assert (rfc3339, OFFSET["base_rfc3339"], []) == (change.planned["rfc3339"], change.planned["base_rfc3339"], change.replace)


def test_an_unchanged_time_stays(asking):
    assert OFFSET == {name: asking.update("time_offset", OFFSET, offset_days=1).planned[name] for name in OFFSET}


def test_an_unknown_offset_makes_the_time_unknown(asking):
    assert UNKNOWN is asking.update("time_offset", OFFSET, offset_days=UNKNOWN).planned["rfc3339"]


def test_a_given_rotation_is_planned_as_it_is(asking):
    prior = {"rfc3339": "2001-01-01T00:00:00Z", "rotation_rfc3339": "9001-01-01T00:00:00Z"}

    for rotation in ("9002-01-01T00:00:00Z", UNKNOWN):
        assert rotation == asking.update("time_rotating", prior, rotation_rfc3339=rotation).planned["rotation_rfc3339"]


def test_an_offset_out_of_range_is_refused(asking):
    with pytest.raises(Refused):
        asking.update("time_offset", OFFSET, offset_years=9000)


def test_a_state_without_a_readable_time_is_refused(asking):
    with pytest.raises(Refused):
        asking.update("time_offset", {**OFFSET, "base_rfc3339": "soon"}, offset_days=7)


@pytest.mark.parametrize(("rotation", "replaced"), [("2001-01-02T00:00:00Z", [("rotation_rfc3339",)]), ("9001-01-02T00:00:00Z", [])])
def test_a_rotation_in_the_past_replaces_the_resource(asking, rotation, replaced):
    prior = {"rfc3339": "2001-01-01T00:00:00Z", "rotation_days": 1, "rotation_rfc3339": rotation}

    assert replaced == asking.update("time_rotating", prior, rotation_days=1).replace


def test_another_rotation_counts_from_the_same_moment(asking):
    prior = {"rfc3339": "2001-01-01T00:00:00Z", "rotation_years": 7000, "rotation_rfc3339": "9001-01-01T00:00:00Z"}
    change = asking.update("time_rotating", prior, rotation_years=7500)

    expected = ("2001-01-01T00:00:00Z", "9501-01-01T00:00:00Z", [])
    assert expected == (change.planned["rfc3339"], change.planned["rotation_rfc3339"], change.replace)


@pytest.mark.parametrize(
    ("type_name", "config"),
    [
        ("time_offset", {}),
        ("time_rotating", {"rotation_days": 0}),
        ("time_rotating", {"rotation_rfc3339": "tomorrow"}),
        ("time_sleep", {}),
        ("time_sleep", {"create_duration": "1 minute"}),
        ("time_static", {"rfc3339": "now"}),
    ],
)
def test_what_the_provider_refuses_is_refused(asking, type_name, config):
    assert 1 == len(asking.complaints(type_name, **config))


def test_timestamps_are_taken_apart(asking):
    parts = asking.call("rfc3339_parse", "2023-07-25T23:43:16+02:00")

    expected = {"year": 2023, "year_day": 206, "month_name": "July", "weekday": 2, "weekday_name": "Tuesday", "hour": 23}
    assert expected | {"unix": 1690321396, "iso_week": 30} == {name: parts[name] for name in (*expected, "unix", "iso_week")}
    assert 0 == asking.call("rfc3339_parse", "2023-07-23T00:00:00Z")["weekday"]
    assert "2023-07-25T21:43:16Z" == asking.call("unix_timestamp_parse", 1690321396)["rfc3339"]


def test_durations_are_taken_apart(asking):
    expected = {
        "hours": Decimal("1.5"),
        "minutes": Decimal("90.0"),
        "seconds": Decimal("5400.0"),
        "milliseconds": 5_400_000,
        "microseconds": 5_400_000_000,
        "nanoseconds": 5_400_000_000_000,
    }
    assert expected == asking.call("duration_parse", "1h30m")
