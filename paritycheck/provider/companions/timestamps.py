"""Timestamps and durations as Terraform's providers read and write them: RFC 3339, and Go's own durations."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DURATION = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_NANOSECONDS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_LONGEST = 2**63
_LONGEST_TEXT = 200


def parse_timestamp(text: str) -> datetime:
    """Read an RFC 3339 timestamp; raise `ValueError` for anything else."""
    if not _RFC3339.fullmatch(text):
        raise ValueError(f"{text!r} is no RFC 3339 timestamp, such as 2020-02-12T06:36:13Z")
    return datetime.fromisoformat(text)


def format_timestamp(moment: datetime) -> str:
    """Write an RFC 3339 timestamp to the second."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def read_unix(seconds: int) -> datetime:
    """Return the moment a number of seconds after 1970; raise `ValueError` for one that has no four-digit year."""
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except OverflowError as error:
        raise ValueError(f"{seconds} seconds after 1970 is out of range") from error


def add_date(moment: datetime, years: int = 0, months: int = 0, days: int = 0) -> datetime:
    """Move a date; a day that the month does not have runs on into the next. Raise `ValueError` beyond four-digit years."""
    month = moment.month - 1 + months
    try:
        first = moment.replace(year=moment.year + years + month // 12, month=month % 12 + 1, day=1)
        return first + timedelta(days=moment.day - 1 + days)
    except OverflowError as error:
        raise ValueError("the date is out of range") from error


def parse_duration(text: str) -> int:
    """Read a duration such as ``1h30m`` as nanoseconds; raise `ValueError` for anything else."""
    if len(text) > _LONGEST_TEXT:
        raise ValueError("the text is too long for a duration")
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    parts = _DURATION.findall(rest)
    if rest != "0" and (not parts or "".join(number + unit for number, unit in parts) != rest):
        raise ValueError(f"{text!r} is no duration, such as 30s or 1h30m")
    total = sum(int(Decimal(number) * _NANOSECONDS[unit]) for number, unit in parts)
    if total >= _LONGEST:
        raise ValueError(f"{text!r} is too long for a duration")
    return sign * total
