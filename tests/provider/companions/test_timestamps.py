from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paritycheck.provider.companions.timestamps import add_date, format_timestamp, parse_duration, parse_timestamp, read_unix


@pytest.mark.parametrize("text", ["2020-02-12T06:36:13Z", "2020-02-12T06:36:13+02:00", "0001-01-01T00:00:00Z"])
def test_a_timestamp_is_written_as_it_was_read(text):
    assert text == format_timestamp(parse_timestamp(text))


@pytest.mark.parametrize(
    "text", ["", "2020-02-12", "2020-02-30T00:00:00Z", "2020-02-12 06:36:13Z", "2020-02-12T06:36:13", "2020-02-12t06:36:13z"]
)
def test_what_is_no_timestamp_is_refused(text):
    with pytest.raises(ValueError, match=r"no RFC 3339|day is out of range"):
        parse_timestamp(text)


@pytest.mark.parametrize(
    ("start", "move", "expected"),
    [
        ("2021-01-31", {"months": 1}, "2021-03-03"),
        ("2020-02-29", {"years": 1}, "2021-03-01"),
        ("2020-12-31", {"days": 1}, "2021-01-01"),
        ("2020-01-15", {"months": -1}, "2019-12-15"),
        ("2020-01-15", {"months": 25, "days": -20}, "2022-01-26"),
    ],
)
def test_a_day_that_the_month_does_not_have_runs_on(start, move, expected):
    moved = add_date(parse_timestamp(f"{start}T01:02:03Z"), **move)

    assert f"{expected}T01:02:03Z" == format_timestamp(moved)


@pytest.mark.parametrize("move", [{"years": 10_000}, {"days": 10**9}, {"months": -(10**9)}])
def test_a_date_out_of_range_is_refused(move):
    with pytest.raises(ValueError, match=r"out of range"):
        add_date(datetime(2020, 1, 1, tzinfo=UTC), **move)


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [("0", 0), ("1h30m", 5400 * 10**9), ("-1.5s", -15 * 10**8), ("+2us", 2000), (".5ms", 500_000), ("1µs1ns", 1001)],
)
def test_durations_are_read(text, nanoseconds):
    assert nanoseconds == parse_duration(text)


@pytest.mark.parametrize("text", ["", "1", "1d", "h", "1h 2m", "--1s", "9" * 30 + "h", "1" * 1000 + "s"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="duration"):
        parse_duration(text)


@given(st.integers(-62_135_596_800, 253_402_300_799))
def test_a_unix_time_is_the_timestamp_of_its_moment(seconds):
    assert seconds == int(parse_timestamp(format_timestamp(read_unix(seconds))).timestamp())


def test_a_unix_time_out_of_range_is_refused():
    with pytest.raises(ValueError, match="out of range"):
        read_unix(10**20)
