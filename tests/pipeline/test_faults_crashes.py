"""A function dies between two of its calls, whichever they are: what it was doing is done again, and is done once."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from tests.pipeline.changes import Start
from tests.pipeline.course import Course, find_problems
from tests.pipeline.faults import Crash
from tests.pipeline.functions import TimedOutError

# What dies with a process is the log line that it had not written yet; who published a batch twice logs its stages twice.
UNTOLD = (
    "stage-line-missing",
    "stage-line-twice",
    "order_matched-line-missing",
    "order_accepted-line-missing",
    "order_delivered-line-missing",
    "driver_settled-line-missing",
)

ON_THE_WAY = (
    "order_validator",
    "order_processor",
    "matcher",
    "order_publisher",
    "restaurant_consumer",
    "driver_consumer",
    "customer_consumer",
    "location_processor",
    "image_validator",
    "analytics",
    "websocket_connect",
    "websocket_message",
    "websocket_disconnect",
)


@pytest.mark.parametrize("function", ON_THE_WAY)
def test_an_order_outlives_a_function_that_dies_after_any_of_its_calls(start: Start, function: str) -> None:
    course = Course(start())

    for calls in count(1):
        course.pipeline.faults.clear()
        death = course.pipeline.faults.crash_after(function, calls)
        course.place()
        course.deliver()
        if not death.cause:
            break
    course.settle()

    assert [] == find_problems(course.report(*UNTOLD))
    assert calls > 1
    assert {Crash.__name__} == {each.error.partition(":")[0] for each in course.pipeline.invocations if each.error}


@pytest.mark.parametrize("function", ["earnings_lister", "earnings_calculator", "earnings_settler"])
def test_a_day_is_paid_once_though_a_function_dies_after_any_of_its_calls(start: Start, function: str) -> None:
    course = Course(start())
    course.place(3)
    course.deliver()

    for calls in count(1):
        course.forget_pay()
        course.pipeline.faults.clear()
        death = course.pipeline.faults.crash_after(function, calls)
        course.settle()

        assert [] == find_problems(course.report(*UNTOLD, "driver_settled-line-twice")), death
        if not death.cause:
            break

    assert calls > 1


def test_the_tables_are_there_though_the_migration_died_after_any_of_its_statements(start: Start) -> None:
    pipeline = start()
    tables = pipeline.query("SHOW TABLES")

    for calls in count(1):
        for table in tables:
            pipeline.query(f"DROP TABLE {next(iter(table.values()))}")
        pipeline.faults.clear()
        death = pipeline.faults.crash_after("schema_migrator", calls)
        for _ in range(2):
            pipeline.functions["schema_migrator"].try_invoke({})

        assert tables == pipeline.query("SHOW TABLES"), death
        if not death.cause:
            break

    assert calls > len(tables)


def test_what_functions_did_and_could_not_tell_is_done_again_and_counts_once(start: Start) -> None:
    """Each one overruns its time once: what it did is done, and its next call begins in another environment."""
    course = Course(start())
    late: set[str] = set()

    def overrun(role: str, event: Any, answer: Any) -> None:
        if role not in late:
            late.add(role)
            raise TimedOutError(f"Task timed out in {role}")

    course.pipeline.faults.after_invocation.append(overrun)
    course.place(3)
    course.finish()

    assert [] == find_problems(course.report("stage-line-twice", "driver_settled-line-twice"))
    assert {*course.pipeline.functions} - {"schema_migrator"} == late
