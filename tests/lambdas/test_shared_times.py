"""Times as texts."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shared.times import read_time, write_time

OFFSETS = st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23)))
TIMES = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=OFFSETS)  # noqa: DTZ001  hypothesis adds the offset


def test_a_time_is_written_in_utc_with_milliseconds() -> None:
    noon_in_paris = datetime(2026, 3, 1, 12, 0, 0, 999, timezone(timedelta(hours=1)))

    assert "2026-03-01T11:00:00.000+00:00" == write_time(noon_in_paris)


@given(TIMES)
def test_what_is_written_is_read_again_to_the_millisecond(time: datetime) -> None:
    assert timedelta() <= time - read_time(write_time(time)) < timedelta(milliseconds=1)


@given(TIMES, TIMES)
def test_texts_sort_as_their_times_do(one: datetime, other: datetime) -> None:
    earlier, later = sorted([one, other])

    assert write_time(earlier) <= write_time(later)


@pytest.mark.parametrize("text", ["2026-03-01T12:00:00+01:00", "2026-03-01T11:00:00Z", "2026-03-01T11:00:00.000+00:00", "20260301T11Z"])
def test_a_time_is_read_into_utc(text: str) -> None:
    time = read_time(text)

    assert (datetime(2026, 3, 1, 11, tzinfo=UTC), timedelta()) == (time, time.utcoffset())


@pytest.mark.parametrize(
    "text",
    [
        None,
        1772362800,
        b"2026-03-01T11:00:00Z",
        "",
        "soon",
        "2026-02-30T00:00:00Z",
        "2026-03-01",
        "2026-03-01T11:00:00",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
    ],
)
def test_what_is_no_time_with_an_offset_is_refused(text: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the type is all that callers ask for
        read_time(text)


def test_a_time_without_an_offset_is_not_written() -> None:
    with pytest.raises(ValueError, match="offset"):
        write_time(datetime(2026, 3, 1))  # noqa: DTZ001  what is refused
