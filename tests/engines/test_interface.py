from __future__ import annotations

import threading
from pathlib import Path

import pytest

from paritycheck.config import Environment
from paritycheck.engines.interface import PlanEngine, Progress, silent
from paritycheck.errors import PlanError
from paritycheck.plan import Plan, read_plan
from tests.engines.test_files import TEXT
from tests.waiting import PATIENCE

ENVIRONMENTS = [Environment(name, Path()) for name in ("dev", "staging", "prod")]


class MeetingEngine(PlanEngine):
    """Ends no plan until all three have begun."""

    name = "meeting"

    def __init__(self, *refused: str) -> None:
        self.meeting = threading.Barrier(3, timeout=PATIENCE)
        self.refused = refused

    def plan(self, environment: Environment, progress: Progress = silent) -> Plan:
        self.meeting.wait()
        if environment.name in self.refused:
            raise PlanError(environment.name)
        return read_plan(TEXT.encode(), environment=environment.name, engine=self.name, origin="")


def test_environments_are_planned_side_by_side_and_returned_in_their_order() -> None:
    assert ["dev", "staging", "prod"] == [plan.environment for plan in MeetingEngine().plan_all(ENVIRONMENTS)]


def test_the_first_failure_in_the_environments_order_is_raised() -> None:
    with pytest.raises(PlanError, match="staging"):
        MeetingEngine("prod", "staging").plan_all(ENVIRONMENTS)
