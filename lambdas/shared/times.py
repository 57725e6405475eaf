"""Times as all functions write them: UTC, in ISO 8601 with milliseconds, so that their texts sort as they do."""

from __future__ import annotations

from datetime import UTC, datetime


def write_time(time: datetime) -> str:
    """Return the text of a time that has an offset from UTC; what is less than a millisecond is cut off."""
    return _to_utc(time).isoformat(timespec="milliseconds")


def read_time(text: object) -> datetime:
    """Return the time, in UTC, that an ISO 8601 text with an offset names; raise `ValueError` for anything else."""
    if not isinstance(text, str):
        raise ValueError("a time must be a text")  # noqa: TRY004  its type is one of the things that a value may get wrong
    try:
        return _to_utc(datetime.fromisoformat(text))
    except OverflowError as error:
        raise ValueError("a time must be within the calendar") from error


def _to_utc(time: datetime) -> datetime:
    if time.tzinfo is None:
        raise ValueError("a time lacks its offset from UTC")
    return time.astimezone(UTC)
