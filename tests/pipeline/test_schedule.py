"""When scheduled runs start, and what they are told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.pipeline.schedule import find_start, write_input
from tests.pipeline.wiring import Schedule

FRIDAY = date(2026, 1, 2)


@pytest.mark.parametrize(
    ("expression", "start"),
    [
        ("cron(0 3 * * ? *)", datetime(2026, 1, 3, 3, tzinfo=UTC)),
        ("cron(30 4 ? * MON-FRI *)", datetime(2026, 1, 5, 4, 30, tzinfo=UTC)),
        ("cron(0 3 ? * SUN *)", datetime(2026, 1, 4, 3, tzinfo=UTC)),
        ("cron(0 3 1,15 FEB ? *)", datetime(2026, 2, 1, 3, tzinfo=UTC)),
    ],
)
def test_a_run_starts_at_the_first_time_after_the_day(expression: str, start: datetime) -> None:
    assert start == find_start(expression, FRIDAY)


@pytest.mark.parametrize("expression", ["rate(1 day)", "cron(0/15 3 * * ? *)", "cron(0 3 * * ? 1999)"])
def test_other_schedules_are_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r"cron|rate"):
        find_start(expression, FRIDAY)


def test_the_template_is_filled_with_what_the_paths_find() -> None:
    schedule = Schedule("cron(0 3 * * ? *)", "arn", True, "target", {"at": "$.time"}, '{"scheduled_at": <at>}')

    assert '{"scheduled_at": "2026-01-03T03:00:00Z"}' == write_input(schedule, datetime(2026, 1, 3, 3, tzinfo=UTC))
