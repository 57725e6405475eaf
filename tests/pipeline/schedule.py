"""When EventBridge starts what is scheduled, and with which words."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import Any

from tests.pipeline.wiring import Schedule

DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def find_start(expression: str, after: date) -> datetime:
    """Return when a schedule of one time of day starts first once a day is over, in UTC; raise `ValueError` for another one."""
    found = re.fullmatch(r"cron\((\d+) (\d+) (\S+) (\S+) (\S+) (\S+)\)", expression)
    if found is None:
        raise ValueError(f"{expression} does not name a time of day")
    minute, hour, days, months, weekdays, years = found.groups()
    at = time_of_day(int(hour), int(minute), tzinfo=UTC)
    for number in range(1, 3660):
        day = after + timedelta(days=number)
        names = DAYS[day.isoweekday() % 7]
        if (
            _holds(days, day.day)
            and _holds(months, day.month, MONTHS, first=1)
            and _holds(weekdays, DAYS.index(names) + 1, DAYS, first=1)
            and _holds(years, day.year)
        ):
            return datetime.combine(day, at)
    raise ValueError(f"{expression} never comes")


def write_input(schedule: Schedule, start: datetime) -> str:
    """Return what the target is started with."""
    event = {
        "source": "aws.events",
        "detail-type": "Scheduled Event",
        "time": start.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "resources": [schedule.arn],
    }
    if schedule.template is None:
        return json.dumps(event)
    text = schedule.template
    for name, path in schedule.paths.items():
        value: Any = event[path.removeprefix("$.")]
        text = text.replace(f"<{name}>", json.dumps(value))
    return text


def _holds(field: str, value: int, names: Sequence[str] = (), first: int = 0) -> bool:
    """Tell whether a field of a cron expression, of numbers, names and ranges, lets a value pass."""
    if field in {"*", "?"}:
        return True

    def read(text: str) -> int:
        return names.index(text.upper()) + first if text.upper() in names else int(text)

    for part in field.split(","):
        low, _, high = part.partition("-")
        if read(low) <= value <= read(high or low):
            return True
    return False
